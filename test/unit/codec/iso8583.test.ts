import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { decodeMessage, encodeMessage, type FieldValue } from "../../../firmware/codec/iso8583.ts";
import { fixed, ll, lll, type Packager } from "../../../firmware/codec/iso8583-packager.ts";
import { latin1ToBytes } from "../../../firmware/codec/text.ts";
import { Seeded } from "../seeded.ts";
import { refusesEveryPrefix, survives, survivesChanges } from "./hostile.ts";

const fields = {
  2: { ...ll("n", 19), secret: true },
  3: fixed("n", 6),
  4: fixed("n", 12),
  11: fixed("n", 6),
  22: fixed("n", 3),
  23: { ...fixed("n", 3), encoding: "bcd-right" },
  28: fixed("x+n", 9),
  35: ll("z", 37),
  39: fixed("an", 2),
  41: fixed("ans", 8),
  52: fixed("b", 8),
  55: lll("b", 255),
  60: lll("n", 20),
  63: lll("ans", 200),
  70: fixed("n", 3),
  128: fixed("b", 8),
} as const;

const packed: Packager = {
  mti: "bcd",
  bitmap: "binary",
  length: "bcd",
  numeric: "bcd-left",
  text: "ascii",
  track: "bcd-left",
  binary: "binary",
  fields,
};

const printable: Packager = {
  mti: "ascii",
  bitmap: "hex",
  length: "ascii",
  numeric: "ascii",
  text: "ascii",
  track: "ascii",
  binary: "hex",
  fields: { ...fields, 23: fixed("n", 3) },
};

const mainframe: Packager = {
  ...printable,
  mti: "ebcdic",
  bitmap: "binary",
  length: "ebcdic",
  numeric: "ebcdic",
  text: "ebcdic",
  track: "ebcdic",
  binary: "binary",
};

const sale = new Map<number, FieldValue>([
  [2, latin1ToBytes("6228480000000001117")],
  [3, "000000"],
  [4, "000000001234"],
  [11, "000452"],
  [22, "051"],
  [23, "001"],
  [28, "D00000100"],
  [35, "6228480000000001117=30122011234567890"],
  [39, "00"],
  [41, "80879888"],
  [52, hexToBytes("0102030405060708")],
  [55, hexToBytes("9F2608A1A2A3A4A5A6A7A89F2701809F3602001C")],
  [60, "22000001000601"],
  [63, "CUP"],
]);

test("odd digits stand left or right, as the field says", () => {
  const message = new Map<number, FieldValue>([
    [22, "051"],
    [23, "001"],
  ]);
  assert.is(bytesToHex(encodeMessage(packed, { mti: "0200", fields: message })), "0200000006000000000005100001");
});

test("track data is packed with D for its separator and read back with its own", () => {
  const message = { mti: "0200", fields: new Map<number, FieldValue>([[35, "12=34"]]) };
  const bytes = encodeMessage(packed, message);
  assert.is(bytesToHex(bytes), "02000000000020000000" + "05" + "12D340");
  assert.is(decodeMessage(packed, bytes).fields.get(35), "12=34");
});

test("a card number comes as bytes that can be wiped", () => {
  const read = decodeMessage(packed, encodeMessage(packed, { mti: "0200", fields: sale }));
  assert.instance(read.fields.get(2), Uint8Array);
  assert.type(read.fields.get(35), "string");
});

for (const [name, packager] of Object.entries({ packed, printable, mainframe })) {
  test(`a sale survives writing and reading, ${name}`, () => {
    const bytes = encodeMessage(packager, { mti: "0200", fields: sale });
    const read = decodeMessage(packager, bytes);
    assert.is(read.mti, "0200");
    assert.equal([...read.fields], [...sale]);
  });

  test(`a message cut anywhere is refused, ${name}`, () => {
    const read = (bytes: Uint8Array) => decodeMessage(packager, bytes);
    const bytes = encodeMessage(packager, { mti: "0210", fields: sale });
    refusesEveryPrefix(read, bytes);
    survivesChanges(read, bytes, new Seeded(11));
  });

  test(`random bytes never break the reader, ${name}`, () => {
    const seeded = new Seeded(13);
    for (let i = 0; i < 100; i++) survives((bytes) => decodeMessage(packager, bytes), seeded.bytes(seeded.below(80)));
  });
}

