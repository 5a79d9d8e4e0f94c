import { test } from "uvu";
import * as assert from "uvu/assert";
import { newHost, Till } from "./till.ts";

function approvedSale() {
  const { host, time } = newHost();
  const till = new Till(host);
  till.signIn();
  const fields = till.saleFields({ card: "magstripe-credit", amount: 1234, pin: "123456" });
  const answer = till.send("0200", fields).fields;
  return { host, till, time, fields, answer };
}

test("a reversal gives the money back once; repeats are answered 25", () => {
  const { host, till, fields } = approvedSale();
  assert.is(till.reverse(fields).fields[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.debited, 0);
  assert.is(host.ledger.merchant().balance, 0);
  assert.equal(host.ledger.merchant().reversed, { count: 1, total: 1234 });
  assert.is(till.reverse(fields).fields[39], "25");
  assert.is(host.ledger.merchant().balance, 0);
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("a reversal of a sale that never arrived is answered 00, and the sale is refused when it arrives late", () => {
  const { host, time } = newHost();
  const till = new Till(host);
  till.signIn();
  const fields = till.saleFields({ card: "magstripe-credit", amount: 1234, pin: "123456" });
  assert.is(till.reverse(fields).fields[39], "00");
  time.now += 5000;
  assert.is(till.send("0200", fields).fields[39], "94");
  assert.is(host.ledger.merchant().balance, 0);
});

test("a reversal over another amount is answered 64 and moves nothing", () => {
  const { host, till, fields } = approvedSale();
  assert.is(till.reverse(fields, "98", "000000009999").fields[39], "64");
  assert.is(host.ledger.merchant().balance, 1234);
});

test("a reversal on another day is answered 25 and moves nothing", () => {
  const { host, till, time, fields } = approvedSale();
  time.now += 15 * 3_600_000;
  assert.is(till.reverse(fields).fields[39], "25");
  assert.is(host.ledger.merchant().balance, 1234);
});

test("a reversal of a declined sale is answered 00", () => {
  const { till } = approvedSale();
  const fields = till.saleFields({ card: "insufficient-funds", amount: 1234, pin: "123456" });
  assert.is(till.send("0200", fields).fields[39], "51");
  assert.is(till.reverse(fields).fields[39], "00");
});

test("a reversal by another terminal or of another batch does not find the sale", () => {
  const { host, till, fields } = approvedSale();
  const other = new Till(host, 1);
  other.signIn();
  assert.is(other.reverse({ ...fields, ...other.identity }).fields[39], "00");
  assert.is(till.reverse({ ...fields, 60: "22000009000501" }).fields[39], "00");
  assert.is(host.ledger.merchant().balance, 1234);
});

test("a reversal with a wrong MAC is answered A0 and moves nothing", () => {
  const { host, till, fields } = approvedSale();
  till.macKey = Uint8Array.from(till.macKey, (byte) => byte ^ 0x10);
  assert.is(till.reverse(fields).fields[39], "A0");
  assert.is(host.ledger.merchant().balance, 1234);
});

test("a void gives the money back once; a reversal of the void takes it again", () => {
  const { host, till, fields, answer } = approvedSale();
  const undo = till.followUp("23", "200000", "00", { ...fields, ...answer, 60: fields[60] }, 1234);
  assert.is(till.send("0200", undo).fields[39], "00");
  assert.is(host.ledger.merchant().balance, 0);
  assert.equal(host.ledger.merchant().voided, { count: 1, total: 1234 });
  assert.is(till.send("0200", { ...undo, 11: till.nextStan() }).fields[39], "12");
  assert.is(till.reverse(undo).fields[39], "00");
  assert.is(host.ledger.merchant().balance, 1234);
  assert.equal(host.ledger.merchant().approved, { count: 1, total: 1234 });
});

test("refunds add up to the sale at most; a repeated advice is answered again and booked once", () => {
  const { host, till, fields, answer } = approvedSale();
  const original = { ...fields, ...answer, 60: fields[60] };
  const first = till.followUp("25", "200000", "00", original, 1000);
  assert.is(till.send("0220", first).fields[39], "00");
  assert.is(till.send("0220", first).fields[39], "00");
  assert.is(host.ledger.merchant().balance, 234);
  assert.is(till.send("0220", till.followUp("25", "200000", "00", original, 235)).fields[39], "64");
  assert.is(till.send("0220", till.followUp("25", "200000", "00", original, 234)).fields[39], "00");
  assert.is(host.ledger.merchant().balance, 0);
});

test("a sale of which something was refunded is neither voided nor given a tip", () => {
  const { host, till, fields, answer } = approvedSale();
  const original = { ...fields, ...answer, 60: fields[60] };
  assert.is(till.send("0220", till.followUp("25", "200000", "00", original, 1000)).fields[39], "00");
  assert.is(till.send("0200", till.followUp("23", "200000", "00", original, 1234)).fields[39], "12");
  assert.is(till.send("0220", till.followUp("34", "000000", "00", original, 1300)).fields[39], "12");
  assert.is(host.ledger.merchant().balance, 234);
});

test("a pre-authorisation holds money; its completion takes at most 115 per cent within 29 days", () => {
  const { host, till, time } = approvedSale();
  const hold = {
    ...till.saleFields({ card: "magstripe-credit", amount: 10_000, pin: "123456" }),
    3: "030000",
    25: "06",
    60: `10${till.batch}000501`,
  };
  const answer = till.send("0100", hold).fields;
  assert.is(answer[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.held, 10_000);
  const original = { ...hold, 37: answer[37], 38: answer[38] };
  const complete = (amount: number) => till.followUp("20", "000000", "06", original, amount);
  assert.is(till.send("0200", complete(11_501)).fields[39], "22");
  const completion = complete(11_500);
  assert.is(till.send("0200", completion).fields[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.held, 0);
  assert.is(host.ledger.merchant().balance, 1234 + 11_500);
  assert.is(till.reverse(completion).fields[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.held, 10_000);
  time.now += 30 * 86_400_000;
  assert.is(till.send("0200", complete(10_000)).fields[39], "22");
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("voiding a completion holds the money again, voiding the pre-authorisation frees it", () => {
  const { host, till } = approvedSale();
  const hold = {
    ...till.saleFields({ card: "magstripe-credit", amount: 10_000, pin: "123456" }),
    3: "030000",
    25: "06",
    60: `10${till.batch}000501`,
  };
  const held = { ...hold, ...pick(till.send("0100", hold).fields) };
  const completion = till.followUp("20", "000000", "06", held, 9000);
  const completed = { ...completion, ...pick(till.send("0200", completion).fields) };
  assert.is(till.send("0200", till.followUp("21", "200000", "06", completed, 9000)).fields[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.held, 10_000);
  assert.is(till.send("0100", till.followUp("11", "200000", "06", held, 10_000)).fields[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.held, 0);
  assert.is(host.ledger.merchant().balance, 1234);
});

function pick(fields: Readonly<Partial<Record<number, string>>>) {
  return { 37: fields[37], 38: fields[38] };
}

test("settlement says whether the totals agree, and the end of the upload opens the next batch", () => {
  const { till } = approvedSale();
  const totals = (debit: string, count: string) => `${debit}${count}${"0".repeat(15)}0`;
  const settle = (text: string) =>
    till.send("0500", {
      11: till.nextStan(),
      ...till.identity,
      48: text + totals("000000000000", "000"),
      49: "156",
      60: `00${till.batch}201`,
      64: "00".repeat(8),
    }).fields;
  assert.is(settle(totals("000000001234", "001"))[48]?.[30], "1");
  assert.is(settle(totals("000000001235", "001"))[48]?.[30], "2");
  const end = till.ask("0320", "207").fields;
  assert.is(end[39], "00");
  till.signIn();
  assert.is(till.batch, "000002");
});

test.run();
