import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32, sha256 } from "#native/digest";
import { concat } from "../../../firmware/codec/bytes.ts";
import { encodeCbor } from "../../../firmware/codec/cbor.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { readParameters } from "../../../firmware/update/parameter-check.ts";
import { ParameterStore } from "../../../firmware/update/store.ts";
import { type FlashOperation, NorFlash, program } from "../journal/nor-flash.ts";
import { Seeded } from "../seeded.ts";

const blockLength = 512;

function parameters(saleLimit: number): Uint8Array {
  return encodeCbor({
    terminalId: "12345678",
    merchantId: "898310172991001",
    merchantName: { zh: "店", en: "Shop" },
    saleLimit,
  });
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

/** As the factory leaves the partition. */
function made(): NorFlash {
  const flash = NorFlash.blank(4, blockLength);
  const cbor = parameters(1);
  flash.write(concat([asciiToBytes("XPAR"), littleEndian(cbor.length), cbor, littleEndian(crc32(cbor))]), 0);
  return flash;
}

/** A download from its first byte to its end, in pieces of 40 bytes. */
function download(flash: NorFlash, saleLimit: number, version: string): void {
  const store = new ParameterStore(flash);
  const cbor = parameters(saleLimit);
  store.clear();
  for (let offset = 0; offset < cbor.length; offset += 40) store.write(cbor.subarray(offset, offset + 40), offset);
  const loaded = store.loaded(cbor.length, sha256(cbor));
  assert.ok(loaded);
  store.use(loaded, version);
}

const limitOf = (flash: NorFlash): number | undefined => readParameters(flash)?.saleLimit;

test("parameters that were downloaded are the ones of the next start, again and again", () => {
  const flash = made();
  assert.is(new ParameterStore(flash).version, "");
  for (const limit of [2, 3, 4, 5]) {
    download(flash, limit, `version ${limit}`);
    assert.is(limitOf(flash), limit);
    assert.is(new ParameterStore(flash).version, `version ${limit}`);
  }
});

test("a download counts for nothing before it is made the one in use", () => {
  const flash = made();
  const store = new ParameterStore(flash);
  const cbor = parameters(2);
  store.clear();
  store.write(cbor, 0);
  assert.ok(store.loaded(cbor.length, sha256(cbor)));
  assert.is(limitOf(flash), 1);
});

test("a download with another digest than was told is not handed out", () => {
  const store = new ParameterStore(made());
  const cbor = parameters(2);
  store.clear();
  store.write(cbor, 0);
  assert.is(store.loaded(cbor.length, sha256(parameters(3))), undefined);
  assert.is(store.loaded(cbor.length - 1, sha256(cbor)), undefined);
  assert.is(store.loaded(1 << 20, sha256(cbor)), undefined);
});

test("a bank takes no more than it has room for", () => {
  const store = new ParameterStore(made());
  assert.is(store.room, 2 * blockLength - 8 - 4 - 64);
  store.clear();
  assert.throws(() => store.write(new Uint8Array(2), store.room - 1), /bank/);
});

test("parameters of the factory that lie over both banks leave no room for a download, and are not erased", () => {
  const flash = NorFlash.blank(4, blockLength);
  const cbor = encodeCbor({
    terminalId: "12345678",
    merchantId: "898310172991001",
    merchantName: { zh: "店", en: "Shop" },
    exceptionFile: Array.from({ length: 20 }, () => "AB".repeat(32)),
  });
  flash.write(concat([asciiToBytes("XPAR"), littleEndian(cbor.length), cbor, littleEndian(crc32(cbor))]), 0);
  const store = new ParameterStore(flash);
  assert.is(readParameters(flash)?.exceptionFile.length, 20);
  assert.is(store.room, 0);
  assert.throws(() => store.clear(), /no second bank/);
});

/** What the flash holds when the power goes in the middle of an operation. */
function torn(operation: FlashOperation, random: Seeded): NorFlash {
  const bytes = operation.before.slice();
  if (operation.kind === "program") {
    const whole = random.below(operation.bytes.length + 1);
    program(bytes, operation.bytes.subarray(0, whole), operation.offset);
    if (whole < operation.bytes.length) bytes[operation.offset + whole]! &= operation.bytes[whole]! | random.below(256);
  } else {
    for (let at = operation.offset; at < operation.offset + blockLength; at++) {
      if (random.below(2) === 0) bytes[at] = 0xff;
      else bytes[at]! |= random.below(256);
    }
  }
  return new NorFlash(bytes, blockLength);
}

test("a power cut in any operation of a download leaves the old parameters or the new ones, and the next download works", () => {
  const random = new Seeded(7);
  for (const before of [0, 1, 2]) {
    const flash = made();
    for (let limit = 2; limit < 2 + before; limit++) download(flash, limit, `version ${limit}`);
    const old = limitOf(flash);
    const operations: FlashOperation[] = [];
    flash.onOperation = (operation) => operations.push(operation);
    download(flash, 9, "version 9");
    assert.ok(operations.length > 6);
    for (const operation of operations) {
      for (let tear = 0; tear < 8; tear++) {
        const cut = torn(operation, random);
        const found = limitOf(cut);
        assert.ok(found === old || found === 9, `cut in ${operation.kind} at ${operation.offset}: ${found}`);
        download(cut, 10, "version 10");
        assert.is(limitOf(cut), 10);
      }
    }
  }
});

test.run();
