import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { readApplicationData } from "../../../firmware/emv/records.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { type Case, numbered, outcomeOf, sessionOf } from "./series.ts";

interface Reading extends Case {
  readonly locator: string;
  readonly script?: readonly Exchange[];
  readonly result: "read" | "refusal" | "data" | "FormatError";
  /** The records that are signed, together; "spoilt" when authentication has to fail. */
  readonly signed?: string;
}

const row = (
  section: string,
  what: string,
  locator: string,
  result: Reading["result"],
  script: readonly Exchange[] = [],
  signed = "",
): Reading => ({ requirement: `Book 3, ${section}`, what, locator, result, script, signed });

const number = tlv([0x5a, "6228480000000000"]);
const expiry = tlv([0x5f24, "301231"]);
const list1 = tlv([0x8c, "9F0206"]);
const list2 = tlv([0x8d, "8A02"]);
const lists = list1 + list2;
const all = number + expiry + lists;
const trackOf = (pan: string): string => {
  const digits = `${pan}D30122010000000000`;
  return tlv([0x57, digits.length % 2 === 0 ? digits : `${digits}F`]);
};

/** READ RECORD of a file whose byte is as in the locator, but for the lower bits. */
const read = (file: string, record: string, answer: string): Exchange => [`00B2${record}${file}00`, answer];
const record = (content: string): string => `${template("70", content)}9000`;
const one = (content: string): readonly Exchange[] => [read("0C", "01", record(content))];

