import { test } from "uvu";
import * as assert from "uvu/assert";
import { type ClaimOutcome, claimSignedIn } from "../../../firmware/acquirer/shop-payments.ts";
import { type CborValue, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { Bench } from "./bench.ts";

const paid = {
  number: 7,
  amount: 1234,
  order: "2026112348020000000000000001",
  wallet: "WXP",
  date: "1123",
  time: "090005",
  authorisationCode: "654321",
  referenceNumber: "112309000002",
};

async function told(payments: CborValue, more = false) {
  const bench = new Bench();
  await bench.signIn();
  bench.changes["0600"] = { fields: { 62: encodeCbor({ payments, more }) } };
  return bench.world.settle(bench.acquirer.askShopPayments(0));
}

test("an odd payment to the shop's code is left out, and the others are told", async () => {
  const odd = [{ ...paid, date: "23 Nov" }, { ...paid, amount: 0 }, { ...paid, number: 9, order: "" }, 5];
  const outcome = await told([...odd, { ...paid, number: 8 }], true);
  if (outcome.kind !== "told") throw new Error(outcome.kind);
  assert.equal(
    outcome.payments.map(({ number }) => number),
    [8],
  );
  assert.equal([outcome.more, outcome.last], [true, 9]);
  assert.equal(await told({}), { kind: "mismatch" });
});

test("a payment from a wallet that nobody knows is taken without the wallet's name", async () => {
  const outcome = await told([{ ...paid, wallet: "NEW" }]);
  if (outcome.kind !== "told") throw new Error(outcome.kind);
  assert.equal([outcome.payments[0]?.number, outcome.payments[0]?.known.scheme], [7, undefined]);
});

async function claimed(...codes: readonly string[]): Promise<ClaimOutcome["kind"]> {
  const bench = new Bench();
  await bench.signIn();
  const { host } = bench.world;
  bench.world.host = (request) => {
    if (request[11] === 6) bench.changes["0600"] = { fields: { 39: codes[Math.min(asked++, codes.length - 1)] } };
    return host(request);
  };
  let asked = 0;
  const transaction = { ...bench.authorising(), claim: 7 };
  return (await bench.world.settle(claimSignedIn(bench.acquirer, transaction))).kind;
}

test("a claim is gone where the host has no such payment or another has it; any other word says nothing yet", async () => {
  assert.is(await claimed("00"), "taken");
  for (const code of ["25", "94"]) assert.is(await claimed(code), "gone", code);
  for (const code of ["30", "12", "96", "A0", "05"]) assert.is(await claimed(code), "noAnswer", code);
});

test("a host that wants a new sign-in gets it and the claim again; only one that has another batch open even then has none", async () => {
  assert.is(await claimed("77", "00"), "taken");
  assert.is(await claimed("77", "77"), "gone");
});

test.run();
