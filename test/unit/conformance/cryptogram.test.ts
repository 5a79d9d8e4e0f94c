import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CryptogramType } from "../../../firmware/emv/commands.ts";
import { generateCryptogram } from "../../../firmware/emv/cryptogram.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { template, tlv } from "../emv/conversations.ts";
import { ScriptedCard } from "../emv/scripted-card.ts";
import { bitsOf, type Case, type Element, hexOf, numbered, outcomeOf, sessionOf } from "./series.ts";

interface Cryptogram extends Case {
  readonly which: "first" | "second";
  readonly wanted: CryptogramType;
  /** CDOL1 or CDOL2; the amount where left out. */
  readonly list?: string;
  /** What is sent by it. */
  readonly sent?: string;
  readonly answer: string;
  /** The card's cryptogram, or how the session ends. */
  readonly result: string;
  readonly card?: readonly Element[];
  /** TVR and TSI. */
  readonly bits?: string;
}

const amount = "000000012345";
const cryptogram = "A1A2A3A4A5A6A7A8";
const format1 = (information: string): string => `${template("80", `${information}0041${cryptogram}07010103`)}9000`;
const elements = (information: string): string => tlv([0x9f27, information], [0x9f36, "0041"], [0x9f26, cryptogram]);
const format2 = (content: string): string => `${template("77", content)}9000`;

/** What a first answer left behind. */
const earlier: readonly Element[] = [
  [tags.cryptogramInformation, "80"],
  [tags.transactionCounter, "0041"],
  [tags.applicationCryptogram, "B1B2B3B4B5B6B7B8"],
];

const row = (
  section: string,
  what: string,
  [which, wanted, answer, result]: readonly [Cryptogram["which"], CryptogramType, string, string],
  more: Partial<Cryptogram> = {},
): Cryptogram => ({ requirement: `Book 3, ${section}`, what, which, wanted, answer, result, ...more });

