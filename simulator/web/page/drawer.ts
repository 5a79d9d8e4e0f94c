import { words } from "./words.ts";

/** A card as the drawer shows it. */
export interface DrawerCard {
  readonly name: string;
  readonly holder: string;
  readonly number: string;
  readonly about: string;
  readonly pin: string;
  readonly interfaces: readonly string[];
}

const WAYS = [
  ["insert", "contact"],
  ["tap", "contactless"],
  ["swipe", "stripe"],
] as const;

/** The drawer of cards, and what one can do with the card in hand. */
export class Drawer {
  readonly #list: HTMLElement;
  readonly #hand: HTMLElement;
  readonly #act: (action: Readonly<Record<string, unknown>>) => void;
  #cards: readonly DrawerCard[] = [];
  #chosen: string | undefined;
  #inTerminal = false;
  #language: "zh" | "en" = "zh";

  constructor(list: HTMLElement, hand: HTMLElement, act: (action: Readonly<Record<string, unknown>>) => void) {
    this.#list = list;
    this.#hand = hand;
    this.#act = act;
  }

  fill(cards: readonly DrawerCard[]): void {
    this.#cards = cards;
    this.#chosen ??= cards[0]?.name;
    this.#draw();
  }

  /** What lies in the slot and in the field. */
  held(slot: string | null, field: readonly string[]): void {
    this.#inTerminal = slot !== null || field.length > 0;
    this.#drawHand();
  }

  speak(language: "zh" | "en"): void {
    this.#language = language;
    this.#draw();
  }

  #draw(): void {
    const say = words[this.#language];
    this.#list.replaceChildren(
      ...this.#cards.map((card) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "card";
        button.setAttribute("aria-pressed", String(card.name === this.#chosen));
        button.append(
          line("strong", card.name),
          line("span", card.number),
          line("small", `${card.about} ${say.pin} ${card.pin}`),
        );
        button.addEventListener("click", () => {
          this.#chosen = card.name;
          this.#draw();
        });
        item.append(button);
        return item;
      }),
    );
    this.#drawHand();
  }

  #drawHand(): void {
    const say = words[this.#language];
    const card = this.#cards.find(({ name }) => name === this.#chosen);
    const buttons = WAYS.map(([way, through]) => {
      const button = actionButton(say[way], () => this.#act({ do: way, card: this.#chosen }));
      button.disabled = card === undefined || this.#inTerminal || !card.interfaces.includes(through);
      return button;
    });
    const remove = actionButton(say.remove, () => this.#act({ do: "remove" }));
    remove.disabled = !this.#inTerminal;
    this.#hand.replaceChildren(...buttons, remove);
  }
}

function actionButton(text: string, action: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", action);
  return button;
}

function line(kind: "strong" | "span" | "small", text: string): HTMLElement {
  const part = document.createElement(kind);
  part.textContent = text;
  return part;
}
