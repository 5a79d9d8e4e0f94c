import { test } from "uvu";
import * as assert from "uvu/assert";
import { en } from "../../../firmware/screen/messages/en.ts";
import { explainResponse, responseCodes } from "../../../firmware/screen/messages/responses.ts";
import { type MessageKey, say } from "../../../firmware/screen/messages/words.ts";
import { zh } from "../../../firmware/screen/messages/zh.ts";

const placeholders = (text: string): string => (text.match(/\{[a-z]+\}/g) ?? []).sort().join();

test("both languages have the same messages with the same values in them", () => {
  assert.equal(Object.keys(zh).sort(), Object.keys(en).sort());
  for (const key of Object.keys(en) as MessageKey[]) assert.is(placeholders(zh[key]), placeholders(en[key]), key);
});

test("values replace their names", () => {
  assert.is(say(en, "pin-retry.left", { count: 2 }), "Tries left: 2");
  assert.is(say(zh, "pin-retry.left", { count: 2 }), "还可输入2次");
});

test("every response code tells the cashier what happened, in both languages", () => {
  const needed = "00 01 03 05 12 13 14 30 40 41 43 51 54 55 57 58 61 62 65 68 75 91 94 96 98 99 A0".split(" ");
  for (const code of needed) assert.ok(responseCodes.includes(code), code);
  for (const code of responseCodes) {
    assert.is.not(explainResponse(code, "en").reason, "");
    assert.is.not(explainResponse(code, "zh").reason, "");
  }
});

test("a stolen card is kept, an unknown code is a plain decline", () => {
  assert.is(explainResponse("43", "en").advice, "advice.keep-card");
  assert.is(explainResponse("ZZ", "en").reason, "Declined by the bank");
  assert.is(explainResponse("toString", "zh").reason, "银行拒绝交易");
});

test.run();
