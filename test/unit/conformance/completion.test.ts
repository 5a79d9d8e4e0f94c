import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { completeWithCard, type HostVerdict } from "../../../firmware/emv/completion.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { bitsOf, type Case, hexOf, numbered, outcomeOf, sessionOf } from "./series.ts";

interface Completion extends Case {
  /** What the issuer sends for the card. */
  readonly issuer?: string;
  readonly verdict?: Partial<HostVerdict>;
  readonly profile?: string;
  /** TVR of the first part of the transaction. */
  readonly before?: string;
  readonly terminalType?: string;
  /** Everything that the card hears. CDOL2 asks for 8A and 95. */
  readonly script: readonly Exchange[];
  readonly word: string;
  /** TVR and TSI. */
  readonly bits: string;
  /** Issuer script results, DF31. */
  readonly scripts?: string;
}

const arpc = "1122334455667788";
const authentication = tlv([0x91, arpc]);
const authenticate = (data: string, status: string): Exchange => [
  `00820000${(data.length / 2).toString(16).toUpperCase().padStart(2, "0")}${data}`,
  status,
];
const given = (information: string): string => `${template("80", `${information}0041A1A2A3A4A5A6A7A8`)}9000`;
const second = (reference: string, code: string, results: string, information = reference): Exchange => [
  `80AE${reference}0007${code}${results}00`,
  given(information),
];
const approval = (results = "0000000000"): Exchange => second("40", "3030", results);

const unblock = "8424000000";
const update = "84DA00000102";
const script = (kind: "71" | "72", ...commands: readonly string[]): string =>
  template(kind, tlv([0x9f18, "000000AA"]) + commands.map((one) => template("86", one)).join(""));

const row = (section: string, what: string, more: Omit<Completion, "requirement" | "what">): Completion => ({
  requirement: `Book 3, ${section}`,
  what,
  ...more,
});

const tc = { word: "TC", bits: "0000000000 2000" } as const;

