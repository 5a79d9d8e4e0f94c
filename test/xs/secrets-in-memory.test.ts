/** What a memory dump of the terminal shows after a sale: nothing of the card's number, its tracks and the PIN. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { esp32Limits, startXs } from "../../simulator/runtime/xs/ground.ts";
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
  /** The card stays in the terminal until it is taken out. */
  readonly staysIn?: boolean;
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
    staysIn: true,
    pan: "6228480001201117",
    pin: "123456",
    steps: ["insert: unionpay-chip-credit", "pin: 123456"],
  },
  {
    name: "a chip that checks the PIN",
    staysIn: true,
    pan: "6228480005512196",
    pin: "123456",
    steps: ["insert: unionpay-chip-offline-pin", "pin: 123456"],
  },
  {
    name: "a chip that gets the PIN enciphered",
    staysIn: true,
    pan: "4761730005591386",
    pin: "1234",
    steps: ["insert: visa-chip-enciphered-pin", "pin: 1234"],
  },
  {
    name: "a chip with a combined signature",
    staysIn: true,
    pan: "5413330005670576",
    pin: "1234",
    steps: ["insert: mastercard-chip-cda", "pin: 1234"],
  },
  { name: "a UnionPay tap", pan: "6228480000013331", steps: ["tap: unionpay-tap"] },
  { name: "a Visa tap", pan: "4761730000010226", steps: ["tap: visa-tap"] },
  { name: "a Mastercard tap", pan: "5413330003302628", steps: ["tap: mastercard-tap"] },
  {
    name: "a PIN that is cancelled",
    staysIn: true,
    pan: "6228480001201117",
    pin: "123456",
    screen: "cancelled",
    steps: ["insert: unionpay-chip-credit", "expect: { screen: enter-pin }", "press: 1 2 3 4 5 6 CANCEL"],
  },
  {
    name: "a card that says its number twice",
    staysIn: true,
    pan: "6228480009075745",
    screen: "card-unreadable",
    steps: ["insert: bad-number-twice"],
  },
  {
    name: "a wrong PIN",
    pan: "6228480001415550",
    pin: "765432",
    screen: "declined",
    steps: ["swipe: magstripe-credit", "pin: 765432"],
  },
  {
    name: "an answer that never came",
    staysIn: true,
    pan: "6228480001201117",
    pin: "123456",
    screen: "reversed",
    steps: [
      "insert: unionpay-chip-credit",
      "expect: { screen: enter-pin }",
      "network: { lose: response }",
      "pin: 123456",
    ],
  },
];

function scenarioOf({ name, steps, screen = "approved", staysIn = false }: Sale): string {
  const end = [`expect: { screen: ${screen} }`, ...(staysIn ? ["remove: card"] : []), "expect: { screen: idle }"];
  const all = ["press: 7 8 9 9 ENTER", ...steps, ...end];
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

  test(`${ground}: the search finds what a firmware leaves, however it is written`, async () => {
    const pan = "6228480001415550";
    for (const [name, planted] of [
      ["text", `String.fromCharCode(...digits.map((digit) => 0x30 + digit))`],
      ["packed", "Uint8Array.from({ length: 8 }, (_, i) => (digits[2 * i] << 4) | digits[2 * i + 1])"],
      ["packed across bytes", "Uint8Array.from({ length: 7 }, (_, i) => (digits[2 * i + 1] << 4) | digits[2 * i + 2])"],
      ["one a byte", "Uint8Array.from(digits)"],
      ["UTF-16", "Uint16Array.from(digits, (digit) => 0x30 + digit)"],
      ["one a number", "Uint32Array.from(digits)"],
    ]) {
      const image = join(folder, ground);
      const text = `export function main() {
        const digits = [${[...pan].join(", ")}];
        globalThis.kept = ${planted};
      }`;
      const { exit } = await runText(ground, text, { image, limits: esp32Limits });
      assert.is(exit.reason, undefined);
      const found = placesOf(readFileSync(image), pan);
      assert.is(found.length, 1, name);
    }
  });

  test(`${ground}: writing and reading messages leaves nothing but the message`, async () => {
    const entry = { path: fileURLToPath(new URL("fixtures/secret-fields.ts", import.meta.url)) };
    for (const [plant, count] of [
      ["", 0],
      ["plant", 1],
    ] as const) {
      const image = join(folder, ground);
      const xs = await startXs({ ground, entry, image, onPrint: (line) => assert.unreachable(line) });
      xs.send(Buffer.from(plant));
      xs.hangUp();
      assert.is((await xs.exit).reason, undefined);
      assert.is(placesOf(readFileSync(image), "6228480001415550").length, count);
    }
  });

  test(`${ground}: the collector leaves no copy of what it moved`, async () => {
    const pan = "6228480001415550";
    const leave = (last: string) => `export function main() {
      const garbage = [];
      for (let i = 0; i < 60; i++) garbage.push(new Uint8Array(1000));
      const digits = Uint8Array.of(${[...pan].join(", ")});
      garbage.length = 0;
      for (let i = 0; i < 25; i++) new Uint8Array(1000);
      ${last}
    }`;
    const image = join(folder, ground);
    for (const [last, count] of [
      ["globalThis.kept = digits;", 1],
      ["digits.fill(0);", 0],
    ] as const) {
      const { exit } = await runText(ground, leave(last), { image, limits: esp32Limits });
      assert.ok((exit.metrics?.collections ?? 0) > 0);
      assert.is(placesOf(readFileSync(image), pan).length, count);
    }
  });
}

test.after(() => rmSync(folder, { recursive: true }));
test.run();
