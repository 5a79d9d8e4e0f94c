import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { completeWithCard, type HostVerdict } from "../../../firmware/emv/completion.ts";
import { decideFirst } from "../../../firmware/emv/contact.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import type { CombinedMode } from "../../../firmware/emv/oda/combined.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { application, template } from "../emv/conversations.ts";
import { card as cardKey, sessionOf, signedAnswer } from "../emv/oda-issuer.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { bitsOf, type Case, hexOf, numbered, outcomeOf } from "./series.ts";

const options = "AABB";
const amount = "000000001234";
const information = { AAC: "00", TC: "40", ARQC: "80" } as const;
type Kind = keyof typeof information;

/** A card that got its options and signs what it is sent; its issuer's codes ask for nothing. */
function session(terminalType: string, results = "0000000000"): SessionData {
  const data = sessionOf();
  data.noteSent(hexToBytes(options));
  data.set(tags.terminalType, hexToBytes(terminalType));
  data.set(tags.amountAuthorised, hexToBytes(amount));
  data.set(tags.terminalVerificationResults, hexToBytes(results));
  data.setFromCard(tags.cardRiskManagementList1, hexToBytes("9F0206"));
  data.setFromCard(tags.cardRiskManagementList2, hexToBytes("8A02"));
  for (const code of [tags.issuerActionDefault, tags.issuerActionDenial, tags.issuerActionOnline]) {
    data.setFromCard(code, new Uint8Array(5));
  }
  return data;
}

const unsigned = (kind: Kind): string => `${template("80", `${information[kind]}0041${"A1".repeat(8)}`)}9000`;
const signed = (kind: Kind, sent: string): string =>
  `${bytesToHex(signedAnswer(sent, { information: Number.parseInt(information[kind], 16) }))}9000`;
const asked = (control: string, values: string): string => `80AE${control}00${lengthOf(values)}${values}00`;
const lengthOf = (hex: string): string => (hex.length / 2).toString(16).padStart(2, "0").toUpperCase();

interface First extends Case {
  readonly type: string;
  readonly results?: string;
  /** Absent: the card is not authenticated by combined signatures. */
  readonly mode?: CombinedMode;
  /** What the terminal asks, with the signature's bit. */
  readonly control: string;
  readonly gives: Kind;
  /** How the answer is signed: as asked where it is not said. */
  readonly answer?: "unsigned" | "over another amount";
  readonly after?: readonly Exchange[];
  readonly word: string;
  /** Authorisation response code in hexadecimal; "" for none. */
  readonly code: string;
  readonly bits: string;
}

const floorLimit = "0000008000";
const refusal: Exchange = [asked("00", "5A31"), unsigned("AAC")];

const first = (
  requirement: string,
  what: string,
  [type, control, gives, word, code, bits]: readonly [string, string, Kind, string, string, string],
  more: Partial<First> = {},
): First => ({ requirement, what, type, control, gives, word, code, bits, ...more });

