import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import type { TerminalApplication } from "../../../firmware/emv/application.ts";
import { updateByIssuer } from "../../../firmware/emv/contactless/issuer-update.ts";
import { tap } from "../../../firmware/emv/contactless/tap.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import { parseIssuerData } from "../../../firmware/emv/field55.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { tapSession, tapTools } from "./contactless-tools.ts";
import { application, fileControl, proximityDirectory, selectFirst, template, tlv } from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const names: Readonly<Record<number, string>> = { 3: "A0000000031010", 7: "A000000333010102" };
const below = 29_999;
const from = 30_000;

interface Case {
  readonly kernel: 3 | 7;
  readonly amount: number;
  /** Terminal transaction qualifiers, first and third byte. */
  readonly reader?: string;
  /** Card transaction qualifiers; absent: none. */
  readonly card?: string;
  /** Card authentication related data. */
  readonly related?: string;
  readonly changes?: Partial<TerminalApplication>;
}

async function outcomeOf({ kernel, amount, reader = "2600", card, related, changes }: Case): Promise<string> {
  const aid = names[kernel]!;
  const first = reader.slice(0, 2);
  const third = reader.slice(2);
  const known = application(aid, { kernel, transactionQualifiers: hexToBytes(`${first}00${third}00`), ...changes });
  const answer =
    tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "07010103A00000"], [0x9f27, "80"]) +
    tlv([0x57, "6228480000000000D30122010000000000"]) +
    (card === undefined ? "" : tlv([0x9f6c, card])) +
    (related === undefined ? "" : tlv([0x9f69, related]));
  const second = amount >= from ? "C0" : "80";
  const directory = template(
    "6F",
    tlv([0x84, "325041592E5359532E4444463031"]) + template("A5", template("BF0C", template("61", tlv([0x4f, aid])))),
  );
  const scripted = new ScriptedCard([
    [proximityDirectory, `${directory}9000`],
    [selectFirst(aid), `${fileControl(aid, tlv([0x9f38, "9F6604"]))}9000`],
    [`80A80000068304${first}${second}${third}0000`, `${template("77", answer)}9000`],
  ]);
  const outcome = await tap(scripted, tapSession(amount), [known], amount, tapTools());
  assert.is(scripted.left, 0);
  return "verification" in outcome ? outcome.verification : outcome.kind;
}

