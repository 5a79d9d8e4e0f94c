import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../firmware/journal/journal.ts";
import { states } from "../../firmware/journal/states.ts";
import type { BatchTotal, Transaction, TransactionDetails } from "../../firmware/journal/types.ts";
import { askedForAll } from "../everything.ts";
import { saleOf } from "../unit/journal/details.ts";
import { type FlashOperation, NorFlash } from "../unit/journal/nor-flash.ts";
import { FlashPartition } from "../unit/journal/partitions.ts";
import { erasedFrom, programmedInto, programmedTo, weaklyErased } from "./half-done.ts";

const blockLength = 1024;
/** Every image that a cut can leave is tried, or some of them, far enough apart not to be of one operation's kind alone. */
const isWhole = askedForAll("four of five places within a flash operation of the journal where the power may go");

/** How the flash is laid out, in blocks. */
interface Layout {
  readonly name: string;
  readonly ring: number;
  readonly history: number;
  readonly day: (journal: FlashJournal) => Generator<number | undefined>;
  /** Erases that the day must come to: the rings go round. */
  readonly leastErases: number;
  /** Of so many images that cuts leave one is tried. */
  readonly oneOf: number;
  readonly leastRepairs: number;
}

const layouts: readonly Layout[] = [
  {
    name: "a ring alone",
    ring: 5,
    history: 0,
    day: dayOfTheRing,
    leastErases: 7,
    oneOf: isWhole ? 1 : 5,
    leastRepairs: isWhole ? 1_000 : 300,
  },
  {
    name: "a ring and a history",
    ring: 4,
    history: 8,
    day: dayWithHistory,
    leastErases: 20,
    oneOf: isWhole ? 5 : 23,
    leastRepairs: isWhole ? 200 : 100,
  },
];

function blank({ ring, history }: Layout): NorFlash {
  return NorFlash.blank(ring + history, blockLength);
}

function mount({ ring, history }: Layout, chip: NorFlash): FlashJournal {
  const rest = history === 0 ? undefined : new FlashPartition(chip, ring, history);
  return new FlashJournal(new FlashPartition(chip, 0, ring), rest);
}

/** What must be true of a journal: its transactions, those that must not be lost, and its totals. */
interface Knowledge {
  readonly transactions: ReadonlyMap<number, string>;
  readonly needed: ReadonlySet<number>;
  readonly totals: string;
}

function know(journal: FlashJournal): Knowledge {
  const transactions = new Map<number, string>();
  const needed = new Set<number>();
  const batch = journal.batch();
  const counted: Transaction[] = [];
  for (const transaction of journal.transactions()) {
    if (transactions.has(transaction.id)) assert.unreachable(`transaction ${transaction.id} is there twice`);
    transactions.set(transaction.id, text(transaction));
    if (!states[transaction.state].final) needed.add(transaction.id);
    if (!states[transaction.state].final && transaction.batch === batch) counted.push(transaction);
  }
  const totals = sums(journal.totals());
  const recomputed = counted.map(({ type, state, amount }) => ({ type, state, scheme: "", count: 1, amount }));
  if (totals !== sums(recomputed)) assert.unreachable(`totals ${totals} are not those of ${sums(recomputed)}`);
  return { transactions, needed, totals: `${batch} ${totals}` };
}

function sums(totals: readonly BatchTotal[]): string {
  const byKey = new Map<string, [number, number]>();
  for (const { type, state, count, amount } of totals) {
    const [counted, sum] = byKey.get(`${type} ${state}`) ?? [0, 0];
    byKey.set(`${type} ${state}`, [counted + count, sum + amount]);
  }
  return [...byKey.entries()]
    .map(([key, sum]) => `${key} ${sum.join(" ")}`)
    .sort()
    .join(", ");
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
    const { length } = operation.bytes;
    for (let end = 0; end <= length; end++) {
      yield programmedTo(operation, end);
      if (end < length && (end < short || end % 16 === 0 || end > length - 8)) yield programmedInto(operation, end);
    }
  } else {
    const { before, offset } = operation;
    for (const part of [0, 1, 35, 36, 100, blockLength / 2, blockLength - 1, blockLength]) {
      yield erasedFrom(before, offset, offset + part);
      yield erasedFrom(before, offset + blockLength - part, offset + blockLength);
      yield weaklyErased(operation, blockLength, part);
    }
  }
}

