import { test } from "uvu";
import * as assert from "uvu/assert";
import { disputeLines } from "../../../firmware/receipt/dispute.ts";
import type { Line } from "../../../firmware/receipt/lines.ts";
import { receiptLines } from "../../../firmware/receipt/lines.ts";
import { receipt } from "../../golden/samples.ts";

const said = (lines: readonly Line[]): string[] =>
  lines.flatMap((line) => {
    if (line.kind === "text") return [line.text];
    return line.kind === "pair" ? [`${line.label} ${line.value}`] : [];
  });

test("both copies say what a dispute is decided by, and each says whose it is", () => {
  for (const [copy, title] of [
    ["merchant", "MERCHANT COPY"],
    ["cardholder", "CARDHOLDER COPY"],
  ] as const) {
    const lines = said(receiptLines(receipt, copy, "en"));
    for (const line of [
      title,
      "Merchant No. 898440358120001",
      "Terminal No. 10017342",
      "6228 48** **** 1117 I",
      "Expiry **/**",
      "Type SALE",
      "Batch No. 000042",
      "Voucher No. 000123",
      "Auth. code A12345",
      "Reference No. 210733000123",
      "AMOUNT RMB 1234.56",
      "TC: 8A1F03C2D9447B60",
      "TVR: 0000000000  TSI: E800",
      "AID: A000000333010102",
    ])
      assert.ok(lines.includes(line), `${copy}: ${line}`);
  }
});

test("only the merchant's copy is signed, and only when a signature is due", () => {
  const asks = (lines: readonly Line[]): boolean => said(lines).includes("Cardholder's signature:");
  assert.ok(asks(receiptLines(receipt, "merchant", "en")));
  assert.not(asks(receiptLines(receipt, "cardholder", "en")));
  assert.not(asks(receiptLines({ ...receipt, verification: "pin" }, "merchant", "en")));
  assert.ok(asks(receiptLines({ ...receipt, verification: "pin-and-signature" }, "merchant", "en")));
});

test("the entry mode is the letter behind the card number", () => {
  for (const [entry, letter] of [
    ["swipe", "S"],
    ["chip", "I"],
    ["contactless", "C"],
  ] as const)
    assert.ok(said(receiptLines({ ...receipt, entry }, "merchant", "zh")).includes(`6228 48** **** 1117 ${letter}`));
});

test("the slip of a dispute says what the bank has to be asked, in either language", () => {
  for (const [language, ask] of [
    ["en", "Ask the bank whether it was charged."],
    ["zh", "请向收单行查询是否已扣款"],
  ] as const) {
    const lines = said(disputeLines(receipt, { code: "25", refused: "reversal" }, language)).join("\n");
    for (const text of ["6228 48** **** 1117", "000123", "2025/03/14 21:07:33", "1234.56", " 25", ask]) {
      assert.ok(lines.includes(text), `${language}: ${text}`);
    }
  }
});

test("what a transaction lacks is left out, not printed empty", () => {
  const { chip, authorisationCode, issuer, ...plain } = receipt;
  const lines = said(receiptLines({ ...plain, entry: "swipe" }, "merchant", "en"));
  assert.ok(chip !== undefined && authorisationCode !== undefined && issuer !== undefined);
  for (const line of lines) assert.not.match(line, /TVR|AID|Auth\.|Issuer|undefined/);
});

test("a second print says so", () => {
  assert.ok(said(receiptLines({ ...receipt, duplicate: true }, "merchant", "zh")).includes("*** 重打印 ***"));
});

test.run();
