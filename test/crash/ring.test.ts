import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../firmware/journal/journal.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { runScenario, type ScenarioResult } from "../../simulator/scenario/run.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { available } from "../available.ts";
import { assertStackMargin } from "../stack-limit.ts";
import { saleOf } from "../unit/journal/details.ts";
import { NorFlash } from "../unit/journal/nor-flash.ts";

const blockLength = 4096;

/** Flash that remembers whether its first block was taken into use again. */
class Ring extends NorFlash {
  turns = 0;

  override eraseBlock(block: number): void {
    if (block === 0) this.turns++;
    super.eraseBlock(block);
  }
}

interface Sold {
  readonly flash: Ring;
  readonly history: NorFlash;
  readonly sales: number;
}

/** The partitions after so many sales whose receipts were printed. */
function soldUntil(sizes: readonly [number, number], enough: (flash: Ring, sales: number) => boolean): Sold {
  const flash = new Ring(new Uint8Array(sizes[0]).fill(0xff), blockLength);
  const history = NorFlash.blank(sizes[1] / blockLength, blockLength);
  const journal = new FlashJournal(flash, history);
  let sales = 0;
  for (; !enough(flash, sales); sales++) {
    const authorising = journal.advance(journal.open(saleOf(sales)), "authorising");
    const approved = journal.advance(authorising, "approved", { responseCode: "00", authorisationCode: "123456" });
    journal.advance(journal.advance(approved, "confirmed"), "receipted");
  }
  return { flash, history, sales };
}

/** The journal's partitions two sales before its ring turns over for the first time: others moved to the history. */
function almostRound(): Sold {
  const { flash } = new Simulation({ seed: 1, parameters: {} }).chips;
  const sizes = [flash.size("journal"), flash.size("history")] as const;
  const { sales } = soldUntil(sizes, ({ turns }) => turns === 2);
  return soldUntil(sizes, (_flash, count) => count === sales - 2);
}

const image = almostRound();

const sale = [
  "printer: { paper: in }",
  "press: 1 2 3 4 ENTER",
  "tap: unionpay-tap",
  "expect: { screen: approved }",
  "wait: 20s",
];

interface Turned {
  readonly result: ScenarioResult;
  readonly simulation: Simulation;
  /** What the books said before: the host knows nothing of the sales in the image. */
  readonly before: readonly string[];
}

async function run(ground: Ground, steps: readonly string[]): Promise<Turned> {
  const text = ["name: The ring", "terminal: { language: en, receiptCopies: 1 }", "steps:"]
    .concat(steps.map((step) => `  - ${step}`))
    .join("\n");
  let simulation: Simulation | undefined;
  let before: readonly string[] = [];
  const prepare = (prepared: Simulation): void => {
    simulation = prepared;
    prepared.chips.flash.manufacture("journal", image.flash.bytes);
    prepared.chips.flash.manufacture("history", image.history.bytes);
    before = prepared.audit();
  };
  const result = await runScenario({ file: "ring.yaml", text, ground, prepare });
  if (simulation === undefined) throw new Error(result.failure?.message);
  return { result, simulation, before };
}

function assertKept({ result, simulation, before }: Turned, where: string): void {
  assert.ok(result.passed, `${where}: step ${result.failure?.step}: ${result.failure?.message}`);
  assert.ok(simulation.chips.flash.wear("journal")[0]! > 0, `${where}: the ring did not turn`);
  assert.equal(simulation.audit(), before, where);
  assertStackMargin(result.metrics);
}

/** The sales before the one in which the ring turns over, and how many flash operations that one takes. */
async function turningSale(ground: Ground): Promise<{ earlier: readonly string[]; operations: number }> {
  let earlier: readonly string[] = [];
  let operationsBefore = 0;
  for (;;) {
    const { flash } = (await run(ground, [...earlier, ...sale])).simulation.chips;
    const operations = flash.operations - operationsBefore;
    if (flash.wear("journal")[0]! > 0) return { earlier, operations };
    earlier = [...earlier, ...sale];
    operationsBefore = flash.operations;
  }
}

/** How far the flash operations that are cut lie apart: XS takes its time to mount a whole partition. */
const grounds = [
  ["node", 1],
  ["xs32", 4],
] as const;

for (const [name, step] of grounds) {
  const ground = await available(name, "the journal's ring");
  if (ground === undefined) continue;

  test(`when the journal's ring turns over in a sale, no sale is lost (${name})`, async () => {
    assertKept(await run(ground, [...sale, ...sale, ...sale, ...sale]), "without a cut");
  });

  test(`a power cut in a sale that turns the ring over loses no sale, whichever operation it hits (${name})`, async () => {
    const { earlier, operations } = await turningSale(ground);
    for (let operation = 1; operation <= operations; operation += step) {
      const cut = `power: { cutAtFlashOperation: ${operation} }`;
      const interrupted = ["press: 1 2 3 4 ENTER", "tap: unionpay-tap", "wait: 30s", "remove: card"];
      const recovery = ["power: on", "wait: 60s", "expect: { screen: idle }"];
      const turned = await run(ground, [...earlier, cut, ...interrupted, ...recovery, ...sale]);
      assertKept(turned, `operation ${operation} of ${operations}`);
    }
  });
}

test.run();
