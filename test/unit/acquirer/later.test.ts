import { test } from "uvu";
import * as assert from "uvu/assert";
import { encodeCbor } from "../../../firmware/codec/cbor.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import type { FieldValue, Message } from "../../../firmware/codec/iso8583.ts";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import type { Transaction, TransactionType } from "../../../firmware/journal/types.ts";
import { Bench, type Change, pan } from "./bench.ts";

const original = {
  id: 1,
  batch: 1,
  stan: 7,
  date: "0101",
  amount: 1234,
  authorisationCode: "A12345",
  referenceNumber: "010112000007",
};

async function signedIn(): Promise<Bench> {
  const bench = new Bench();
  await bench.signIn();
  return bench;
}

function authorising(bench: Bench, type: TransactionType): Transaction {
  const opened = bench.journal.open({
    type,
    batch: 1,
    amount: 1234,
    currency: "CNY",
    entryMode: "magstripe",
    maskedPan: "622848*********0018",
    panToken: bench.vault.protectPan(asciiToBytes(pan)),
    expiry: "3012",
    original,
    startedAt: 0,
    operator: "01",
  });
  return bench.journal.advance(opened, "authorising", { pinEntered: false });
}

const card = () => ({ entryMode: "magstripe", pan: asciiToBytes(pan), expiry: "3012" }) as const;

function shown(message: Message | undefined): Record<string, string> {
  const text = ([number, value]: readonly [number, FieldValue]): [string, string] => [
    String(number),
    typeof value === "string" ? value : number === 2 ? bytesToLatin1(value) : bytesToHex(value),
  ];
  const { 64: _mac, ...fields } = Object.fromEntries([...(message?.fields ?? [])].map(text));
  return fields;
}

/** Message type, processing code, condition and 60.1 of each type that is asked (UnionPay's table). */
const asked: readonly (readonly [TransactionType, string, string, string, string])[] = [
  ["voidSale", "0200", "200000", "00", "23"],
  ["preAuthorisation", "0100", "030000", "06", "10"],
  ["voidPreAuthorisation", "0100", "200000", "06", "11"],
  ["completion", "0200", "000000", "06", "20"],
  ["voidCompletion", "0200", "200000", "06", "21"],
];

for (const [type, mti, processingCode, condition, kind] of asked) {
  test(`a ${type} and its reversal are asked for by the same row, and name the original`, async () => {
    const bench = await signedIn();
    bench.changes["0100"] = { fields: { 38: "654321" } };
    const transaction = authorising(bench, type);
    const outcome = await bench.world.settle(bench.acquirer.authorise(transaction, card()));
    assert.is(outcome.kind, "approved");
    const request = bench.requests[1];
    assert.is(request?.mti, mti);
    assert.equal(shown(request), {
      2: pan,
      3: processingCode,
      4: "000000001234",
      11: "000002",
      14: "3012",
      22: "022",
      25: condition,
      37: "010112000007",
      38: "A12345",
      41: "12345678",
      42: "898310172991001",
      49: "156",
      60: `${kind}000001000600`,
      61: "0000010000070101",
    });
    const reversing = bench.journal.advance(transaction, "reversing", { reversalReason: "98" });
    await bench.world.settle(bench.acquirer.reverse(reversing));
    const reversal = shown(bench.requests[2]);
    assert.is(bench.requests[2]?.mti, "0400");
    assert.equal(
      [reversal[3], reversal[25], reversal[60], reversal[39]],
      [processingCode, condition, `${kind}000001000600`, "98"],
    );
    assert.equal([reversal[37], reversal[61]], [undefined, "0000010000020101"]);
  });
}

function balance(change: Change | "silent") {
  return signedIn().then((bench) => {
    bench.changes["0200"] = change;
    return bench.world.settle(bench.acquirer.askBalance(9, card())).then((outcome) => ({ bench, outcome }));
  });
}

test("a balance is asked for without an amount, and told with its sign", async () => {
  const { bench, outcome } = await balance({ fields: { 38: undefined, 54: "1002156C000000123456" } });
  assert.equal(outcome, { kind: "told", amount: 123_456 });
  const request = shown(bench.requests[1]);
  assert.equal([request[3], request[4], request[11], request[60]], ["310000", undefined, "000009", "01000001000600"]);
  const owing = await balance({ fields: { 54: "1002156D000000000005" } });
  assert.equal(owing.outcome, { kind: "told", amount: -5 });
});

test("a balance in another currency, or of another form, is none", async () => {
  for (const text of ["1002840C000000123456", "1002156X000000123456", "1002156C0000", undefined]) {
    assert.equal((await balance({ fields: { 54: text } })).outcome, { kind: "mismatch" });
  }
});

test("a balance that is declined, spoilt or unanswered says so", async () => {
  assert.equal((await balance({ fields: { 39: "55" } })).outcome, { kind: "declined", responseCode: "55" });
  assert.equal((await balance({ mac: "wrong" })).outcome, { kind: "mismatch" });
  assert.equal((await balance("silent")).outcome, { kind: "noAnswer" });
});

async function asking(change: Change | "silent") {
  const bench = await signedIn();
  const transaction = authorising(bench, "completion");
  bench.changes["0600"] = change;
  return { bench, outcome: await bench.world.settle(bench.acquirer.askOutcome(transaction)) };
}

test("what became of a payment is asked by batch, number and day, and told in the host's words", async () => {
  const { bench, outcome } = await asking({
    fields: { 62: encodeCbor({ state: "approved", amount: 1234, authorisationCode: "654321", other: 1 }) },
  });
  assert.equal(outcome, { kind: "told", state: "approved", amount: 1234, authorisationCode: "654321" });
  const request = shown(bench.requests[1]);
  assert.is(bench.requests[1]?.mti, "0600");
  assert.equal([request[11], request[60], request[61]], ["000003", "00000001961", "0000010000020101"]);
});

test("an answer about a payment that makes no sense is not believed", async () => {
  const values = [{ state: "rich" }, { amount: 5 }, ["approved"], "approved", { state: 7 }];
  for (const value of values) {
    assert.equal((await asking({ fields: { 62: encodeCbor(value) } })).outcome, { kind: "mismatch" });
  }
  assert.equal((await asking({ fields: { 62: Uint8Array.of(0xff) } })).outcome, { kind: "mismatch" });
  assert.equal((await asking({ mac: "wrong" })).outcome, { kind: "mismatch" });
  const odd = await asking({
    fields: { 62: encodeCbor({ state: "declined", amount: 1.5, authorisationCode: "??????" }) },
  });
  assert.equal(odd.outcome, { kind: "told", state: "declined" });
});

test("a host that does not know the question, or does not answer, is not taken for one that knows", async () => {
  assert.equal((await asking({ fields: { 39: "40" } })).outcome, { kind: "unsupported" });
  assert.equal((await asking("silent")).outcome, { kind: "noAnswer" });
});

test.run();