const cases: readonly (readonly [requirement: string, what: Case, verification: string])[] = [
  ["C-3 5.7: below the limit a card without qualifiers needs nothing", { kernel: 3, amount: below }, "none"],
  ["C-3 5.7: from the limit on a card without qualifiers is signed for", { kernel: 3, amount: from }, "signature"],
  ["C-3 5.7: where nobody can sign it is declined", { kernel: 3, amount: from, reader: "2400" }, "declined"],
  [
    "C-3 5.7.1.1: where nobody can sign, a reader with PIN pad that knows phones asks for the PIN",
    { kernel: 3, amount: from, reader: "2440" },
    "onlinePin",
  ],
  [
    "C-3 5.7.1.1: a reader that knows phones and nothing else declines a card without qualifiers",
    { kernel: 3, amount: from, reader: "2040" },
    "declined",
  ],
  [
    "C-3 5.7: a card that wants the PIN below the limit gets it",
    { kernel: 3, amount: below, card: "8000" },
    "onlinePin",
  ],
  [
    "C-3 5.7: a card that wants the PIN from the limit on gets it",
    { kernel: 3, amount: from, card: "8000" },
    "onlinePin",
  ],
  [
    "C-3 5.7: PIN before signature where the card would take both",
    { kernel: 3, amount: from, card: "C000" },
    "onlinePin",
  ],
  ["C-3 5.7: PIN before the phone's word", { kernel: 3, amount: from, card: "8080" }, "onlinePin"],
  [
    "C-3 5.7: without a PIN pad the card's signature is next",
    { kernel: 3, amount: from, reader: "2200", card: "C000" },
    "signature",
  ],
  ["C-3 5.7: the phone's word before a signature", { kernel: 3, amount: from, card: "4080" }, "device"],
  ["C-3 5.7: a phone that verified its owner", { kernel: 3, amount: from, card: "0080" }, "device"],
  [
    "C-3 5.7: a phone whose signed qualifiers agree",
    { kernel: 3, amount: from, card: "0080", related: "01112233440080" },
    "device",
  ],
  [
    "C-3 5.7: a phone whose signed qualifiers say otherwise is declined",
    { kernel: 3, amount: from, card: "0080", related: "01112233440000" },
    "declined",
  ],
  ["C-3 5.7: a card that wants a signature below the limit", { kernel: 3, amount: below, card: "4000" }, "signature"],
  ["C-3 5.7: qualifiers that ask for nothing below the limit", { kernel: 3, amount: below, card: "0000" }, "none"],
  [
    "C-3 5.7: qualifiers that ask for nothing from the limit on are declined",
    { kernel: 3, amount: from, card: "0000" },
    "declined",
  ],
  [
    "C-3 5.7: a card that wants a PIN that nobody can enter is declined",
    { kernel: 3, amount: from, reader: "2000", card: "8000" },
    "declined",
  ],
  ["C-7: below the limit a card without qualifiers needs nothing", { kernel: 7, amount: below }, "none"],
  ["C-7: from the limit on the PIN is asked for", { kernel: 7, amount: from }, "onlinePin"],
  ["C-7: where there is no PIN pad it is signed for", { kernel: 7, amount: from, reader: "2200" }, "signature"],
  ["C-7: where neither is there it is declined", { kernel: 7, amount: from, reader: "2000" }, "declined"],
  ["C-7: a card that wants the PIN below the limit gets it", { kernel: 7, amount: below, card: "8000" }, "onlinePin"],
  [
    "C-7: a card that wants a signature below the limit gets it",
    { kernel: 7, amount: below, card: "4000" },
    "signature",
  ],
  [
    "C-7: a card that wants nothing from the limit on is asked for its PIN",
    { kernel: 7, amount: from, card: "0000" },
    "onlinePin",
  ],
  ["C-7: a phone that verified its owner needs no PIN", { kernel: 7, amount: from, card: "8080" }, "device"],
  [
    "C-7: a phone whose signed qualifiers agree",
    { kernel: 7, amount: from, card: "0080", related: "01112233440080" },
    "device",
  ],
  [
    "C-7: a phone whose signed qualifiers say otherwise is declined",
    { kernel: 7, amount: from, card: "0080", related: "01112233440000" },
    "declined",
  ],
  [
    "C-7: a small amount needs no PIN though the card asks",
    { kernel: 7, amount: below, card: "8000", changes: { smallAmountLimit: 30_000 } },
    "none",
  ],
  [
    "C-7: a small amount needs no signature though the card asks",
    { kernel: 7, amount: below, card: "4000", changes: { smallAmountLimit: 30_000 } },
    "none",
  ],
  [
    "C-7: an amount that is not small is verified as the card asks",
    { kernel: 7, amount: below, card: "8000", changes: { smallAmountLimit: below } },
    "onlinePin",
  ],
  [
    "C-7: the verification limit stands above small amounts",
    { kernel: 7, amount: from, card: "8000", changes: { smallAmountLimit: 90_000 } },
    "onlinePin",
  ],
];

for (const [requirement, what, verification] of cases) {
  test(requirement, async () => {
    assert.is(await outcomeOf(what), verification);
  });
}

const visa = names[3]!;
const news = tlv([0x91, "11223344556677883030"]);
const script72 = template("72", tlv([0x86, "04DA9F580901000000000000AABB"]));

const track = "4761730000000010D30122010000000000";
const readCounter = "80CA9F3600";
const counter = `${tlv([0x9f36, "0041"])}9000`;
const authenticated = "008200000A11223344556677883030";

/** What the first tap left: the name, the track, the counter and, where records were read, the rest. */
function afterTap(withRecords: boolean): SessionData {
  const data = tapSession(1000);
  const heard: readonly (readonly [number, string])[] = [
    [tags.dedicatedFileName, visa],
    [tags.track2Equivalent, track],
    [tags.transactionCounter, "0041"],
    ...(withRecords
      ? ([
          [tags.applicationFileLocator, "18010100"],
          [tags.panSequenceNumber, "01"],
        ] as const)
      : []),
  ];
  for (const [tag, value] of heard) {
    data.setFromCard(tag, hexToBytes(value));
  }
  return data;
}

function record(number: string, sequence: string): string {
  return `${template("70", tlv([0x5a, number], [0x5f34, sequence]))}9000`;
}

const selected: Exchange = [selectFirst(visa), `${fileControl(visa)}9000`];

test("C-3, issuer update: a second tap takes the issuer's authentication and scripts to the card", async () => {
  const data = afterTap(false);
  const card = new ScriptedCard([
    selected,
    [readCounter, counter],
    [authenticated, "9000"],
    ["04DA9F580901000000000000AABB", "9000"],
  ]);
  assert.is(await updateByIssuer(card, data, parseIssuerData(hexToBytes(news + script72))), "heard");
  assert.is(card.left, 0);
  assert.equal(data.get(tags.issuerScriptResults), hexToBytes("2000000000"));
});