const cases: readonly First[] = [
  first(
    "Book 3, 10.7",
    "a terminal that may do without its host asks for an approval where nothing speaks against it",
    ["22", "40", "TC", "approved", "5931", "0000000000 2000"],
  ),
  first("Book 3, 10.7", "one that has no host asks for an approval", [
    "23",
    "40",
    "TC",
    "approved",
    "5931",
    "0000000000 2000",
  ]),
  first("Book 3, 10.7", "one that is online only asks for a request", [
    "21",
    "80",
    "ARQC",
    "online",
    "",
    "0000000000 2000",
  ]),
  first(
    "Book 3, 10.7",
    "what the online codes name is asked of the host",
    ["22", "80", "ARQC", "online", "", `${floorLimit} 2000`],
    {
      results: floorLimit,
    },
  ),
  first(
    "Book 3, 10.7",
    "a terminal without a host looks at the default codes instead",
    ["23", "00", "AAC", "declined", "5A31", `${floorLimit} 2000`],
    { results: floorLimit },
  ),
  first(
    "Book 3, 10.7",
    "and approves what they do not name",
    ["23", "40", "TC", "approved", "5931", "0000001000 2000"],
    {
      results: "0000001000",
    },
  ),
  first(
    "Book 3, 10.7",
    "what the denial codes name is declined whatever the terminal is",
    ["22", "00", "AAC", "declined", "5A31", "0010000000 2000"],
    { results: "0010000000" },
  ),
  first("Book 3, 10.7", "unattended terminals go by their second digit", [
    "25",
    "40",
    "TC",
    "approved",
    "5931",
    "0000000000 2000",
  ]),
  first("Book 3, 10.7", "and those that are online only ask", ["24", "80", "ARQC", "online", "", "0000000000 2000"]),
  first("Book 3, 9.3", "asked for an approval a card may want its issuer", [
    "22",
    "40",
    "ARQC",
    "online",
    "5931",
    "0000000000 2000",
  ]),
  first("Book 3, 9.3", "asked for an approval a card may refuse", [
    "22",
    "40",
    "AAC",
    "declined",
    "5A31",
    "0000000000 2000",
  ]),
  first(
    "Book 3, 9.3",
    "asked for a refusal a card may not approve",
    ["22", "00", "TC", "refusal", "5A31", "0010000000 2000"],
    {
      results: "0010000000",
    },
  ),
  first(
    "Book 2, 6.6",
    "in every mode an approval of the terminal's own is asked for with a signature (1)",
    ["22", "50", "TC", "approved", "5931", "0000000000 A000"],
    { mode: 1 },
  ),
  first("Book 2, 6.6", "(2)", ["22", "50", "TC", "approved", "5931", "0000000000 A000"], { mode: 2 }),
  first("Book 2, 6.6", "(3)", ["22", "50", "TC", "approved", "5931", "0000000000 A000"], { mode: 3 }),
  first("Book 2, 6.6", "(4)", ["22", "50", "TC", "approved", "5931", "0000000000 A000"], { mode: 4 }),
  first("Book 2, 6.6", "a request is signed in mode 1", ["21", "90", "ARQC", "online", "", "0000000000 A000"], {
    mode: 1,
  }),
  first("Book 2, 6.6", "and in mode 2", ["21", "90", "ARQC", "online", "", "0000000000 A000"], { mode: 2 }),
  first(
    "Book 2, 6.6",
    "in mode 3 it is not, and the card counts as not authenticated",
    ["21", "80", "ARQC", "online", "", "8000000000 2000"],
    { mode: 3 },
  ),
  first("Book 2, 6.6", "nor in mode 4", ["21", "80", "ARQC", "online", "", "8000000000 2000"], { mode: 4 }),
  first("Book 2, 6.6", "a refusal is never signed", ["22", "00", "AAC", "declined", "5A31", "0010000000 2000"], {
    mode: 1,
    results: "0010000000",
  }),
  first(
    "Book 2, 6.6.2",
    "an approval without the signature that it was to have is declined",
    ["22", "50", "TC", "declined", "5A31", "0400000000 A000"],
    { mode: 1, answer: "unsigned" },
  ),
  first(
    "Book 2, 6.6.2",
    "so is one that is signed over another transaction",
    ["22", "50", "TC", "declined", "5A31", "0400000000 A000"],
    { mode: 3, answer: "over another amount" },
  ),
  first(
    "Book 2, 6.6.2",
    "a request without its signature is answered with a refusal at once",
    ["21", "90", "ARQC", "declined", "5A31", "0400000000 A000"],
    { mode: 1, answer: "unsigned", after: [refusal] },
  ),
  first(
    "Book 2, 6.6.2",
    "and one that is signed over another transaction",
    ["21", "90", "ARQC", "declined", "5A31", "0400000000 A000"],
    { mode: 2, answer: "over another amount", after: [refusal] },
  ),
  first(
    "Book 2, 6.6.2",
    "a card that was asked to sign an approval and wants its issuer signs that too",
    ["22", "50", "ARQC", "online", "5931", "0000000000 A000"],
    { mode: 3 },
  ),
  first(
    "Book 2, 6.6.2",
    "where it does not, it is refused at once",
    ["22", "50", "ARQC", "declined", "5A31", "0400000000 A000"],
    {
      mode: 3,
      answer: "unsigned",
      after: [refusal],
    },
  ),
  first(
    "Book 2, 6.6.2",
    "a refusal of the card needs no signature",
    ["22", "50", "AAC", "declined", "5A31", "0000000000 2000"],
    {
      mode: 1,
      answer: "unsigned",
    },
  ),
  first(
    "Book 4, 12.2.1",
    "a terminal without a host cannot ask it: the card has the last word",
    ["23", "40", "ARQC", "approved", "5933", "0000000000 2000"],
    { after: [[asked("40", "5933"), unsigned("TC")]] },
  ),
  first("Book 4, 12.2.1", "and may refuse", ["23", "40", "ARQC", "declined", "5933", "0000000000 2000"], {
    after: [[asked("40", "5933"), unsigned("AAC")]],
  }),
  first(
    "Book 4, 12.2.1",
    "the last word is signed as the first was",
    ["23", "50", "ARQC", "approved", "5933", "0000000000 A000"],
    { mode: 2, after: [[asked("50", "5933"), signed("TC", `${options}${amount}5933`)]] },
  ),
];

numbered("OFF", cases, async (row) => {
  const data = session(row.type, row.results);
  const isSigned = row.control.endsWith("1") || /^[59]0$/.test(row.control);
  const over = row.answer === "over another amount" ? "000000009999" : amount;
  const answer =
    isSigned && row.answer !== "unsigned" && row.gives !== "AAC"
      ? signed(row.gives, options + over)
      : unsigned(row.gives);
  const card = new ScriptedCard([[asked(row.control, amount), answer], ...(row.after ?? [])]);
  const known = application("A0000003330101", { combinedMode: row.mode ?? 1 });
  const word = await outcomeOf(() => decideFirst(card, data, known, row.mode === undefined ? undefined : cardKey));
  assert.is(word, row.word);
  assert.is(card.left, 0);
  assert.is(hexOf(data, tags.authorisationResponseCode), row.code);
  assert.is(bitsOf(data), row.bits);
});

