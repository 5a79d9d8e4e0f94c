/** The cards that ship: files of this folder by name, and a card in the hand with its stripe and chip. */
import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import type { RandomBytes } from "../acquirer/bytes.ts";
import { type CardDefinition, readCardDefinition } from "./definition.ts";
import { EmvCard } from "./emv-card.ts";
import { type Tracks, tracksOf } from "./stripe.ts";

/** How a contactless card presents itself to a reader (ISO/IEC 14443-3 type A, -4). */
export interface Radio {
  readonly uid: Uint8Array;
  readonly atqa: Uint8Array;
  readonly sak: number;
  /** Answer to select with its length byte, without check bytes. */
  readonly ats: Uint8Array;
}

/** A card that can be swiped, inserted or tapped, as its file says. */
export interface VirtualCard {
  readonly name: string;
  readonly definition: CardDefinition;
  readonly stripe?: Tracks;
  readonly chip?: EmvCard;
  readonly radio?: Radio;
}

/** Files of phones begin so; they are read by `phone/`. */
const PHONES = "phone-";

let cache: ReadonlyMap<string, CardDefinition> | undefined;

function read(file: string): CardDefinition {
  const url = new URL(file, import.meta.url);
  const definition = readCardDefinition(file, parse(readFileSync(url, "utf8")));
  if (`${definition.name}.yaml` !== file) throw new Error(`${file}: name must be the file's name`);
  return definition;
}

/** Every card of this folder by name, read once. */
export function allCards(): ReadonlyMap<string, CardDefinition> {
  if (!cache) {
    const files = readdirSync(new URL(".", import.meta.url)).filter(
      (file) => file.endsWith(".yaml") && !file.startsWith(PHONES),
    );
    cache = new Map(files.sort().map((file) => [file.slice(0, -".yaml".length), read(file)]));
  }
  return cache;
}

/** Names of the cards that ship, sorted. */
export function cardNames(): string[] {
  return [...allCards().keys()];
}

/** The definition by name; throws `Error` with the names there are. */
export function cardDefinition(name: string): CardDefinition {
  const definition = allCards().get(name);
  if (!definition) throw new Error(`no card ${name}; there are: ${cardNames().join(", ")}`);
  return definition;
}

function radioOf(definition: CardDefinition): Radio {
  const digits = definition.pan.slice(-9, -1).match(/../g)!;
  return {
    uid: Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16)),
    atqa: Uint8Array.of(0x00, 0x04),
    sak: 0x20,
    ats: Uint8Array.of(0x05, 0x78, 0x80, 0x70, 0x02),
  };
}

/** A fresh card in the hand; its counters start anew, so keep it for as long as the customer keeps it. */
export function takeCard(name: string, random: RandomBytes): VirtualCard {
  return makeCard(cardDefinition(name), random);
}

/** As `takeCard`, of a card that does not ship. */
export function makeCard(definition: CardDefinition, random: RandomBytes): VirtualCard {
  const has = (way: string) => definition.interfaces.some((item) => item === way);
  return {
    name: definition.name,
    definition,
    ...(has("stripe") && { stripe: tracksOf(definition) }),
    ...((has("contact") || has("contactless")) && { chip: new EmvCard(definition, random) }),
    ...(has("contactless") && { radio: radioOf(definition) }),
  };
}
