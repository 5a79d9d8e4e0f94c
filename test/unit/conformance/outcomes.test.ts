import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import { tapSession, tapTools } from "../emv/contactless-tools.ts";
import { application, fileControl, proximityDirectory, selectFirst, template, tlv } from "../emv/conversations.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { type Case, numbered, outcomeOf } from "./series.ts";

interface Outcome extends Case {
  readonly kernel: 3 | 7;
  /** Minor units. Floor limit 200.00, verification limit 300.00, transaction limit 1000.00. */
  readonly amount?: number;
  /** First byte of the terminal's qualifiers. */
  readonly reader?: string;
  /** Terminal type: online only where left out. */
  readonly type?: string;
  /** Everything the card hears and says. */
  readonly script: readonly Exchange[];
  /** Kind, and how the holder is verified. */
  readonly outcome: string;
}

const visa = "A0000000031010";
const unionPay = "A000000333010101";
const names = { 3: visa, 7: unionPay } as const;

const entry = (aid: string): string => template("61", tlv([0x4f, aid]));
const listed = (...aids: readonly string[]): Exchange => [
  proximityDirectory,
  `${template("6F", template("A5", template("BF0C", aids.map(entry).join(""))))}9000`,
];
const many = (aid: string, count: number): Exchange => {
  const entries = entry(aid).repeat(count);
  const length = (prefix: number): string => (entries.length / 2 + prefix).toString(16).padStart(4, "0").toUpperCase();
  return [proximityDirectory, `6F82${length(9)}A582${length(5)}BF0C82${length(0)}${entries}9000`];
};
const selected = (aid: string, list = "9F6604"): Exchange => [
  selectFirst(aid),
  `${fileControl(aid, tlv([0x9f38, list]))}9000`,
];
const started = (qualifiers: string, answer: string): Exchange => [`80A80000068304${qualifiers}00`, answer];

interface Answer {
  /** Cryptogram information; absent: the card leaves it out. */
  readonly information?: string;
  /** Card transaction qualifiers. */
  readonly qualifiers?: string;
  /** Issuer application data. */
  readonly issuer?: string;
  readonly track?: string;
  /** Hexadecimal of further elements. */
  readonly more?: string;
}

function answer({
  information,
  qualifiers,
  issuer = information === "40" ? "06010A03900000" : "06010A03A00000",
  track = "6228480000000000D3012201",
  more = "",
}: Answer): string {
  const content =
    tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, issuer]) +
    (track === "" ? "" : tlv([0x57, track])) +
    (information === undefined ? "" : tlv([0x9f27, information])) +
    (qualifiers === undefined ? "" : tlv([0x9f6c, qualifiers])) +
    more;
  return `${template("77", content)}9000`;
}

const row = (
  requirement: string,
  what: string,
  kernel: 3 | 7,
  script: readonly Exchange[],
  outcome: string,
  more: Pick<Outcome, "amount" | "reader" | "type"> = {},
): Outcome => ({ requirement, what, kernel, script, outcome, ...more });

/** A tap of one application that is asked to go online. */
const alone = (kernel: 3 | 7, response: string, qualifiers = "26800000"): readonly Exchange[] => [
  listed(names[kernel]),
  selected(names[kernel]),
  started(qualifiers, response),
];
const offline = (response: string, first = "26"): readonly Exchange[] => alone(3, response, `${first}000000`);
/** Elements that are not what they must be. */
const misshapen: readonly (readonly [what: string, answer: Answer])[] = [
  ["half a set of qualifiers", { qualifiers: "80" }],
  ["qualifiers with a third byte", { qualifiers: "800000" }],
  ["a track of twenty bytes", { track: "6228480000000000D301220100000000000000FF".padEnd(40, "F") }],
  ["a date without its day", { more: tlv([0x5f24, "3012"]) }],
  ["a thirteenth month", { more: tlv([0x5f24, "301301"]) }],
  ["a country of three bytes", { more: tlv([0x5f28, "000156"]) }],
  ["authentication data without all of its number", { more: tlv([0x9f69, "01112233"]) }],
];
const mayApprove = { type: "22" };
const inDate = tlv([0x5f24, "301231"]);
const expired = tlv([0x5f24, "200131"]);
const other: readonly Exchange[] = [selected(unionPay), started("26800000", answer({ information: "80" }))];