const cases: readonly Cryptogram[] = [
  row("9.3", "asked for an ARQC a card may give one", ["first", "ARQC", format1("80"), "ARQC"]),
  row("9.3", "asked for an ARQC a card may refuse", ["first", "ARQC", format1("00"), "AAC"]),
  row("9.3", "asked for an ARQC no card may approve", ["first", "ARQC", format1("40"), "refusal"]),
  row("9.3", "asked for a TC a card may give one", ["first", "TC", format1("40"), "TC"]),
  row("9.3", "asked for a TC a card may want its issuer", ["first", "TC", format1("80"), "ARQC"]),
  row("9.3", "asked for a TC a card may refuse", ["first", "TC", format1("00"), "AAC"]),
  row("9.3", "asked for an AAC a card gives one", ["first", "AAC", format1("00"), "AAC"]),
  row("9.3", "asked for an AAC no card may want its issuer", ["first", "AAC", format1("80"), "refusal"]),
  row("9.3", "asked for an AAC no card may approve", ["first", "AAC", format1("40"), "refusal"]),
  row("9.3", "a reserved kind of cryptogram is none", ["first", "TC", format1("C0"), "refusal"]),
  row("9.3", "the second time a TC that was asked for", ["second", "TC", format1("40"), "TC"]),
  row("9.3", "the second time a refusal instead of a TC", ["second", "TC", format1("00"), "AAC"]),
  row("9.3", "the second time no card may want its issuer", ["second", "TC", format1("80"), "refusal"]),
  row("9.3", "the second time an AAC that was asked for", ["second", "AAC", format1("00"), "AAC"]),
  row("9.3", "the second time no TC that was not asked for", ["second", "AAC", format1("40"), "refusal"]),
  row("6.5.5", "6985 ends the session", ["first", "ARQC", "6985", "refusal"], { bits: "0000000000 0000" }),
  row("6.5.5", "6A80 ends the session", ["second", "TC", "6A80", "refusal"], { bits: "0000000000 0000" }),
  row("6.5.5", "6300 ends the session", ["first", "ARQC", `${format1("80").slice(0, -4)}6300`, "refusal"], {
    bits: "0000000000 0000",
  }),
  row("6.5.5.4", "lower bits of the information do not change the kind", ["first", "ARQC", format1("8B"), "ARQC"]),
  row("6.5.5.4", "format 1 without issuer application data", [
    "first",
    "ARQC",
    `${template("80", `800041${cryptogram}`)}9000`,
    "ARQC",
  ]),
  row("6.5.5.4", "format 1 with all 32 bytes of issuer application data", [
    "first",
    "ARQC",
    `${template("80", `800041${cryptogram}${"0F".repeat(32)}`)}9000`,
    "ARQC",
  ]),
  row(
    "6.5.5.4",
    "format 1 with 33 bytes of them",
    ["first", "ARQC", `${template("80", `800041${cryptogram}${"0F".repeat(33)}`)}9000`, "FormatError"],
    { bits: "0000000000 0000" },
  ),
  row(
    "6.5.5.4",
    "format 1 with a cryptogram of seven bytes",
    ["first", "ARQC", `${template("80", "800041A1A2A3A4A5A6A7")}9000`, "FormatError"],
    { bits: "0000000000 0000" },
  ),
  row("6.5.5.4", "format 2", ["first", "ARQC", format2(elements("80")), "ARQC"]),
  row("6.5.5.4", "format 2 in another order", [
    "first",
    "ARQC",
    format2(tlv([0x9f26, cryptogram], [0x9f36, "0041"], [0x9f27, "80"])),
    "ARQC",
  ]),
  row("6.5.5.4", "format 2 with issuer application data", [
    "first",
    "ARQC",
    format2(elements("80") + tlv([0x9f10, "07010103"])),
    "ARQC",
  ]),
  row("6.5.5.4", "format 2 with an element that nobody knows", [
    "first",
    "ARQC",
    format2(`${elements("80")}DF0101AA`),
    "ARQC",
  ]),
  row("6.5.5.4", "format 2 without a counter", [
    "first",
    "ARQC",
    format2(tlv([0x9f27, "80"], [0x9f26, cryptogram])),
    "data",
  ]),
  row("6.5.5.4", "format 2 without a cryptogram", [
    "first",
    "ARQC",
    format2(tlv([0x9f27, "80"], [0x9f36, "0041"])),
    "data",
  ]),
  row("6.5.5.4", "format 2 without information", [
    "first",
    "ARQC",
    format2(tlv([0x9f36, "0041"], [0x9f26, cryptogram])),
    "refusal",
  ]),
  row("6.5.5.4", "format 2 with a counter of one byte", [
    "first",
    "ARQC",
    format2(tlv([0x9f27, "80"], [0x9f36, "41"], [0x9f26, cryptogram])),
    "FormatError",
  ]),
  row(
    "6.5.5.4",
    "a cryptogram in another template",
    ["first", "ARQC", `${template("70", elements("80"))}9000`, "FormatError"],
    {
      bits: "0000000000 0000",
    },
  ),
  row("6.5.5.4", "a success without data", ["first", "ARQC", "9000", "FormatError"], { bits: "0000000000 0000" }),
  row("9.2.1", "the first list is CDOL1's", ["first", "ARQC", format1("80"), "ARQC"], {
    list: "9F3704",
    sent: "11223344",
  }),
  row("9.2.1", "the second list is CDOL2's", ["second", "TC", format1("40"), "TC"], { list: "8A02", sent: "3030" }),
  row("9.2.1", "an empty list sends no data", ["first", "ARQC", format1("80"), "ARQC"], { list: "", sent: "" }),
  row("9.2.1", "the TVR as it is at that moment", ["first", "ARQC", format1("80"), "ARQC"], {
    list: "95059B02",
    sent: "00000000000000",
  }),
  row("9.2.2", "the empty default list's hash where the card has none", ["first", "ARQC", format1("80"), "ARQC"], {
    list: "9814",
    sent: "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    bits: "0000000080 2000",
  }),
  row("9.2.2", "the hash by the card's own list", ["first", "ARQC", format1("80"), "ARQC"], {
    list: "9814",
    card: [[tags.certificateList, ""]],
    sent: "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
  }),
  row("9.2.2", "without a wish for the hash no default list is used", ["second", "TC", format1("40"), "TC"]),
  row("9.2.2", "the TVR says that the default list was used", ["first", "ARQC", format1("80"), "ARQC"], {
    list: "98149505",
    sent: "DA39A3EE5E6B4B0D3255BFEF95601890AFD807090000000080",
    bits: "0000000080 2000",
  }),
  row("6.5.5.4", "format 2 with information twice", ["first", "ARQC", format2(`${elements("80")}9F270180`), "data"], {
    bits: "0000000000 0000",
  }),
  row(
    "6.5.5.4",
    "format 2 without a cryptogram: the first one is not the second",
    ["second", "TC", format2(tlv([0x9f27, "40"], [0x9f36, "0041"])), "data"],
    { card: earlier },
  ),
  row(
    "6.5.5.4",
    "format 2 without a counter: the first answer's is not the second's",
    ["second", "TC", format2(tlv([0x9f27, "40"], [0x9f26, cryptogram])), "data"],
    { card: earlier },
  ),
];

const references: Readonly<Record<CryptogramType, string>> = { AAC: "00", TC: "40", ARQC: "80" };

numbered("GAC", cases, async (row) => {
  const { which, wanted, list = "9F0206", sent = amount, answer, result, card = [], bits = "0000000000 2000" } = row;
  const listTag = which === "first" ? tags.cardRiskManagementList1 : tags.cardRiskManagementList2;
  const data = sessionOf(
    [
      [tags.amountAuthorised, amount],
      [tags.unpredictableNumber, "11223344"],
      [tags.authorisationResponseCode, "3030"],
    ],
    [[listTag, list], ...card],
  );
  const length = (sent.length / 2).toString(16).toUpperCase().padStart(2, "0");
  const header = `80AE${references[wanted]}00`;
  const command = sent === "" ? `${header}00` : `${header}${length}${sent}00`;
  const scripted = new ScriptedCard([[command, answer]]);
  const outcome = await outcomeOf(async () => (await generateCryptogram(scripted, data, which, wanted)).type);
  assert.is(outcome, result);
  assert.is(scripted.left, 0);
  assert.is(bitsOf(data), bits);
  if (["AAC", "ARQC", "TC"].includes(result)) {
    assert.is(hexOf(data, tags.applicationCryptogram), cryptogram);
    assert.is(hexOf(data, tags.transactionCounter), "0041");
  }
});

test.run();
