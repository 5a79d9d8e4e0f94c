/** The private extension as the interface's table says: payment query, backup, restore, funds, parameters, news, spending. */
import { createHash } from "node:crypto";
import { decode, encode } from "cbor-x";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { concat, fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import type { Message } from "../../simulator/acquirer/iso8583/codec.ts";
import { decryptCbc, encryptCbc } from "../../simulator/acquirer/issuer/des.ts";
import { newHost, Till } from "./till.ts";

const PAN = "6228480001415550";
const HOUR = 3_600_000;

function open(index = 0) {
  const { host, time } = newHost();
  const till = new Till(host, index);
  till.signIn();
  const sell = (amount: number) => {
    const fields = till.saleFields({ amount, card: "magstripe-credit", pin: "123456" });
    return { ...fields, ...till.send("0200", fields).fields };
  };
  return { host, time, till, sell };
}

function number(value: number): Uint8Array {
  return fromHex(value.toString(16).padStart(8, "0"));
}

function map(answer: Message): Record<string, unknown> {
  assert.is(answer.fields[39], "00");
  return decode(fromHex(answer.fields[62]!)) as Record<string, unknown>;
}

const named = (fields: Readonly<Partial<Record<number, string>>>) => `${fields[60]!.slice(2, 8)}${fields[11]}1123`;

test("the host says what became of a payment: approved, declined, reversed, voided, settled, or that it never saw it", () => {
  const { till, sell } = open();
  const state = (field61: string) => map(till.askPrivate("961", undefined, { 61: field61 }));
  const sold = sell(1234);
  const known = state(named(sold));
  assert.equal(
    [known.state, known.amount, known.type, known.authorisationCode, known.referenceNumber, known.date, known.time],
    ["approved", 1234, "22", sold[38], sold[37], "1123", "100000"],
  );
  assert.equal(state("0000010009991123"), { state: "unknown" });
  assert.equal(state(`${named(sold).slice(0, 12)}1122`), { state: "unknown" });
  assert.is(state(named(sell(3_000_000))).state, "declined");
  const reversed = till.saleFields({ amount: 500, card: "magstripe-credit", pin: "123456" });
  till.send("0200", reversed);
  till.reverse(reversed);
  assert.is(state(named(reversed)).state, "reversed");
  const voided = sell(700);
  till.send("0200", till.followUp("23", "200000", "00", voided, 700));
  assert.is(state(named(voided)).state, "voided");
  till.ask("0320", "207");
  assert.is(state(named(sold)).state, "settled");
  assert.is(till.askPrivate("961").fields[39], "30");
});

test("the state of the money is one item a batch and part, with the transaction that changed it last", () => {
  const { till, sell } = open();
  const sold = sell(10_000);
  const answer = map(till.askPrivate("964", number(0)));
  assert.equal(answer, {
    last: 1,
    more: false,
    funds: [
      {
        number: 1,
        batch: 1,
        part: "payments",
        state: "inBatch",
        count: 1,
        amount: 10_000,
        fee: 60,
        net: 9_940,
        expected: "20261124",
        plan: "nextWorkingDay",
        latest: { stan: Number(sold[11]), amount: 10_000, fee: 60 },
      },
    ],
  });
  assert.equal(map(till.askPrivate("964", number(1))), { last: 1, more: false, funds: [] });
  assert.is(till.askPrivate("964").fields[39], "30");
});

test("more funds than fit one answer come in several, each item once", () => {
  const { till, sell } = open();
  for (let batch = 1; batch <= 12; batch += 1) {
    sell(100);
    till.ask("0320", "207");
    till.batch = String(batch + 1).padStart(6, "0");
  }
  const batches: number[] = [];
  let after = 0;
  let rounds = 0;
  for (let more = true; more; rounds += 1) {
    const answer = map(till.askPrivate("964", number(after)));
    for (const item of answer.funds as { batch: number }[]) batches.push(item.batch);
    after = answer.last as number;
    more = answer.more as boolean;
  }
  assert.ok(rounds > 1);
  assert.equal(batches, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("news arrive on a subscribed connection as the money moves, and again until they are confirmed", () => {
  const { host, till, sell, time } = open();
  sell(10_000);
  assert.is(till.askPrivate("966").fields[39], "00");
  const states = () =>
    till.news.map(({ fields }) => (decode(fromHex(fields[62]!)) as { funds: { state: string }[] }).funds[0]?.state);
  assert.equal(states(), ["inBatch"]);
  assert.equal([till.news[0]?.mti, till.news[0]?.fields[60]], ["0600", "00000001967"]);
  till.ask("0320", "207");
  assert.equal(states(), ["inBatch"]);
  assert.is(till.confirm(till.news[0]!), undefined);
  assert.equal(states(), ["inBatch", "processing"]);
  time.now = 61_000;
  till.confirm(till.news[1]!);
  time.now = 16 * HOUR;
  host.advance();
  assert.equal(states(), ["inBatch", "processing", "paidOut"]);
  till.askPrivate("966");
  assert.equal(states(), ["inBatch", "processing", "paidOut", "paidOut"]);
  host.gone(till.connection);
  till.batch = "000002";
  sell(100);
  assert.is(till.news.length, 4);
});

test("news carry a right MAC, and a confirmation with a wrong one confirms nothing", () => {
  const { till, sell } = open();
  till.askPrivate("966");
  sell(100);
  assert.is(till.news.length, 1);
  assert.ok(till.hasRightMac(till.news[0]!));
  till.sendRaw("0610", {
    11: till.news[0]!.fields[11],
    ...till.identity,
    39: "00",
    60: "00000001967",
    64: `${"00".repeat(7)}01`,
  });
  sell(100);
  assert.is(till.news.length, 1);
  till.confirm(till.news[0]!);
  assert.is(till.news.length, 2);
});

test("parameters come in blocks of one version whose digest is right, and empty where the terminal has it", () => {
  const { host, till } = open();
  assert.is(till.askPrivate("965", encode({ have: "", offset: 0 })).fields[39], "25");
  const bytes = Uint8Array.from({ length: 1500 }, (_, index) => index & 0xff);
  host.offerParameters(till.entry.terminal, "v2", bytes);
  const blocks: Uint8Array[] = [];
  let length = 0;
  for (let end = false; !end; ) {
    const answer = map(till.askPrivate("965", encode({ have: "v1", offset: length })));
    assert.equal([answer.version, answer.size], ["v2", 1500]);
    assert.is(hex(answer.sha256 as Uint8Array), createHash("sha256").update(bytes).digest("hex").toUpperCase());
    const block = answer.bytes as Uint8Array;
    end = block.length === 0;
    blocks.push(block);
    length += block.length;
  }
  assert.equal(hex(concat(...blocks)), hex(bytes));
  assert.is((map(till.askPrivate("965", encode({ have: "v2", offset: 0 }))).bytes as Uint8Array).length, 0);
  for (const bad of [encode({ have: 1, offset: 0 }), encode({ have: "", offset: -1 }), Uint8Array.of(0xff, 0x00)]) {
    assert.is(till.askPrivate("965", bad).fields[39], "30");
  }
});

test("a card's spending this month counts its purchases at this shop, refunds off, and nobody else's", () => {
  const { host, till, sell, time } = open();
  const spent = () => map(till.askPrivate("968", undefined, { 2: PAN }));
  assert.equal(spent(), { count: 0, amount: 0 });
  sell(1_000);
  const second = sell(2_000);
  till.send("0220", till.followUp("25", "200000", "00", second, 500));
  const branch = new Till(host, 2);
  branch.signIn();
  branch.sale({ amount: 5_000, card: "magstripe-credit", pin: "123456" });
  till.sale({ amount: 9_000, card: "unionpay-chip-credit", pin: "123456" });
  assert.equal(spent(), { count: 2, amount: 2_500 });
  time.now = 10 * 24 * HOUR;
  assert.equal(spent(), { count: 0, amount: 0 });
  assert.is(till.askPrivate("968", undefined, { 2: "6228480000000000" }).fields[39], "14");
});

// --- backup

const STATE_CONFIRMED = 9;
/** Bytes of a record's payload that fit both ways. */
const LONGEST = 987;

function token(till: Till, pan: string): Uint8Array {
  const clear = concat(Uint8Array.of(pan.length), fromHex(pan.padEnd(20, "F")), Uint8Array.of(1, 2, 3, 4, 5));
  return encryptCbc(till.trackKey, clear);
}

function payload(till: Till, batch: number, amount: number, chipBytes = 600): Uint8Array {
  const record = { type: "sale", batch, amount, startedAt: 1_795_400_000_000n, pan: Buffer.from(token(till, PAN)) };
  return new Uint8Array(encode({ ...record, maskedPan: "622848******5550", chipData: Buffer.alloc(chipBytes, 7) }));
}

function backup(till: Till, sequence: number, stan: number, state: number, bytes: Uint8Array): Message {
  return till.askPrivate("962", concat(number(sequence), number(stan), Uint8Array.of(state), bytes));
}

/** All that a restore brings: STAN, state, amount and card number of each record. */
function restored(till: Till): unknown[] {
  const records: unknown[] = [];
  let after = 0;
  for (let more = true; more; ) {
    const data = fromHex(till.askPrivate("963", number(after)).fields[62]!);
    more = data[0] === 1;
    for (let at = 1; at < data.length; ) {
      const length = (data[at]! << 8) | data[at + 1]!;
      const record = Buffer.from(data.slice(at + 2, at + 2 + length));
      const kept = decode(record.subarray(9)) as { amount: number; pan: Uint8Array };
      const clear = decryptCbc(till.trackKey, Uint8Array.from(kept.pan));
      after = record.readUInt32BE(0);
      records.push([record.readUInt32BE(4), record[8], kept.amount, hex(clear.slice(1, 11)).slice(0, clear[0])]);
      at += 2 + length;
    }
  }
  return records;
}

test("a backed-up batch is restored to a replaced terminal: the newest state of each, card numbers under its new key", () => {
  const { host, till } = open();
  assert.equal(backup(till, 10, 1, 2, payload(till, 1, 100)).fields[62], "0000000A");
  assert.equal(backup(till, 11, 2, 2, payload(till, 1, 200)).fields[62], "0000000B");
  assert.equal(backup(till, 12, 1, STATE_CONFIRMED, payload(till, 1, 100)).fields[62], "0000000C");
  assert.equal(backup(till, 10, 1, 2, payload(till, 1, 100)).fields[62], "0000000C");
  const replaced = new Till(host);
  replaced.signIn();
  assert.equal(restored(replaced), [
    [1, STATE_CONFIRMED, 100, PAN],
    [2, 2, 200, PAN],
  ]);
  assert.equal(backup(replaced, 1, 2, STATE_CONFIRMED, payload(replaced, 1, 200)).fields[62], "00000001");
  assert.equal(restored(replaced)[1], [2, STATE_CONFIRMED, 200, PAN]);
});

test("a record that does not read, is too long, or carries another terminal's token is refused", () => {
  const { host, till } = open();
  const other = new Till(host, 1);
  other.signIn();
  const refused = [
    Uint8Array.of(0xff),
    new Uint8Array(encode({ batch: 1 })),
    payload(other, 1, 100),
    new Uint8Array(encode({ batch: 1, pan: Buffer.alloc(15) })),
    payload(till, 1, 100, 601 + LONGEST - payload(till, 1, 100).length),
  ];
  for (const bytes of refused) assert.is(backup(till, 1, 1, 1, bytes).fields[39], "30");
  assert.equal(restored(till), []);
  const longest = payload(till, 1, 100, 600 + LONGEST - payload(till, 1, 100).length);
  assert.is(backup(till, 1, 1, 1, longest).fields[39], "00");
  assert.is(restored(till).length, 1);
});

test("what the host has of a closed batch is not restored", () => {
  const { till } = open();
  backup(till, 1, 1, STATE_CONFIRMED, payload(till, 1, 100));
  till.ask("0320", "207");
  assert.equal(restored(till), []);
  assert.is(backup(till, 2, 1, 13, payload(till, 1, 100)).fields[62], "00000002");
  assert.equal(restored(till), []);
});

test("a code that the table does not have is answered 40", () => {
  const { till } = open();
  assert.is(till.askPrivate("979").fields[39], "40");
});

test.run();