interface Last extends Case {
  readonly mode: CombinedMode;
  readonly verdict: HostVerdict;
  readonly control: string;
  /** What CDOL2 asks for: the authorisation response code. */
  readonly code: string;
  readonly gives: Kind;
  readonly answer?: "unsigned" | "over another amount";
  /** Of the terminal when it completes: 22 where it is not said. */
  readonly type?: string;
  readonly word: "TC" | "AAC";
  readonly bits: string;
}

const approved: HostVerdict = { kind: "answered", approved: true, responseCode: "00" };
const declined: HostVerdict = { kind: "answered", approved: false, responseCode: "51" };
const unreachable: HostVerdict = { kind: "unreachable" };

const last = (
  what: string,
  [mode, verdict, control, code, gives, word, bits]: readonly [
    CombinedMode,
    HostVerdict,
    string,
    string,
    Kind,
    "TC" | "AAC",
    string,
  ],
  answer?: Last["answer"],
): Last => ({
  requirement: "Book 2, 6.6",
  what,
  mode,
  verdict,
  control,
  code,
  gives,
  word,
  bits,
  ...(answer === undefined ? {} : { answer }),
});

const endings: readonly Last[] = [
  last("after the host's approval mode 1 asks for a signature", [
    1,
    approved,
    "50",
    "3030",
    "TC",
    "TC",
    "0000000000 A000",
  ]),
  last("mode 2 does not, and stays with the first one", [2, approved, "40", "3030", "TC", "TC", "0000000000 A000"]),
  last("mode 3 never has one", [3, approved, "40", "3030", "TC", "TC", "8000000000 2000"]),
  last("mode 4 has the second alone, which then authenticates the card", [
    4,
    approved,
    "50",
    "3030",
    "TC",
    "TC",
    "0000000000 A000",
  ]),
  last(
    "a second approval that is signed badly is none (mode 1)",
    [1, approved, "50", "3030", "TC", "AAC", "0400000000 A000"],
    "over another amount",
  ),
  last("nor in mode 4", [4, approved, "50", "3030", "TC", "AAC", "0400000000 A000"], "over another amount"),
  last(
    "one without a signature neither (mode 1)",
    [1, approved, "50", "3030", "TC", "AAC", "0400000000 A000"],
    "unsigned",
  ),
  last("nor in mode 4", [4, approved, "50", "3030", "TC", "AAC", "0400000000 A000"], "unsigned"),
  last("the host's refusal is not signed (mode 1)", [1, declined, "00", "3531", "AAC", "AAC", "0000000000 A000"]),
  last("nor in mode 4, where the card stays unauthenticated", [
    4,
    declined,
    "00",
    "3531",
    "AAC",
    "AAC",
    "8000000000 2000",
  ]),
  last("a host that was not reached: the terminal's own approval is signed (mode 1)", [
    1,
    unreachable,
    "50",
    "5933",
    "TC",
    "TC",
    "0000000000 A000",
  ]),
  last("(mode 2)", [2, unreachable, "50", "5933", "TC", "TC", "0000000000 A000"]),
  last("(mode 3)", [3, unreachable, "50", "5933", "TC", "TC", "0000000000 A000"]),
  last("(mode 4)", [4, unreachable, "50", "5933", "TC", "TC", "0000000000 A000"]),
  last("and is none without its signature", [3, unreachable, "50", "5933", "TC", "AAC", "0400000000 A000"], "unsigned"),
  last("a card may still refuse", [2, approved, "40", "3030", "AAC", "AAC", "0000000000 A000"]),
  ...([3, 4] as const).map((mode) => ({
    ...last(`no host, and a refusal that nobody signs: the card stays unauthenticated (mode ${mode})`, [
      mode,
      unreachable,
      "00",
      "5A33",
      "AAC",
      "AAC",
      "8000000000 2000",
    ]),
    type: "21",
  })),
];

numbered("MOD", endings, async (row) => {
  const data = session("21");
  const isFirstSigned = row.mode <= 2;
  const opening: Exchange = isFirstSigned
    ? [asked("90", amount), signed("ARQC", options + amount)]
    : [asked("80", amount), unsigned("ARQC")];
  const known = application("A0000003330101", { combinedMode: row.mode });
  assert.is(await decideFirst(new ScriptedCard([opening]), data, known, cardKey), "online");
  data.set(tags.terminalType, hexToBytes(row.type ?? "22"));
  const over = row.answer === "over another amount" ? "000000009999" : amount;
  const isSigned = row.control === "50" && row.answer !== "unsigned";
  const answer = isSigned ? signed(row.gives, options + over + row.code) : unsigned(row.gives);
  const card = new ScriptedCard([[asked(row.control, row.code), answer]]);
  const { actionCodes, combinedMode } = known;
  assert.is(await completeWithCard(card, data, row.verdict, { actionCodes, combinedMode, cardKey }), row.word);
  assert.is(card.left, 0);
  assert.is(bitsOf(data), row.bits);
});

test.run();
