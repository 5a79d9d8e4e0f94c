/** Every field of every message changed: the host answers with a code or not at all, and its books balance. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hex } from "../../simulator/acquirer/bytes.ts";
import type { AcquirerHost } from "../../simulator/acquirer/host.ts";
import { decodeMessage, encodeMessage, type Fields } from "../../simulator/acquirer/iso8583/codec.ts";
import { toCbor } from "../../simulator/acquirer/private-cbor.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { type Chance, changedField } from "../fuzz/host/field-values.ts";
import { card, newHost, startChip, Till } from "./till.ts";

const MAC_ROOM = "00".repeat(8);
const SEED = 20_261_127;

interface Question {
  readonly mti: string;
  readonly fields: Fields;
}

/** One message of every kind that a terminal sends, on a host that has something to refer to. */
function everyMessage(till: Till): Question[] {
  const sell = (amount: number): Fields => {
    const fields = till.saleFields({ amount, card: "magstripe-credit", pin: "123456" });
    return { ...fields, ...till.send("0200", fields).fields, 35: fields[35] };
  };
  const sold = sell(1_000);
  const chip = startChip(card("unionpay-chip-credit").chip!, 1_500).field55;
  const sale = till.saleFields({ amount: 1_500, card: "unionpay-chip-credit", pin: "123456", chip });
  const hold = {
    ...till.saleFields({ amount: 9_000, card: "magstripe-credit", pin: "123456" }),
    3: "030000",
    25: "06",
    60: `10${till.batch}000500`,
  };
  const held = { ...hold, ...till.send("0100", hold).fields };
  const management = (code: string, others: Fields = {}) => ({
    11: till.nextStan(),
    ...till.identity,
    60: `00${till.batch}${code}`,
    64: MAC_ROOM,
    ...others,
  });
  const named = `${till.batch}${sold[11]}1123`;
  const detail = `0100${sold[11]}0000${sold[2]}000000001000`;
  return [
    { mti: "0200", fields: sale },
    { mti: "0200", fields: { ...sale, 3: "310000", 60: `01${till.batch}000501`, 11: till.nextStan() } },
    { mti: "0100", fields: { ...hold, 11: till.nextStan() } },
    { mti: "0200", fields: till.followUp("23", "200000", "00", sold, 1_000) },
    { mti: "0220", fields: till.followUp("25", "200000", "00", sold, 400) },
    { mti: "0220", fields: till.followUp("34", "000000", "00", sold, 1_100) },
    {
      mti: "0220",
      fields: { ...till.saleFields({ amount: 50, card: "magstripe-credit" }), 60: `30${till.batch}000500` },
    },
    { mti: "0200", fields: till.followUp("20", "000000", "06", held, 9_000) },
    { mti: "0100", fields: till.followUp("11", "200000", "06", held, 9_000) },
    {
      mti: "0400",
      fields: {
        2: sold[2],
        3: "000000",
        4: sold[4],
        11: sold[11],
        22: "021",
        25: "00",
        39: "98",
        ...till.identity,
        49: "156",
        60: `22${till.batch}000500`,
        64: MAC_ROOM,
      },
    },
    { mti: "0500", fields: management("201", { 48: "0".repeat(62), 49: "156" }) },
    { mti: "0320", fields: management("201", { 48: detail }) },
    { mti: "0320", fields: management("203", { 2: sold[2], 4: sold[4], 22: "051", 55: chip, 61: named }) },
    { mti: "0320", fields: management("202", { 48: "0001" }) },
    { mti: "0620", fields: management("951", { 2: sold[2], 55: "95050000000000DF31052000000000", 61: named }) },
    { mti: "0600", fields: management("961", { 61: named }) },
    {
      mti: "0600",
      fields: management("962", { 62: `000000010000000109${hex(toCbor({ batch: 1, pan: new Uint8Array(16) }))}` }),
    },
    { mti: "0600", fields: management("963", { 62: "00000000" }) },
    { mti: "0600", fields: management("964", { 62: "00000000" }) },
    { mti: "0600", fields: management("965", { 62: hex(toCbor({ have: "", offset: 0 })) }) },
    { mti: "0600", fields: management("966") },
    { mti: "0600", fields: management("968", { 2: sold[2] }) },
    { mti: "0610", fields: { 11: "000001", ...till.identity, 39: "00", 60: `00${till.batch}967`, 64: MAC_ROOM } },
    { mti: "0820", fields: management("372", { 62: "313030" }) },
    { mti: "0800", fields: management("370", { 62: "9F0605A0000003339F2201E1" }) },
    { mti: "0800", fields: management("380", { 62: "9F0608A000000333010101" }) },
    { mti: "0820", fields: { 11: till.nextStan(), ...till.identity, 60: `00${till.batch}301` } },
  ];
}

function balanced(host: AcquirerHost): void {
  assert.equal(host.ledger.sums(), { CNY: 0, USD: 0 });
  for (const [name, { held }] of Object.entries(host.ledger.accounts())) assert.ok(held >= 0, name);
}

test("a message with any field changed, added or left out is answered with a code or not at all", () => {
  const random = new SeededRandom(SEED, "mutation");
  const chance: Chance = (below) => Math.floor((Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32) * below);
  const codes = new Map<string, number>();
  let messages = 0;
  for (let round = 0; round < 12; round += 1) {
    const { host } = newHost();
    const till = new Till(host);
    till.signIn();
    const questions = everyMessage(till);
    for (const { mti, fields } of questions) {
      const numbers = [...new Set([...Object.keys(fields).map(Number), 2, 4, 35, 38, 48, 52, 55, 61, 62])].filter(
        (number) => number !== 64,
      );
      for (const number of numbers) {
        const value = changedField(number, fields[number] ?? "", chance);
        const answer = till.sendRaw(mti, { ...fields, [number]: value });
        messages += 1;
        const code = answer ? decodeMessage(answer).fields[39]! : "silent";
        assert.match(code, /^([0-9A-Z]{2}|silent)$/);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
    }
    balanced(host);
  }
  assert.ok(messages > 3_000, `${messages} messages`);
  assert.ok(codes.size > 10, [...codes.keys()].join(" "));
});

test("a message with any byte changed, cut or stretched is answered with a code or not at all", () => {
  const random = new SeededRandom(SEED, "bytes");
  const chance: Chance = (below) => Math.floor((Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32) * below);
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const before = host.ledger.entries().length;
  const questions = everyMessage(till);
  const own = host.ledger.entries().length;
  assert.ok(own > before);
  for (let round = 0; round < 4_000; round += 1) {
    const { mti, fields } = questions[chance(questions.length)]!;
    const bytes = encodeMessage({ tpdu: "6000030001", header: "602200000000", mti, fields });
    const spoilt = [
      () => bytes.map((byte, at) => (at === round % bytes.length ? byte ^ (1 << chance(8)) : byte)),
      () => bytes.slice(0, chance(bytes.length)),
      () => Uint8Array.from([...bytes, ...random.bytes(chance(40))]),
      () => random.bytes(chance(300)),
    ][chance(4)]!();
    const answer = host.receive(spoilt);
    if (answer) assert.match(decodeMessage(answer).fields[39] ?? "", /^[0-9A-Z]{2}$/);
  }
  assert.is(host.ledger.entries().length, own);
  balanced(host);
});

test.run();
