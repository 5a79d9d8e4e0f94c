import { test } from "uvu";
import * as assert from "uvu/assert";
import { groundOf } from "../../simulator/runtime/grounds.ts";
import { runScenario } from "../../simulator/scenario/run.ts";

/** APDUs of one tap from a card in the field until it may be removed; relay resistance's repetitions aside. */
const mostExchanges = 12;

const applications = [
  { aid: "A000000333010102", kernel: 7, applicationVersion: "0030", ttq: "36004080" },
  { aid: "A0000000031010", kernel: 3, applicationVersion: "0096", ttq: "3600C000" },
  { aid: "A0000000041010", kernel: 2, applicationVersion: "0002", ttq: "36004000" },
].map((application) => ({
  tacDenial: "0010000000",
  tacOnline: "DC4004F800",
  tacDefault: "DC4000A800",
  contactlessLimit: 10_000_000,
  contactlessCvmLimit: 100_000,
  ...application,
}));

/** A card, whether it may approve alone, the amount in yuan, and how many APDUs a tap of it has. */
const taps: readonly (readonly [card: string, alone: boolean, amount: string, exchanges: number])[] = [
  ["unionpay-tap", false, "12.34", 3],
  ["unionpay-tap-offline", true, "12.34", 7],
  ["unionpay-phone", false, "2000.00", 3],
  ["visa-tap", false, "12.34", 3],
  ["visa-tap-offline", true, "12.34", 6],
  ["visa-phone", false, "2000.00", 3],
  ["mastercard-tap", false, "12.34", 8],
  ["mastercard-tap-offline", true, "12.34", 8],
  ["mastercard-phone", false, "2000.00", 8],
  ["mastercard-tap-relay", false, "12.34", 9],
];

for (const [card, alone, amount, exchanges] of taps) {
  test(`${exchanges} exchanges and the card may go: ${card}${alone ? ", approving alone" : ""}, ${amount}`, async () => {
    const aids = applications.map((application) => ({
      ...application,
      terminalType: alone ? "22" : "21",
      floorLimit: alone ? 20_000 : 0,
    }));
    const text = JSON.stringify({
      name: card,
      terminal: { aids },
      steps: [
        { press: `${[...amount.replace(".", "")].join(" ")} ENTER` },
        { tap: card },
        { expect: { screen: "approved" } },
      ],
    });
    const result = await runScenario({ file: card, text, ground: await groundOf("node") });
    assert.is(result.failure?.message, undefined);
    assert.is(result.metrics.cardExchanges, exchanges);
    assert.ok(exchanges <= mostExchanges);
  });
}

test.run();
