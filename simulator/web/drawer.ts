import { readFileSync } from "node:fs";
import { allCards } from "../cards/cards.ts";
import type { CardData } from "./protocol.ts";

/** The cards that lie on top. */
const EVERYDAY = [
  "unionpay-chip-credit",
  "unionpay-tap",
  "magstripe-credit",
  "visa-chip",
  "visa-tap",
  "mastercard-chip",
];

/** The cards of the drawer with the line that tells what each is for: the comment that opens its file. */
export function drawerCards(): CardData[] {
  const place = (name: string): number => EVERYDAY.indexOf(name) + 1 || EVERYDAY.length + 1;
  const cards = [...allCards().values()].sort((one, other) => place(one.name) - place(other.name));
  return cards.map((card) => ({
    name: card.name,
    holder: card.holder,
    number: card.pan.replace(/(\d{4})(?=\d)/g, "$1 "),
    about: aboutCard(card.name),
    pin: card.account.pin,
    interfaces: card.interfaces,
  }));
}

/** The first line of a card's file says what the card is. */
function aboutCard(name: string): string {
  const text = readFileSync(new URL(`../cards/${name}.yaml`, import.meta.url), "utf8");
  return /^# (.*)$/m.exec(text)?.[1] ?? "";
}
