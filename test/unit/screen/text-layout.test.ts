import { test } from "uvu";
import * as assert from "uvu/assert";
import { balancedTo, shorten, wrap } from "../../../firmware/screen/text-layout.ts";

/** Half-width characters are 1 wide, Chinese 2. */
const measure = (text: string): number => {
  let width = 0;
  for (const character of text) width += character >= "\u2e80" ? 2 : 1;
  return width;
};

test("English breaks at spaces, and the spaces go", () => {
  assert.equal(wrap("Insert, tap or swipe card", 14, measure), ["Insert, tap or", "swipe card"]);
});

test("Chinese breaks between any two characters", () => {
  assert.equal(wrap("请持卡人输入密码", 8, measure), ["请持卡人", "输入密码"]);
});

test("closing punctuation never begins a line", () => {
  assert.equal(wrap("请持卡人，请输入。", 8, measure), ["请持卡", "人，请输", "入。"]);
});

test("opening punctuation never ends a line", () => {
  assert.equal(wrap("老王面（店）", 8, measure), ["老王面", "（店）"]);
});

test("a word wider than a line is cut, never lost", () => {
  assert.equal(wrap("A000000333010102 x", 8, measure), ["A0000003", "33010102", "x"]);
});

test("a new line in the text is kept, an empty text is one empty line", () => {
  assert.equal(wrap("a\nb", 8, measure), ["a", "b"]);
  assert.equal(wrap("", 8, measure), [""]);
});

test("a text that does not fit ends with an ellipsis within the width", () => {
  assert.is(shorten("Lao Wang Noodles", 8, measure), "Lao Wan…");
  assert.is(shorten("老王牛肉面馆", 8, measure), "老王牛…");
  assert.is(shorten("fits", 8, measure), "fits");
});

test("lines are about the same length, so that no word stands alone", () => {
  assert.equal(balancedTo("Close the printer's cover", 19, 2, measure), ["Close the", "printer's cover"]);
});

test("a text of too many lines ends with an ellipsis in the last", () => {
  assert.equal(balancedTo("one two three four", 6, 2, measure), ["one", "two…"]);
});

test.run();
