import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../firmware/journal/journal.ts";
import { states } from "../../firmware/journal/states.ts";
import type { Transaction, TransactionDetails } from "../../firmware/journal/types.ts";
import { saleOf } from "../unit/journal/details.ts";
import { type FlashOperation, NorFlash, program } from "../unit/journal/nor-flash.ts";

const blockLength = 1024;

/** What must be true of a journal: its transactions, and the STAN that it would give next. */
interface Knowledge {
  readonly transactions: ReadonlyMap<number, string>;
  readonly needed: ReadonlySet<number>;
}

function know(journal: FlashJournal): Knowledge {
  const transactions = new Map<number, string>();
  const needed = new Set<number>();
  for (const transaction of journal.transactions()) {
    transactions.set(transaction.id, text(transaction));
    if (!states[transaction.state].final) needed.add(transaction.id);
  }
  return { transactions, needed };
}

function text(transaction: Transaction): string {
  const { id, stan, state, amount, responseCode, authorisationCode, reversalReason, pinEntered, chipData } =
    transaction;
  return [id, stan, state, amount, responseCode, authorisationCode, reversalReason, pinEntered, chipData].join(" ");
}

/** A sale with small records, so that the ring goes round within a test's time. */
function smallSale(amount: number): TransactionDetails {
  const { expiry: _expiry, panSequenceNumber: _number, ...details } = saleOf(amount);
  return { ...details, maskedPan: "6228", panToken: Uint8Array.of(1, 2) };
}

/** A program shorter than this is a header or a mark: it is cut in the middle of every byte as well. */
const short = 40;

/** What a cut can leave: a program ended after each byte and in the middle of some, an erase half done. */
function* cuts(operation: FlashOperation): Generator<Uint8Array> {
  if (operation.kind === "program") {
    const { before, bytes, offset } = operation;
    for (let length = 0; length <= bytes.length; length++) {
      const image = before.slice();
      program(image, bytes.subarray(0, length), offset);
      const torn = image.slice();
      yield image;
      if (length < bytes.length && (length < short || length % 16 === 0 || length > bytes.length - 8)) {
        torn[offset + length]! &= bytes[length]! | 0x5a;
        yield torn;
      }
    }
  } else {
    for (const part of [0, 1, 27, 28, 100, blockLength / 2, blockLength - 1, blockLength]) {
      const front = operation.before.slice();
      front.fill(0xff, operation.offset, operation.offset + part);
      yield front;
      const back = operation.before.slice();
      back.fill(0xff, operation.offset + blockLength - part, operation.offset + blockLength);
      yield back;
      const weak = operation.before.slice();
      for (let i = 0; i < blockLength; i++) weak[operation.offset + i]! |= (i * 37 + part) & 0xff;
      yield weak;
    }
  }
}

/** A day in the life of a small journal: approvals, declines, reversals, sign-ins, a dispute; the ring goes round. Gives STANs that no transaction has. */
function* day(journal: FlashJournal): Generator<number | undefined> {
  const step = (transaction: Transaction, state: Transaction["state"], changes = {}): Transaction =>
    journal.advance(transaction, state, changes);
  for (let sale = 1; sale <= 11; sale++) {
    let transaction = journal.open(smallSale(sale));
    yield undefined;
    transaction = step(transaction, "authorising", { chipData: new Uint8Array(8).fill(sale), pinEntered: true });
    yield undefined;
    if (sale === 2) {
      transaction = step(transaction, "approved", { responseCode: "00", authorisationCode: "123456" });
      yield undefined;
      step(transaction, "confirmed");
    } else if (sale === 4) {
      transaction = step(transaction, "reversing", { reversalReason: "98" });
      yield undefined;
      step(transaction, "disputed", { responseCode: "64" });
    } else if (sale % 3 === 0) {
      transaction = step(transaction, "unknown");
      yield undefined;
      transaction = step(transaction, "reversing", { reversalReason: "A0" });
      yield undefined;
      step(transaction, "reversed", { responseCode: "00" });
    } else {
      step(transaction, "declined", { responseCode: "51" });
    }
    yield undefined;
    if (sale % 4 === 0) {
      yield journal.nextStan();
    }
  }
}

