import type { CardData } from "../../protocol.ts";
import { button, element, type IconName, icon, make } from "../dom.ts";
import { say, speech, type Word } from "../language.ts";
import { CARDS_ZH } from "../words/cards-zh.ts";
import { brandOf, cardFace, isPhone } from "./face.ts";

const WAYS: readonly (readonly [through: string, icon: IconName, word: Word])[] = [
  ["contact", "insert", "insert"],
  ["contactless", "tap", "tap"],
  ["stripe", "swipe", "swipe"],
];

/** A card whose name does not begin with its payment system's does something out of the ordinary. */
const ORDINARY = /^(unionpay|visa|mastercard|magstripe-credit)/;

const FAMILIES: readonly (readonly [word: Word, fits: (card: CardData) => boolean])[] = [
  ["familyAll", () => true],
  ["familyUnionpay", (card) => brandOf(card) === "unionpay" && ORDINARY.test(card.name)],
  ["familyVisa", (card) => brandOf(card) === "visa" && ORDINARY.test(card.name)],
  ["familyMastercard", (card) => brandOf(card) === "mastercard" && ORDINARY.test(card.name)],
  ["familyPhone", isPhone],
  ["familyTrouble", (card) => !ORDINARY.test(card.name) && card.copyOf === undefined],
];

/** What the card does, in one line of the page's language. */
export function about({ name, about, copyOf }: CardData): string {
  const line = speech.language === "zh" ? (CARDS_ZH[copyOf ?? name] ?? about) : about;
  return copyOf === undefined ? line : `${say("copyOf", { card: copyOf })}. ${line}`;
}

export interface DrawerOptions {
  readonly choose: (card: CardData) => void;
  /** The person took it out of the drawer. */
  readonly taken: () => void;
  readonly edit: (card: CardData) => void;
}

/** The drawer of cards and phones: each says in one line what it will do. */
export class Drawer {
  readonly #options: DrawerOptions;
  readonly #list = element("cards");
  readonly #find = element<HTMLInputElement>("find-card");
  readonly #items = new Map<string, HTMLElement>();
  #cards: readonly CardData[] = [];
  #chosen: string | undefined;
  #family = 0;

  constructor(options: DrawerOptions) {
    this.#options = options;
    this.#find.addEventListener("input", () => this.#filter());
    speech.whenSpoken(() => this.#draw());
  }

  fill(cards: readonly CardData[]): void {
    const made = cards.find(
      ({ name, copyOf }) => copyOf !== undefined && !this.#cards.some((one) => one.name === name),
    );
    const fresh = this.#cards.length > 0 ? made : undefined;
    this.#cards = cards;
    this.#draw();
    const first = fresh ?? cards.find(({ name }) => name === this.#chosen) ?? cards[0];
    if (first !== undefined) this.#choose(first);
  }

  /** The card before the chosen one (-1) or after it (1), among those that are shown. */
  move(by: number): void {
    const shown = this.#shown();
    const place = shown.findIndex(({ name }) => name === this.#chosen);
    const next = shown[(place + by + shown.length) % shown.length];
    if (next === undefined) return;
    this.#choose(next);
    this.#items.get(next.name)?.scrollIntoView({ block: "nearest" });
  }

  #choose(card: CardData): void {
    this.#chosen = card.name;
    for (const [name, item] of this.#items) {
      item.querySelector(".card")?.setAttribute("aria-pressed", String(name === card.name));
    }
    this.#options.choose(card);
  }

  #shown(): CardData[] {
    const fits = FAMILIES[this.#family]?.[1] ?? (() => true);
    const words = this.#find.value.toLowerCase().split(/\s+/);
    return this.#cards.filter((card) => {
      const text = `${card.name} ${card.holder} ${card.number} ${about(card)}`.toLowerCase();
      return fits(card) && words.every((word) => text.includes(word));
    });
  }

  #draw(): void {
    element("families").replaceChildren(
      ...FAMILIES.map(([word], place) =>
        button({
          text: say(word),
          "aria-pressed": String(place === this.#family),
          onclick: () => {
            this.#family = place;
            this.#draw();
          },
        }),
      ),
    );
    this.#items.clear();
    for (const card of this.#cards) this.#items.set(card.name, this.#item(card));
    this.#filter();
  }

  #filter(): void {
    const shown = this.#shown().map(({ name }) => this.#items.get(name) ?? "");
    this.#list.replaceChildren(...shown);
    element("no-card").hidden = shown.length > 0;
  }

  #item(card: CardData): HTMLElement {
    const ways = WAYS.filter(([through]) => card.interfaces.includes(through));
    const choose = button(
      {
        class: "card",
        draggable: "true",
        "aria-pressed": String(card.name === this.#chosen),
        onclick: () => {
          this.#choose(card);
          this.#options.taken();
        },
        ondragstart: (event: DragEvent) => {
          this.#choose(card);
          event.dataTransfer?.setData("text/plain", card.name);
        },
      },
      cardFace(card),
      make("strong", { text: card.name }),
      make("span", { class: "about", text: about(card) }),
      make(
        "small",
        {},
        ...ways.map(([, name, word]) =>
          make(
            "span",
            { class: "way", title: say(word) },
            icon(name),
            make("span", { class: "quiet", text: say(word) }),
          ),
        ),
        make("span", { text: `${say("pin")} ${card.pin}` }),
      ),
    );
    const edit = button(
      {
        class: "plain edit",
        "aria-label": `${say("editCopy")}: ${card.name}`,
        title: say("editCopy"),
        onclick: () => this.#options.edit(card),
      },
      icon("edit"),
    );
    return make("li", {}, choose, edit);
  }
}
