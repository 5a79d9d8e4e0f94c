import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import type { Transaction } from "../../../firmware/journal/types.ts";
import { saleOf } from "./details.ts";
import { CountingFlash, NorFlash } from "./nor-flash.ts";

class WornFlash extends NorFlash {
  readonly erases = new Map<number, number>();
  override eraseBlock(block: number): void {
    this.erases.set(block, (this.erases.get(block) ?? 0) + 1);
    super.eraseBlock(block);
  }
}

function sell(journal: FlashJournal, amount: number, orderId?: string): Transaction {
  const order = orderId === undefined ? {} : { orderId };
  const authorising = journal.advance(journal.open({ ...saleOf(amount), ...order }), "authorising");
  const approved = journal.advance(authorising, "approved", { referenceNumber: String(amount).padStart(12, "0") });
  return journal.advance(journal.advance(approved, "confirmed"), "receipted");
}

function flashes() {
  return { ring: NorFlash.blank(4, 2048), history: NorFlash.blank(16, 2048) };
}

test("a sale that moved to the history is found by number, reference and id, and can still be voided once", () => {
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  const first = sell(journal, 1);
  for (let sale = 2; sale <= 40; sale++) sell(journal, sale);
  assert.equal(journal.find({ stan: first.stan, batch: 1 }), first);
  assert.equal(journal.find({ referenceNumber: "000000000001" }), first);
  assert.equal(journal.find({ id: first.id }), first);
  const voided = journal.advance(first, "voided");
  assert.throws(() => journal.advance(first, "voided"), /knows this transaction otherwise/);
  for (let sale = 41; sale <= 60; sale++) sell(journal, sale);
  for (const each of [journal, new FlashJournal(ring, history)]) {
    assert.equal(each.find({ id: first.id }), voided);
    assert.equal(
      [...each.transactions({ batch: 1 })].map(({ amount }) => amount),
      Array.from({ length: 60 }, (_, place) => place + 1),
    );
    assert.equal(
      each
        .totals()
        .map(({ state, count }) => [state, count])
        .sort(),
      [
        ["receipted", 59],
        ["voided", 1],
      ],
    );
  }
});

test("the payment of an order is found wherever it stands, the newest of them, and what is unknown costs a read a block", () => {
  const history = new CountingFlash(new Uint8Array(32 * 2048).fill(0xff), 2048);
  const ring = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(ring, history);
  const longest = "an-order-number_of.32-characters";
  sell(journal, 1, "A-1");
  const again = sell(journal, 2, "A-1");
  const long = sell(journal, 3, longest);
  for (let sale = 4; sale <= 60; sale++) sell(journal, sale, `B-${sale}`);
  assert.equal(journal.find({ orderId: "A-1" }), again);
  assert.equal(journal.find({ orderId: longest }), long);
  assert.is(journal.find({ orderId: "B-60" })?.amount, 60);
  const voided = journal.advance(again, "voided");
  for (const each of [journal, new FlashJournal(ring, history)]) {
    assert.equal(each.find({ orderId: "A-1" }), voided);
    history.reads = 0;
    assert.is(each.find({ orderId: "A-" }), undefined);
    assert.is(each.find({ orderId: "A-12" }), undefined);
    assert.ok(history.reads <= 2 * 32, `${history.reads} reads`);
  }
});

test("what is written while the batch is gone through neither repeats nor hides a transaction", () => {
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  for (let sale = 1; sale <= 40; sale++) sell(journal, sale);
  const seen: number[] = [];
  for (const { amount, state } of journal.transactions()) {
    seen.push(amount);
    if (state === "receipted" && amount % 5 === 0) journal.advance(journal.find({ stan: amount })!, "adjusted");
    if (seen.length % 4 === 0) sell(journal, 100 + amount);
  }
  assert.equal(
    seen,
    Array.from({ length: 40 }, (_, place) => place + 1),
  );
});

test("closing a batch is one record, settles what is in it and frees its room, oldest first", () => {
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  for (let sale = 1; sale <= 30; sale++) sell(journal, sale);
  let writes = 0;
  ring.onOperation = () => writes++;
  history.onOperation = () => writes++;
  assert.is(journal.closeBatch(), 2);
  assert.ok(writes <= 6, `${writes} operations`);
  assert.equal(journal.totals(), []);
  assert.ok([...journal.transactions()].every(({ state }) => state === "settled"));
  for (let batch = 2; batch <= 8; batch++) {
    for (let sale = 1; sale <= 30; sale++) sell(journal, 100 * batch + sale);
    assert.is(journal.totals()[0]?.count, 30);
    assert.is(journal.closeBatch(), batch + 1);
  }
  const again = new FlashJournal(ring, history);
  assert.is(again.batch(), 9);
  assert.is(again.unreadable(), 0);
  assert.is(again.find({ batch: 8, stan: journal.find({ batch: 8 })!.stan })?.state, "settled");
  assert.is(again.find({ batch: 1 }), undefined, "the oldest batch has gone");
});

