import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AuthorisationOutcome, CardData } from "../../../firmware/acquirer/types.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { Message } from "../../../firmware/codec/iso8583.ts";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import type { EntryMode, Transaction } from "../../../firmware/journal/types.ts";
import { MissingKeyError } from "../../../firmware/vault/types.ts";
import { Bench, type Change, pan } from "./bench.ts";

const chipData = hexToBytes("9F2608010203040506070895050000008000820200009F36020001");

async function signedIn(): Promise<Bench> {
  const bench = new Bench();
  await bench.signIn();
  return bench;
}

function cardOf(entryMode: EntryMode): CardData {
  const card = { entryMode, pan: asciiToBytes(pan), expiry: "3012" };
  if (entryMode === "chip" || entryMode === "contactless") {
    return { ...card, panSequenceNumber: "001", chipData, track2: asciiToBytes(`${pan}=30122010000`) };
  }
  return entryMode === "manual" ? card : { ...card, track2: asciiToBytes(`${pan}=30121010000`) };
}

function sell(bench: Bench, transaction: Transaction, pin = true): Promise<AuthorisationOutcome> {
  const block = pin ? bench.vault.pinBlock(asciiToBytes("123456"), asciiToBytes(pan)) : undefined;
  return bench.world.settle(bench.acquirer.authorise(transaction, cardOf(transaction.entryMode), block));
}

/** Fields of a request as text; bytes in hexadecimal, secret digits as they are. */
function shown(message: Message | undefined): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [number, value] of message?.fields ?? []) {
    const secret = number === 2 || number === 35;
    result[number] = typeof value === "string" ? value : secret ? bytesToLatin1(value) : bytesToHex(value);
  }
  return result;
}

test("sign-in asks for double-length keys, one for card numbers among them, and takes them", async () => {
  const bench = await signedIn();
  assert.ok(bench.acquirer.signedIn);
  assert.is(bench.requests[0]?.mti, "0800");
  assert.equal(shown(bench.requests[0]), {
    11: "000001",
    41: "12345678",
    42: "898310172991001",
    60: "00000001004",
    63: "01 ",
  });
});

test("a sign-in carries the operator who is signed on", async () => {
  const bench = new Bench();
  bench.duty.operator = "17";
  await bench.world.settle(bench.acquirer.signIn());
  assert.is(shown(bench.requests[0])[63], "17 ");
});

test("a sign-in whose keys have a wrong check value, or that is refused or unanswered, leaves the terminal signed out", async () => {
  const spoilt = new Uint8Array(60);
  for (const [change, kind] of [
    [{ fields: { 62: spoilt } }, "mismatch"],
    [{ fields: { 62: undefined } }, "mismatch"],
    [{ fields: { 11: "999999" } }, "mismatch"],
    [{ fields: { 39: "97" } }, "refused"],
    ["silent", "noAnswer"],
  ] as const) {
    const bench = new Bench();
    bench.changes["0800"] = change;
    assert.is((await bench.world.settle(bench.acquirer.signIn())).kind, kind);
    assert.not.ok(bench.acquirer.signedIn);
  }
});

test("a chip sale with a PIN carries what the interface asks for, and nothing else", async () => {
  const bench = await signedIn();
  const transaction = bench.authorising("chip");
  await sell(bench, transaction);
  const request = bench.requests[1];
  assert.is(request?.mti, "0200");
  const { 52: pinBlock, 64: mac, ...fields } = shown(request);
  assert.is(pinBlock?.length, 16);
  assert.is(mac?.length, 16);
  assert.equal(fields, {
    2: pan,
    3: "000000",
    4: "000000001234",
    11: "000002",
    14: "3012",
    22: "051",
    23: "001",
    25: "00",
    26: "12",
    35: `${pan}=30122010000`,
    41: "12345678",
    42: "898310172991001",
    49: "156",
    53: "2600000000000000",
    55: bytesToHex(chipData),
    60: "22000001000600",
  });
});

test("field 22 says how the card was read and whether a PIN is there; without one fields 26, 52 and 53 are not sent", async () => {
  const modes: readonly (readonly [EntryMode, string, string])[] = [
    ["manual", "01", "60"],
    ["magstripe", "02", "60"],
    ["chip", "05", "60"],
    ["contactless", "07", "60"],
    ["fallback", "80", "62"],
  ];
  for (const [mode, expected, capability] of modes) {
    for (const pin of [true, false]) {
      const bench = await signedIn();
      await sell(bench, bench.authorising(mode), pin);
      const fields = shown(bench.requests[1]);
      assert.is(fields[22], expected + (pin ? "1" : "2"));
      assert.is(fields[60], `22000001000${capability}0`);
      assert.equal(
        [26, 52, 53].map((number) => number in fields),
        [pin, pin, pin],
      );
      assert.is("55" in fields, mode === "chip" || mode === "contactless");
      assert.is("35" in fields, mode !== "manual");
    }
  }
});

