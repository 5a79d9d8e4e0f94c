import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseTlv } from "../../../firmware/codec/tlv.ts";
import { applicationName } from "../../../firmware/emv/candidates.ts";
import { tlv } from "../emv/conversations.ts";
import { type Case, numbered } from "./series.ts";

interface Name extends Case {
  /** What the card says of the application. */
  readonly objects: string;
  /** What the cardholder reads. */
  readonly name: string;
}

const row = (what: string, objects: string, name: string): Name => ({
  requirement: "Book 1, 12.4",
  what,
  objects,
  name,
});

const label = tlv([0x50, "4445424954"]);
const preferred = tlv([0x9f12, "44E96269E974"]);
const table = (number: string): string => tlv([0x9f11, number]);

const cases: readonly Name[] = [
  row("the label where there is no preferred name", label, "DEBIT"),
  row("the preferred name in a table that the terminal has", label + preferred + table("01"), "D\u00e9bi\u00e9t"),
  row("the preferred name before the label, in any order", table("01") + preferred + label, "D\u00e9bi\u00e9t"),
  row("the label where the preferred name has no table", label + preferred, "DEBIT"),
  row("the label where the terminal has not the table", label + preferred + table("05"), "DEBIT"),
  row("the label where there is a table and no preferred name", label + table("01"), "DEBIT"),
  row("a preferred name without a label", preferred + table("01"), "D\u00e9bi\u00e9t"),
  row("sixteen characters are the most", tlv([0x50, "41".repeat(17)]), "A".repeat(16)),
];

numbered("NAM", cases, ({ objects, name }) => {
  assert.is(applicationName(parseTlv(hexToBytes(objects))), name);
});

test.run();
