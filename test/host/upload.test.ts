/** The end of a batch: totals by scheme, the upload compared record by record, what differs held. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { card, finishChip, newHost, startChip, Till } from "./till.ts";

function detail(scheme: "00" | "01", stan: string, pan: string, amount: number): string {
  return scheme + stan + pan.padStart(20, "0") + String(amount).padStart(12, "0");
}

const PAN = "6228480001415550";

function twoSales() {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const stans = [1_000, 2_000].map(
    (amount) => till.sale({ amount, card: "magstripe-credit", pin: "123456" }).fields[11]!,
  );
  const details = [detail("00", stans[0]!, PAN, 1_000), detail("00", stans[1]!, PAN, 2_000)];
  const upload = (parts: readonly string[]) =>
    till.ask("0320", "201", { 48: String(parts.length).padStart(2, "0") + parts.join("") }).fields[39];
  const end = (code: string, count: string) => till.ask("0320", code, { 48: count }).fields[39];
  const held = () => host.ledger.funds(till.entry.terminal).find(({ part }) => part === "withheld");
  return { host, till, stans, details, upload, end, held };
}

const side = (debits: number, count: number, credits = 0, credited = 0) =>
  [debits, credits]
    .map((sum, index) => `${String(sum).padStart(12, "0")}${String([count, credited][index]).padStart(3, "0")}`)
    .join("");

test("settlement tells UnionPay's totals from the other schemes', each with its own verdict", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const fields = till.saleFields({ amount: 1_000, card: "magstripe-credit", pin: "123456" });
  const sold = { ...fields, ...till.send("0200", fields).fields };
  till.sale({ amount: 700, card: "visa-chip", pin: "1234" });
  till.send("0200", till.followUp("23", "200000", "00", sold, 1_000));
  const settle = (own: string, others: string) =>
    till.ask("0500", "201", { 48: `${own}0${others}0`, 49: "156" }).fields;
  const right = [side(1_000, 1, 1_000, 1), side(700, 1)] as const;
  assert.is(settle(right[0], right[1])[48], `${right[0]}1${right[1]}1`);
  assert.is(settle(right[0], side(0, 0))[48], `${right[0]}1${right[1]}2`);
  assert.is(settle(side(1_000, 1), right[1])[48], `${right[0]}2${right[1]}1`);
  assert.is(till.ask("0500", "201", { 49: "156" }).fields[39], "30");
  assert.is(till.ask("0500", "201", { 48: `${right[0]}0${right[1]}0`, 60: "00000009201" }).fields[39], "77");
});

test("an upload that agrees closes the batch, and its end is answered again as the first time", () => {
  const { host, till, details, upload, end, held } = twoSales();
  assert.is(upload(details), "00");
  assert.is(upload(details), "00");
  assert.is(end("202", "0002"), "00");
  assert.is(end("202", "0002"), "00");
  assert.is(end("201", "0002"), "00");
  assert.equal(host.ledger.discrepancies(), []);
  assert.is(held(), undefined);
  till.signIn();
  assert.is(till.batch, "000002");
});

test("an end that counts other records than came leaves the batch open", () => {
  const { till, details, upload, end } = twoSales();
  upload([details[0]!]);
  assert.is(end("202", "0002"), "95");
  upload([details[1]!]);
  assert.is(end("202", "0002"), "00");
  assert.is(till.ask("0320", "201", { 60: "00000007201" }).fields[39], "77");
});

test("what differs in an upload is written down by record, and the shop's money for it is held", () => {
  const { host, stans, upload, end, held } = twoSales();
  const other = detail("00", "000900", PAN, 50);
  upload([detail("00", stans[0]!, PAN, 1_001), other]);
  end("202", "0002");
  assert.equal(
    host.ledger.discrepancies().map(({ stan, what }) => [stan, what]),
    [
      [stans[0], "other amount"],
      ["000900", "unknown to the host"],
      [stans[1], "unknown to the terminal"],
    ],
  );
  assert.equal([held()?.count, held()?.amount, held()?.state, held()?.reason], [2, 3_000, "held", "reconciliation"]);
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("another card in an upload is found", () => {
  const { host, stans, details, upload, end } = twoSales();
  upload([detail("00", stans[0]!, "6228480000000000", 1_000), details[1]!]);
  end("202", "0002");
  assert.equal(
    host.ledger.discrepancies().map(({ what }) => what),
    ["other card"],
  );
});

test("a chip payment is uploaded in fields of its own and compared, alone where the totals agreed", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const session = startChip(card("unionpay-chip-credit").chip!, 1_500);
  const fields = till.saleFields({ amount: 1_500, card: "unionpay-chip-credit", pin: "123456", chip: session.field55 });
  const sold = till.send("0200", fields).fields;
  assert.is(sold[39], "00");
  finishChip(session, sold[55]!);
  till.sale({ amount: 900, card: "magstripe-credit", pin: "123456" });
  const named = `${till.batch}${fields[11]}1123`;
  const chip = { 2: fields[2], 4: fields[4], 22: "051", 23: "001", 55: session.field55, 61: named };
  assert.is(till.ask("0320", "203", chip).fields[39], "00");
  assert.is(till.ask("0320", "207", { 48: "0001" }).fields[39], "00");
  assert.equal(host.ledger.discrepancies(), []);
});

test("what a card refused is kept as an advice, counts as a record and moves no money", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const { field55 } = startChip(card("chip-offline-decline").chip!, 1_500);
  const advice = {
    2: "6228480003304042",
    4: "000000001500",
    22: "051",
    23: "001",
    55: field55,
    61: "0000010000071123",
  };
  assert.is(till.ask("0320", "204", advice).fields[39], "00");
  assert.is(till.ask("0320", "204", advice).fields[39], "00");
  assert.is(till.ask("0320", "207", { 48: "0001" }).fields[39], "00");
  assert.equal(
    host.ledger.advices().map(({ stan, card: name, amount }) => [stan, name, amount]),
    [["000007", "chip-offline-decline", 1_500]],
  );
  assert.equal(host.ledger.discrepancies(), []);
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("an advice of a payment that the bank has approved is written down as a difference, and its money is held", () => {
  const { host, till, stans, details, upload, end, held } = twoSales();
  const { field55 } = startChip(card("chip-offline-decline").chip!, 1_000);
  const advice = { 2: PAN, 4: "000000001000", 22: "051", 55: field55, 61: `000001${stans[0]}1123` };
  assert.is(till.ask("0320", "206", advice).fields[39], "00");
  upload([details[1]!]);
  assert.is(end("202", "0002"), "00");
  assert.equal(
    host.ledger.discrepancies().map(({ stan, what }) => [stan, what]),
    [[stans[0], "refused by the card"]],
  );
  assert.is(held()?.count, 1);
});

test("uploads that do not read are refused, one without a right MAC too, and the log shows no card number", () => {
  const { host, till, details, upload } = twoSales();
  assert.is(upload([]), "30");
  assert.is(till.ask("0320", "201", { 48: `03${details[0]}` }).fields[39], "30");
  assert.is(till.ask("0320", "203", { 4: "000000000100" }).fields[39], "30");
  assert.is(till.ask("0320", "208").fields[39], "40");
  assert.is(till.ask("0320", "204", { 2: PAN, 4: "000000000100" }).fields[39], "30");
  assert.is(till.ask("0320", "207", { 64: "AA".repeat(8) }).fields[39], "A0");
  upload(details);
  assert.not.ok(JSON.stringify(host.log()).includes(PAN));
  assert.ok(JSON.stringify(host.log()).includes("6228 48** **** 5550 000000001000"));
});

test("a notice of what scripts did is kept once, masked, with its transaction", () => {
  const { host, till, stans } = twoSales();
  const notice = {
    2: PAN,
    3: "000000",
    4: "000000001000",
    55: "9505000000000057026228DF31052000000000",
    61: `000001${stans[0]}1123`,
  };
  for (let times = 0; times < 2; times += 1) {
    assert.is(till.ask("0620", "951", notice).fields[39], "00");
  }
  const [kept, ...others] = host.ledger.notices();
  assert.equal([kept?.stan, kept?.batch, kept?.card], [stans[0], "000001", "magstripe-credit"]);
  assert.ok(kept?.chip.includes("DF31=2000000000"));
  assert.ok(kept?.chip.includes("57=<hidden>"));
  assert.equal(others, []);
});

test.run();
