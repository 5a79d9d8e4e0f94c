import { test } from "uvu";
import * as assert from "uvu/assert";
import { currencyOf, plainAmount, printedAmount, shownAmount } from "../../../firmware/screen/money.ts";

test("an amount always has the currency's decimals", () => {
  assert.is(plainAmount({ minor: 0, currency: "CNY" }), "0.00");
  assert.is(plainAmount({ minor: 5, currency: "CNY" }), "0.05");
  assert.is(plainAmount({ minor: 1234, currency: "CNY" }), "12.34");
  assert.is(plainAmount({ minor: 1234, currency: "JPY" }), "1234");
});

test("the screen groups thousands, paper does not", () => {
  assert.is(shownAmount({ minor: 99_999, currency: "CNY" }), "¥999.99");
  assert.is(shownAmount({ minor: 999_999_999_999, currency: "CNY" }), "¥9,999,999,999.99");
  assert.is(shownAmount({ minor: 1_000, currency: "JPY" }), "JP¥1,000");
  assert.is(printedAmount({ minor: 123_456, currency: "CNY" }), "RMB 1234.56");
});

test("an amount that goes the other way has its sign before everything else", () => {
  assert.is(plainAmount({ minor: -1_234, currency: "CNY" }), "-12.34");
  assert.is(plainAmount({ minor: -5, currency: "CNY" }), "-0.05");
  assert.is(shownAmount({ minor: -123_456, currency: "CNY" }), "-¥1,234.56");
  assert.is(printedAmount({ minor: -1_234, currency: "CNY" }), "RMB -12.34");
});

test("what is no amount in minor units is never shown", () => {
  for (const minor of [0.5, Number.NaN, 2 ** 60])
    assert.throws(() => plainAmount({ minor, currency: "CNY" }), /not in minor units/);
});

test("a currency is known by its ISO number", () => {
  assert.is(currencyOf("156"), "CNY");
  assert.is(currencyOf("999"), undefined);
});

test.run();