test("a field above 64 brings the second bitmap", () => {
  const message = new Map<number, FieldValue>([
    [70, "301"],
    [128, new Uint8Array(8)],
  ]);
  const bytes = encodeMessage(packed, { mti: "0800", fields: message });
  assert.is(bytesToHex(bytes), "0800" + "8000000000000000" + "0400000000000001" + "3010" + "0000000000000000");
  assert.equal([...decodeMessage(packed, bytes).fields.keys()], [1, 70, 128]);
});

test("a second bitmap that no field needs is kept", () => {
  const bytes = hexToBytes("0800" + "8000000002000000" + "0000000000000000" + "3030");
  assert.is(bytesToHex(encodeMessage(packed, decodeMessage(packed, bytes))), bytesToHex(bytes));
});

test("bytes after the message are refused", () => {
  const bytes = encodeMessage(packed, { mti: "0800", fields: new Map([[39, "00"]]) });
  assert.throws(() => decodeMessage(packed, Uint8Array.of(...bytes, 0)), refusal("message", bytes.length));
});

test("a field that the dialect does not have is refused by name", () => {
  assert.throws(() => decodeMessage(packed, hexToBytes("0800" + "0000000000000100" + "00")), refusal("field 56", 10));
  assert.throws(() => encodeMessage(packed, { mti: "0800", fields: new Map([[56, "1"]]) }), refusal("field 56", 0));
});

test("a field with a wrong value is refused with its place, never its value", () => {
  const bytes = hexToBytes("0800" + "2000000000000000" + "0000A0");
  assert.throws(() => decodeMessage(packed, bytes), refusal("field 3", 12));
  assert.throws(
    () => encodeMessage(packed, { mti: "0800", fields: new Map([[2, "6228x8"]]) }),
    (error: Error) => {
      assert.not.match(error.message, "6228");
      return refusal("field 2", 4)(error);
    },
  );
});

const wrong: readonly (readonly [string, number, FieldValue])[] = [
  ["a short fixed field", 4, "1234"],
  ["a long variable field", 60, "123456789012345678901"],
  ["letters among digits", 3, "00000A"],
  ["an amount without its sign", 28, "000000100"],
  ["text for bytes", 52, "12345678"],
  ["a character that needs two bytes", 63, "收款"],
];

for (const [name, number, value] of wrong) {
  test(`${name} is not written`, () => {
    assert.throws(
      () => encodeMessage(packed, { mti: "0200", fields: new Map([[number, value]]) }),
      (error: unknown) => error instanceof FormatError && error.field === `field ${number}`,
    );
  });
}

test("a type that is not four digits is not written", () => {
  for (const mti of ["", "020", "02000", "02A0"]) {
    assert.throws(
      () => encodeMessage(packed, { mti, fields: new Map() }),
      (error: unknown) => error instanceof FormatError,
    );
  }
});

test("messages with any fields survive writing and reading", () => {
  const seeded = new Seeded(17);
  for (let i = 0; i < 40; i++) {
    const some = new Map([...sale].filter(() => seeded.below(2) === 0));
    const bytes = encodeMessage(packed, { mti: "0200", fields: some });
    assert.equal([...decodeMessage(packed, bytes).fields], [...some]);
  }
});

function refusal(field: string, offset: number): (error: unknown) => boolean {
  return (error) => {
    assert.instance(error, FormatError);
    assert.equal([(error as FormatError).field, (error as FormatError).offset], [field, offset]);
    return true;
  };
}

test.run();
