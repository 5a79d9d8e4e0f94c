import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../firmware/journal/journal.ts";
import { type Outcome, type Victim, withCut, withoutCut } from "../../simulator/crash/crash.ts";
import type { Ground } from "../../simulator/runtime/ground.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { available } from "../available.ts";
import { askedForAll } from "../everything.ts";
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

/** A scenario of so many sales, begun with the journal two sales before its turn. */
function selling(ground: Ground, sales: number): Victim {
  const text = `
name: The ring
terminal: { language: en, receiptCopies: 1 }
steps:
  - repeat:
      times: ${sales}
      steps:
        - expect: { screen: idle }
        - press: 1 2 3 4 ENTER
        - tap: unionpay-tap
        - expect: { screen: approved }
        - wait: 20s
`;
  const prepare = ({ chips }: Simulation): void => {
    chips.flash.manufacture("journal", image.flash.bytes);
    chips.flash.manufacture("history", image.history.bytes);
  };
  return { file: "ring.yaml", text, ground, prepare };
}

function hasTurned({ simulation }: Outcome): boolean {
  return simulation.chips.flash.wear("journal")[0]! > 0;
}

/** The sales with the one in which the ring turns over, and that one's flash operations, first and last. */
async function turningSale(ground: Ground): Promise<{ victim: Victim; first: number; last: number }> {
  let before = 0;
  for (let sales = 1; ; sales++) {
    const victim = selling(ground, sales);
    let turned = 0;
    const counted: Victim = {
      ...victim,
      prepare: (simulation) => {
        victim.prepare?.(simulation);
        simulation.onChange.push(() => {
          if (turned === 0 && simulation.chips.flash.wear("journal")[0]! > 0)
            turned = simulation.chips.flash.operations;
        });
      },
    };
    const { problems, operations } = await withoutCut(counted);
    assert.equal(problems, []);
    if (turned > 0 && turned <= operations) return { victim, first: before + 1, last: operations };
    before = operations;
  }
}

/** How far the flash operations that are cut lie apart: XS takes its time to mount a whole partition. */
const grounds = [
  ["node", askedForAll("three of four power cuts in a sale that turns the journal's ring") ? 1 : 4],
  ["xs32", 4],
] as const;

for (const [name, step] of grounds) {
  if (name === "xs32" && !askedForAll("power cuts in the turn of the journal's ring on xs32")) continue;
  const ground = await available(name, "the journal's ring");
  if (ground === undefined) continue;

  test(`when the journal's ring turns over in a sale, no sale is lost (${name})`, async () => {
    const outcome = await withoutCut(selling(ground, 4));
    assert.equal(outcome.problems, []);
    assert.ok(hasTurned(outcome));
    assertStackMargin(outcome.metrics);
  });

  test(`a power cut in a sale that turns the ring over loses no sale (${name})`, async () => {
    const { victim, first, last } = await turningSale(ground);
    for (let operation = first; operation <= last; operation += step) {
      const outcome = await withCut(victim, { first: operation });
      assert.equal(outcome.problems, [], `operation ${operation} of ${last}`);
      assert.ok(hasTurned(outcome), `operation ${operation} of ${last}: the ring did not turn`);
      assertStackMargin(outcome.metrics);
    }
  });
}

test.run();
