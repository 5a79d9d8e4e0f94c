import { test } from "uvu";
import * as assert from "uvu/assert";
import { same } from "#native/derive";
import { load, open } from "#native/vault";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { aesDerivationKey, aesDukptUsage, aesWorkingKey } from "../../../firmware/vault/dukpt-aes.ts";
import { aesDukpt, counterOf, nextCounter, tdesDukpt, withCounter } from "../../../firmware/vault/dukpt-counter.ts";
import { tdesTransactionKey, tdesWorkingKey } from "../../../firmware/vault/dukpt-tdes.ts";

const isFormat = (error: unknown): boolean => error instanceof FormatError;
const serial = hexToBytes("FFFF9876543210E00000");

test("every counter with few enough ones comes, none twice, and then no more", () => {
  const small = { serialLength: 10, counterBits: 12, mostOnes: 4 };
  const seen: number[] = [];
  for (let next = nextCounter(small, 0); next !== undefined; next = nextCounter(small, next)) seen.push(next);
  assert.is(seen.length, 12 + 66 + 220 + 495);
  assert.ok(seen.every((counter, place) => place === 0 || counter > seen[place - 1]!));
  assert.is(seen[seen.length - 1], 0xf00);
  assert.is(nextCounter(tdesDukpt, 0x1ff800), undefined);
  assert.is(nextCounter(tdesDukpt, 0x1ff400), 0x1ff800);
});

test("counters with many ones are stepped over and refused", () => {
  assert.is(nextCounter(tdesDukpt, 0x3fe), 0x3ff);
  assert.is(nextCounter(tdesDukpt, 0x3ff), 0x400);
  assert.is(nextCounter(tdesDukpt, 0x7fe), 0x800);
  assert.is(nextCounter(aesDukpt, 0xffff), 0x10000);
  assert.is(nextCounter(aesDukpt, 0x1fffe), 0x20000);
  assert.is(nextCounter(aesDukpt, 0xffff0000), undefined);
  assert.is(nextCounter(aesDukpt, 0x7fff8000), 0x80000000);
  assert.throws(() => counterOf(tdesDukpt, hexToBytes("FFFF9876543210E007FF")), isFormat);
  assert.throws(() => counterOf(aesDukpt, hexToBytes("12345678901234560001FFFF")), isFormat);
  for (const length of [0, 9, 11, 12]) assert.throws(() => counterOf(tdesDukpt, new Uint8Array(length)), isFormat);
  for (const length of [0, 10, 13]) assert.throws(() => counterOf(aesDukpt, new Uint8Array(length)), isFormat);
});

test("a counter changes the counter's bits of a serial number and no other", () => {
  assert.is(bytesToHex(withCounter(tdesDukpt, serial, 0x1ff800)), "FFFF9876543210FFF800");
  assert.is(bytesToHex(withCounter(tdesDukpt, hexToBytes("FFFF9876543210FFF800"), 1)), "FFFF9876543210E00001");
  assert.is(bytesToHex(withCounter(aesDukpt, new Uint8Array(12), 0xffff0000)), "0000000000000000FFFF0000");
});

test("no transaction has the initial key", () => {
  const memory = open(2);
  load(memory, 0, new Uint8Array(16).fill(7));
  assert.throws(() => tdesTransactionKey(memory, 0, serial, 1), isFormat);
  assert.throws(() => aesDerivationKey(memory, 0, new Uint8Array(12), 1), isFormat);
});

test("no two working keys of one transaction are the same", () => {
  const memory = open(8);
  load(memory, 0, hexToBytes("6AC292FAA1315B4D858AB3A3D7D5933A"));
  tdesTransactionKey(memory, 0, hexToBytes("FFFF9876543210E00001"), 1);
  const usages = ["pin", "macRequest", "macResponse", "dataRequest", "dataResponse"] as const;
  for (const [place, usage] of usages.entries()) tdesWorkingKey(memory, 1, usage, 2 + place);
  for (let one = 1; one < 7; one++) {
    for (let other = one + 1; other < 7; other++) assert.not(same(memory, one, other), `${one} ${other}`);
  }
});

test("no AES working key is longer than what it comes from", () => {
  const memory = open(3);
  const ksn = hexToBytes("123456789012345600000001");
  load(memory, 0, new Uint8Array(16).fill(7));
  aesDerivationKey(memory, 0, ksn, 1);
  aesWorkingKey(memory, 1, aesDukptUsage.pin, "AES128", ksn, 2);
  assert.throws(() => aesWorkingKey(memory, 1, aesDukptUsage.pin, "AES192", ksn, 2), isFormat);
  assert.throws(() => aesWorkingKey(memory, 1, aesDukptUsage.pin, "AES256", ksn, 2), isFormat);
});

test.run();
