import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { preferredLanguage } from "../../../firmware/emv/language.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type Case, numbered, sessionOf } from "./series.ts";

interface Preference extends Case {
  /** Absent: the card has none. */
  readonly card?: string;
  readonly terminal: readonly string[];
  readonly chosen: string | undefined;
}

const both = ["zh", "en"] as const;
const row = (
  what: string,
  card: string | undefined,
  chosen: string | undefined,
  terminal: readonly string[] = both,
) => ({
  requirement: "Book 4, 11.1",
  what,
  terminal,
  chosen,
  ...(card === undefined ? {} : { card }),
});

const cases: readonly Preference[] = [
  row("the card's first language that the terminal has is used", "zhen", "zh"),
  row("in the card's order, not the terminal's", "enzh", "en"),
  row("languages that the terminal lacks are passed over", "frdeenzh", "en"),
  row("where they share none the terminal's own stays", "frde", undefined),
  row("a card without a preference leaves it to the terminal", undefined, undefined),
  row("upper-case letters are the same languages", "EN", "en"),
  row("a terminal with one language uses it where the card has it", "frzh", "zh", ["zh"]),
  row("and stays with its own where the card has not", "fren", undefined, ["zh"]),
  row("four languages are the most: more are no preference", "frdeitesen", undefined),
  row("half a language is none", "enz", undefined),
  row("an empty preference is none", "", undefined),
  row("letters across two languages are no language", "dzhe", undefined),
];

numbered("LAN", cases, (preference) => {
  const data = sessionOf([], []);
  if (preference.card !== undefined) {
    data.setFromCard(tags.languagePreference, asciiToBytes(preference.card));
    assert.is(bytesToLatin1(data.fromCard(tags.languagePreference)!), preference.card);
  }
  assert.is(preferredLanguage(data, preference.terminal), preference.chosen);
});

test.run();
