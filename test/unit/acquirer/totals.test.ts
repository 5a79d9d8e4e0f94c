import { test } from "uvu";
import * as assert from "uvu/assert";
import { schemeOf } from "../../../firmware/acquirer/scheme.ts";
import { decodeSides, encodeSides } from "../../../firmware/acquirer/settlement.ts";
import { isSettled, netOf, settledRows, sideOf, sidesOf } from "../../../firmware/acquirer/totals.ts";
import type { BatchTotal } from "../../../firmware/journal/types.ts";

const total = (change: Partial<BatchTotal>): BatchTotal => ({
  type: "sale",
  state: "receipted",
  scheme: "CUP",
  count: 1,
  amount: 100,
  ...change,
});

test("what was declined, cancelled, reversed, disputed or adjusted is not settled", () => {
  const states = ["declined", "cancelled", "reversed", "disputed", "adjusted", "opened", "reversing"] as const;
  assert.equal(settledRows(states.map((state) => total({ state }))), []);
});

test("a dispute is settled once the acquirer has said that its books have it, and not before", () => {
  const dispute = { type: "sale", state: "disputed" } as const;
  assert.is(isSettled(dispute), false);
  assert.is(isSettled({ ...dispute, cleared: "notCharged" }), false);
  assert.is(isSettled({ ...dispute, cleared: "charged" }), true);
  assert.is(isSettled({ ...dispute, type: "preAuthorisation", cleared: "charged" }), false);
});

test("a reservation moves no money and is not settled", () => {
  assert.equal(settledRows([total({ type: "preAuthorisation" }), total({ type: "voidPreAuthorisation" })]), []);
});

test("states of one type and scheme are one row, a scheme that nobody named is UnionPay's", () => {
  const rows = settledRows([total({}), total({ state: "confirmed", scheme: "", count: 2, amount: 50 })]);
  assert.equal(rows, [{ type: "sale", scheme: "CUP", count: 3, amount: 150 }]);
});

test("a voided sale counts on both sides and leaves nothing", () => {
  const rows = settledRows([total({ state: "voided", amount: 500 }), total({ type: "voidSale", amount: 500 })]);
  const side = sideOf(rows);
  assert.equal(side, { debits: { count: 1, amount: 500 }, credits: { count: 1, amount: 500 } });
  assert.is(netOf(side), 0);
});

test("a refund of more than was sold leaves less than nothing", () => {
  const rows = settledRows([total({}), total({ type: "refund", state: "acknowledged", amount: 250 })]);
  assert.is(netOf(sideOf(rows)), -150);
});

test("UnionPay's cards are one side, all others the other", () => {
  const sides = sidesOf(
    settledRows([total({ amount: 1 }), total({ amount: 2, scheme: "VIS" }), total({ amount: 4, scheme: "MCC" })]),
  );
  assert.is(sides.domestic.debits.amount, 1);
  assert.equal(sides.foreign.debits, { count: 2, amount: 6 });
});

test("the host's word on the scheme goes before the number's first digits", () => {
  assert.is(schemeOf({ maskedPan: "476173******0010", scheme: "CUP" }), "CUP");
  assert.is(schemeOf({ maskedPan: "476173******0010" }), "VIS");
  assert.is(schemeOf({ maskedPan: "222300******0010" }), "MCC");
  assert.is(schemeOf({ maskedPan: "353011******0010" }), "JCB");
  assert.is(schemeOf({ maskedPan: "955880******0010" }), "CUP");
});

test("field 48 has 62 digits and is read back with the host's verdict", () => {
  const sides = sidesOf(settledRows([total({ amount: 1234 }), total({ amount: 200, type: "refund", scheme: "VIS" })]));
  const text = encodeSides(sides);
  assert.is(text, "0000000012340010000000000000000" + "0000000000000000000000002000010");
  assert.equal(decodeSides(`${text.slice(0, 30)}1${text.slice(31, 61)}1`), {
    sides,
    isEqual: true,
  });
  assert.is(decodeSides(`${text.slice(0, 30)}1${text.slice(31, 61)}2`)?.isEqual, false);
  for (const broken of ["", text.slice(1), `${text}0`, text.replace("1", "x")])
    assert.is(decodeSides(broken), undefined);
});

test.run();