const cases: readonly Completion[] = [
  row("10.9", "an issuer that sends nothing is not authenticated", { script: [approval()], ...tc }),
  row("10.9", "a card that knows the command gets it", {
    issuer: authentication,
    script: [authenticate(arpc, "9000"), approval()],
    word: "TC",
    bits: "0000000000 3000",
  }),
  row("10.9", "a card that does not know the command does not get it", {
    issuer: authentication,
    profile: "3800",
    script: [approval()],
    ...tc,
  }),
  row("10.9", "6300: the issuer is not who it says", {
    issuer: authentication,
    script: [authenticate(arpc, "6300"), approval("0000000040")],
    word: "TC",
    bits: "0000000040 3000",
  }),
  row("10.9", "6985: the same", {
    issuer: authentication,
    script: [authenticate(arpc, "6985"), approval("0000000040")],
    word: "TC",
    bits: "0000000040 3000",
  }),
  row("10.9", "a card that does not believe its issuer may refuse", {
    issuer: authentication,
    script: [authenticate(arpc, "6300"), second("40", "3030", "0000000040", "00")],
    word: "AAC",
    bits: "0000000040 3000",
  }),
  row("10.9", "authentication data of 16 bytes, the most there are", {
    issuer: tlv([0x91, arpc.repeat(2)]),
    script: [authenticate(arpc.repeat(2), "9000"), approval()],
    word: "TC",
    bits: "0000000000 3000",
  }),
  row("10.9", "a decline is authenticated as well", {
    issuer: authentication,
    verdict: { approved: false, responseCode: "05" },
    script: [authenticate(arpc, "9000"), second("00", "3035", "0000000000")],
    word: "AAC",
    bits: "0000000000 3000",
  }),
  row("10.11", "an approval asks for a TC", { script: [approval()], ...tc }),
  row("10.11", "a decline asks for an AAC", {
    verdict: { approved: false, responseCode: "51" },
    script: [second("00", "3531", "0000000000")],
    word: "AAC",
    bits: "0000000000 2000",
  }),
  row("10.11", "the card has the last word on an approval", {
    script: [second("40", "3030", "0000000000", "00")],
    word: "AAC",
    bits: "0000000000 2000",
  }),
  row("10.11", "a TC where a refusal was asked for is none", {
    verdict: { approved: false, responseCode: "51" },
    script: [second("00", "3531", "0000000000", "40")],
    word: "refusal",
    bits: "0000000000 2000",
  }),
  row("10.11", "an ARQC is no last word", {
    script: [second("40", "3030", "0000000000", "80")],
    word: "refusal",
    bits: "0000000000 2000",
  }),
  row("10.11", "the issuer's own response code goes to the card", {
    issuer: tlv([0x8a, "3130"]),
    script: [second("40", "3130", "0000000000")],
    ...tc,
  }),
  row("10.7", "no answer that counts: Z3 and an AAC (Book 4, A6)", {
    verdict: { kind: "unable" },
    script: [second("00", "5A33", "0000000000")],
    word: "AAC",
    bits: "0000000000 2000",
  }),
  row("10.7", "no host, and nothing that the default codes name: Y3 and a TC", {
    verdict: { kind: "unreachable" },
    script: [second("40", "5933", "0000000000")],
    ...tc,
  }),
  row("10.7", "no host, and the default code names a bit: Z3 and an AAC", {
    verdict: { kind: "unreachable" },
    before: "0000008000",
    script: [second("00", "5A33", "0000008000")],
    word: "AAC",
    bits: "0000008000 2000",
  }),
  row("10.7", "no host for an online-only terminal: Z3 and an AAC", {
    verdict: { kind: "unreachable" },
    terminalType: "21",
    script: [second("00", "5A33", "0000000000")],
    word: "AAC",
    bits: "0000000000 2000",
  }),
  row("10.7", "no host, and the card refuses what the terminal would approve", {
    verdict: { kind: "unreachable" },
    script: [second("40", "5933", "0000000000", "00")],
    word: "AAC",
    bits: "0000000000 2000",
  }),
  row("10.10", "a script 71 runs before the last word", {
    issuer: script("71", unblock),
    script: [[unblock, "9000"], approval()],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "20000000AA",
  }),
  row("10.10", "a script 72 runs behind the last word", {
    issuer: script("72", unblock),
    script: [approval(), [unblock, "9000"]],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "20000000AA",
  }),
  row("10.10", "both kinds have their own times, whatever their order", {
    issuer: script("72", unblock) + script("71", update),
    script: [[update, "9000"], approval(), [unblock, "9000"]],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "20000000AA20000000AA",
  }),
  row("10.10", "authentication comes before scripts", {
    issuer: script("71", unblock) + authentication,
    script: [authenticate(arpc, "9000"), [unblock, "9000"], approval()],
    word: "TC",
    bits: "0000000000 3400",
    scripts: "20000000AA",
  }),
  row("10.10", "commands in the script's order", {
    issuer: script("71", unblock, update),
    script: [[unblock, "9000"], [update, "9000"], approval()],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "20000000AA",
  }),
  row("10.10", "a failed command before the last word is noted in time", {
    issuer: script("71", unblock),
    script: [[unblock, "6985"], approval("0000000020")],
    word: "TC",
    bits: "0000000020 2400",
    scripts: "11000000AA",
  }),
  row("10.10", "a failed command behind the last word", {
    issuer: script("72", unblock),
    script: [approval(), [unblock, "6985"]],
    word: "TC",
    bits: "0000000010 2400",
    scripts: "11000000AA",
  }),
  row("10.10", "a script ends at its first failed command", {
    issuer: script("71", unblock, update, unblock),
    script: [[unblock, "9000"], [update, "6A80"], approval("0000000020")],
    word: "TC",
    bits: "0000000020 2400",
    scripts: "12000000AA",
  }),
  row("10.10", "the next script runs all the same", {
    issuer: script("71", unblock) + script("71", update),
    script: [[unblock, "6985"], [update, "9000"], approval("0000000020")],
    word: "TC",
    bits: "0000000020 2400",
    scripts: "11000000AA20000000AA",
  }),
  row("10.10", "62xx is a warning and no failure", {
    issuer: script("71", unblock),
    script: [[unblock, "6200"], approval()],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "20000000AA",
  }),
  row("10.10", "63xx is a warning and no failure", {
    issuer: script("71", unblock),
    script: [[unblock, "63C1"], approval()],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "20000000AA",
  }),
  row("10.10", "a script without an identifier has zeros in its result", {
    issuer: template("71", template("86", unblock)),
    script: [[unblock, "9000"], approval()],
    word: "TC",
    bits: "0000000000 2400",
    scripts: "2000000000",
  }),
  row("10.10", "scripts of a decline run too", {
    issuer: script("72", unblock),
    verdict: { approved: false, responseCode: "43" },
    script: [second("00", "3433", "0000000000"), [unblock, "9000"]],
    word: "AAC",
    bits: "0000000000 2400",
    scripts: "20000000AA",
  }),
  row("10.10", "a failed script behind it does not change the last word", {
    issuer: script("72", unblock, update),
    script: [approval(), [unblock, "9000"], [update, "6D00"]],
    word: "TC",
    bits: "0000000010 2400",
    scripts: "12000000AA",
  }),
  row("10.9", "a field that is no TLV sends the card nothing, and no bit speaks of it", {
    issuer: "910A1122",
    script: [approval()],
    ...tc,
  }),
  row("10.10", "a script whose commands are no TLV has failed, and the issuer is authenticated all the same", {
    issuer: authentication + template("71", "860984240000"),
    script: [authenticate(arpc, "9000"), approval("0000000020")],
    word: "TC",
    bits: "0000000020 3400",
    scripts: "1000000000",
  }),
  row("10.10", "the same behind the last word, and the next script runs", {
    issuer: template("72", "860984240000") + script("72", update),
    script: [approval(), [update, "9000"]],
    word: "TC",
    bits: "0000000010 2400",
    scripts: "100000000020000000AA",
  }),
  row("10.10", "a card that falls silent in a script has failed at that command, and the issuer hears of it", {
    issuer: script("71", unblock, update),
    script: [
      [unblock, "9000"],
      [update, { fails: "mute" }],
    ],
    word: "mute",
    bits: "0000000020 0400",
    scripts: "12000000AA",
  }),
  row("10.10", "behind the last word the same changes nothing else", {
    issuer: script("72", unblock) + script("72", update),
    script: [approval(), [unblock, { fails: "removed" }]],
    word: "TC",
    bits: "0000000010 2400",
    scripts: "11000000AA",
  }),
  row("10.7", "no host, and a PIN that it was to check: Z3 and an AAC, though no default code names it", {
    verdict: { kind: "unreachable" },
    before: "0000040000",
    script: [second("00", "5A33", "0000040000")],
    word: "AAC",
    bits: "0000040000 2000",
  }),
];

numbered("CPL", cases, async (row) => {
  const { issuer, verdict, profile = "3C00", before = "0000000000", terminalType = "22", scripts = "" } = row;
  const data = sessionOf(
    [
      [tags.terminalType, terminalType],
      [tags.terminalVerificationResults, before],
    ],
    [
      [tags.applicationInterchangeProfile, profile],
      [tags.cardRiskManagementList2, "8A029505"],
      [tags.issuerActionDefault, "0000000000"],
    ],
  );
  const said = { kind: "answered", approved: true, responseCode: "00", ...verdict } as HostVerdict;
  const heard = said.kind === "answered" && issuer !== undefined ? { ...said, chipData: hexToBytes(issuer) } : said;
  const none = new Uint8Array(5);
  const actionCodes = { denial: none, online: none, default: hexToBytes("0000008000") };
  const card = new ScriptedCard(row.script);
  assert.is(await outcomeOf(() => completeWithCard(card, data, heard, { actionCodes })), row.word);
  assert.is(card.left, 0);
  assert.is(bitsOf(data), row.bits);
  assert.is(hexOf(data, tags.issuerScriptResults), scripts);
});

test.run();
