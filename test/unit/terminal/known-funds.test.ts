import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FundsItem } from "../../../firmware/acquirer/funds.ts";
import { FlowNotes, Notes } from "../../../firmware/journal/notes.ts";
import { keepFunds, readFunds, withAnswer, withNews } from "../../../firmware/terminal/known-funds.ts";
import { NorFlash } from "../journal/nor-flash.ts";

const item = (number: number, batch: number, change: Partial<FundsItem> = {}): FundsItem => ({
  ...{ number, batch, part: "payments", state: "inBatch", count: 2, amount: 500, fee: 3, net: 497 },
  ...change,
});
const at = Date.UTC(2026, 10, 23, 13, 7);

test("what the host said last is there after a restart, with its time", async () => {
  const flash = NorFlash.blank(4, 4096);
  const known = { at, items: [item(3, 1, { expected: "20261124", plan: "T1", amount: -500, net: -503 })] };
  await keepFunds(new FlowNotes(new Notes(flash)), known);
  assert.equal(await readFunds(new FlowNotes(new Notes(flash))), known);
});

test("nothing is known where nothing was told, or where what is kept makes no sense", async () => {
  const notes = new FlowNotes(new Notes(NorFlash.blank(4, 4096)));
  assert.is(await readFunds(notes), undefined);
  for (const value of [
    7,
    { at },
    { at, last: 1, funds: [{ ...item(1, 1), state: "yours" }] },
    { last: 1, funds: [] },
  ]) {
    await notes.write("funds", value);
    assert.is(await readFunds(notes), undefined);
  }
});

test("a later word on a batch's money replaces the earlier one, and an earlier one that comes late does not", () => {
  const known = withNews({ at: 1, items: [item(5, 1)] }, [item(6, 1, { state: "processing" }), item(7, 2)], at);
  assert.equal(known, { at, items: [item(7, 2), item(6, 1, { state: "processing" })] });
  assert.equal(withNews(known, [item(4, 2, { state: "held" })], at).items, known.items);
});

test("money that is gone from a part is not shown any more", () => {
  assert.equal(withNews({ at: 1, items: [item(5, 1)] }, [item(6, 1, { count: 0, amount: 0 })], at).items, []);
});

test("an answer that says all that is open leaves of the rest only what is paid out", () => {
  const before = [item(9, 3), item(8, 2, { state: "paidOut" }), item(7, 1, { state: "held" })];
  const known = withAnswer({ at: 1, items: before }, [item(10, 4)], at);
  assert.equal(known, { at, items: [item(10, 4), item(8, 2, { state: "paidOut" })] });
});

test("what is kept stays small however many batches there were", () => {
  const paid = [...new Array(30).keys()].map((batch) => item(batch + 1, batch, { state: "paidOut" }));
  const open = [...new Array(30).keys()].map((batch) => item(batch + 100, batch + 100));
  assert.equal(
    withNews(undefined, paid, at).items.map(({ number }) => number),
    [30, 29, 28, 27],
  );
  assert.is(withNews(undefined, [...paid, ...open], at).items.length, 12);
});

test.run();
