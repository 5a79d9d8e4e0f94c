import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex } from "../../simulator/acquirer/bytes.ts";
import { parseTlv } from "../../simulator/acquirer/tlv.ts";
import { type ChipSession, card, finishChip, newHost, startChip, Till } from "./till.ts";

function signedIn() {
  const { host, time } = newHost();
  const till = new Till(host);
  till.signIn();
  return { host, till, time };
}

test("a stripe sale with the right PIN is approved, answered with a MAC, and moves the money once", () => {
  const { host, till } = signedIn();
  const { fields, mti, tpdu } = till.sale({ card: "magstripe-credit", amount: 1234, pin: "123456" });
  assert.is(mti, "0210");
  assert.is(tpdu, "6000010003");
  assert.is(fields[39], "00");
  assert.match(fields[37]!, /^\d{12}$/);
  assert.match(fields[38]!, /^\d{6}$/);
  assert.is(fields[4], "000000001234");
  assert.is(fields[44]?.length, 22);
  assert.ok(fields[64]);
  assert.is(host.ledger.accounts()["magstripe-credit"]?.debited, 1234);
  assert.is(host.ledger.merchant().balance, 1234);
  assert.equal(host.ledger.merchant().approved, { count: 1, total: 1234 });
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
});

test("a repeated STAN is refused and moves nothing", () => {
  const { host, till } = signedIn();
  const fields = till.saleFields({ card: "magstripe-credit", amount: 1234, pin: "123456" });
  assert.is(till.send("0200", fields).fields[39], "00");
  assert.is(till.send("0200", fields).fields[39], "94");
  assert.is(host.ledger.merchant().balance, 1234);
});

test("three wrong PINs block the card, and then the right one does not help", () => {
  const { host, till } = signedIn();
  const sale = (pin: string) => till.sale({ card: "magstripe-credit", amount: 100, pin }).fields[39];
  assert.equal([sale("111111"), sale("222222"), sale("333333"), sale("123456")], ["55", "55", "55", "75"]);
  assert.is(host.ledger.accounts()["magstripe-credit"]?.pinTriesLeft, 0);
  assert.is(host.ledger.merchant().balance, 0);
});

test("a right PIN gives the three tries back", () => {
  const { host, till } = signedIn();
  till.sale({ card: "magstripe-credit", amount: 100, pin: "111111" });
  assert.is(till.sale({ card: "magstripe-credit", amount: 100, pin: "123456" }).fields[39], "00");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.pinTriesLeft, 3);
});

test("a PIN block that does not open is answered with 99 and costs no try", () => {
  const { host, till } = signedIn();
  const fields = till.saleFields({ card: "magstripe-credit", amount: 100, pin: "123456" });
  assert.is(till.send("0200", { ...fields, 52: "0011223344556677" }).fields[39], "99");
  assert.is(host.ledger.accounts()["magstripe-credit"]?.pinTriesLeft, 3);
});

test("a bank that wants a PIN refuses a stripe sale without one", () => {
  const { till } = signedIn();
  assert.is(till.sale({ card: "unionpay-chip-debit", amount: 100 }).fields[39], "55");
});

const declines: [string, string, number][] = [
  ["insufficient-funds", "51", 200],
  ["stolen-card", "43", 200],
  ["magstripe-expired", "54", 200],
  ["chip-expired", "54", 200],
  ["chip-pin-blocked", "75", 200],
  ["magstripe-credit", "61", 2_000_001],
  ["magstripe-credit", "13", 0],
];
for (const [name, code, amount] of declines) {
  test(`${name} over ${amount} is declined with ${code} and costs nothing`, () => {
    const { host, till } = signedIn();
    const before = host.ledger.entries().length;
    assert.is(till.sale({ card: name, amount, pin: "123456" }).fields[39], code);
    assert.is(host.ledger.entries().length, before);
  });
}

const malformed: [string, string, Record<number, string | undefined>][] = [
  ["an unknown card", "14", { 2: "6228480009999990", 35: undefined }],
  ["card numbers that contradict each other", "30", { 2: "6228480001201117" }],
  ["a foreign currency", "30", { 49: "840" }],
  ["no amount", "30", { 4: undefined }],
  ["chip data that is no TLV", "30", { 55: "9F26" }],
  ["an entry mode of chip without a cryptogram", "30", { 22: "051" }],
  ["an unknown transaction", "12", { 3: "990000" }],
  ["a number typed by hand", "57", { 22: "012", 35: undefined, 52: undefined, 53: undefined, 26: undefined }],
  ["the wrong batch", "77", { 60: "22000009000501" }],
  ["another expiry date", "54", { 14: "3111" }],
];
for (const [what, code, changes] of malformed) {
  test(`a sale with ${what} is answered ${code}`, () => {
    const { host, till } = signedIn();
    const fields = till.saleFields({ card: "magstripe-credit", amount: 100, pin: "123456" });
    assert.is(till.send("0200", { ...fields, ...changes }).fields[39], code);
    assert.is(host.ledger.merchant().balance, 0);
  });
}

