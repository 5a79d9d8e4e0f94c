import { test } from "uvu";
import * as assert from "uvu/assert";
import { verdictOf } from "../../../firmware/acquirer/outcome.ts";
import { recover } from "../../../firmware/acquirer/recovery.ts";
import type { AuthorisationOutcome, PaymentOutcome } from "../../../firmware/acquirer/types.ts";
import { type CborValue, encodeCbor } from "../../../firmware/codec/cbor.ts";
import type { FieldValue } from "../../../firmware/codec/iso8583.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { walletOfCode } from "../../../firmware/codes/wallet-ranges.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import type { Transaction, TransactionDetails } from "../../../firmware/journal/types.ts";
import { Bench } from "./bench.ts";

const code = "134567890123456789";
const order = "2026112300000112345678000001";
const codeData = asciiToBytes(`A3018${code}`);
const wallet = { 44: "WECHATPAY  XSPOS", 59: `A4028${order}A5011138****5678`, 63: "WXP" };

/** A payment by code as it stands before the request. */
function authorising({ journal }: Bench, more: Partial<TransactionDetails> = {}): Transaction {
  const details = { type: "sale", amount: 1234, currency: "CNY", startedAt: 0, operator: "01" } as const;
  return journal.advance(journal.open({ ...details, entryMode: "code", ...more }), "authorising");
}

async function ask(
  bench: Bench,
  fields: Readonly<Record<number, FieldValue | undefined>>,
): Promise<AuthorisationOutcome> {
  await bench.signIn();
  bench.changes["0200"] = { fields };
  return bench.world.settle(bench.acquirer.authorise(authorising(bench), { entryMode: "code", codeData }));
}

test("codes belong to a wallet by their first digits and length, and to nobody otherwise", () => {
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["100000000000000000", "WXP"],
    ["159999999999999999", "WXP"],
    ["160000000000000000", undefined],
    ["10000000000000000", undefined],
    ["1000000000000000000", undefined],
    ["2500000000000000", "ALP"],
    ["309999999999999999999999", "ALP"],
    ["310000000000000000", undefined],
    ["250000000000000", undefined],
    ["2500000000000000000000000", undefined],
    ["6200000000000000000", "CUP"],
    ["620000000000000000", undefined],
    ["6901234567892", undefined],
    ["13456789012345678X", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of cases) assert.is(walletOfCode(text), expected, text);
});

test("a payment by code is asked for with the code alone: no number, no track, no PIN", async () => {
  const bench = new Bench();
  const outcome = await ask(bench, wallet);
  const { fields } = bench.requests.at(-1)!;
  assert.equal(
    [...fields.keys()].sort((one, other) => one - other),
    [3, 4, 11, 22, 25, 41, 42, 49, 59, 60, 64],
  );
  assert.equal(
    [fields.get(3), fields.get(22), fields.get(25), fields.get(59)],
    ["000000", "032", "00", `A3018${code}`],
  );
  assert.is(fields.get(60), "22000001000600");
  assert.is(outcome.kind, "approved");
  const { scheme, payer, issuer, ...rest } = outcome as Extract<AuthorisationOutcome, { kind: "approved" }>;
  assert.equal([scheme, rest.order, payer, issuer], ["WXP", order, "138****5678", "WECHATPAY"]);
});

test("an answer in progress is neither an approval nor a decline, and of a card it is a decline", async () => {
  const pending = await ask(new Bench(), { ...wallet, 37: undefined, 38: undefined, 39: "09" });
  assert.equal(pending, { kind: "pending", scheme: "WXP", order, payer: "138****5678" });
  const bench = new Bench();
  await bench.signIn();
  bench.changes["0200"] = { fields: { 39: "09" } };
  const card = await bench.world.settle(bench.acquirer.authorise(bench.authorising(), { entryMode: "chip" }));
  assert.is(card.kind, "declined");
});

test("a field 59 that is cut off or has foreign signs says nothing of an order", async () => {
  for (const field of [`A4029${order}`, "A4XYZ1", "A4", "A4003abc", "A5003a b"]) {
    const outcome = await ask(new Bench(), { ...wallet, 59: field });
    assert.is(outcome.kind === "approved" && outcome.order, undefined, field);
    assert.is(outcome.kind === "approved" && outcome.payer, undefined, field);
  }
});

