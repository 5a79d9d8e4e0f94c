import { test } from "uvu";
import * as assert from "uvu/assert";
import { fundsOf } from "../../../firmware/acquirer/funds.ts";
import type { CborValue } from "../../../firmware/codec/cbor.ts";

const item = { number: 3, batch: 1, part: "payments", state: "inBatch", count: 2, amount: 500, fee: 3, net: 497 };
const answer = (change: Record<string, CborValue>): CborValue => ({
  last: 3,
  more: false,
  funds: [{ ...item, ...change }],
});

test("what the host says of the money is taken as the table has it", () => {
  const told = fundsOf(answer({ expected: "20261124", plan: "T1", latest: { stan: 1 } }));
  assert.equal(told, {
    kind: "told",
    last: 3,
    more: false,
    items: [{ ...item, expected: "20261124", plan: "T1", stan: 1 }],
  });
});

test("money that goes back is told below zero", () => {
  const told = fundsOf(answer({ amount: -500, fee: 0, net: -500 }));
  assert.is(told.kind === "told" ? told.items[0]?.net : undefined, -500);
});

test("anything that is not as the table has it is a mismatch, never money", () => {
  const wrong: readonly Record<string, CborValue>[] = [
    { state: "yours" },
    { count: -1 },
    { amount: 1.5 },
    { net: "497" },
    { batch: null },
    { part: 7 },
    { number: 2 ** 40 },
  ];
  for (const change of wrong) assert.equal(fundsOf(answer(change)), { kind: "mismatch" }, JSON.stringify(change));
  for (const value of [undefined, null, 1, "text", [], { last: 1 }, { last: 1, more: false, funds: {} }])
    assert.equal(fundsOf(value as CborValue), { kind: "mismatch" });
  assert.equal(fundsOf({ last: 1, more: false, funds: new Array(100).fill(item) }), { kind: "mismatch" });
});

test("a date, a plan or a reason that makes no sense is left out", () => {
  const told = fundsOf(answer({ expected: "soon", plan: "T9", reason: "\u0007" }));
  assert.equal(told.kind === "told" ? told.items : undefined, [item]);
});

test.run();