test("an approval is the host's words: code, reference, date and time, issuer and acquirer", async () => {
  const bench = await signedIn();
  bench.changes["0200"] = { fields: { 44: "01030000   48020000   ", 55: hexToBytes("910A0102030405060708090A") } };
  assert.equal(await sell(bench, bench.authorising()), {
    kind: "approved",
    responseCode: "00",
    authorisationCode: "654321",
    referenceNumber: "010112000001",
    hostDate: "0101",
    hostTime: "120000",
    issuer: "01030000",
    acquirer: "48020000",
    chipData: hexToBytes("910A0102030405060708090A"),
  });
});

test("a decline with a right MAC is final", async () => {
  const bench = await signedIn();
  bench.changes["0200"] = { fields: { 38: undefined, 39: "51" } };
  assert.equal(await sell(bench, bench.authorising()), {
    kind: "declined",
    responseCode: "51",
    referenceNumber: "010112000001",
  });
});

test("a host that wants a new sign-in gets one before the next question: its word on the batch comes with it", async () => {
  const bench = await signedIn();
  bench.changes["0200"] = { fields: { 38: undefined, 39: "77" } };
  const outcome = await sell(bench, bench.authorising());
  assert.is(outcome.kind, "declined");
  assert.not.ok(bench.acquirer.signedIn);
});

test("an answer that does not fit the question is never an approval and never a decline", async () => {
  const cases: readonly (readonly [string, Change])[] = [
    ["mac", { mac: "wrong" }],
    ["mac", { mac: "missing" }],
    ["mac", { mac: "wrong", fields: { 38: undefined, 39: "51" } }],
    ["mac", { mac: "missing", fields: { 38: undefined, 39: "51" } }],
    ["type", { mti: "0410" }],
    ["type", { mti: "0200" }],
    ["processingCode", { fields: { 3: "200000" } }],
    ["amount", { fields: { 4: undefined } }],
    ["stan", { fields: { 11: "000001" } }],
    ["stan", { fields: { 11: undefined } }],
    ["terminal", { fields: { 41: "87654321" } }],
    ["merchant", { fields: { 42: "898310172991002" } }],
    ["merchant", { fields: { 42: undefined } }],
    ["currency", { fields: { 49: "840" } }],
    ["currency", { fields: { 49: undefined } }],
    ["format", { fields: { 38: undefined } }],
    ["format", { fields: { 38: "      " } }],
    ["format", { fields: { 39: undefined } }],
    ["format", { fields: { 39: "  " } }],
    ["format", { fields: { 37: undefined } }],
  ];
  for (const [field, change] of cases) {
    const bench = await signedIn();
    bench.changes["0200"] = change;
    const reversalReason = field === "mac" ? "A0" : "06";
    assert.equal(await sell(bench, bench.authorising()), { kind: "mismatch", field, reversalReason }, field);
    assert.is(bench.acquirer.signedIn, field !== "mac");
  }
});

test("an answer with another amount says which", async () => {
  const bench = await signedIn();
  bench.changes["0200"] = { fields: { 4: "000000009999" } };
  const outcome = await sell(bench, bench.authorising());
  assert.equal(outcome, { kind: "mismatch", field: "amount", reversalReason: "06", answeredAmount: 9999 });
});

test("a decline may leave the amount and the currency out", async () => {
  const bench = await signedIn();
  bench.changes["0200"] = { fields: { 4: undefined, 38: undefined, 39: "51", 49: undefined } };
  assert.is((await sell(bench, bench.authorising())).kind, "declined");
});

test("truncated and damaged answers end in a mismatch or in no answer, whatever the damage", async () => {
  const whole = await signedIn();
  const host = whole.world.host;
  let answer = new Uint8Array(0);
  whole.world.host = (request) => {
    const reaction = host(request);
    answer = reaction.chunks?.[0]?.slice() ?? answer;
    return reaction;
  };
  await sell(whole, whole.authorising());
  for (let length = 2; length < answer.length; length += 7) {
    const bench = await signedIn();
    const part = answer.slice(0, length);
    part[0] = (length - 2) >> 8;
    part[1] = (length - 2) & 255;
    bench.world.host = () => ({ chunks: [part] });
    assert.is((await sell(bench, bench.authorising())).kind, "mismatch", `${length} bytes`);
  }
});

test("where nothing was sent nothing has to be reversed", async () => {
  const bench = await signedIn();
  bench.world.reception = "refused";
  assert.equal(await sell(bench, bench.authorising()), { kind: "noAnswer", sent: false });
  bench.world.reception = "stands";
  bench.changes["0200"] = "silent";
  assert.equal(await sell(bench, bench.authorising()), { kind: "noAnswer", sent: true });
});

