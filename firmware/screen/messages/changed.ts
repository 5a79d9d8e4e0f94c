import { type CborMap, type CborValue, isCborMap } from "../../codec/cbor.ts";
import { languages } from "./languages.ts";
import type { Language, Words } from "./words.ts";

/** All languages' messages. */
export type Messages = { readonly [Key in Language]: Words };
/** Messages that say something else than those that are built in. */
export type MessageChanges = Readonly<Partial<Record<Language, Readonly<Record<string, string>>>>>;

/** Each takes some slots of the device's memory while the terminal runs. */
const most = 48;
/** Code units of a text. */
const longest = 120;
const names = Object.freeze(Object.keys(languages)) as readonly Language[];

/**
 * Changes as a package has them, a map of languages with a map of texts by the messages' names; undefined where one is of no
 * language or no message, is too long, wants a value that the message does not have, or where there are too many.
 */
export function changesOf(value: CborValue): MessageChanges | undefined {
  if (!isCborMap(value)) return undefined;
  let count = 0;
  for (const [language, texts] of Object.entries(value)) {
    const words = (languages as { readonly [name: string]: Words })[language];
    if (words === undefined || !isCborMap(texts)) return undefined;
    count += Object.keys(texts).length;
    if (!Object.entries(texts).every(([name, text]) => isGood(words, name, text))) return undefined;
  }
  return count > 0 && count <= most ? (value as CborMap & MessageChanges) : undefined;
}

function isGood(words: Words, name: string, text: CborValue): boolean {
  if (!Object.hasOwn(words, name) || typeof text !== "string" || text.length > longest) return false;
  const before = (words as { readonly [key: string]: string })[name]!;
  return (text.match(/\{[^}]*\}/g) ?? []).every((place) => before.includes(place));
}

/** The messages with these changes; what is not changed stays where it is, in flash. */
export function changed(changes: MessageChanges): Messages {
  const all: Partial<Record<Language, Words>> = {};
  for (const language of names) {
    const texts = changes[language];
    if (texts === undefined) {
      all[language] = languages[language];
      continue;
    }
    const own = Object.entries(texts).map(([name, value]) => [name, { value, enumerable: true }] as const);
    all[language] = Object.create(languages[language], Object.fromEntries(own)) as Words;
  }
  return all as Messages;
}
