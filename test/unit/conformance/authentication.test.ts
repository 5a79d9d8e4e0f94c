import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { CryptogramType } from "../../../firmware/emv/commands.ts";
import { authenticateOffline, chooseAuthentication } from "../../../firmware/emv/oda/authenticate.ts";
import { asksForSignature, type CombinedMode, type CryptogramMoment } from "../../../firmware/emv/oda/combined.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type CardChanges, keysOf, sessionOf, signDynamic } from "../emv/oda-issuer.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { bitsOf, type Case, hexOf, numbered, outcomeOf } from "./series.ts";

interface Choice extends Case {
  /** Application interchange profile and terminal capabilities. */
  readonly profile: string;
  readonly capabilities: string;
  readonly method: string;
}

const choice = (what: string, profile: string, capabilities: string, method: string): Choice => ({
  requirement: "Book 3, 10.3",
  what,
  profile,
  capabilities,
  method,
});

const choices: readonly Choice[] = [
  choice("both sides have all: CDA", "6100", "E0F8C8", "combined"),
  choice("CDA and SDA: CDA", "4100", "E0F888", "combined"),
  choice("CDA and DDA: CDA", "2100", "E0F848", "combined"),
  choice("CDA alone", "0100", "E0F808", "combined"),
  choice("the card has no CDA: DDA", "6000", "E0F8C8", "dynamic"),
  choice("the terminal has no CDA: DDA", "6100", "E0F8C0", "dynamic"),
  choice("DDA alone", "2000", "E0F840", "dynamic"),
  choice("the card has SDA alone", "4000", "E0F8C8", "static"),
  choice("the terminal has SDA alone", "6100", "E0F880", "static"),
  choice("the terminal has no method", "6100", "E0F800", "none"),
  choice("the card has no method", "1C00", "E0F8C8", "none"),
  choice("the card has SDA, the terminal all others", "4000", "E0F848", "none"),
  choice("the card has DDA, the terminal all others", "2000", "E0F888", "none"),
  choice("the card has CDA, the terminal all others", "0100", "E0F8C0", "none"),
];

numbered("ODC", choices, ({ profile, capabilities, method }) => {
  assert.is(chooseAuthentication(hexToBytes(profile), hexToBytes(capabilities)), method);
});

interface Authentication extends Case {
  readonly changes: CardChanges;
  readonly script?: readonly Exchange[];
  /** TVR and TSI. */
  readonly bits: string;
  /** How the session ends, where it does. */
  readonly ends?: string;
  /** Elements that come of it: 9F45 or 9F4C. */
  readonly kept?: readonly [tag: number, value: string];
}

const sda = { capabilities: "E0F880" };
const dda = { capabilities: "E0F8C0" };
const cda = { capabilities: "E0F8C8" };
const command = "00880000040BADCAFE00";
const dynamic = bytesToHex(signDynamic("030102AB", "0BADCAFE"));
const without = (tag: number): CardChanges => ({ elements: [[tag, undefined]] });

const row = (
  requirement: string,
  what: string,
  changes: CardChanges,
  bits: string,
  more: Pick<Authentication, "script" | "ends" | "kept"> = {},
): Authentication => ({ requirement, what, changes, bits, ...more });

