/** Where the shop's money is: fees by the table, dates by the calendar, postings that sum to zero at every step. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { feeFor, feeReturned } from "../../simulator/acquirer/funds/fees.ts";
import { isWorkingDay, payoutDate, workingDayAfter } from "../../simulator/acquirer/funds/working-days.ts";
import type { AcquirerHost } from "../../simulator/acquirer/host.ts";
import { newHost, Till } from "./till.ts";

const HOUR = 3_600_000;
const DEBIT = "6217000000003302225";
const CREDIT = "6228480001415550";
const VISA = "4761730000088081";

function shopAccounts(host: AcquirerHost): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const { legs } of host.ledger.entries()) {
    for (const { account, amount } of legs) {
      const kind = account.split("/")[0]!;
      if (["clearing", "merchant", "withheld", "paid-out", "fees"].includes(kind))
        sums[kind] = (sums[kind] ?? 0) + amount;
    }
  }
  return sums;
}

function settled(
  index = 0,
  sales: readonly { amount: number; card: string }[] = [{ amount: 10_000, card: "magstripe-credit" }],
) {
  const { host, time } = newHost();
  const till = new Till(host, index);
  till.signIn();
  for (const sale of sales) assert.is(till.sale({ ...sale, pin: "123456" }).fields[39], "00");
  return { host, time, till, terminal: till.entry.terminal };
}

test("a debit card costs half a per cent and at most 20.00, a credit card 0.6, a foreign card 1.8", () => {
  assert.is(feeFor(DEBIT, 100_00), 50);
  assert.is(feeFor(DEBIT, 4_000_00), 20_00);
  assert.is(feeFor(DEBIT, 50_000_00), 20_00);
  assert.is(feeFor(CREDIT, 100_00), 60);
  assert.is(feeFor(CREDIT, 83), 0);
  assert.is(feeFor(CREDIT, 84), 1);
  assert.is(feeFor(VISA, 100_00), 1_80);
});

test("refunds give back the fee that was paid, together neither more nor less", () => {
  const payment = { amount: 10_000_00, fee: 20_00 };
  const parts = [3_333_33, 3_333_33, 3_333_34];
  let before = 0;
  const returned = parts.map((part) => {
    const fee = feeReturned(payment, before, part);
    before += part;
    return fee;
  });
  assert.is(
    returned.reduce((sum, fee) => sum + fee, 0),
    20_00,
  );
});

test("banks rest on weekends and on the holidays of the list, and work on the weekend days of the list", () => {
  assert.not.ok(isWorkingDay("20261128"));
  assert.not.ok(isWorkingDay("20261001"));
  assert.ok(isWorkingDay("20261010"));
  assert.is(workingDayAfter("20260930"), "20261008");
  assert.is(workingDayAfter("20261231"), "20270104");
  assert.is(payoutDate("T1", "20261127"), "20261128");
  assert.is(payoutDate("nextWorkingDay", "20261127"), "20261130");
  assert.is(payoutDate("T0", "20261127"), "20261127");
});

test("a sale's money waits in clearing, is settled with its fee off, and paid out on the next working day", () => {
  const { host, time, till, terminal } = settled();
  const item = () => host.ledger.funds(terminal)[0];
  assert.equal([item()?.state, item()?.count, item()?.amount, item()?.fee], ["inBatch", 1, 10_000, 60]);
  assert.equal(shopAccounts(host), { clearing: 10_000 });
  till.ask("0320", "207");
  assert.equal([item()?.state, item()?.expected], ["processing", "20261124"]);
  assert.equal(shopAccounts(host), { clearing: 0, merchant: 9_940, fees: 60 });
  time.now = 15 * HOUR;
  assert.is(item()?.state, "processing");
  time.now = 16 * HOUR;
  assert.is(item(), undefined);
  assert.equal(shopAccounts(host), { clearing: 0, merchant: 0, fees: 60, "paid-out": 9_940 });
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("a shop with T+0 is paid on the same day's last run, and before the night's when it closes after that", () => {
  const early = settled(2);
  early.till.ask("0320", "207");
  assert.is(early.host.ledger.funds(early.terminal)[0]?.expected, "20261123");
  const late = settled(2);
  late.time.now = 13.5 * HOUR;
  late.till.ask("0320", "207");
  assert.is(late.host.ledger.funds(late.terminal)[0]?.expected, "20261124");
});

test("a batch that is closed on a Friday waits for Monday, on the eve of a holiday for its end", () => {
  const { host, time, till, terminal } = settled();
  time.now = 4 * 24 * HOUR;
  till.ask("0320", "207");
  assert.is(host.ledger.funds(terminal)[0]?.expected, "20261130");
});

test("a void takes its sale out of the batch, and a refund its amount and its fee", () => {
  const { host, till, terminal } = settled();
  const fields = till.saleFields({ amount: 5_000, card: "magstripe-credit", pin: "123456" });
  const sold = { ...fields, ...till.send("0200", fields).fields };
  const refund = till.followUp("25", "200000", "00", sold, 2_000);
  assert.is(till.send("0220", refund).fields[39], "00");
  const item = () => host.ledger.funds(terminal)[0];
  assert.equal([item()?.count, item()?.amount, item()?.fee], [3, 13_000, 78]);
  const other = till.saleFields({ amount: 700, card: "magstripe-credit", pin: "123456" });
  const voided = till.followUp("23", "200000", "00", { ...other, ...till.send("0200", other).fields }, 700);
  assert.is(till.send("0200", voided).fields[39], "00");
  assert.equal([item()?.count, item()?.amount, item()?.fee], [3, 13_000, 78]);
  till.ask("0320", "207");
  assert.equal(shopAccounts(host), { clearing: 0, merchant: 12_922, fees: 78 });
});

test("a pre-authorisation is authorised money until it is completed", () => {
  const { host, till, terminal } = settled(0, []);
  const fields = {
    ...till.saleFields({ amount: 10_000, card: "magstripe-credit", pin: "123456" }),
    3: "030000",
    25: "06",
  };
  const hold = { ...fields, 60: `10${till.batch}000500` };
  const held = { ...hold, ...till.send("0100", hold).fields };
  assert.equal(
    host.ledger.funds(terminal).map(({ part, state, amount }) => [part, state, amount]),
    [["authorisations", "authorised", 10_000]],
  );
  assert.is(till.send("0200", till.followUp("20", "000000", "06", held, 9_000)).fields[39], "00");
  assert.equal(
    host.ledger.funds(terminal).map(({ part, state, amount }) => [part, state, amount]),
    [["payments", "inBatch", 9_000]],
  );
});

test("a disputed payment is held before and after settlement, and goes its way when the dispute ends", () => {
  for (const closedFirst of [false, true]) {
    const sales = [10_000, 5_000].map((amount) => ({ amount, card: "magstripe-credit" }));
    const { host, time, till, terminal } = settled(0, sales);
    if (closedFirst) till.ask("0320", "207");
    assert.ok(host.dispute(terminal, undefined));
    if (!closedFirst) till.ask("0320", "207");
    const views = () =>
      host.ledger
        .funds(terminal)
        .map(({ part, state, amount }) => `${part} ${state} ${amount}`)
        .sort();
    assert.equal(views(), ["payments processing 10000", "withheld held 5000"]);
    assert.equal(shopAccounts(host), { clearing: 0, merchant: 9_940, withheld: 4_970, fees: 90 });
    time.now = 16 * HOUR;
    assert.equal(views(), ["withheld held 5000"]);
    assert.ok(host.dispute(terminal, "000003", false) || host.dispute(terminal, "000002", false));
    assert.equal(views(), ["withheld processing 5000"]);
    time.now = 40 * HOUR;
    assert.equal(views(), []);
    assert.equal(shopAccounts(host), { clearing: 0, merchant: 0, withheld: 0, fees: 90, "paid-out": 14_910 });
    assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
  }
});

test("a large foreign payment is held by the rule for three working days", () => {
  const { host, time, till, terminal } = settled(0, []);
  const pan = { card: "visa-chip", pin: "1234" };
  assert.is(till.sale({ ...pan, amount: 1_000_001 }).fields[39], "00");
  const item = () => host.ledger.funds(terminal)[0];
  assert.equal([item()?.part, item()?.state, item()?.reason], ["withheld", "held", "large foreign payment"]);
  till.ask("0320", "207");
  assert.is(item()?.expected, "20261126");
  time.now = 64 * HOUR;
  assert.is(item()?.state, "processing");
});

test("a reversal that comes after settlement moves nothing", () => {
  const { host, till } = settled(0, []);
  const fields = till.saleFields({ amount: 1234, card: "magstripe-credit", pin: "123456" });
  till.send("0200", fields);
  till.ask("0320", "207");
  const before = host.ledger.entries().length;
  assert.is(till.reverse(fields).fields[39], "22");
  assert.is(host.ledger.entries().length, before);
});

test.run();
