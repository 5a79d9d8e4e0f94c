import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { describeCode } from "../../simulator/cards/phone/describe-code.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { paymentCode } from "../golden/samples.ts";

const isWrong = (line: string): boolean => line.startsWith("error");

test("a shop's code is explained object by object", () => {
  const lines = describeCode(paymentCode);
  assert.ok(!lines.some(isWrong), lines.join("\n"));
  for (const line of [
    "01 Point of initiation method (2): 12 (dynamic)",
    "15 Merchant account, UnionPay (31): 0000000000000000898310172991001",
    "26 Merchant account, template (44)",
    "  00 Whose it is (9): COM.XSPOS",
    "54 Transaction amount (7): 1234.56",
    "  05 Reference label (20): 12345678000001000042",
    "  01 Merchant name (6): 老王牛肉面馆",
  ])
    assert.ok(lines.includes(line), line);
});

test("what the published codes have wrong is said, and nothing of those that are right", () => {
  const cases = JSON.parse(readFileSync(new URL("../vectors/qr.json", import.meta.url), "utf8"));
  for (const { id, payload, valid, profile, why } of cases) {
    const lines = describeCode(payload);
    const isPurchase = !lines.some((line) => line.startsWith("note"));
    assert.is(
      lines.some(isWrong) || (profile === undefined && !isPurchase),
      valid === false,
      `${id}: ${why}\n${lines.join("\n")}`,
    );
  }
});

test("links and customers' codes are told apart, and what pays is masked", () => {
  assert.equal(describeCode("https://qr.95516.com/48021000/123"), [
    "UnionPay's link to a payment: institution 48021000, reference 123",
  ]);
  assert.equal(describeCode("wxp://f2f0a"), ["WeChat Pay's link to a person: f2f0a"]);
  assert.equal(describeCode("134512345678901234"), ["payment code of WeChat Pay: 13************1234"]);
  assert.equal(describeCode("281234567890123456"), ["payment code of Alipay: 28************3456"]);
  assert.equal(describeCode("6212345678901234567"), ["payment code of UnionPay: 62*************4567"]);
  const consumer = describeCode("hQVDUFYwMWEaTwegAAAAVVVVVw8SNFZ4kBI0WNGRIgESNF8=").join("\n");
  assert.match(consumer, /4F .*A0000000555555/);
  assert.not.match(consumer, /1234567890123458/);
  assert.ok(describeCode("hQVDUFYwMWEa=").every(isWrong));
});

test("no text is too strange for it", () => {
  for (let seed = 0; seed < 2_000; seed++) {
    const random = new SeededRandom(seed, "codes");
    const letters = Array.from(paymentCode);
    for (let times = 1 + random.below(4); times > 0; times--)
      letters.splice(random.below(letters.length), random.below(3), String.fromCharCode(random.below(0x300)));
    assert.ok(describeCode(letters.join("")).length > 0);
  }
});

test("the command explains a code that it is given or reads, and fails for one that is wrong", () => {
  const xspos = (words: readonly string[], input = ""): { status: number | null; stdout: string } =>
    spawnSync(
      process.execPath,
      [fileURLToPath(new URL("../../simulator/xspos.mjs", import.meta.url)), "decode", ...words],
      {
        encoding: "utf8",
        input,
      },
    );
  assert.match(xspos(["qr", "wxp://f2f0a"]).stdout, /to a person: f2f0a\n$/);
  const { status, stdout } = xspos(["qr", "-"], `${paymentCode}\n`);
  assert.is(status, 0);
  assert.match(stdout, /^00 Payload format indicator \(2\): 01\n/);
  assert.is(xspos(["qr", paymentCode.replace("1234.56", "1234.57")]).status, 1);
  assert.is(xspos(["qr"]).status, 2);
});

test.run();