test("without a sign-in nothing is authorised", async () => {
  const bench = new Bench();
  const transaction = bench.authorising();
  let error: unknown;
  try {
    await bench.world.settle(bench.acquirer.authorise(transaction, cardOf("chip")));
  } catch (thrown) {
    error = thrown;
  }
  assert.instance(error, MissingKeyError);
  assert.is(bench.world.opened, 0);
});

test("a reversal keeps the STAN and drops the tracks, the PIN and the reference number", async () => {
  const bench = await signedIn();
  const transaction = bench.journal.advance(bench.authorising(), "reversing", {
    reversalReason: "A0",
    hostDate: "0101",
    authorisationCode: "654321",
    referenceNumber: "010112000001",
  });
  const outcome = await bench.world.settle(bench.acquirer.reverse(transaction));
  assert.equal(outcome, { kind: "reversed", responseCode: "00" });
  const request = bench.requests[1];
  assert.is(request?.mti, "0400");
  const { 64: mac, ...fields } = shown(request);
  assert.is(mac?.length, 16);
  assert.equal(fields, {
    2: pan,
    3: "000000",
    4: "000000001234",
    11: "000002",
    14: "3012",
    22: "051",
    23: "001",
    25: "00",
    38: "654321",
    39: "A0",
    41: "12345678",
    42: "898310172991001",
    49: "156",
    55: "950500000080009F36020001",
    60: "22000001000600",
    61: "0000010000020101",
  });
});

test("00 and 12 end a reversal, 25 of the same day too, other answers dispute it, and only a right MAC counts", async () => {
  const cases: readonly (readonly [Change | "silent", object])[] = [
    [{ fields: { 39: "00" } }, { kind: "reversed", responseCode: "00" }],
    [{ fields: { 39: "12" } }, { kind: "reversed", responseCode: "12" }],
    [{ fields: { 39: "25" } }, { kind: "reversed", responseCode: "25" }],
    [{ fields: { 39: "25", 13: "0102" } }, { kind: "disputed", responseCode: "25" }],
    [{ fields: { 39: "25", 13: undefined } }, { kind: "disputed", responseCode: "25" }],
    [{ fields: { 39: "64" } }, { kind: "disputed", responseCode: "64" }],
    [{ fields: { 39: "68" } }, { kind: "noAnswer" }],
    [{ fields: { 39: "91" } }, { kind: "noAnswer" }],
    [{ fields: { 39: "96" } }, { kind: "noAnswer" }],
    [{ fields: { 39: "98" } }, { kind: "noAnswer" }],
    [{ fields: { 39: "A0" } }, { kind: "noAnswer" }],
    [{ mac: "wrong" }, { kind: "noAnswer" }],
    [{ mac: "missing" }, { kind: "noAnswer" }],
    [{ fields: { 11: "000009" } }, { kind: "noAnswer" }],
    [{ fields: { 4: "000000000001" } }, { kind: "noAnswer" }],
    ["silent", { kind: "noAnswer" }],
  ];
  for (const [change, expected] of cases) {
    const bench = await signedIn();
    bench.changes["0400"] = change;
    const transaction = bench.journal.advance(bench.authorising(), "reversing");
    assert.equal(await bench.world.settle(bench.acquirer.reverse(transaction)), expected);
  }
});

test("near midnight a 25 is not believed: the host may have the original on the day before", async () => {
  const minutes = 60_000;
  const midnight = Date.UTC(1970, 0, 1, 16);
  for (const [startedAt, kind] of [
    [midnight + minutes, "disputed"],
    [midnight - minutes, "disputed"],
    [midnight + 16 * minutes, "reversed"],
  ] as const) {
    const bench = await signedIn();
    bench.changes["0400"] = { fields: { 39: "25", 13: "0102" } };
    const transaction = bench.journal.advance(bench.authorising(), "reversing");
    assert.is((await bench.world.settle(bench.acquirer.reverse({ ...transaction, startedAt }))).kind, kind);
  }
});

test("a reversal names the day of its original also where the host never said it", async () => {
  const bench = await signedIn();
  const transaction = bench.journal.advance(bench.authorising(), "reversing");
  const startedAt = Date.UTC(2026, 10, 23, 16, 30);
  await bench.world.settle(bench.acquirer.reverse({ ...transaction, startedAt }));
  assert.is(shown(bench.requests[1])[61], "0000010000021124");
});

test("echo and sign-out are confirmed by the host alone", async () => {
  const bench = await signedIn();
  assert.ok(await bench.world.settle(bench.acquirer.echo()));
  assert.is(shown(bench.requests[1])[60], "00000001301");
  bench.changes["0820"] = "silent";
  assert.not.ok(await bench.world.settle(bench.acquirer.signOut()));
  assert.is(shown(bench.requests[2])[60], "00000001002");
  assert.not.ok(bench.acquirer.signedIn);
});

test.run();