const sessions: readonly Authentication[] = [
  row("Book 3, 10.3", "no common method", { capabilities: "E0F800" }, "8000000000 0000"),
  row("Book 2, 5.4", "SDA that holds: its selection, and its code is kept", sda, "0200000000 8000", {
    kept: [tags.dataAuthenticationCode, "DAC1"],
  }),
  row(
    "Book 2, 5.4",
    "SDA over changed records",
    { ...sda, record: hexToBytes("5A08621234567890123F") },
    "4200000000 8000",
  ),
  row(
    "Book 3, 10.3",
    "SDA without a signature lacks data",
    { ...sda, ...without(tags.signedStaticData) },
    "6200000000 8000",
  ),
  row(
    "Book 3, 10.3",
    "SDA without an issuer certificate lacks data",
    { ...sda, ...without(tags.issuerCertificate) },
    "6200000000 8000",
  ),
  row("Book 2, 6.5.2", "DDA that holds: the dynamic number is kept", dda, "0000000000 8000", {
    script: [[command, `8050${dynamic}9000`]],
    kept: [tags.dynamicNumber, "0102AB"],
  }),
  row("Book 3, 6.5.9.4", "DDA answered in format 2", dda, "0000000000 8000", {
    script: [[command, `77539F4B50${dynamic}9000`]],
    kept: [tags.dynamicNumber, "0102AB"],
  }),
  row("Book 2, 6.5.2", "DDA over another unpredictable number", dda, "0800000000 8000", {
    script: [[command, `8050${bytesToHex(signDynamic("030102AB", "0BADCAFF"))}9000`]],
  }),
  row(
    "Book 2, 6.5.1",
    "a list without the unpredictable number fails DDA",
    { ...dda, elements: [[tags.dynamicDataList, "9A03"]] },
    "0800000000 8000",
  ),
  row(
    "Book 3, 10.3",
    "DDA without a card certificate lacks data",
    { ...dda, ...without(tags.cardCertificate) },
    "2800000000 8000",
  ),
  row("Book 3, 6.5.9", "INTERNAL AUTHENTICATE refused ends the session", dda, "0000000000 8000", {
    script: [[command, "6985"]],
    ends: "refusal",
  }),
  row("Book 2, 6.6", "CDA waits for its cryptogram", cda, "0000000000 0000"),
  row(
    "Book 3, 10.3",
    "CDA without a card certificate lacks data",
    { ...cda, ...without(tags.cardCertificate) },
    "2400000000 8000",
  ),
  row(
    "Book 2, 5.2",
    "CDA with an authority key that nobody knows",
    { ...cda, elements: [[tags.authorityKeyIndex, "E2"]] },
    "0400000000 8000",
  ),
];

numbered("ODA", sessions, async ({ changes, script = [], bits, ends, kept }) => {
  const data = sessionOf(changes);
  const card = new ScriptedCard(script);
  const outcome = await outcomeOf(() => authenticateOffline({ card, data, keys: keysOf() }));
  assert.is(typeof outcome === "string" ? outcome : undefined, ends);
  assert.is(card.left, 0);
  assert.is(bitsOf(data), bits);
  if (kept !== undefined) {
    assert.is(hexOf(data, kept[0]), kept[1]);
  }
});

interface Mode extends Case {
  readonly mode: CombinedMode;
  readonly moment: CryptogramMoment;
  readonly wanted: CryptogramType;
  readonly asks: boolean;
}

const mode = (
  number: CombinedMode,
  moment: CryptogramMoment,
  wanted: CryptogramType,
  asks: boolean,
  what: string,
): Mode => ({ requirement: "Book 2, annex D4", what, mode: number, moment, wanted, asks });

const modes: readonly Mode[] = [
  mode(1, "first", "ARQC", true, "mode 1 wants requests signed"),
  mode(2, "first", "ARQC", true, "mode 2 wants requests signed"),
  mode(3, "first", "ARQC", false, "mode 3 does not want requests signed"),
  mode(4, "first", "ARQC", false, "mode 4 does not want requests signed"),
  mode(1, "secondOnline", "TC", true, "mode 1 wants the approval behind the host's signed"),
  mode(2, "secondOnline", "TC", false, "mode 2 does not"),
  mode(3, "secondOnline", "TC", false, "mode 3 does not"),
  mode(4, "secondOnline", "TC", true, "mode 4 does"),
  mode(2, "secondUnable", "TC", true, "mode 2 wants an approval without the host signed"),
  mode(3, "secondUnable", "TC", true, "mode 3 too"),
  mode(3, "first", "TC", true, "mode 3 wants a first approval signed"),
  mode(1, "first", "AAC", false, "no mode wants a refusal signed"),
  mode(4, "secondUnable", "AAC", false, "nor a refusal without the host"),
];

numbered("CDA", modes, (row) => {
  assert.is(asksForSignature(row.mode, row.moment, row.wanted), row.asks);
});

test.run();