const cases: readonly Outcome[] = [
  row(
    "Book B, 3.1.1.13",
    "an amount that may not be tapped: another interface, and no card is asked",
    3,
    [],
    "otherInterface",
    {
      amount: 100_000,
    },
  ),
  row("Book B, 3.1.1.13", "the same for UnionPay's kernel", 7, [], "otherInterface", { amount: 200_000 }),
  row("Book B, 3.3.2.2", "a card without a directory", 3, [[proximityDirectory, "6A82"]], "noApplication"),
  row("Book B, 3.3.2.7", "a directory without a common application", 3, [listed("A0000000651010")], "noApplication"),
  row(
    "Book B, 3.3.3.5",
    "a refused application: the next one",
    3,
    [listed(visa, unionPay), [selectFirst(visa), "6A82"], ...other],
    "online none",
  ),
  row(
    "Book B, 3.3.3.5",
    "a blocked application: the next one",
    3,
    [listed(visa, unionPay), [selectFirst(visa), `${fileControl(visa, tlv([0x9f38, "9F6604"]))}6283`], ...other],
    "online none",
  ),
  row("Book B, 3.3.3.5", "all refused: there is none", 3, [listed(visa), [selectFirst(visa), "6A82"]], "noApplication"),
  row(
    "Book C-3, 5.2",
    "a list without the terminal's qualifiers: the next one",
    3,
    [listed(visa, unionPay), selected(visa, "9F0206"), ...other],
    "online none",
  ),
  row(
    "Book C-3, 5.2",
    "6985: the next one",
    3,
    [listed(visa, unionPay), selected(visa), started("26800000", "6985"), ...other],
    "online none",
  ),
  row("Book C-3, 5.2", "6984: another interface", 3, alone(3, "6984"), "otherInterface"),
  row("Book C-3, 5.2", "6986: the holder has to look at the phone", 3, alone(3, "6986"), "seePhone"),
  row("Book C-3, 5.4", "an ARQC goes online", 3, alone(3, answer({ information: "80" })), "online none"),
  row("Book C-3, 5.4", "an AAC is declined", 3, alone(3, answer({ information: "00" })), "declined"),
  row("Book C-3, 5.4", "without 9F27 the decision stands in 9F10: an ARQC", 3, alone(3, answer({})), "online none"),
  row(
    "Book C-3, 5.4",
    "without 9F27 the decision stands in 9F10: an AAC",
    3,
    alone(3, answer({ issuer: "06010A03800000" })),
    "declined",
  ),
  row(
    "Book C-3, 5.4",
    "a TC where an online cryptogram was required",
    3,
    alone(3, answer({ information: "40" })),
    "declined",
  ),
  row("Book C-3, 5.4", "an answer without a track", 3, alone(3, answer({ information: "80", track: "" })), "data"),
  row("Book C-3, 5.4", "an answer in format 1", 3, alone(3, "80062000080101009000"), "FormatError"),
  row(
    "Book C-3, 5.6",
    "a TC without a signature is declined",
    3,
    offline(answer({ information: "40" })),
    "declined",
    mayApprove,
  ),
  row(
    "Book C-3, 5.6",
    "a TC without a signature, and a card that then goes online",
    3,
    offline(answer({ information: "40", qualifiers: "2000", more: inDate })),
    "online none",
    mayApprove,
  ),
  row(
    "Book C-3, 5.6",
    "the same at a reader that cannot go online",
    3,
    offline(answer({ information: "40", qualifiers: "2000", more: inDate }), "2E"),
    "declined",
    {
      ...mayApprove,
      reader: "2E",
    },
  ),
  row(
    "Book C-3, 5.6",
    "a TC without a signature, and a card that then wants its chip read",
    3,
    offline(answer({ information: "40", qualifiers: "1000", more: inDate }), "36"),
    "otherInterface",
    {
      ...mayApprove,
      reader: "36",
    },
  ),
  row(
    "Book C-3, 5.6",
    "the same at a reader without a chip reader",
    3,
    offline(answer({ information: "40", qualifiers: "1000", more: inDate })),
    "declined",
    mayApprove,
  ),
  row(
    "Book C-3, 5.6",
    "online goes before the chip where the card would take both",
    3,
    offline(answer({ information: "40", qualifiers: "3000", more: inDate }), "36"),
    "online none",
    {
      ...mayApprove,
      reader: "36",
    },
  ),
  row(
    "Book C-3, 5.7",
    "from the verification limit on a card without qualifiers is signed for",
    3,
    alone(3, answer({ information: "80" }), "26C00000"),
    "online signature",
    {
      amount: 30_000,
    },
  ),
  row(
    "Book C-3, 5.7",
    "from the limit on a card that wants a PIN",
    3,
    alone(3, answer({ information: "80", qualifiers: "8000" }), "26C00000"),
    "online onlinePin",
    {
      amount: 30_000,
    },
  ),
  row(
    "Book C-3, 5.7",
    "from the limit on a phone that verified its owner",
    3,
    alone(3, answer({ information: "80", qualifiers: "0080" }), "26C00000"),
    "online device",
    {
      amount: 30_000,
    },
  ),
  row(
    "Book C-3, 5.7",
    "from the limit on a card that asks for nothing",
    3,
    alone(3, answer({ information: "80", qualifiers: "0000" }), "26C00000"),
    "declined",
    {
      amount: 30_000,
    },
  ),
  row("Book C-7, 3.4", "an ARQC goes online", 7, alone(7, answer({ information: "80" })), "online none"),
  row("Book C-7, 3.4", "an AAC is declined", 7, alone(7, answer({ information: "00" })), "declined"),
  row(
    "Book C-7, 3.7",
    "from the limit on the PIN is asked for",
    7,
    alone(7, answer({ information: "80" }), "26C00000"),
    "online onlinePin",
    {
      amount: 30_000,
    },
  ),
  row(
    "Book C-7, 3.7",
    "from the limit on a phone that verified its owner",
    7,
    alone(7, answer({ information: "80", qualifiers: "0080" }), "26C00000"),
    "online device",
    {
      amount: 30_000,
    },
  ),
  row(
    "Book C-3, 5.6",
    "a reader without a host declines what would have to go online",
    3,
    offline(answer({ information: "80" }), "2E"),
    "declined",
    { ...mayApprove, reader: "2E" },
  ),
  row(
    "Book C-7, 3.4",
    "so does UnionPay's kernel",
    7,
    alone(7, answer({ information: "80" }), "2E000000"),
    "declined",
    { ...mayApprove, reader: "2E" },
  ),
  row(
    "Book 4, annex A1",
    "a terminal without a host says so to the card",
    3,
    offline(answer({ information: "80" }), "2E"),
    "declined",
    { type: "23" },
  ),
  ...([3, 7] as const).flatMap((kernel) =>
    misshapen.map(([what, more]) =>
      row(
        "Book 3, 7.5",
        `${what} ends the tap (kernel ${kernel})`,
        kernel,
        alone(kernel, answer({ information: "80", ...more })),
        "FormatError",
      ),
    ),
  ),
  row(
    "Book B, 3.3.3",
    "a card that lists forty applications is asked for sixteen of them",
    3,
    [many(visa, 40), ...Array.from({ length: 16 }, (): Exchange => [selectFirst(visa), "6A82"])],
    "noApplication",
  ),
  ...([3, 7] as const).flatMap((kernel) => [
    row(
      `Book C-${kernel}, annex A`,
      "a number that is not its track's ends the tap",
      kernel,
      alone(kernel, answer({ information: "80", more: tlv([0x5a, "6228480000000018"]) })),
      "FormatError",
    ),
    row(
      `Book C-${kernel}, annex A`,
      "a number that is its track's, filled up",
      kernel,
      alone(kernel, answer({ information: "80", more: tlv([0x5a, "6228480000000000FF"]) })),
      "online none",
    ),
  ]),
  row(
    "Book C-3, 5.4",
    "a TC whose card verification results say ARQC is no approval",
    3,
    offline(answer({ information: "40", issuer: "06010A03A00000" })),
    "declined",
    mayApprove,
  ),
  row(
    "Book C-3, 5.4",
    "a TC whose card verification results say AAC is none either, wherever its qualifiers would send it",
    3,
    offline(answer({ information: "40", qualifiers: "3000", issuer: "06010A03800000" })),
    "declined",
    mayApprove,
  ),
  row(
    "Book C-3, 5.4",
    "an ARQC whose card verification results say AAC is a refusal",
    3,
    alone(3, answer({ information: "80", issuer: "06010A03800000" })),
    "declined",
  ),
  row(
    "Book C-7, 3.5",
    "and so is one of UnionPay's",
    7,
    alone(7, answer({ information: "80", issuer: "07010103800000" })),
    "declined",
  ),
  row(
    "Book C-3, 5.4",
    "an ARQC whose card verification results say TC goes to the issuer",
    3,
    alone(3, answer({ information: "80", issuer: "06010A03900000" })),
    "online none",
  ),
  row(
    "Book C-3, 5.5",
    "a date that is over is looked at before the signature: it does not go online for want of one",
    3,
    offline(answer({ information: "40", qualifiers: "2000", more: expired })),
    "declined",
    mayApprove,
  ),
  row(
    "Book C-3, 5.5",
    "a date that is over, and a card that then goes online, signed or not",
    3,
    offline(answer({ information: "40", qualifiers: "0800", more: expired })),
    "online none",
    mayApprove,
  ),
  row(
    "Book C-3, 5.5",
    "the same where the card would have its chip read for want of a signature",
    3,
    offline(answer({ information: "40", qualifiers: "1800", more: expired }), "36"),
    "online none",
    {
      ...mayApprove,
      reader: "36",
    },
  ),
  row(
    "Book C-3, 5.4",
    "a record that says another track than the answer before",
    3,
    [
      ...alone(3, answer({ information: "80", more: tlv([0x94, "08010100"]) })),
      ["00B2010C00", `${template("70", tlv([0x57, "6228480000000001D3012201"]))}9000`],
    ],
    "data",
  ),
  row(
    "Book C-3, 5.4",
    "a record that says the same track once more",
    3,
    [
      ...alone(3, answer({ information: "80", more: tlv([0x94, "08010100"]) })),
      ["00B2010C00", `${template("70", tlv([0x57, "6228480000000000D3012201"]))}9000`],
    ],
    "online none",
  ),
];

numbered("OUT", cases, async ({ kernel, amount = 100, reader = "26", type = "21", script, outcome }) => {
  const changes = { floorLimit: 20_000, transactionQualifiers: hexToBytes(`${reader}000000`) };
  const both = [application(visa, { kernel: 3, ...changes }), application("A0000003330101", { kernel: 7, ...changes })];
  const known = script.length === 0 ? both.filter((one) => one.kernel === kernel) : both;
  const card = new ScriptedCard(script);
  const result = await outcomeOf(async () => {
    const came = await tap(card, tapSession(amount, type), known, amount, tapTools());
    return "verification" in came ? `${came.kind} ${came.verification}` : came.kind;
  });
  assert.is(result, outcome);
  assert.is(card.left, 0);
});

test.run();
