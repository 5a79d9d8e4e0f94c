import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { type ActionCodes, analyseActions, analyseWithoutHost } from "../../../firmware/emv/analysis.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { manageRisk, type RiskSettings, targetPercent } from "../../../firmware/emv/risk.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

interface Risk {
  readonly amount?: string;
  readonly limits?: readonly [lower: string, upper: string];
  readonly script?: readonly Exchange[];
  readonly settings?: RiskSettings;
}

/** The floor limit is 100.00. */
async function risk({ amount = "00000064", limits, script = [], settings = {} }: Risk): Promise<string> {
  const data = new SessionData([
    [tags.amountBinary, hexToBytes(amount)],
    [tags.floorLimit, hexToBytes("00002710")],
  ]);
  if (limits !== undefined) {
    data.setFromCard(tags.lowerOfflineLimit, hexToBytes(limits[0]));
    data.setFromCard(tags.upperOfflineLimit, hexToBytes(limits[1]));
  }
  const card = new ScriptedCard(script);
  await manageRisk(card, data, settings);
  assert.is(card.left, 0);
  assert.is(bytesToHex(data.get(tags.transactionStatusInformation)!), "0800");
  return bytesToHex(data.get(tags.terminalVerificationResults)!);
}

const counters = (now: string, lastOnline: string): Exchange[] => [
  ["80CA9F3600", `9F3602${now}9000`],
  ["80CA9F1300", `9F1302${lastOnline}9000`],
];
const random = { threshold: 2_000, target: 10, maximumTarget: 50 };

for (const [name, given, results] of [
  ["nothing to remark", {}, "0000000000"],
  ["an amount at the floor limit", { amount: "00002710" }, "0000008000"],
  ["an amount one below it", { amount: "0000270F" }, "0000000000"],
  ["an amount that the card's last one lifts to the limit", { settings: { loggedAmount: 9_900 } }, "0000008000"],
  [
    "an amount that the card's last one does not lift to the limit",
    { settings: { loggedAmount: 9_899 } },
    "0000000000",
  ],
  ["a card on the exception file", { settings: { isException: true } }, "1000000000"],
  ["a merchant who wants the host", { settings: { forceOnline: true } }, "0000000800"],
  ["chance under the threshold", { settings: { random, draw: () => 10 } }, "0000001000"],
  ["no chance under the threshold", { settings: { random, draw: () => 11 } }, "0000000000"],
  ["biased chance half way to the limit", { amount: "00001770", settings: { random, draw: () => 30 } }, "0000001000"],
  ["no biased chance half way", { amount: "00001770", settings: { random, draw: () => 31 } }, "0000000000"],
  ["no chance above the limit", { amount: "00002710", settings: { random, draw: () => 1 } }, "0000008000"],
  ["few uses since the issuer", { limits: ["02", "04"], script: counters("0005", "0003") }, "0000000000"],
  ["more uses than the lower limit", { limits: ["02", "04"], script: counters("0006", "0003") }, "0000004000"],
  ["more uses than the upper limit", { limits: ["02", "04"], script: counters("0008", "0003") }, "0000006000"],
  ["a card that has never been online", { limits: ["02", "04"], script: counters("0002", "0000") }, "0008000000"],
  ["counters that run backwards", { limits: ["02", "04"], script: counters("0003", "0003") }, "0000006000"],
  [
    "no counter of uses",
    {
      limits: ["02", "04"],
      script: [
        ["80CA9F3600", "6A88"],
        ["80CA9F1300", "9F130200009000"],
      ],
    },
    "0008006000",
  ],
] as const satisfies readonly (readonly [string, Risk, string])[]) {
  test(`risk management notes ${name}`, async () => {
    assert.is(await risk(given), results);
  });
}

test("a card that answers GET DATA with another element ends the session", async () => {
  try {
    await risk({ limits: ["02", "04"], script: [["80CA9F3600", "9F130200019000"]] });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, FormatError);
  }
});

test("the target grows from the threshold to the floor limit", () => {
  const percents = [0, 1_999, 2_000, 2_199, 2_200, 6_000, 9_999].map((amount) => targetPercent(amount, 10_000, random));
  assert.equal(percents, [10, 10, 10, 10, 11, 30, 49]);
});

interface Analysis {
  readonly terminal?: string;
  readonly results: string;
  readonly codes?: Partial<Record<keyof ActionCodes, string>>;
  /** The issuer's codes 9F0E, 9F0F, 9F0D; undefined: the card has none. */
  readonly denial?: string;
  readonly online?: string;
  readonly default?: string;
}

function analyse(given: Analysis): string {
  const data = new SessionData([
    [tags.terminalType, hexToBytes(given.terminal ?? "22")],
    [tags.terminalVerificationResults, hexToBytes(given.results)],
  ]);
  for (const [tag, value] of [
    [tags.issuerActionDenial, given.denial],
    [tags.issuerActionOnline, given.online],
    [tags.issuerActionDefault, given.default],
  ] as const) {
    if (value !== undefined) {
      data.setFromCard(tag, hexToBytes(value));
    }
  }
  const code = (which: keyof ActionCodes) => hexToBytes(given.codes?.[which] ?? "0000000000");
  const codes = { denial: code("denial"), online: code("online"), default: code("default") };
  return `${analyseActions(data, codes)} ${analyseWithoutHost(data, codes)}`;
}

const zeros = { denial: "0000000000", online: "0000000000", default: "0000000000" };

for (const [name, given, decision] of [
  ["nothing is wrong: approve", { results: "0000000000" }, "TC TC"],
  ["nothing is wrong on an online terminal: ask, or decline", { terminal: "21", results: "0000000000" }, "ARQC AAC"],
  ["the acquirer denies", { ...zeros, results: "0010000000", codes: { denial: "0010000000" } }, "AAC TC"],
  ["the issuer denies", { ...zeros, results: "0010000000", denial: "0010000000" }, "AAC TC"],
  [
    "denial comes before online",
    { results: "0010000000", codes: { denial: "0010000000", online: "FFFFFFFFFF" } },
    "AAC AAC",
  ],
  ["the acquirer wants online", { ...zeros, results: "0000008000", codes: { online: "0000008000" } }, "ARQC TC"],
  ["the issuer wants online", { ...zeros, results: "0000008000", online: "0000008000" }, "ARQC TC"],
  ["other bits do not matter", { ...zeros, results: "0000008000", online: "FFFFFF7FFF" }, "TC TC"],
  ["without codes of the issuer any bit goes online", { results: "0000000001" }, "ARQC AAC"],
  [
    "without the host the acquirer declines",
    { ...zeros, results: "0000008000", codes: { default: "0000008000" } },
    "TC AAC",
  ],
  ["without the host the issuer declines", { ...zeros, results: "0000008000", default: "0000008000" }, "TC AAC"],
  [
    "a terminal without a host goes by the default codes",
    { ...zeros, terminal: "23", results: "0000008000", default: "0000008000" },
    "AAC AAC",
  ],
  [
    "a terminal without a host never asks",
    { ...zeros, terminal: "26", results: "0000008000", online: "FFFFFFFFFF" },
    "TC TC",
  ],
] as const satisfies readonly (readonly [string, Analysis, string])[]) {
  test(`Book 3, 10.7: ${name}`, () => {
    assert.is(analyse(given), decision);
  });
}

test.run();