/** What the host says in field 62 of 961. */
async function outcomeOf(told: Readonly<Record<string, CborValue>>): Promise<PaymentOutcome> {
  const bench = new Bench();
  await bench.signIn();
  bench.changes["0600"] = { fields: { 62: encodeCbor(told) } };
  return bench.world.settle(bench.acquirer.askOutcome(authorising(bench)));
}

const approved = {
  state: "approved",
  amount: 1234,
  responseCode: "00",
  authorisationCode: "654321",
  referenceNumber: "010112000001",
  date: "0101",
  time: "120000",
  order,
  wallet: "ALP",
  payer: "138****5678",
} as const;

test("the host's later word finishes a payment only where it is whole and of the same amount", async () => {
  const transaction = authorising(new Bench());
  const verdict = async (told: Readonly<Record<string, CborValue>>) => verdictOf(transaction, await outcomeOf(told));
  assert.equal(await verdict(approved), {
    kind: "approved",
    responseCode: "00",
    authorisationCode: "654321",
    referenceNumber: "010112000001",
    hostDate: "0101",
    hostTime: "120000",
    scheme: "ALP",
    order,
    payer: "138****5678",
  });
  for (const name of ["amount", "authorisationCode", "referenceNumber", "date", "time"]) {
    const { [name as "date"]: _left, ...rest } = approved;
    assert.is((await verdict(rest))?.kind, "mismatch", name);
  }
  assert.equal(await verdict({ ...approved, amount: 99 }), {
    kind: "mismatch",
    field: "amount",
    reversalReason: "06",
    answeredAmount: 99,
  });
  assert.equal(await verdict({ state: "declined", responseCode: "54" }), { kind: "declined", responseCode: "54" });
  for (const state of ["pending", "unknown", "reversed"]) assert.is(await verdict({ state }), undefined, state);
});

test("a pending payment tells what its customer has still to do", async () => {
  const outcome = await outcomeOf({ state: "pending", waitingFor: "password", order, wallet: "CUP" });
  assert.equal(outcome, { kind: "told", state: "pending", waitingFor: "password", order, scheme: "CUP" });
  const foreign = await outcomeOf({ state: "pending", waitingFor: "rain", wallet: "XYZ", order: "A" });
  assert.equal(foreign, { kind: "told", state: "pending" });
});

test("a power cut leaves a payment by code to be asked for: it stands where it was paid, and nothing is sent twice", async () => {
  const bench = new Bench();
  await bench.signIn();
  authorising(bench);
  bench.changes["0600"] = { fields: { 62: encodeCbor(approved) } };
  const journal = new FlowJournal(new FlashJournal(bench.flash));
  const recovery = await bench.world.settle(recover(journal, bench.acquirer, { merchantConfirms: false }));
  assert.equal([recovery.kind, recovery.paid.length], ["clear", 1]);
  const last = await bench.world.settle(journal.last());
  assert.equal([last?.state, last?.scheme, last?.order, last?.hostDate], ["confirmed", "ALP", order, "0101"]);
  assert.equal(
    bench.requests.map(({ mti }) => mti),
    ["0800", "0600"],
  );
});

test("its reversal has no card number and no code", async () => {
  const bench = new Bench();
  await bench.signIn();
  const transaction = bench.journal.advance(authorising(bench), "reversing", { reversalReason: "98" });
  const outcome = await bench.world.settle(bench.acquirer.reverse(transaction));
  assert.is(outcome.kind, "reversed");
  const { mti, fields } = bench.requests.at(-1)!;
  assert.is(mti, "0400");
  assert.equal(
    [...fields.keys()].sort((one, other) => one - other),
    [3, 4, 11, 22, 25, 39, 41, 42, 49, 60, 61, 64],
  );
});

test("a refund names the wallet's order", async () => {
  const bench = new Bench();
  await bench.signIn();
  const original = { batch: 1, stan: 5, date: "0101", amount: 1234, referenceNumber: "010112000001" };
  const { id: _id, stan: _stan, state: _state, ...details } = authorising(bench);
  const refund = bench.journal.open({ ...details, type: "refund", amount: 500, original, order });
  const sent = bench.journal.advance(bench.journal.advance(refund, "queued"), "sent");
  const outcome = await bench.world.settle(bench.acquirer.tell(sent, false));
  assert.is(outcome.kind, "taken");
  const { mti, fields } = bench.requests.at(-1)!;
  assert.equal([mti, fields.get(22), fields.get(59), fields.get(2)], ["0220", "032", `A4028${order}`, undefined]);
});

test.run();