const cases: readonly Reading[] = [
  row("10.2", "one record of one file", "08010100", "read", one(all)),
  row("10.2", "records of one file in their order", "08010200", "read", [
    read("0C", "01", record(number + expiry)),
    read("0C", "02", record(lists)),
  ]),
  row("10.2", "files in the locator's order", "1001010008010100", "read", [
    read("14", "01", record(lists)),
    read("0C", "01", record(number + expiry)),
  ]),
  row("10.2", "records need not begin with the first", "08030300", "read", [read("0C", "03", record(all))]),
  row("10.2", "file 30 is the last there is", "F0010100", "read", [read("F4", "01", record(all))]),
  row("10.2", "a locator of no file", "", "FormatError"),
  row("10.2", "half an entry", "0801", "FormatError"),
  row("10.2", "an entry and a half", "080101001001", "FormatError"),
  row("10.2", "file 0", "00010100", "FormatError"),
  row("10.2", "file 31", "F8010100", "FormatError"),
  row("10.2", "lower bits of the file's byte", "09010100", "FormatError"),
  row("10.2", "record 0", "08000100", "FormatError"),
  row("10.2", "a last record before the first", "08020100", "FormatError"),
  row("10.2", "more signed records than records", "08010102", "FormatError"),
  row("10.2", "as many signed records as records", "08010101", "read", one(all), all),
  row("10.2", "a record that is not there", "08010100", "refusal", [read("0C", "01", "6A83")]),
  row("10.2", "a file that is not there", "08010100", "refusal", [read("0C", "01", "6A82")]),
  row("10.2", "the second record is not there", "08010200", "refusal", [
    read("0C", "01", record(all)),
    read("0C", "02", "6A83"),
  ]),
  row("10.2", "a record with a warning", "08010100", "refusal", [read("0C", "01", `${template("70", all)}6283`)]),
  row("10.2", "an element twice in one record", "08010100", "data", one(all + expiry)),
  row("10.2", "an element twice in two records", "08010200", "data", [
    read("0C", "01", record(all)),
    read("0C", "02", record(expiry)),
  ]),
  row("10.2", "the card's number twice, once as it was", "08010100", "data", one(all + number)),
  row("10.2", "elements that nobody knows are passed over", "08010100", "read", one(`${all}DF0102AABB`)),
  row("7.2", "no number", "08010100", "data", one(expiry + lists)),
  row("7.2", "no expiry date", "08010100", "data", one(number + lists)),
  row("7.2", "no CDOL1", "08010100", "data", one(number + expiry + list2)),
  row("7.2", "no CDOL2", "08010100", "data", one(number + expiry + list1)),
  row("7.5", "an expiry date in month 13", "08010100", "FormatError", one(number + lists + tlv([0x5f24, "301331"]))),
  row("7.5", "an expiry date of two bytes", "08010100", "FormatError", one(number + lists + tlv([0x5f24, "3012"]))),
  row("7.5", "an effective date on day 32", "08010100", "FormatError", one(all + tlv([0x5f25, "200132"]))),
  row("7.5", "a usage control of one byte", "08010100", "FormatError", one(all + tlv([0x9f07, "FF"]))),
  row("7.5", "an action code of four bytes", "08010100", "FormatError", one(all + tlv([0x9f0d, "FFFFFFFF"]))),
  row("7.5", "an offline limit of two bytes", "08010100", "FormatError", one(all + tlv([0x9f14, "0001"]))),
  row("6.5.11.4", "a record of a standard file in another template", "08010100", "FormatError", [
    read("0C", "01", `${template("77", all)}9000`),
  ]),
  row("6.5.11.4", "a record without a template", "08010100", "FormatError", [read("0C", "01", `${expiry}9000`)]),
  row("6.5.11.4", "a record that is empty", "08010100", "FormatError", [read("0C", "01", "9000")]),
  row("6.5.11.4", "bytes behind a record's template", "08010100", "FormatError", [
    read("0C", "01", `${template("70", all)}FF9000`),
  ]),
  row("6.5.11.4", "a record of the payment system's file in any form", "0801010060010100", "read", [
    read("0C", "01", record(all)),
    read("64", "01", "01020304059000"),
  ]),
  row("10.3", "a standard file's signed record without template and length", "08010101", "read", one(all), all),
  row(
    "10.3",
    "only as many records as the locator says",
    "08010201",
    "read",
    [read("0C", "01", record(number + expiry)), read("0C", "02", record(lists))],
    number + expiry,
  ),
  row(
    "10.3",
    "signed records of two files in the locator's order",
    "0802020108010101",
    "read",
    [read("0C", "02", record(lists)), read("0C", "01", record(number + expiry))],
    lists + number + expiry,
  ),
  row(
    "10.3",
    "a payment system's file signed whole, up to file 30",
    "58010101",
    "read",
    [read("5C", "01", record(all))],
    template("70", all),
  ),
  row("10.3", "file 10 is still a standard file", "50010101", "read", [read("54", "01", record(all))], all),
  row(
    "10.3",
    "a payment system's signed record in no template spoils authentication",
    "0801010060010101",
    "read",
    [read("0C", "01", record(all)), read("64", "01", "01020304059000")],
    "spoilt",
  ),
  row("6.5.11.4", "file 10 is a standard file: no other template", "50010100", "FormatError", [
    read("54", "01", `${template("77", all)}9000`),
  ]),
  row("7.5", "a track of the same number", "08010100", "read", one(all + trackOf("6228480000000000"))),
  row("7.5", "a track of another number", "08010100", "FormatError", one(all + trackOf("6228480000000001"))),
  row("7.5", "a track of a longer number", "08010100", "FormatError", one(all + trackOf("62284800000000000"))),
  row("7.5", "a track of a shorter number", "08010100", "FormatError", one(all + trackOf("622848000000000"))),
  row("7.5", "a track without a number", "08010100", "FormatError", one(all + trackOf(""))),
];

numbered("REC", cases, async ({ locator, script = [], result, signed }) => {
  const data = sessionOf([], [[tags.applicationFileLocator, locator]]);
  const card = new ScriptedCard(script);
  const outcome = await outcomeOf(async () => {
    await readApplicationData(card, data);
    return "read";
  });
  assert.is(outcome, result);
  assert.is(card.left, 0);
  if (result === "read") {
    const parts = data.staticData();
    assert.is(parts === undefined ? "spoilt" : bytesToHex(parts), signed);
  }
});

test.run();
