import { test } from "uvu";
import * as assert from "uvu/assert";
import { encodeCbor } from "../../../firmware/codec/cbor.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import { states } from "../../../firmware/journal/states.ts";
import { runTerminal } from "../../../firmware/terminal/terminal.ts";
import { rawRing, saleOf } from "../journal/details.ts";
import { Desk, type DeskOptions } from "./desk.ts";

/** Starts a terminal on what is in the desk's flash; it goes on until nothing happens at the idle screen any more. */
async function start(desk: Desk): Promise<void> {
  const journal = new FlowJournal(new FlashJournal(desk.flash));
  let end: unknown;
  await runTerminal({ ...desk.services, journal }).catch((error: unknown) => {
    end = error;
  });
  assert.match(String(end), /nothing happens at (?:idle|remove-card)/);
}

function deskWith(state: "approved" | "confirmed" | "receipted", options: DeskOptions = {}): Desk {
  const desk = new Desk(options);
  const { journal } = desk;
  const authorising = journal.advance(journal.open({ ...saleOf(1234), entryMode: "magstripe" }), "authorising");
  let transaction = journal.advance(authorising, "approved", { authorisationCode: "123456" });
  for (const next of ["confirmed", "receipted"] as const) {
    if (transaction.state !== state) transaction = journal.advance(transaction, next);
  }
  return desk;
}

test("an empty terminal starts at the idle screen", async () => {
  const desk = new Desk();
  await start(desk);
  assert.is(desk.story, "idle");
});

test("a transaction that cannot be read is told of before anything else", async () => {
  const desk = new Desk();
  rawRing(desk.flash).openTransaction(states.authorising.number, encodeCbor({ type: "unheard of" }));
  await start(desk);
  assert.equal(desk.screens[0], { id: "error", detail: "journal" });
  assert.is(desk.story, "error idle");
});

test("the last approval is told and printed before the first sale, as the receipt it should have been", async () => {
  for (const state of ["approved", "confirmed"] as const) {
    const desk = deskWith(state);
    await start(desk);
    assert.is(desk.story, "approved printing idle");
    assert.is(desk.printed, 2);
    assert.is(new FlashJournal(desk.flash).last()?.state, "receipted");
  }
});

test("a receipt that is on paper is not printed again", async () => {
  const desk = deskWith("receipted");
  await start(desk);
  assert.is(desk.story, "idle");
});

test("an approval that the merchant was still to confirm is reversed", async () => {
  const desk = deskWith("approved", {
    parameters: { confirmApproval: "manual" },
    reversals: [{ kind: "reversed", responseCode: "00" }],
  });
  await start(desk);
  assert.is(desk.story, "reversing reversed idle");
  assert.is(new FlashJournal(desk.flash).last()?.reversalReason, "06");
});

test("a card that is in the reader at the start has to come out", async () => {
  const desk = new Desk({ events: [{ kind: "chipInserted" }, { kind: "chipRemoved" }] });
  await start(desk);
  assert.is(desk.story, "remove-card idle");
});

test.run();
