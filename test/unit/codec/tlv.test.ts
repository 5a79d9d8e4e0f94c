import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import {
  encodeTlv,
  findAllTags,
  findTag,
  isTag,
  parseOneTlv,
  parseTlv,
  type Tlv,
  type TlvInput,
  tagValue,
} from "../../../firmware/codec/tlv.ts";
import { Seeded } from "../seeded.ts";
import { refusesEveryPrefix, survives, survivesChanges } from "./hostile.ts";

const hex = hexToBytes;

/** A PPSE response (EMV Contactless Book B, 3.3.1) with two applications. */
const ppse = hex(
  "6F3E840E325041592E5359532E4444463031A52CBF0C29" +
    "61124F07A0000000031010870101500456495341" +
    "61134F07A0000000041010870102500548454C4C4F",
);

test("a response is read to a tree whose values are views of the input", () => {
  const response = parseOneTlv(ppse);
  assert.is(response.tag, 0x6f);
  assert.is(findAllTags([response], 0x61).length, 2);
  assert.equal(tagValue([response], 0x4f), hex("A0000000031010"));
  assert.is(findTag([response], 0x84)?.value.buffer, ppse.buffer);
});

test("the first object with a tag is found before later ones, children before followers", () => {
  const objects = parseTlv(hex("E0035A0101 5A0102".replace(" ", "")));
  assert.equal(tagValue(objects, 0x5a), hex("01"));
  assert.is(tagValue(objects, 0x9f02), undefined);
});

test("zero bytes before, between, inside and after objects have no meaning", () => {
  const objects = parseTlv(hex("0000E00600005A010100009C01000000"));
  assert.equal(
    objects.map((object) => object.tag),
    [0xe0, 0x9c],
  );
  assert.is(findTag(objects, 0x5a)?.value.length, 1);
});

test("a one-byte length may say 255 where lengths are simple", () => {
  const value = new Uint8Array(255).fill(0xee);
  const bytes = encodeTlv(
    [
      { tag: 0x9f02, value },
      { tag: 0x9f03, value: hex("") },
    ],
    { simpleLength: true },
  );
  assert.is(bytes.length, 3 + 255 + 3);
  assert.equal(tagValue(parseTlv(bytes, { simpleLength: true }), 0x9f02), value);
  assert.throws(() => encodeTlv([{ tag: 0x9c, value: new Uint8Array(256) }], { simpleLength: true }), isFormatError);
});

test("tags are whole BER tags of up to four bytes", () => {
  for (const tag of [0x5a, 0x9f02, 0xbf0c, 0xdf8129, 0xdf818201]) assert.ok(isTag(tag), tag.toString(16));
  for (const tag of [0, -1, 1.5, 0x9f, 0x9f81, 0x9f0001, 0x5a5a, 0x1ffffffff])
    assert.not.ok(isTag(tag), tag.toString(16));
  assert.throws(() => parseTlv(hex("9F8182838400")), isFormatError);
});

test("a value for a constructed tag, or children for a primitive one, is not written", () => {
  assert.throws(() => encodeTlv([{ tag: 0x9c, children: [] }]), isFormatError);
  assert.throws(() => encodeTlv([{ tag: 0xe0, value: hex("") }]), isFormatError);
});

test("nesting without end is refused", () => {
  assert.throws(() => parseTlv(new Uint8Array(400).fill(0xe0).map((byte, i) => (i % 2 ? 0x7e : byte))), isFormatError);
  let node: TlvInput = { tag: 0xe0, children: [] };
  for (let i = 0; i < 8; i++) node = { tag: 0xe0, children: [node] };
  assert.throws(() => parseTlv(encodeTlv([{ tag: 0xe0, children: [node] }])), isFormatError);
});

test("an error names what was read and where, not the value", () => {
  try {
    parseTlv(hex("9C01FF5A084761"));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, FormatError);
    assert.is((error as FormatError).field, "tlv value");
    assert.is((error as FormatError).offset, 5);
    assert.not.match((error as FormatError).message, "4761");
  }
});

test("a response cut anywhere is refused", () => {
  refusesEveryPrefix(parseOneTlv, ppse);
});

test("a damaged or random response never breaks the reader", () => {
  const seeded = new Seeded(7);
  survivesChanges(parseTlv, ppse, seeded);
  for (let i = 0; i < 200; i++) survives(parseTlv, seeded.bytes(seeded.below(40)));
});

test("what is written is read back as it was", () => {
  const seeded = new Seeded(41);
  for (let i = 0; i < 60; i++) {
    const objects = tree(seeded, 3);
    const bytes = encodeTlv(objects);
    const read = parseTlv(bytes);
    assert.is(bytesToHex(encodeTlv(read.map(asInput))), bytesToHex(bytes));
  }
});

function tree(seeded: Seeded, depth: number): TlvInput[] {
  return Array.from(
    { length: seeded.below(4) },
    (): TlvInput =>
      depth > 0 && seeded.below(3) === 0
        ? { tag: seeded.pick([0x61, 0x70, 0x77, 0xbf0c]), children: tree(seeded, depth - 1) }
        : {
            tag: seeded.pick([0x5a, 0x82, 0x9f02, 0xdf8129]),
            value: seeded.bytes(seeded.pick([0, 1, 7, 127, 128, 300])),
          },
  );
}

function asInput(object: Tlv): TlvInput {
  return object.children === undefined
    ? { tag: object.tag, value: object.value }
    : { tag: object.tag, children: object.children.map(asInput) };
}

function isFormatError(error: unknown): boolean {
  return error instanceof FormatError;
}

test("a card cannot fill the heap with empty objects: 128 are read, one more is none", () => {
  assert.is(parseTlv(hexToBytes("C100".repeat(128))).length, 128);
  for (const bytes of ["C100".repeat(129), `70820102${"C100".repeat(129)}`]) {
    assert.throws(
      () => parseTlv(hexToBytes(bytes)),
      (error: unknown) => error instanceof FormatError,
    );
  }
});

test.run();