test("a batch is not closed while something in it is in doubt", () => {
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  const opened = journal.advance(journal.open(saleOf(1)), "authorising");
  assert.throws(() => journal.closeBatch(), /in doubt or owed/);
  journal.advance(opened, "declined");
  assert.is(journal.closeBatch(), 2);
});

test("the journal says that it is nearly full before it refuses, and takes sales again after a settlement", () => {
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  assert.not(journal.room().nearlyFull);
  let sales = 0;
  let warned = 0;
  for (; journal.hasRoom(); sales++) {
    sell(journal, sales + 1);
    if (journal.room().nearlyFull) warned++;
  }
  assert.ok(warned >= 5, `${warned} of ${sales} after the warning`);
  assert.ok(warned <= sales / 4, `${warned} of ${sales} after the warning`);
  journal.closeBatch();
  assert.ok(journal.hasRoom());
  assert.is(sell(journal, 1).batch, 2);
});

test("all blocks of a partition wear alike over years of days", () => {
  const ring = new WornFlash(new Uint8Array(4 * 2048).fill(0xff), 2048);
  const history = new WornFlash(new Uint8Array(8 * 2048).fill(0xff), 2048);
  const journal = new FlashJournal(ring, history);
  for (let day = 1; day <= 60; day++) {
    for (let sale = 1; sale <= 10; sale++) {
      const sold = sell(journal, sale);
      if (sale === 7) journal.advance(sold, "voided");
      journal.advance(journal.open(saleOf(9)), "cancelled");
      journal.nextStan();
    }
    journal.closeBatch();
  }
  for (const { erases } of [ring, history]) {
    const counts = [...erases.values()];
    assert.ok(Math.max(...counts) - Math.min(...counts) <= 1, counts.join(" "));
    assert.ok(Math.min(...counts) >= 5, counts.join(" "));
  }
});

test("a start does not look at the blocks that were never written", () => {
  const blank = new Uint8Array(1024 * 2048).fill(0xff);
  const history = new CountingFlash(blank, 2048);
  const ring = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(ring, history);
  assert.ok(history.reads <= 4, `${history.reads} reads of a new partition`);
  for (let sale = 1; sale <= 40; sale++) sell(journal, sale);
  history.reads = 0;
  const again = new FlashJournal(ring, history);
  assert.ok(history.reads < 40, `${history.reads} reads of some blocks`);
  assert.is([...again.transactions()].length, 40);
});

/** What a block's header says of the order in which blocks were taken into use; 0 in a blank one. */
function sequenceOf(history: NorFlash, block: number): number {
  const view = new DataView(history.bytes.buffer, block * 2048);
  return view.getUint32(0, true) === 0xffffffff ? 0 : view.getUint32(8, true);
}

test("a block of the history that damage has blanked does not hide those behind it, wherever the ring stands", () => {
  const blocks = Array.from({ length: 16 }, (_, block) => block);
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  for (let sale = 1; sale <= 110; sale++) {
    sell(journal, sale);
    if (sale % 20 === 0) journal.closeBatch();
    if (sale < 30 || sale % 16 !== 0) continue;
    const newest = Math.max(...blocks.map((block) => sequenceOf(history, block)));
    for (const block of blocks.filter((each) => sequenceOf(history, each) < newest)) {
      const damaged = new NorFlash(history.bytes.slice(), 2048);
      damaged.bytes.fill(0xff, block * 2048, (block + 1) * 2048);
      const left = new FlashJournal(new NorFlash(ring.bytes.slice(), 2048), damaged);
      const lost = [...journal.transactions()].length - [...left.transactions()].length;
      assert.ok(lost <= 14, `${lost} transactions lost with block ${block} after ${sale} sales`);
    }
  }
});

test("a spoilt record in the history is counted, and the others are found", () => {
  const { ring, history } = flashes();
  const journal = new FlashJournal(ring, history);
  for (let sale = 1; sale <= 40; sale++) sell(journal, sale);
  const spoilt = new NorFlash(history.bytes.slice(), 2048);
  spoilt.bytes[36 + 60]! ^= 0x10;
  const again = new FlashJournal(ring, spoilt);
  assert.is(again.unreadable(), 1);
  assert.is([...again.transactions()].length, 39);
});

test.run();
