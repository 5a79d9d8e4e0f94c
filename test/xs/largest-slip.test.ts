import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlowNotes, Notes } from "../../firmware/journal/notes.ts";
import { writeSlip } from "../../firmware/terminal/batch/intent.ts";
import { mostOperators } from "../../firmware/vault/operators.ts";
import { groundOf } from "../../simulator/runtime/grounds.ts";
import { live } from "../../simulator/runtime/life.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { quickOf } from "../available.ts";
import { assertStackMargin } from "../stack-limit.ts";
import { NorFlash } from "../unit/journal/nor-flash.ts";

const sum = { count: 123, amount: 1_234_567 };
const side = { debits: sum, credits: sum };
const schemes = ["CUP", "VIS", "MCC", "AEX", "JCB"];
const types = ["sale", "voidSale", "refund", "tip"] as const;

/** The notes of a terminal whose power went before the slip of a big restaurant's day was on paper. */
async function notesWithSlip(): Promise<Uint8Array> {
  const flash = NorFlash.blank(8, 4096);
  await writeSlip(new FlowNotes(new Notes(flash)), {
    batch: 7,
    at: Date.UTC(2026, 10, 23),
    operator: "01",
    rows: types.flatMap((type) => schemes.map((scheme) => ({ type, scheme, ...sum }))),
    disputed: Array.from({ length: 20 }, (_, place) => ({ stan: place + 1, amount: sum.amount })),
    operators: Array.from({ length: mostOperators }, (_, place) => ({
      operator: String(place + 1).padStart(2, "0"),
      scheme: "",
      ...sum,
    })),
    host: { domestic: side, foreign: side },
    isEqual: false,
  });
  return flash.bytes;
}

for (const name of await quickOf(["xs32"], "the largest slip")) {
  test(`the slip of as many operators as there can be is printed at the start on ${name}, within its memory`, async () => {
    const simulation = new Simulation({ seed: 1, parameters: { language: "en", operatorSignOn: true } });
    simulation.chips.flash.manufacture("notes", await notesWithSlip());
    simulation.world.after(60_000, () => simulation.world.stop());
    const end = await live(await groundOf(name), simulation.board);
    assert.is(end.crashed, undefined);
    assert.ok(
      simulation
        .papers()
        .at(-1)
        ?.text.some((line) => line.startsWith(`Operator ${mostOperators}`)),
    );
    assertStackMargin(end.metrics);
  });
}

test.run();
