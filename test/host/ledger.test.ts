import { test } from "uvu";
import * as assert from "uvu/assert";
import { hex } from "../../simulator/acquirer/bytes.ts";
import { decodeMessage, encodeMessage } from "../../simulator/acquirer/iso8583/codec.ts";
import { exchange, inverse, Ledger, transfer } from "../../simulator/acquirer/ledger.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { newHost, Till } from "./till.ts";

test("an entry whose legs do not balance is refused", () => {
  const ledger = new Ledger();
  assert.throws(() => ledger.post(0, "sale", "", [{ account: "a", currency: "CNY", amount: 1 }]));
  const crossed = [
    { account: "a", currency: "CNY", amount: 7 },
    { account: "b", currency: "USD", amount: -7 },
  ];
  assert.throws(() => ledger.post(0, "sale", "", crossed));
  assert.throws(() =>
    ledger.post(0, "sale", "", [
      { account: "a", currency: "CNY", amount: 0.5 },
      { account: "b", currency: "CNY", amount: -0.5 },
    ]),
  );
  assert.is(ledger.entries().length, 0);
});

test("a transfer between currencies balances in both, and its inverse brings everything back", () => {
  const ledger = new Ledger();
  ledger.open("card", "USD", 10_000);
  const legs = transfer({ account: "card", currency: "USD" }, { account: "shop", currency: "CNY", amount: 1234 });
  ledger.post(1, "sale", "x", legs);
  assert.is(ledger.balance("card", "USD"), 10_000 - exchange(1234, "CNY", "USD"));
  assert.is(ledger.balance("shop", "CNY"), 1234);
  ledger.post(2, "reversal", "x", inverse(legs));
  assert.is(ledger.balance("card", "USD"), 10_000);
  assert.equal(ledger.sums(), { USD: 0, CNY: 0 });
});

test("whatever tills ask in whatever order, money is neither made nor lost and no account is overdrawn", () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    const { host, time } = newHost();
    const random = new SeededRandom(seed, "tills");
    const tills = [new Till(host, 0), new Till(host, 1), new Till(host, 2)];
    for (const till of tills) till.signIn();
    const cards = [
      "magstripe-credit",
      "insufficient-funds",
      "foreign-currency",
      "stolen-card",
      "magstripe-chip-capable",
    ];
    for (let run = 0; run < 60; run += 1) {
      time.now += random.below(600_000);
      const till = tills[random.below(tills.length)]!;
      const card = cards[random.below(cards.length)]!;
      const fields = till.saleFields({ card, amount: random.below(300) });
      if (random.below(4) === 0) host.fault([{ silent: true }, { respond: "96" }, { badMac: true }][random.below(3)]!);
      till.sendRaw("0200", fields);
      host.normal();
      if (random.below(3) === 0) till.reverse(fields);
      if (random.below(9) === 0) till.reverse(fields);
    }
    assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
    const { balance, approved } = host.ledger.merchant();
    assert.is(balance, approved.total);
    const accounts = Object.values(host.ledger.accounts());
    assert.ok(accounts.every((account) => account.balance >= 0));
  }
});

test("mutated messages never make the host throw, and unsigned ones never move money", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const random = new SeededRandom(5, "mutations");
  const entries = host.ledger.entries().length;
  const fields = till.saleFields({ card: "magstripe-credit", amount: 100, pin: "123456" });
  const sale = encodeMessage({ tpdu: "6000030001", header: "602200000000", mti: "0200", fields });
  for (let run = 0; run < 3000; run += 1) {
    const bytes = Uint8Array.from(sale);
    for (let count = random.below(4); count >= 0; count -= 1) bytes[random.below(bytes.length)] = random.below(256);
    host.receive(run % 3 === 0 ? bytes.slice(0, random.below(bytes.length)) : bytes);
  }
  assert.is(host.ledger.entries().length, entries);
});

test("the public UnionPay examples decode to their fields and encode back to the byte", () => {
  const examples = [
    "600003000060321032007202003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C0230314233413039324145",
    "600003000060220000000008100020000000C200120004523830383739383838303836303537373830383739383838003200000000000000000000000000000000000000000000000000000000000000000011000021990010004320202030312020202020202020202020202020202020203333333320202020202020202020202020202020",
  ];
  for (const example of examples) {
    const message = decodeMessage(Uint8Array.from(Buffer.from(example, "hex")));
    assert.is(hex(encodeMessage(message)), example);
  }
});

test.run();
