import { test } from "uvu";
import * as assert from "uvu/assert";
import { encodeCbor } from "../../../firmware/codec/cbor.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import { states } from "../../../firmware/journal/states.ts";
import { JournalFullError, type Transaction } from "../../../firmware/journal/types.ts";
import { rawRing, saleOf } from "./details.ts";
import { endOf, NorFlash } from "./nor-flash.ts";

/** What the host has still to be told of. */
function owedOf(journal: FlashJournal): (readonly [number, string])[] {
  return journal.owed().map((id) => {
    const { amount, state } = journal.find({ id })!;
    return [amount, state] as const;
  });
}

function approve(journal: FlashJournal, transaction: Transaction): Transaction {
  const authorising = journal.advance(transaction, "authorising", { chipData: new Uint8Array(8), pinEntered: true });
  return journal.advance(authorising, "approved", { responseCode: "00", authorisationCode: "A1B2C3" });
}

test("what was written is there after a restart, field by field", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  const approved = approve(journal, journal.open(saleOf(1234)));
  const again = new FlashJournal(flash);
  assert.equal(again.last(), approved);
  assert.equal([...again.transactions()], [approved]);
  assert.is(approved.stan, 1);
  assert.is(approved.amount, 1234);
  assert.is(approved.state, "approved");
});

test("a STAN is given once, over restarts too", () => {
  const flash = NorFlash.blank(4, 2048);
  const given: number[] = [];
  for (let restart = 0; restart < 12; restart++) {
    const journal = new FlashJournal(flash);
    given.push(journal.nextStan(), journal.open(saleOf(restart)).stan);
    const last = journal.last()!;
    journal.advance(last, "cancelled");
  }
  assert.equal(
    given,
    given.map((_, place) => place + 1),
  );
});

test("an approved sale is never dropped, however often the flash goes round", () => {
  const flash = NorFlash.blank(4, 2048);
  let journal = new FlashJournal(flash);
  const approved = approve(journal, journal.open(saleOf(777)));
  for (let sale = 0; sale < 100; sale++) {
    journal.advance(journal.open(saleOf(sale)), "cancelled");
    if (sale % 9 === 0) journal = new FlashJournal(flash);
  }
  assert.equal(
    [...new FlashJournal(flash).transactions()].filter(({ state }) => state === "approved"),
    [approved],
  );
  assert.is(journal.last()?.stan, 101);
});

test("the last transaction can be looked at again, whatever was written since", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  const cancelled = journal.advance(journal.open(saleOf(5)), "cancelled");
  for (let stan = 2; stan < 400; stan++) assert.is(journal.nextStan(), stan);
  assert.equal(journal.last(), cancelled);
  assert.equal(new FlashJournal(flash).last(), cancelled);
  assert.is(new FlashJournal(flash).nextStan(), 400);
});

test("a full journal says so before anything is written, and what is open can still be finished", () => {
  const flash = NorFlash.blank(5, 2048);
  const journal = new FlashJournal(flash);
  const approved: Transaction[] = [];
  let full: unknown;
  for (let sale = 0; sale < 100 && full === undefined; sale++) {
    try {
      approved.push(approve(journal, journal.open(saleOf(sale))));
    } catch (error) {
      full = error;
    }
  }
  assert.instance(full, JournalFullError);
  assert.ok(approved.length >= 3);
  for (const transaction of approved) {
    const confirmed = journal.advance(transaction, "confirmed");
    journal.advance(confirmed, "receipted");
  }
  assert.equal(
    [...new FlashJournal(flash).transactions()].map(({ state, amount }) => [state, amount]),
    approved.map(({ amount }) => ["receipted", amount]),
  );
});

test("a transition that the table does not have is refused and not written", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  const opened = journal.open(saleOf(1));
  const before = flash.bytes.slice();
  assert.throws(() => journal.advance(opened, "approved"), /no transition from opened to approved/);
  assert.equal(flash.bytes, before);
  const authorising = journal.advance(opened, "authorising");
  assert.throws(() => journal.advance(opened, "cancelled"), /knows this transaction otherwise/);
  assert.is(journal.advance(authorising, "declined").state, "declined");
});

test("transactions whose money is not certain are named after a restart, oldest first", () => {
  const flash = NorFlash.blank(8, 2048);
  const journal = new FlashJournal(flash);
  journal.open(saleOf(1));
  const second = journal.advance(journal.open(saleOf(2)), "authorising");
  journal.advance(second, "unknown");
  approve(journal, journal.open(saleOf(3)));
  const fourth = journal.advance(journal.open(saleOf(4)), "authorising");
  journal.advance(fourth, "reversing", { reversalReason: "98" });
  assert.equal(
    new FlashJournal(flash).inDoubt().map(({ amount, state }) => [amount, state]),
    [
      [1, "opened"],
      [2, "unknown"],
      [3, "approved"],
      [4, "reversing"],
    ],
  );
});

test("the last transaction of some states is found behind others", () => {
  const journal = new FlashJournal(NorFlash.blank(4, 2048));
  const first = approve(journal, journal.open(saleOf(1)));
  journal.advance(journal.open(saleOf(2)), "cancelled");
  assert.equal(journal.last(["approved", "confirmed"]), first);
  assert.is(journal.last(["declined"]), undefined);
});

