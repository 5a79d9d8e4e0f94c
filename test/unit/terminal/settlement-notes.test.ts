import { test } from "uvu";
import * as assert from "uvu/assert";
import { settlementSides } from "../../../firmware/acquirer/totals.ts";
import { FlowNotes, Notes } from "../../../firmware/journal/notes.ts";
import type { TransactionType } from "../../../firmware/journal/types.ts";
import {
  noteSlipPrinted,
  readIntent,
  readSlip,
  type SettledBatch,
  type SettlementIntent,
  writeIntent,
  writeSlip,
} from "../../../firmware/terminal/batch/intent.ts";
import { mostOperators } from "../../../firmware/vault/operators.ts";
import { NorFlash } from "../journal/nor-flash.ts";

const schemes = ["CUP", "VIS", "MCC", "AEX", "JCB"];
const sum = { count: 99_999, amount: 123_456_789_012 };
const side = { debits: sum, credits: sum };

/** A batch of every kind of payment with cards of every scheme, and the rows of as many operators as there can be. */
const largest: SettledBatch = {
  batch: 999_998,
  at: Date.UTC(2026, 10, 23),
  operator: "01",
  rows: (Object.keys(settlementSides) as TransactionType[])
    .filter((type) => settlementSides[type] !== "neither")
    .flatMap((type) => schemes.map((scheme) => ({ type, scheme, ...sum }))),
  disputed: Array.from({ length: 20 }, (_, place) => ({ stan: 999_900 + place, amount: sum.amount })),
  host: { domestic: side, foreign: side },
  isEqual: false,
};
const operators = Array.from({ length: mostOperators }, (_, place) => ({
  operator: String(place + 1).padStart(2, "0"),
  scheme: "CUP",
  ...sum,
}));

test("the largest settlement fits the notes beside the one before it, whenever the half of them is full", async () => {
  const notes = new FlowNotes(new Notes(NorFlash.blank(8, 4096)));
  await notes.write("funds", { bytes: new Uint8Array(2_000) });
  for (let settlement = 0; settlement < 3; settlement++) {
    let intent: SettlementIntent = { ...largest, stage: "comparing", uploaded: 0, lastId: 0, repeats: 0 };
    for (let uploaded = 0; uploaded < 12; uploaded++) {
      intent = { ...intent, stage: "uploading", uploaded };
      await writeIntent(notes, intent);
    }
    assert.equal(await readIntent(notes), intent);
    const slip = { ...largest, batch: largest.batch + (settlement % 2), operators };
    await writeSlip(notes, slip);
    await writeIntent(notes, { ...intent, stage: "closing" });
    assert.equal(await readSlip(notes), { ...slip, printed: false });
    await noteSlipPrinted(notes, slip.batch);
    assert.equal(await readSlip(notes), { ...slip, printed: true });
    assert.equal(await readIntent(notes), { ...intent, stage: "closing" });
  }
});

test.run();
