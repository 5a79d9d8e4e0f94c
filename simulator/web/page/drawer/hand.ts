import type { CardData, HeldData, PageAction } from "../../protocol.ts";
import type { Act } from "../connection.ts";
import { button, element, type IconName, icon, make } from "../dom.ts";
import { say, speech } from "../language.ts";
import { cardFace } from "./face.ts";

type Way = "insert" | "tap" | "swipe";

/** How a card gets to the terminal, through which of its sides, and which part of the device takes it. */
const WAYS: readonly { readonly way: Way; readonly through: string; readonly part: string; readonly icon: IconName }[] =
  [
    { way: "insert", through: "contact", part: "slot", icon: "insert" },
    { way: "tap", through: "contactless", part: "field", icon: "tap" },
    { way: "swipe", through: "stripe", part: "rail", icon: "swipe" },
  ];

const SWIPING = 450;

/** The card in hand: pressed or dragged into the slot, to the reader, through the rail, and taken away again. */
export class Hand {
  readonly #act: Act;
  #card: CardData | undefined;
  #held: HeldData = { slot: null, field: [] };
  #known: readonly CardData[] = [];

  constructor(act: Act) {
    this.#act = act;
    for (const { way, part } of WAYS) this.#open(element<HTMLButtonElement>(part), way);
    addEventListener("dragstart", (event) => this.#light(event.target instanceof Element));
    addEventListener("dragend", () => this.#light(false));
    speech.whenSpoken(() => this.#draw());
  }

  know(cards: readonly CardData[]): void {
    this.#known = cards;
    this.#draw();
  }

  take(card: CardData): void {
    this.#card = card;
    this.#draw();
  }

  /** What lies in the slot and at the reader. */
  held(held: HeldData): void {
    this.#held = held;
    this.#draw();
  }

  /** Does that with the card in hand, where it can. */
  use(way: Way): void {
    const card = this.#card;
    if (card === undefined || !this.#can(way)) return;
    void this.#act({ do: way, card: card.name } satisfies PageAction);
    if (way === "swipe") this.#showSwipe(card);
  }

  remove(): void {
    if (this.#isHeld) void this.#act({ do: "remove" });
  }

  get #isHeld(): boolean {
    return this.#held.slot !== null || this.#held.field.length > 0;
  }

  #can(way: Way): boolean {
    const through = WAYS.find((one) => one.way === way)?.through ?? "";
    return !this.#isHeld && this.#card?.interfaces.includes(through) === true;
  }

  /** Makes a part of the device a button, and a place to drop a card on. */
  #open(part: HTMLButtonElement, way: Way): void {
    part.addEventListener("click", () => (this.#isHeld ? this.remove() : this.use(way)));
    part.addEventListener("dragover", (event) => this.#can(way) && event.preventDefault());
    part.addEventListener("drop", (event) => {
      event.preventDefault();
      this.use(way);
    });
  }

  #light(dragging: boolean): void {
    for (const { way, part } of WAYS) element(part).classList.toggle("takes", dragging && this.#can(way));
  }

  #showSwipe(card: CardData): void {
    const face = make("span", { class: "swiping" }, cardFace(card));
    element("rail").append(face);
    setTimeout(() => face.remove(), SWIPING);
  }

  #draw(): void {
    const card = this.#card;
    element("hand-card").replaceChildren(
      ...(card === undefined
        ? [make("span", { text: say("handNone") })]
        : [
            make("span", { class: "hand-face", draggable: "true" }, cardFace(card)),
            make(
              "span",
              { class: "hand-words" },
              make("strong", { text: card.name }),
              make("small", { text: `${say("pin")} ${card.pin}` }),
            ),
          ]),
    );
    const first = WAYS.find(({ way }) => this.#can(way));
    element("hand-ways").replaceChildren(
      ...WAYS.map(({ way, icon: name }) => {
        const held = way === "tap" && this.#held.field.length > 0;
        const made = button({ onclick: () => this.use(way) }, icon(name), say(held ? "tapHeld" : way));
        made.disabled = !this.#can(way);
        made.classList.toggle("main", way === first?.way);
        return made;
      }),
      this.#remover(),
    );
    this.#drawParts();
  }

  #remover(): HTMLButtonElement {
    const remover = button({ onclick: () => this.remove() }, icon("remove"), say("remove"));
    remover.disabled = !this.#isHeld;
    remover.classList.toggle("main", this.#isHeld);
    return remover;
  }

  #drawParts(): void {
    const { slot, field } = this.#held;
    for (const { way, part } of WAYS) {
      const inside = part === "slot" ? slot : part === "field" ? field.join(", ") || null : null;
      const place = element<HTMLButtonElement>(part);
      const name = this.#isHeld ? say("remove") : say(way);
      place.setAttribute("aria-label", `${say(part as "slot" | "field" | "rail")}: ${inside ?? name}`);
      place.title = place.getAttribute("aria-label") ?? "";
      place.disabled = inside === null && !this.#can(way);
    }
    this.#lay("in-slot", slot === null ? [] : [slot]);
    this.#lay("at-reader", field);
  }

  #lay(id: string, names: readonly string[]): void {
    const cards = names
      .map((name) => this.#known.find((card) => card.name === name))
      .filter((card) => card !== undefined);
    element(id).replaceChildren(...cards.map(cardFace));
  }
}