test("a wrong MAC is answered A0 and moves nothing", () => {
  const { host, till } = signedIn();
  const fields = till.saleFields({ card: "magstripe-credit", amount: 100 });
  assert.is(till.send("0200", { ...fields, 64: "3030303030303030" }).fields[39], "A0");
  assert.is(till.send("0200", { ...fields, 64: undefined }).fields[39], "A0");
  assert.is(host.ledger.merchant().balance, 0);
});

test("a terminal that is not signed in, not known, or of another shop is told so", () => {
  const { host } = newHost();
  const till = new Till(host);
  const fields = { ...till.saleFields({ card: "magstripe-credit", amount: 100 }), 64: "3030303030303030" };
  assert.is(till.send("0200", fields).fields[39], "77");
  assert.is(till.send("0200", { ...fields, 41: "99999999" }).fields[39], "97");
  assert.is(till.send("0200", { ...fields, 42: "898310172999999" }).fields[39], "03");
});

for (const name of ["unionpay-chip-credit", "visa-chip", "mastercard-chip", "foreign-currency"]) {
  test(`${name}: the host accepts the chip's ARQC, the chip accepts the host's answer and gives a TC`, () => {
    const { host, till } = signedIn();
    const session = startChip(card(name).chip!, 1234);
    const { fields } = till.sale({
      card: name,
      amount: 1234,
      chip: session.field55,
      pin: name.startsWith("union") ? "123456" : "1234",
    });
    assert.is(fields[39], "00");
    assert.is(finishChip(session, fields[55]!), "40");
    assert.is(host.ledger.accounts()[name]?.debited, name === "foreign-currency" ? 176 : 1234);
    assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
  });
}

for (const name of ["unionpay-tap", "visa-tap", "mastercard-tap"]) {
  test(`${name}: the host accepts a tap`, () => {
    const { till } = signedIn();
    const session = startChip(card(name).chip!, 1234);
    assert.is(till.sale({ card: name, amount: 1234, chip: session.field55, entry: "072" }).fields[39], "00");
  });
}

test("a cryptogram over another amount or used twice is refused", () => {
  const { till } = signedIn();
  const { chip } = card("unionpay-chip-credit");
  const sale = (amount: number, { field55 }: ChipSession) =>
    till.sale({ card: "unionpay-chip-credit", amount, chip: field55, pin: "123456" }).fields[39];
  assert.is(sale(9999, startChip(chip!, 1234)), "30");
  const session = startChip(chip!, 1234);
  assert.is(sale(1234, session), "00");
  assert.is(sale(1234, session), "05");
});

test("a forged cryptogram is refused and gets no issuer authentication", () => {
  const { till } = signedIn();
  const { field55 } = startChip(card("unionpay-chip-credit").chip!, 1234);
  const forged = field55.replace(/^9F2608../, "9F2608FF");
  const { fields } = till.sale({ card: "unionpay-chip-credit", amount: 1234, chip: forged, pin: "123456" });
  assert.is(fields[39], "05");
  assert.is(fields[55], undefined);
});

test("chip-wrong-arpc: the host approves, the chip refuses with an AAC", () => {
  const { till } = signedIn();
  const session = startChip(card("chip-wrong-arpc").chip!, 1234);
  const { fields } = till.sale({ card: "chip-wrong-arpc", amount: 1234, chip: session.field55, pin: "123456" });
  assert.is(fields[39], "00");
  assert.is(finishChip(session, fields[55]!), "00");
});

test("chip-script: the answer carries a script to run before and one after the last cryptogram", () => {
  const { till } = signedIn();
  const session = startChip(card("chip-script").chip!, 1234);
  const { fields } = till.sale({ card: "chip-script", amount: 1234, chip: session.field55, pin: "123456" });
  const templates = parseTlv(fromHex(fields[55]!)).map((object) => object.tag);
  assert.equal(templates, ["91", "71", "72"]);
});

test("a balance inquiry tells the balance and moves nothing", () => {
  const { host, till } = signedIn();
  const fields = till.saleFields({ card: "insufficient-funds", amount: 0, pin: "123456" });
  const { fields: answer } = till.send("0200", { ...fields, 3: "310000", 4: undefined, 60: `01${till.batch}000501` });
  assert.is(answer[39], "00");
  assert.is(answer[54], "1002156C000000000100");
  assert.is(host.ledger.merchant().approved.count, 0);
});

test.run();