test("C-3, issuer update: a card that does not believe its issuer runs no script", async () => {
  const data = afterTap(false);
  const card = new ScriptedCard([selected, [readCounter, counter], [authenticated, "6300"]]);
  assert.is(await updateByIssuer(card, data, parseIssuerData(hexToBytes(news + script72))), "heard");
  assert.is(card.left, 0);
  assert.is(data.get(tags.terminalVerificationResults)?.[4], 0x40);
});

const readNumber = "00B2011C00";
const others: readonly (readonly [what: string, records: boolean, talk: readonly Exchange[]])[] = [
  ["that has no such application", false, [[selectFirst(visa), "6A82"]]],
  ["of another name", false, [[selectFirst(visa), `${fileControl(names[7]!)}9000`]]],
  ["without a name", false, [[selectFirst(visa), "9000"]]],
  ["of the same scheme with another counter", false, [selected, [readCounter, `${tlv([0x9f36, "0042"])}9000`]]],
  ["that does not show its counter", false, [selected, [readCounter, "6A88"]]],
  ["with another number", true, [selected, [readNumber, record("4761730000000028", "01")]]],
  ["with another number that begins alike", true, [selected, [readNumber, record("4761730000000010123F", "01")]]],
  [
    "with the same number and another sequence number",
    true,
    [selected, [readNumber, record("4761730000000010", "02")]],
  ],
  [
    "with the same number and another counter",
    true,
    [selected, [readNumber, record("4761730000000010", "01")], [readCounter, `${tlv([0x9f36, "0042"])}9000`]],
  ],
  ["that shows neither its records nor its counter", true, [selected, [readNumber, "6985"], [readCounter, "6D00"]]],
];

for (const [what, records, talk] of others) {
  test(`C-3, issuer update: a card ${what} in the second tap hears nothing of the first one's issuer`, async () => {
    const data = afterTap(records);
    const card = new ScriptedCard(talk);
    assert.is(await updateByIssuer(card, data, parseIssuerData(hexToBytes(news + script72))), "otherCard");
    assert.is(card.left, 0);
    assert.is(data.get(tags.issuerScriptResults), undefined);
    assert.equal(data.get(tags.transactionStatusInformation), new Uint8Array(2));
  });
}

for (const [what, talk] of [
  [
    "by its records and its counter",
    [
      [readNumber, record("4761730000000010", "01")],
      [readCounter, counter],
    ],
  ],
  [
    "by its records alone",
    [
      [readNumber, record("4761730000000010", "01")],
      [readCounter, "6A88"],
    ],
  ],
  [
    "by its counter where it keeps its records to itself",
    [
      [readNumber, "6985"],
      [readCounter, counter],
    ],
  ],
] as const satisfies readonly (readonly [string, readonly Exchange[]])[]) {
  test(`C-3, issuer update: the card of the first tap is known ${what}`, async () => {
    const card = new ScriptedCard([selected, ...talk, [authenticated, "9000"]]);
    assert.is(await updateByIssuer(card, afterTap(true), parseIssuerData(hexToBytes(news))), "heard");
    assert.is(card.left, 0);
  });
}

for (const [reader, card, takes] of [
  ["2680", "0040", true],
  ["2600", "0040", false],
  ["2680", "0000", false],
] as const) {
  test(`C-3, issuer update: reader ${reader} and card ${card} ${takes ? "agree" : "do not agree"} on an issuer update`, async () => {
    assert.is(await updates(reader, card), takes);
  });
}

async function updates(reader: string, card: string): Promise<boolean> {
  const answer =
    tlv([0x82, "2000"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "06010A03A00000"], [0x9f6c, card]) +
    tlv([0x57, "4761730000000000D30122010000000000"]);
  const directory = template("6F", template("A5", template("BF0C", template("61", tlv([0x4f, visa])))));
  const scripted = new ScriptedCard([
    [proximityDirectory, `${directory}9000`],
    [selectFirst(visa), `${fileControl(visa, tlv([0x9f38, "9F6604"]))}9000`],
    [`80A80000068304${reader.slice(0, 2)}80${reader.slice(2)}0000`, `${template("77", answer)}9000`],
  ]);
  const known = application(visa, {
    kernel: 3,
    transactionQualifiers: hexToBytes(`${reader.slice(0, 2)}00${reader.slice(2)}00`),
  });
  const outcome = await tap(scripted, tapSession(1000), [known], 1000, tapTools());
  return outcome.kind === "online" && outcome.issuerUpdate;
}

test.run();
