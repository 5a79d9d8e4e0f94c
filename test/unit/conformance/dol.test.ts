import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { buildDol } from "../../../firmware/emv/dol.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type Case, type Element, numbered, outcomeOf, sessionOf } from "./series.ts";

interface List extends Case {
  readonly list: string;
  readonly values?: readonly Element[];
  /** What the card said itself. */
  readonly card?: readonly Element[];
  /** The bytes that are sent, or "FormatError". */
  readonly sent: string;
}

const row = (what: string, list: string, sent: string, values: readonly Element[] = []): List => ({
  requirement: "Book 3, 5.4",
  what,
  list,
  sent,
  values,
});

const amount: Element = [tags.amountAuthorised, "000000012345"];
const name: Element = [tags.merchantName, "53484F50"];
const pan: Element = [tags.primaryAccountNumber, "6228480012345678"];

const cases: readonly List[] = [
  row("an empty list asks for nothing", "", ""),
  row("an element in its length", "9F0206", "000000012345", [amount]),
  row("elements in the list's order without tags", "9A039F0206", "261123000000012345", [
    amount,
    [tags.transactionDate, "261123"],
  ]),
  row("an element twice is given twice", "9C019C01", "0909", [[tags.transactionType, "09"]]),
  row("an unknown element is zeros", "9F7E04", "00000000"),
  row("a known element that has no value is zeros", "9F0306", "000000000000"),
  row("an unknown element of three bytes' tag is zeros", "DF810102", "0000"),
  row("a constructed element is zeros", "7003", "000000", [[0x70, "010203"]]),
  row("a constructed element with a tag of two bytes is zeros", "BF0C02", "0000", [[0xbf0c, "0102"]]),
  row("an element of length zero is not sent", "9F02009C01", "00", [amount, [tags.transactionType, "00"]]),
  row("a number is cut on its left", "9F0204", "00012345", [amount]),
  row("a number is cut on its left even where that loses", "9F0202", "2345", [amount]),
  row("a number is filled with zeros on its left", "9F0208", "0000000000012345", [amount]),
  row("a code of format n is filled on its left", "5F2A03", "000156", [[tags.transactionCurrencyCode, "0156"]]),
  row("a code of format n is cut on its left", "9F1A01", "56", [[tags.terminalCountryCode, "0156"]]),
  row("a date is a number: cut on its left", "9A02", "1123", [[tags.transactionDate, "261123"]]),
  row("a date is a number: filled on its left", "9A04", "00261123", [[tags.transactionDate, "261123"]]),
  row("a transaction type is a number", "9C02", "0009", [[tags.transactionType, "09"]]),
  row("a sequence counter is a number", "9F4102", "0042", [[tags.transactionSequenceCounter, "00000042"]]),
  row("a terminal type is a number", "9F3502", "0022", [[tags.terminalType, "22"]]),
  row("binary data is cut on its right", "9502", "0040", [[tags.terminalVerificationResults, "0040008000"]]),
  row("binary data is filled with zeros on its right", "9507", "00400080000000", [
    [tags.terminalVerificationResults, "0040008000"],
  ]),
  row("a binary amount is filled on its right", "8106", "000030390000", [[tags.amountBinary, "00003039"]]),
  row("text is cut on its right", "9F4E02", "5348", [name]),
  row("text is filled with zeros on its right", "9F4E06", "53484F500000", [name]),
  row("a compressed number is cut on its right", "5A04", "62284800", [pan]),
  row("a compressed number is filled with F on its right", "5A0A", "6228480012345678FFFF", [pan]),
  row("terminal transaction qualifiers are binary", "9F6604", "26000000", [
    [tags.terminalTransactionQualifiers, "2600"],
  ]),
  row("a list that ends in a tag is none", "9F02", "FormatError"),
  row("a list that ends in half a tag is none", "9F02069F", "FormatError"),
  row("a list that ends without a length is none", "9A", "FormatError"),
  row(
    "all of a usual CDOL1",
    "9F02069F03069F1A0295055F2A029A039C019F3704",
    `${["000000012345", "000000000000", "0156", "0000008000", "0156", "261123", "00", "11223344"].join("")}`,
    [
      amount,
      [tags.terminalCountryCode, "0156"],
      [tags.terminalVerificationResults, "0000008000"],
      [tags.transactionCurrencyCode, "0156"],
      [tags.transactionDate, "261123"],
      [tags.transactionType, "00"],
      [tags.unpredictableNumber, "11223344"],
    ],
  ),
  {
    ...row("what the terminal knows stands above what the card says", "9F0206", "000000012345", [amount]),
    card: [[tags.amountAuthorised, "000000000001"]],
  },
  { ...row("an element of the card's is given back to it", "5F3401", "01"), card: [[tags.panSequenceNumber, "01"]] },
];

numbered("DOL", cases, async ({ list, values = [], card = [], sent }) => {
  const data = sessionOf(values, card);
  assert.is(await outcomeOf(() => bytesToHex(buildDol(hexToBytes(list), data.get))), sent);
});

test.run();
