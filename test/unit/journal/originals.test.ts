import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import { canBeChanged, changeOriginal } from "../../../firmware/journal/originals.ts";
import type { Transaction, TransactionState, TransactionType } from "../../../firmware/journal/types.ts";
import { saleOf } from "./details.ts";
import { NorFlash } from "./nor-flash.ts";

class Books {
  readonly flash = NorFlash.blank(8, 4096);
  readonly journal = new FlashJournal(this.flash);
  readonly port = new FlowJournal(this.journal);

  /** A transaction that stands. */
  confirmed(type: TransactionType, original?: Transaction): Transaction {
    const named =
      original === undefined
        ? {}
        : { original: { id: original.id, batch: 1, stan: original.stan, date: "0101", amount: 1 } };
    const opened = this.journal.open({ ...saleOf(100), type, ...named });
    const authorising = this.journal.advance(opened, "authorising");
    return this.journal.advance(this.journal.advance(authorising, "approved"), "confirmed");
  }

  stateOf({ id }: Transaction): TransactionState | undefined {
    return this.journal.find({ id })?.state;
  }
}

const rows: readonly (readonly [TransactionType, TransactionState])[] = [
  ["voidSale", "voided"],
  ["voidPreAuthorisation", "voided"],
  ["completion", "completed"],
  ["completionAdvice", "completed"],
  ["adjustment", "adjusted"],
  ["tip", "adjusted"],
];

for (const [type, state] of rows) {
  test(`a ${type} that stands leaves its original ${state}, however often that is said`, async () => {
    const books = new Books();
    const original = books.confirmed("sale");
    const later = books.confirmed(type, original);
    await changeOriginal(books.port, later);
    assert.is(books.stateOf(original), state);
    await changeOriginal(books.port, later);
    assert.is(books.stateOf(original), state);
  });
}

test("a refund leaves its original as it is", async () => {
  const books = new Books();
  const original = books.confirmed("sale");
  await changeOriginal(books.port, books.confirmed("refund", original));
  assert.is(books.stateOf(original), "confirmed");
});

test("voiding a completion revives its pre-authorisation, also when the power went between the two", async () => {
  const books = new Books();
  const reserved = books.confirmed("preAuthorisation");
  const completion = books.confirmed("completion", reserved);
  await changeOriginal(books.port, completion);
  const later = books.confirmed("voidCompletion", completion);
  books.journal.advance(completion, "voided"); // and then the power went
  await changeOriginal(books.port, later);
  assert.equal([books.stateOf(completion), books.stateOf(reserved)], ["voided", "receipted"]);
  await changeOriginal(books.port, later);
  assert.equal([books.stateOf(completion), books.stateOf(reserved)], ["voided", "receipted"]);
});

test("an original of another terminal, or one that is gone, is nobody's to change here", async () => {
  const books = new Books();
  const elsewhere = { batch: 0, stan: 0, date: "0101", amount: 0 };
  const opened = books.journal.open({ ...saleOf(100), type: "completion", original: elsewhere });
  await changeOriginal(books.port, opened);
  await changeOriginal(books.port, { ...opened, original: { ...elsewhere, id: 4711 } });
  assert.is(books.stateOf(opened), "opened");
});

test("what was taken back, used up or changed is not changed a second time", () => {
  assert.ok(canBeChanged("receipted", "voidSale"));
  assert.ok(canBeChanged("acknowledged", "tip"));
  for (const state of ["voided", "adjusted", "reversed", "queued", "settled", "disputed"] as const) {
    assert.not.ok(canBeChanged(state, "voidSale"), state);
  }
  assert.not.ok(canBeChanged("completed", "completion"));
  assert.not.ok(canBeChanged("adjusted", "tip"));
  assert.not.ok(canBeChanged("receipted", "refund"), "a refund changes nothing");
});

test.run();
