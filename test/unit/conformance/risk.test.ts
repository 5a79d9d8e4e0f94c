import { test } from "uvu";
import * as assert from "uvu/assert";
import { manageRisk, type RiskSettings } from "../../../firmware/emv/risk.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { type Exchange, ScriptedCard } from "../emv/scripted-card.ts";
import { bitsOf, type Case, type Element, numbered, sessionOf } from "./series.ts";

interface Risk extends Case {
  /** Minor units in hexadecimal, 4 bytes. */
  readonly amount?: string;
  readonly floor?: string;
  readonly settings?: RiskSettings;
  /** The card's lower and upper consecutive offline limits. */
  readonly limits?: readonly [lower: string, upper: string];
  /** What GET DATA gives: the transaction counter and the last online one; "" for nothing. */
  readonly counters?: readonly [now: string, last: string];
  readonly card?: readonly Element[];
  /** TVR. */
  readonly results: string;
}

const row = (
  section: string,
  what: string,
  results: string,
  inputs: Omit<Risk, "requirement" | "what" | "results"> = {},
): Risk => ({ requirement: `Book 3, 10.6${section}`, what, results, ...inputs });

/** Floor limit 10000, threshold 2000, target 20 %, at most 60 %. */
const random = { threshold: 2_000, target: 20, maximumTarget: 60 };
const drawing = (number: number): RiskSettings => ({ random, draw: () => number });
const limits = ["03", "05"] as const;

const cases: readonly Risk[] = [
  row(".1", "below the floor limit", "0000000000", { amount: "0000270F" }),
  row(".1", "at the floor limit", "0000008000", { amount: "00002710" }),
  row(".1", "above the floor limit", "0000008000", { amount: "00002711" }),
  row(".1", "a floor limit of zero is exceeded by nothing at all", "0000008000", {
    amount: "00000000",
    floor: "00000000",
  }),
  row(".1", "a floor limit as high as there is", "0000000000", { amount: "FFFFFFFE", floor: "FFFFFFFF" }),
  row(".1", "amounts of the card's earlier sales count too", "0000008000", {
    amount: "00001388",
    settings: { loggedAmount: 5_000 },
  }),
  row(".1", "together just below the floor limit", "0000000000", {
    amount: "00001387",
    settings: { loggedAmount: 5_000 },
  }),
  row(".2", "below the threshold a number at the target is selected", "0000001000", {
    amount: "000007CF",
    settings: drawing(20),
  }),
  row(".2", "below the threshold a number above the target is not", "0000000000", {
    amount: "000007CF",
    settings: drawing(21),
  }),
  row(".2", "at the threshold the target has not grown yet", "0000000000", {
    amount: "000007D0",
    settings: drawing(21),
  }),
  row(".2", "half way to the floor limit the target is half way", "0000001000", {
    amount: "00001770",
    settings: drawing(40),
  }),
  row(".2", "half way a number above the biased target is not selected", "0000000000", {
    amount: "00001770",
    settings: drawing(41),
  }),
  row(".2", "a quarter of the way the target has grown by a quarter", "0000001000", {
    amount: "00000FA0",
    settings: drawing(30),
  }),
  row(".2", "a quarter of the way one more is too much", "0000000000", { amount: "00000FA0", settings: drawing(31) }),
  row(".2", "just below the floor limit the target is just below its greatest", "0000001000", {
    amount: "0000270F",
    settings: drawing(59),
  }),
  row(".2", "no number above the greatest target is selected", "0000000000", {
    amount: "0000270F",
    settings: drawing(61),
  }),
  row(".2", "from the floor limit on nothing is left to chance", "0000008000", {
    amount: "00002710",
    settings: drawing(1),
  }),
  row(".2", "with a target of zero small amounts are never selected", "0000000000", {
    amount: "00000001",
    settings: { random: { threshold: 2_000, target: 0, maximumTarget: 0 }, draw: () => 1 },
  }),
  row(".2", "with targets of 99 all are selected", "0000001000", {
    amount: "00000001",
    settings: { random: { threshold: 2_000, target: 99, maximumTarget: 99 }, draw: () => 99 },
  }),
  row(".3", "without limits the card is not asked for its counters", "0000000000"),
  row(".3", "with one limit alone it is not asked either", "0000000000", {
    card: [[tags.lowerOfflineLimit, "00"]],
  }),
  row(".3", "with the upper limit alone neither", "0000000000", { card: [[tags.upperOfflineLimit, "00"]] }),
  row(".3", "fewer than the lower limit", "0000000000", { limits, counters: ["0012", "0010"] }),
  row(".3", "as many as the lower limit", "0000000000", { limits, counters: ["0013", "0010"] }),
  row(".3", "more than the lower limit", "0000004000", { limits, counters: ["0014", "0010"] }),
  row(".3", "as many as the upper limit", "0000004000", { limits, counters: ["0015", "0010"] }),
  row(".3", "more than the upper limit", "0000006000", { limits, counters: ["0016", "0010"] }),
  row(".3", "limits of zero are exceeded by the first", "0000006000", {
    limits: ["00", "00"],
    counters: ["0011", "0010"],
  }),
  row(".3", "as far as a counter of one byte would go", "0000006000", { limits, counters: ["0110", "0010"] }),
  row(".3", "a last online counter of zero is a new card's", "0008000000", { limits, counters: ["0001", "0000"] }),
  row(".3", "a new card that was used often is that as well", "0008006000", { limits, counters: ["0006", "0000"] }),
  row(".3", "no transaction counter: both limits count as exceeded", "0000006000", { limits, counters: ["", "0010"] }),
  row(".3", "no last online counter: the same", "0000006000", { limits, counters: ["0012", ""] }),
  row(".3", "no counters at all: the same", "0000006000", { limits, counters: ["", ""] }),
  row(".3", "without a transaction counter a new card is still new", "0008006000", { limits, counters: ["", "0000"] }),
  row(".3", "a counter that is not above the last online one: the same", "0000006000", {
    limits,
    counters: ["0010", "0010"],
  }),
  row(".3", "a counter below the last online one: the same", "0000006000", { limits, counters: ["000F", "0010"] }),
  row("", "a card on the exception file (Book 4, 6.3.5)", "1000000000", { settings: { isException: true } }),
  row("", "a merchant who wants the host (Book 4, 6.5.4)", "0000000800", { settings: { forceOnline: true } }),
  row("", "all of these at once", "100800E800", {
    amount: "00002710",
    settings: { isException: true, forceOnline: true },
    limits,
    counters: ["0006", "0000"],
  }),
];

const counterAnswer = (tag: string, value: string): string => (value === "" ? "6A88" : `${tag}02${value}9000`);

numbered("RSK", cases, async (row) => {
  const { amount = "00000001", floor = "00002710", settings, limits: offline, counters, card = [], results } = row;
  const [lower, upper] = offline ?? [];
  const data = sessionOf(
    [
      [tags.amountBinary, amount],
      [tags.floorLimit, floor],
    ],
    lower === undefined || upper === undefined
      ? card
      : [...card, [tags.lowerOfflineLimit, lower], [tags.upperOfflineLimit, upper]],
  );
  const script: readonly Exchange[] =
    counters === undefined
      ? []
      : [
          ["80CA9F3600", counterAnswer("9F36", counters[0])],
          ["80CA9F1300", counterAnswer("9F13", counters[1])],
        ];
  const scripted = new ScriptedCard(script);
  await manageRisk(scripted, data, settings);
  assert.is(bitsOf(data), `${results} 0800`);
  assert.is(scripted.left, 0);
});

test.run();
