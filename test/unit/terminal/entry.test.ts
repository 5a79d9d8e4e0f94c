import { test } from "uvu";
import * as assert from "uvu/assert";
import { typed } from "../../../firmware/terminal/amount-entry.ts";
import { sale } from "../../../firmware/terminal/sale.ts";
import { approval, Desk, type Event, swiped } from "./desk.ts";

const digit = { kind: "digit", key: "1" } as const;

async function play(...events: Event[]): Promise<Desk> {
  const desk = new Desk({ events, outcomes: [approval] });
  await sale(desk.services, digit);
  return desk;
}

async function playWith(parameters: Readonly<Record<string, boolean>>, ...events: Event[]): Promise<Desk> {
  const desk = new Desk({ events, parameters, outcomes: [approval] });
  await sale(desk.services, digit);
  return desk;
}

const amountOf = (desk: Desk): number | undefined => [...desk.journal.transactions()][0]?.amount;

test("digits come in from the right, 00 is two of them, CLEAR takes one back", () => {
  const keys = ["1", "2", "00", "CLEAR", "7", "F1"] as const;
  assert.is(
    keys.reduce((amount, key) => typed(amount, key), 0),
    1207,
  );
});

test("an amount never grows beyond the twelve digits of the message", () => {
  assert.is(typed(999_999_999_999, "1"), 999_999_999_999);
  assert.is(typed(99_999_999_999, "00"), 99_999_999_999);
  assert.is(typed(99_999_999_999, "9"), 999_999_999_999);
});

test("an amount of zero is refused, and the digit that dismisses the news counts", async () => {
  const desk = await play("CLEAR ENTER 5 ENTER", swiped(), "1 2 3 4 ENTER");
  assert.is(desk.story, "enter-amount zero-amount enter-amount present-card enter-pin processing approved printing");
  assert.is(amountOf(desk), 5);
});

test("an amount over the limit is refused and typed anew", async () => {
  const desk = await play("0 00 00 00 ENTER", "wait", "7 ENTER", swiped(), "1 2 3 4 ENTER");
  assert.match(desk.story, /^enter-amount over-limit enter-amount present-card/);
  assert.is(amountOf(desk), 7);
});

test("CANCEL while the amount is typed ends the sale", async () => {
  const desk = await play("2 CANCEL");
  assert.equal(desk.screens.at(-1), { id: "cancelled", by: "merchant" });
});

test("a terminal that is left alone gives the sale up", async () => {
  assert.equal((await play("wait")).screens.at(-1), { id: "cancelled", by: "timeout" });
  assert.equal((await play("2 ENTER", "wait")).screens.at(-1), { id: "cancelled", by: "timeout" });
  assert.equal((await play("2 ENTER", swiped(), "1 2", "wait")).screens.at(-1), { id: "cancelled", by: "timeout" });
});

test("a PIN that is cancelled ends the sale with nothing in the books", async () => {
  const desk = await play("2 ENTER", swiped(), "1 2 3 CANCEL");
  assert.equal(desk.screens.at(-1), { id: "cancelled", by: "customer" });
  assert.is(desk.books, "");
  assert.equal(desk.pins, []);
});

test("CLEAR starts the PIN again, and ENTER waits for four digits", async () => {
  const desk = await play("2 ENTER", swiped(), "9 9 9 CLEAR 1 2 3 ENTER 4 ENTER");
  assert.equal(desk.pins, ["1234"]);
});

test("a PIN has twelve digits at most, and 00 is no digit of one", async () => {
  const desk = await play("2 ENTER", swiped(), "00 1 2 3 4 5 6 7 8 9 0 1 2 3 4 ENTER");
  assert.equal(desk.pins, ["123456789012"]);
});

test("ENTER without a PIN asks for a signature where the terminal allows it", async () => {
  const desk = await play("2 ENTER", swiped(), "ENTER");
  const [transaction] = [...desk.journal.transactions()];
  assert.equal([transaction?.pinEntered, transaction?.signature], [false, true]);
  assert.is(desk.sent[0]?.pinBlock, "");
});

test("ENTER without a PIN does nothing where the terminal does not allow it", async () => {
  const desk = await playWith({ pinBypass: false }, "2 ENTER", swiped(), "ENTER 1 2 3 4 ENTER");
  assert.equal(desk.pins, ["1234"]);
});

test.run();
