import { readFileSync } from "node:fs";
import { allCards } from "../cards/cards.ts";
import type { CardDefinition } from "../cards/definition.ts";
import { allPhones } from "../cards/phone/definition.ts";
import type { Simulation } from "../world/simulation.ts";
import type { Course } from "./course.ts";
import type { CardData, PhoneData } from "./protocol.ts";

/** The cards that lie on top. */
const EVERYDAY = [
  "unionpay-chip-credit",
  "unionpay-tap",
  "magstripe-credit",
  "visa-chip",
  "visa-tap",
  "mastercard-chip",
];

/** The cards of the drawer, copies on top, each with the line that tells what it is for. */
export function drawerCards({ simulation, deeds }: Course): CardData[] {
  const place = (name: string): number => EVERYDAY.indexOf(name) + 1 || EVERYDAY.length + 1;
  const cards = [...allCards().values()].sort((one, other) => place(one.name) - place(other.name));
  const copies = simulation.issued().map((card) => {
    const deed = deeds.find(({ action }) => action.do === "card" && action.copy.name === card.name);
    const copyOf = deed?.action.do === "card" ? deed.action.copy.of : card.name;
    return { ...cardData(card, copyOf), copyOf };
  });
  return [...copies.reverse(), ...cards.map((card) => cardData(card, card.name))];
}

/** The phones of the drawer, and what their owners see. */
export function drawerPhones(simulation: Simulation): PhoneData[] {
  return [...allPhones().values()].map(({ name, about, wallet }) => ({
    name,
    about,
    pays: wallet !== undefined,
    sight: simulation.sightOf(name),
  }));
}

function cardData(card: CardDefinition, file: string): CardData {
  return {
    name: card.name,
    holder: card.holder,
    number: card.pan.replace(/(\d{4})(?=\d)/g, "$1 "),
    about: aboutCard(file),
    pin: card.account.pin,
    interfaces: card.interfaces,
  };
}

const abouts = new Map<string, string>();

/** The comment that opens a card's file says what the card is. */
function aboutCard(name: string): string {
  let about = abouts.get(name);
  if (about === undefined) {
    const text = readFileSync(new URL(`../cards/${name}.yaml`, import.meta.url), "utf8");
    about = /^# (.*)$/m.exec(text)?.[1] ?? "";
    abouts.set(name, about);
  }
  return about;
}