/** After a cut: what was there before or after the step, nothing else, nothing lost. */
function check(
  image: Uint8Array,
  before: Knowledge,
  after: Knowledge,
  usedStans: ReadonlySet<number>,
  andGoOn: boolean,
): void {
  const flash = new NorFlash(image, blockLength);
  const journal = new FlashJournal(flash);
  const found = know(journal);
  for (const [id, value] of found.transactions) {
    if (value !== before.transactions.get(id) && value !== after.transactions.get(id)) {
      assert.unreachable(`transaction ${id} is neither as before nor as after: ${value}`);
    }
  }
  for (const id of before.needed) {
    if (!found.transactions.has(id) && after.transactions.has(id)) assert.unreachable(`transaction ${id} is lost`);
  }
  if (journal.unreadable() > 0) assert.unreachable("a cut is taken for damage");
  const newest = Math.max(0, ...before.transactions.keys());
  if (newest > 0 && !found.transactions.has(newest)) assert.unreachable("the last transaction is lost");
  if (!andGoOn) return;
  const next = journal.open(smallSale(99));
  if (usedStans.has(next.stan)) assert.unreachable(`STAN ${next.stan} is given twice`);
  const cancelled = journal.advance(next, "cancelled");
  const again = know(new FlashJournal(flash));
  if (again.transactions.get(next.id) !== text(cancelled)) assert.unreachable("what came after the cut is lost");
  for (const id of found.needed) {
    if (again.transactions.get(id) !== found.transactions.get(id))
      assert.unreachable(`transaction ${id} changed later`);
  }
}

test("a power cut at any byte of any flash operation leaves the state before or the state after", () => {
  const flash = NorFlash.blank(5, blockLength);
  let operations: FlashOperation[] = [];
  flash.onOperation = (operation) => operations.push(operation);
  const journal = new FlashJournal(flash);
  const usedStans = new Set<number>();
  const steps = day(journal);
  let before = know(journal);
  let erases = 0;
  let counted = 0;
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    const after = know(journal);
    for (const operation of operations) {
      if (operation.kind === "erase") erases++;
      for (const image of cuts(operation)) {
        check(image, before, after, usedStans, counted++ % 5 === 0);
      }
    }
    operations = [];
    if (step.value !== undefined) usedStans.add(step.value);
    for (const transaction of journal.transactions()) usedStans.add(transaction.stan);
    before = after;
  }
  assert.ok(erases >= 7, `the ring goes round: ${erases} erases`);
  assert.ok(counted > 8_000, `${counted} cuts`);
});

test("a power cut while the journal repairs itself after a cut loses nothing either", () => {
  const flash = NorFlash.blank(5, blockLength);
  const operations: FlashOperation[] = [];
  flash.onOperation = (operation) => operations.push(operation);
  const journal = new FlashJournal(flash);
  const steps = day(journal);
  let repairs = 0;
  let images = 0;
  let opening = false;
  let before = know(journal);
  for (let step = steps.next(); step.done !== true; step = steps.next()) {
    const after = know(journal);
    for (const operation of operations.splice(0)) {
      // Only while a block is being opened does a cut leave something to repair.
      if (operation.kind === "program" && operation.offset % blockLength === 0) opening = true;
      if (operation.kind === "program" && operation.offset % blockLength === 24) opening = false;
      for (const image of opening ? cuts(operation) : []) {
        if (images++ % 13 !== 0) continue;
        const repaired = new NorFlash(image, blockLength);
        const repair: FlashOperation[] = [];
        repaired.onOperation = (done) => repair.push(done);
        new FlashJournal(repaired);
        for (const second of repair.flatMap((done) => [...cuts(done)])) {
          repairs++;
          check(second, before, after, new Set(), true);
        }
      }
    }
    before = after;
  }
  assert.ok(repairs > 1_000, "some cuts need a repair");
});

test.run();
