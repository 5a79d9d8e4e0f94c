import type { IconName } from "./icons.ts";
import type { Language, MessageKey, Words } from "./messages/words.ts";
import { type Money, shownAmount } from "./money.ts";
import type { Item, KeyHint, KeyName, ListPanel, MessagePanel, Panel, Tone } from "./panel.ts";
import type { CardSummary, Choice, Operation, ScreenId, ScreenOf } from "./screens.ts";

/** Ways to present a card, each with its icon. */
export type ReaderName = "chip" | "tap" | "swipe";
export const allReaders: readonly ReaderName[] = Object.freeze(["chip", "tap", "swipe"] as const);

/** How screens are said: one entry a screen. `readers`: what the device has. */
export type PanelsOf<Ids extends ScreenId> = {
  readonly [Id in Ids]: (
    screen: ScreenOf<Id>,
    words: Words,
    language: Language,
    readers: readonly ReaderName[],
  ) => Panel;
};

/** What panels are made of: keys, items, a message, a list. */

export const key = (name: KeyName, hint: MessageKey): KeyHint => ({ key: name, hint });
export const cancelKey = (): KeyHint => key("CANCEL", "hint.stop");
export const enterKey = (): KeyHint => key("ENTER", "hint.ok");

export const amount = (money: Money): Item => ({ kind: "amount", text: shownAmount(money) });
export const headline = (text: string): Item => ({ kind: "headline", text });
export const note = (text: string): Item => ({ kind: "note", text });
export const icons = (...names: IconName[]): Item => ({ kind: "icons", icons: names });
export const readerIcons = (readers: readonly ReaderName[]): Item[] =>
  readers.length === 0 ? [] : [icons(...readers)];
export const dots = (count: number): Item => ({ kind: "dots", count });

export const optional = <Value>(value: Value | undefined, item: (value: Value) => Item): Item[] =>
  value === undefined ? [] : [item(value)];

export const cardItems = (card: CardSummary | undefined): Item[] =>
  card === undefined ? [] : [note(card.pan), ...optional(card.holder, note)];

/** A sale is what everyone expects; anything else is named above the amount. */
export const unlessSale = (operation: Operation, words: Words): Item[] =>
  operation === "sale" ? [] : [note(words[`operation.${operation}`])];

export function message(tone: Tone, title: string, items: readonly Item[], ...keys: KeyHint[]): MessagePanel {
  return { tone, title, items, keys };
}

export function list(title: string, choices: readonly Choice[], selected: number): ListPanel {
  const keys = [key("UP/DOWN", "hint.move"), key("CANCEL", "hint.back"), key("ENTER", "hint.ok")];
  return { tone: "calm", title, rows: choices.map((choice, index) => `${index + 1} ${choice.text}`), selected, keys };
}
