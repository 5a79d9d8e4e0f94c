import { test } from "uvu";
import * as assert from "uvu/assert";
import { spendingOf, spendingQuestion } from "../../../firmware/acquirer/spending.ts";
import type { CborValue } from "../../../firmware/codec/cbor.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { checkParameters } from "../../../firmware/update/parameter-check.ts";

test("what the host says of a month's spending is taken as the table has it", () => {
  assert.equal(spendingOf({ count: 3, amount: 12_345 }), { kind: "told", count: 3, amount: 12_345 });
  assert.equal(spendingOf({ count: 1, amount: -500 }), { kind: "told", count: 1, amount: -500 });
});

test("anything that is not as the table has it is a mismatch, never a sum", () => {
  const wrong: readonly CborValue[] = [
    null,
    3,
    "count",
    [3, 4],
    {},
    { count: 3 },
    { amount: 5 },
    { count: -1, amount: 5 },
    { count: 1.5, amount: 5 },
    { count: 1, amount: "5" },
    { count: 1, amount: 2 ** 60 },
  ];
  for (const value of wrong) assert.equal(spendingOf(value), { kind: "mismatch" }, JSON.stringify(value));
});

test("the question names the card and nothing else of it", () => {
  const parameters = checkParameters({
    terminalId: "12345678",
    merchantId: "898310172991001",
    merchantName: { zh: "\u5e97", en: "Shop" },
  });
  const question = spendingQuestion({ parameters, batch: { number: 7 } }, 21, asciiToBytes("6228480000001117"));
  assert.is(question.mti, "0600");
  assert.equal(
    [...question.fields.keys()].sort((one, other) => one - other),
    [2, 11, 41, 42, 60],
  );
  assert.is(question.fields.get(60), "00000007968");
});

test.run();