/** A day in the life of a small journal: approvals, declines, reversals, sign-ins, a dispute; the ring goes round. Gives STANs that no transaction has. */
function* dayOfTheRing(journal: FlashJournal): Generator<number | undefined> {
  const step = (transaction: Transaction, state: Transaction["state"], changes = {}): Transaction =>
    journal.advance(transaction, state, changes);
  for (let sale = 1; sale <= 14; sale++) {
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

/** A busy day: sales that stand and move to the history, old ones voided there, two batches closed; all goes round. */
function* dayWithHistory(journal: FlashJournal): Generator<number | undefined> {
  for (let sale = 1; sale <= 48; sale++) {
    const opened = journal.open(smallSale(sale));
    yield undefined;
    const authorising = journal.advance(opened, "authorising", { chipData: new Uint8Array(8).fill(sale) });
    yield undefined;
    if (sale % 7 === 0) {
      journal.advance(authorising, "declined", { responseCode: "51" });
      yield undefined;
      continue;
    }
    const approved = journal.advance(authorising, "approved", { responseCode: "00", authorisationCode: "123456" });
    yield undefined;
    const confirmed = journal.advance(approved, "confirmed");
    yield undefined;
    journal.advance(confirmed, "receipted");
    yield undefined;
    const old = sale % 5 === 0 ? journal.find({ batch: journal.batch(), stan: opened.stan - 4 }) : undefined;
    if (old?.state === "receipted") {
      journal.advance(old, sale % 2 === 0 ? "voided" : "adjusted");
      yield undefined;
    }
    if (sale % 12 === 0) {
      journal.closeBatch();
      yield undefined;
    }
  }
}

/** After a cut: what was there before or after the step, nothing else, nothing lost. */
function check(
  layout: Layout,
  image: Uint8Array,
  before: Knowledge,
  after: Knowledge,
  usedStans: ReadonlySet<number>,
  andGoOn: boolean,
): void {
  const flash = new NorFlash(image, blockLength);
  const journal = mount(layout, flash);
  const found = know(journal);
  if (found.totals !== before.totals && found.totals !== after.totals) {
    assert.unreachable(`totals ${found.totals} are neither ${before.totals} nor ${after.totals}`);
  }
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
  const again = know(mount(layout, flash));
  if (again.transactions.get(next.id) !== text(cancelled)) assert.unreachable("what came after the cut is lost");
  for (const id of found.needed) {
    if (again.transactions.get(id) !== found.transactions.get(id))
      assert.unreachable(`transaction ${id} changed later`);
  }
}

for (const layout of layouts) {
  test(`a power cut at any byte of any flash operation leaves the state before or the state after (${layout.name})`, () => {
    const flash = blank(layout);
    let operations: FlashOperation[] = [];
    flash.onOperation = (operation) => operations.push(operation);
    const journal = mount(layout, flash);
    const usedStans = new Set<number>();
    const steps = layout.day(journal);
    let before = know(journal);
    let erases = 0;
    let counted = 0;
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      const after = know(journal);
      for (const operation of operations) {
        if (operation.kind === "erase") erases++;
        for (const image of cuts(operation)) {
          if (counted++ % layout.oneOf !== 0) continue;
          check(layout, image, before, after, usedStans, counted % 5 === 0);
        }
      }
      operations = [];
      if (step.value !== undefined) usedStans.add(step.value);
      for (const transaction of journal.transactions()) usedStans.add(transaction.stan);
      before = after;
    }
    assert.ok(erases >= layout.leastErases, `the ring goes round: ${erases} erases`);
    assert.ok(counted > 8_000, `${counted} cuts`);
  });

  test(`a power cut while the journal repairs itself after a cut loses nothing either (${layout.name})`, () => {
    const flash = blank(layout);
    const operations: FlashOperation[] = [];
    flash.onOperation = (operation) => operations.push(operation);
    const journal = mount(layout, flash);
    const steps = layout.day(journal);
    let repairs = 0;
    let images = 0;
    let opening = false;
    let before = know(journal);
    for (let step = steps.next(); step.done !== true; step = steps.next()) {
      const after = know(journal);
      for (const operation of operations.splice(0)) {
        // Only while a block is being opened or a record in the history linked does a cut leave something to repair.
        if (operation.kind === "program" && operation.offset % blockLength === 0) opening = true;
        if (operation.kind === "program" && operation.offset % blockLength === 32) opening = false;
        const isLink = operation.kind === "program" && operation.bytes.length === 8;
        for (const image of opening || isLink ? cuts(operation) : []) {
          if (images++ % (isWhole ? 13 : 41) !== 0 && !isLink) continue;
          const repaired = new NorFlash(image, blockLength);
          const repair: FlashOperation[] = [];
          repaired.onOperation = (done) => repair.push(done);
          mount(layout, repaired);
          for (const second of repair.flatMap((done) => [...cuts(done)])) {
            repairs++;
            check(layout, second, before, after, new Set(), true);
          }
        }
      }
      before = after;
    }
    assert.ok(repairs > layout.leastRepairs, `${repairs} cuts in repairs`);
  });
}

test.run();
