import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import type { Transaction } from "../../../firmware/journal/types.ts";
import { saleOf } from "./details.ts";
import { CountingFlash, NorFlash } from "./nor-flash.ts";

function sell(journal: FlashJournal, amount: number): Transaction {
  const approved = journal.advance(journal.advance(journal.open(saleOf(amount)), "authorising"), "approved");
  return journal.advance(journal.advance(approved, "confirmed"), "receipted");
}

test("each transaction waits for its backup as it last stood, oldest first, wherever it stands", () => {
  const flash = NorFlash.blank(4, 2048);
  const history = NorFlash.blank(8, 2048);
  const journal = new FlashJournal(flash, history);
  for (let sale = 1; sale <= 20; sale++) sell(journal, sale);
  assert.is(journal.unsaved(), 20);
  const sent: number[] = [];
  for (let next = journal.nextUnsaved(); next !== undefined; next = journal.nextUnsaved()) {
    sent.push(next.transaction.amount);
    assert.is(next.transaction.state, "receipted");
    journal.saved(next.sequence);
  }
  assert.equal(
    sent,
    sent.map((_, place) => place + 1),
  );
  assert.is(sent.length, 20);
  assert.is(journal.unsaved(), 0);
});

/** Reads of flash that it takes to send so many sales that wait. */
function readsToSend(sales: number): number {
  const history = new CountingFlash(new Uint8Array(32 * 2048).fill(0xff), 2048);
  const flash = new CountingFlash(new Uint8Array(4 * 2048).fill(0xff), 2048);
  const journal = new FlashJournal(flash, history);
  for (let sale = 1; sale <= sales; sale++) sell(journal, sale);
  history.reads = 0;
  flash.reads = 0;
  let sent = 0;
  for (let next = journal.nextUnsaved(); next !== undefined; next = journal.nextUnsaved()) {
    assert.is(next.transaction.amount, ++sent);
    journal.saved(next.sequence);
  }
  assert.is(sent, sales);
  return history.reads + flash.reads;
}

test("each record of a long backlog costs as much as one of a short one", () => {
  const [short, long] = [readsToSend(40), readsToSend(160)];
  assert.ok(long < 5 * short, `${short} reads for 40, ${long} for 160`);
});

test("what the host has acknowledged is known after a restart from the next counter, which costs no record of its own", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  sell(journal, 1);
  const before = flash.bytes.slice();
  journal.saved(journal.nextUnsaved()!.sequence);
  assert.equal(flash.bytes, before);
  assert.is(new FlashJournal(flash).unsaved(), 1);
  journal.nextStan();
  assert.is(new FlashJournal(flash).unsaved(), 0);
});

test("a restored batch has its numbers, its totals and its originals, and waits for no backup", () => {
  const flash = NorFlash.blank(8, 2048);
  let journal = new FlashJournal(flash);
  assert.is(journal.restoring(), 0);
  const { id: _id, ...sale } = sell(new FlashJournal(NorFlash.blank(4, 2048)), 500);
  const theirs = { ...sale, batch: 7, stan: 40, state: "voided" } as const;
  journal.putBack(theirs);
  journal.restored(3);
  journal = new FlashJournal(flash);
  assert.is(journal.restoring(), 3, "goes on after a cut");
  journal.putBack(theirs);
  journal.putBack({
    ...sale,
    type: "voidSale",
    batch: 7,
    stan: 41,
    original: { id: 999, batch: 7, stan: 40, date: "0101", amount: 500 },
  });
  journal.restored(undefined);
  for (const each of [journal, new FlashJournal(flash)]) {
    assert.is(each.batch(), 7);
    assert.is(each.restoring(), undefined);
    assert.is(each.unsaved(), 0);
    assert.is([...each.transactions()].length, 2);
    assert.is(each.find({ stan: 41 })?.original?.id, each.find({ stan: 40 })?.id);
    assert.equal(
      each.totals().map(({ type, state, count, amount }) => [type, state, count, amount]),
      [
        ["sale", "voided", 1, 500],
        ["voidSale", "receipted", 1, 500],
      ],
    );
  }
  assert.ok(journal.nextStan() > 41, "no number is given twice");
});

test("a journal that has held transactions is never restored", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  journal.advance(journal.open(saleOf(1)), "cancelled");
  assert.is(journal.restoring(), undefined);
  assert.is(new FlashJournal(flash).restoring(), undefined);
});

test.run();
