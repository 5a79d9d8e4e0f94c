import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { TwoBanks } from "../../../firmware/flash/two-banks.ts";
import { NorFlash, program } from "../journal/nor-flash.ts";

const prefix = asciiToBytes("TEST");
const blockLength = 256;

function filled(flash: NorFlash, times: number): TwoBanks {
  const banks = new TwoBanks(flash, prefix);
  for (let count = 1; count <= times; count++) {
    banks.begin();
    flash.write(Uint8Array.of(count), banks.start + banks.first);
    banks.finish();
  }
  return banks;
}

/** What the bank that counts says; undefined where none does. */
function said(flash: NorFlash): number | undefined {
  const banks = new TwoBanks(flash, prefix);
  return banks.bank < 0 ? undefined : flash.read(1, banks.start + banks.first)[0];
}

test("a blank partition has no bank that counts, and looking changes nothing", () => {
  const flash = NorFlash.blank(2, blockLength);
  assert.is(said(flash), undefined);
  assert.ok(flash.bytes.every((byte) => byte === 0xff));
});

test("the bank that was finished last counts, in turn the one and the other", () => {
  const flash = NorFlash.blank(4, blockLength);
  assert.equal(
    [1, 2, 3].map((times) => filled(NorFlash.blank(4, blockLength), times).bank),
    [0, 1, 0],
  );
  filled(flash, 3);
  assert.is(said(flash), 3);
});

test("a header is prefix, sequence, check and mark, so that what older firmware has written still counts", () => {
  const flash = NorFlash.blank(2, blockLength);
  filled(flash, 1);
  // CRC-32 of "TEST" 01 00 00 00, made with Python's zlib
  assert.equal([...flash.read(16, 0)], [...prefix, 1, 0, 0, 0, 0xbc, 0x0c, 0x48, 0x5d, ...asciiToBytes("DONE")]);
});

test("a power cut at any byte of a change of banks leaves the one before or the one after counting", () => {
  const flash = NorFlash.blank(2, blockLength);
  filled(flash, 2);
  const before = flash.bytes.slice();
  const images: Uint8Array[] = [before];
  flash.onOperation = (operation) => {
    if (operation.kind === "program") {
      for (let length = 0; length <= operation.bytes.length; length++) {
        const image = operation.before.slice();
        program(image, operation.bytes.subarray(0, length), operation.offset);
        images.push(image);
      }
    } else {
      images.push(operation.before.slice());
    }
  };
  filled(flash, 1);
  const all = images.map((image) => said(new NorFlash(image, blockLength)));
  assert.ok(all.length > 30);
  assert.ok(all.every((value) => value === 2 || value === 1));
  assert.is(all.filter((value) => value === 1).length, 1);
});

test("the bank that was replaced is erased when asked for, and not twice", () => {
  const flash = NorFlash.blank(2, blockLength);
  const banks = filled(flash, 2);
  banks.clearOther();
  assert.ok(flash.read(blockLength, (1 - banks.bank) * blockLength).every((byte) => byte === 0xff));
  assert.is(said(flash), 2);
});

test("a wiped partition has no bank that counts", () => {
  const flash = NorFlash.blank(2, blockLength);
  filled(flash, 2).wipe();
  assert.is(said(flash), undefined);
});

test.run();
