import type { CutData, PaperData, WrongData } from "../../protocol.ts";
import { button, element, icon, make } from "../dom.ts";
import { say, speech, type Word } from "../language.ts";
import { Piece, savePicture, saveText } from "./piece.ts";
import { lookAt } from "./viewer.ts";

const TEARING = 260;

const STATES: readonly (readonly [keyof WrongData, Word])[] = [
  ["paper", "paperOutNow"],
  ["cover", "coverOpenNow"],
  ["hot", "hotNow"],
];

/** The paper that comes out of the printer: it grows, is cut, hangs there until it is torn off. */
export class Paper {
  readonly #host = element("paper");
  readonly #empty = element("paper-empty");
  readonly #buttons = ["paper-picture", "paper-text", "paper-tear"].map((id) => element<HTMLButtonElement>(id));
  #pieces: { readonly piece: Piece; readonly figure: HTMLElement }[] = [];
  #growing: Piece | undefined;
  #wrong: Partial<WrongData> = {};

  constructor() {
    element("paper-picture").addEventListener("click", () => savePicture(this.#printed()));
    element("paper-text").addEventListener("click", () => saveText(this.#printed()));
    element("paper-tear").addEventListener("click", () => this.tear());
    speech.whenSpoken(() => this.#speak());
  }

  print({ rows }: PaperData): void {
    const more = Uint8Array.from(atob(rows), (character) => character.charCodeAt(0));
    if (more.length === 0) return;
    this.#growing ??= this.#start();
    this.#growing.print(more);
    this.#host.scrollTop = this.#host.scrollHeight;
    this.#count();
  }

  /** The piece is cut: what follows is a new one. */
  cut({ text }: CutData): void {
    const piece = this.#growing;
    this.#growing = undefined;
    if (piece === undefined) return;
    piece.text = text;
    this.#pieces.find((one) => one.piece === piece)?.figure.classList.add("cut");
    this.#speak();
  }

  wrong(wrong: WrongData): void {
    this.#wrong = wrong;
    this.#speak();
  }

  /** Takes away what is cut and what hangs out. */
  tear(): void {
    for (const { figure } of this.#pieces) {
      figure.classList.add("torn");
      setTimeout(() => figure.remove(), TEARING);
    }
    this.#pieces = [];
    this.#growing = undefined;
    this.#count();
  }

  /** Forgets everything: the page is told anew what there is. */
  clear(): void {
    for (const { figure } of this.#pieces) figure.remove();
    this.#pieces = [];
    this.#growing = undefined;
    this.#count();
  }

  #printed(): Piece[] {
    return this.#pieces.map(({ piece }) => piece).filter(({ isPrinted }) => isPrinted);
  }

  #start(): Piece {
    const piece = new Piece();
    const look = button({ class: "look", onclick: () => lookAt(piece) }, icon("search"));
    const figure = make("figure", { class: "piece" }, piece.canvas, look);
    this.#pieces.push({ piece, figure });
    this.#host.append(figure);
    this.#speak();
    return piece;
  }

  #count(): void {
    const any = this.#printed().length > 0;
    this.#empty.hidden = any;
    for (const one of this.#buttons) one.disabled = !any;
  }

  #speak(): void {
    for (const { piece, figure } of this.#pieces) {
      piece.canvas.setAttribute("aria-label", piece.text.join("\n") || say("paperHangs"));
      const copy = piece.text.find((line) => line.trim() !== "") ?? "";
      figure.querySelector("button")?.setAttribute("aria-label", say("look", { copy }));
    }
    const state = STATES.find(([name]) => this.#wrong[name] === true);
    const sign = element("printer-state");
    sign.textContent = state === undefined ? "" : say(state[1]);
    sign.hidden = state === undefined;
    this.#count();
  }
}