test("what the host has still to be told of is owed after a restart until the host has taken it", () => {
  const flash = NorFlash.blank(8, 2048);
  const journal = new FlashJournal(flash);
  const refund = journal.advance(journal.open({ ...saleOf(1), type: "refund" }), "queued");
  journal.advance(journal.open(saleOf(2)), "offlineApproved");
  const owed = () => owedOf(new FlashJournal(flash));
  assert.equal(owed(), [
    [1, "queued"],
    [2, "offlineApproved"],
  ]);
  journal.advance(journal.advance(refund, "sent"), "acknowledged");
  assert.equal(owed(), [[2, "offlineApproved"]]);
});

test("what becomes known of a transaction is kept without a new state", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  const noted = journal.note(journal.open(saleOf(1)), { printed: true });
  assert.is(noted.state, "opened");
  assert.equal(new FlashJournal(flash).last(), noted);
});

test("a transaction is found by any of what is known of it, the newest first", () => {
  const journal = new FlashJournal(NorFlash.blank(8, 2048));
  const first = approve(journal, journal.open(saleOf(1)));
  const second = approve(journal, journal.open(saleOf(2)));
  assert.equal(journal.find({ states: [first.state] }), second);
  assert.equal(journal.find({ stan: first.stan, batch: 1 }), first);
  assert.is(journal.find({ stan: first.stan, types: ["refund"] }), undefined);
  assert.is(journal.find({ stan: 77 }), undefined);
});

test("a committed transaction that cannot be read is counted, not passed over", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  journal.open(saleOf(1));
  assert.is(journal.unreadable(), 0);
  const strange = encodeCbor({ type: "of a later version", amount: 1 });
  const log = rawRing(flash);
  log.openTransaction(states.authorising.number, strange);
  log.openTransaction(99, encodeCbor({ type: "sale", amount: 1 }));
  log.openTransaction(states.authorising.number, Uint8Array.of(0xff));
  const later = new FlashJournal(flash);
  assert.is(later.unreadable(), 3);
  assert.equal(
    later.inDoubt().map(({ amount }) => amount),
    [1],
  );
});

test("a transaction that is over is kept while its script notice is owed, over restarts and rotation, and not longer", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  const declined = journal.advance(journal.advance(journal.open(saleOf(77)), "authorising"), "declined");
  const noted = journal.note(declined, { scriptNotice: Uint8Array.of(0xdf, 0x31, 0x00) });
  for (let sale = 1; sale <= 60; sale++) journal.advance(journal.open(saleOf(sale)), "cancelled");
  const again = new FlashJournal(flash);
  assert.equal(again.owed(), [noted.id]);
  assert.is(again.inDoubt().length, 0);
  const told = again.note(noted, { scriptNotice: undefined });
  assert.not.ok("scriptNotice" in told);
  assert.equal(new FlashJournal(flash).owed(), []);
  for (let sale = 1; sale <= 60; sale++) again.advance(again.open(saleOf(sale)), "cancelled");
  assert.is(new FlashJournal(flash).find({ id: told.id }), undefined);
});

test("flash full of garbage is mounted as an empty journal and works", () => {
  let seed = 12345;
  for (let round = 0; round < 5; round++) {
    const flash = NorFlash.blank(4, 2048);
    for (let i = 0; i < flash.bytes.length; i++) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      flash.bytes[i] = seed >>> 16;
    }
    const journal = new FlashJournal(flash);
    assert.equal([...journal.transactions()], []);
    const approved = approve(journal, journal.open(saleOf(5)));
    assert.equal([...new FlashJournal(flash).transactions()], [approved]);
  }
});

test("one spoilt record is skipped, the ones around it stay", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  for (let sale = 1; sale <= 3; sale++) journal.open(saleOf(sale));
  const length = (endOf(flash) - 36) / 3;
  for (const place of [0, 20, 24, 60, length - 1]) {
    const spoilt = new NorFlash(flash.bytes.slice(), 2048);
    spoilt.bytes[36 + length + place]! ^= 0x21;
    const again = new FlashJournal(spoilt);
    assert.equal(
      [...again.transactions()].map(({ amount }) => amount),
      [1, 3],
      `byte ${place}`,
    );
    const isInPayload = place === 24 || place === 60;
    assert.is(again.unreadable(), isInPayload ? 1 : 0, `byte ${place}`);
    assert.is(again.open(saleOf(9)).stan, 4);
  }
});

test("a record that the flash does not keep is written again behind it", () => {
  const flash = NorFlash.blank(4, 2048);
  const journal = new FlashJournal(flash);
  journal.open(saleOf(1));
  const end = endOf(flash);
  flash.bytes[end + 40] = 0;
  const second = journal.open(saleOf(2));
  assert.equal(new FlashJournal(flash).last(), second);
  assert.is(second.stan, 2);
});

test("a partition of fewer than four blocks is refused", () => {
  assert.throws(() => new FlashJournal(NorFlash.blank(3, 2048)), /too small/);
});

test.run();
