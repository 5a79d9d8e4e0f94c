/** Holds firmware/codec/iso8583.ts to published messages (kind `iso8583`). */
import { bytesToInteger, integerToBytes } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { decodeMessage, encodeMessage, type FieldValue, type Message } from "../../../firmware/codec/iso8583.ts";
import { bitmapToNumbers, numbersToBitmap } from "../../../firmware/codec/iso8583-bitmap.ts";
import type { Packager } from "../../../firmware/codec/iso8583-packager.ts";
import { bytesToLatin1, latin1ToBytes } from "../../../firmware/codec/text.ts";
import { asFields, bytes, compareText, type Fields, firstOf, integer, judge, text, type Verdict } from "./case.ts";
import { packagersOf } from "./iso8583-encoding.ts";

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  switch (fields.op) {
    case "bitmap":
      return judge(fields, isRefusal, () => checkBitmap(fields));
    case "lengthHeader":
      return judge(fields, isRefusal, () => checkLengthHeader(fields));
    case undefined:
      return checkMessage(fields);
    default:
      return `unknown operation ${String(fields.op)}`;
  }
}

const isRefusal = (error: unknown): boolean => error instanceof FormatError || error instanceof RangeError;

function checkBitmap(fields: Fields): Verdict {
  const bitmap = bytes(fields, "bitmap");
  const expected = fields.fieldsPresent as readonly number[];
  return firstOf([
    compareText("fieldsPresent", expected.join(" "), bitmapToNumbers(bitmap).join(" ")),
    compareText("bitmap", bytesToHex(bitmap), bytesToHex(numbersToBitmap(expected, bitmap.length))),
  ]);
}

function checkLengthHeader(fields: Fields): Verdict {
  const header = bytes(fields, "header");
  const length = integer(fields, "length");
  return firstOf([
    compareText("length", String(length), String(bytesToInteger(header))),
    compareText("header", bytesToHex(header), bytesToHex(integerToBytes(length, header.length))),
  ]);
}

/** Where a case leaves the packing open, one that fits is enough; a message to refuse must be refused in all. */
function checkMessage(fields: Fields): Verdict {
  const encoding = fields.encoding === undefined ? undefined : asFields(fields.encoding);
  const verdicts = packagersOf(encoding, String(fields.version ?? "")).map((packager) =>
    judge(
      fields,
      (error) => error instanceof FormatError,
      () => checkPacking(fields, packager),
    ),
  );
  return fields.valid !== false && verdicts.includes(undefined) ? undefined : firstOf(verdicts);
}

function checkPacking(fields: Fields, packager: Packager): Verdict {
  const packed = body(fields);
  const message = decodeMessage(packager, packed);
  return firstOf([
    compareText("mti", text(fields, "mti"), message.mti),
    checkFrame(fields),
    "messageAscii" in fields
      ? compareText("messageAscii", text(fields, "messageAscii"), bytesToLatin1(packed))
      : undefined,
    compareFields(asFields(fields.fields), message),
    compareSubfields(fields, message),
    compareText("encoded", bytesToHex(packed), bytesToHex(encodeMessage(packager, message))),
  ]);
}

/** The message without bytes that the case calls trailing. */
function body(fields: Fields): Uint8Array {
  const whole = bytes(fields, "message");
  const trailing = "trailing" in fields ? bytes(fields, "trailing").length : 0;
  return whole.subarray(0, whole.length - trailing);
}

function checkFrame(fields: Fields): Verdict {
  if (!("frame" in fields)) {
    return undefined;
  }
  const parts = ["tpdu", "header", "message"].map((name) => (name in fields ? text(fields, name) : ""));
  const frame = text(fields, "frame").toUpperCase();
  const content = parts.join("").toUpperCase();
  const length = bytesToHex(integerToBytes(content.length / 2, 2));
  return frame === content || frame === length + content ? undefined : "frame: not its parts";
}

function compareFields(expected: Fields, message: Message): Verdict {
  const extra = [...message.fields.keys()].find((number) => number !== 1 && !(String(number) in expected));
  if (extra !== undefined) {
    return `field ${extra}: not expected`;
  }
  return firstOf(
    Object.keys(expected).map((name) => {
      const value = message.fields.get(Number(name));
      if (value === undefined) {
        return `field ${name}: missing`;
      }
      return matches(text(expected, name), value) ? undefined : `field ${name}: differs`;
    }),
  );
}

/** Cases give text as it is and bytes in hexadecimal; a track's separator is `=` or D. */
function matches(expected: string, value: FieldValue): boolean {
  const asText = typeof value === "string" ? value : bytesToLatin1(value);
  return (
    expected === asText ||
    expected.replace("D", "=") === asText.replace("D", "=") ||
    expected.toUpperCase() === bytesToHex(latin1ToBytes(asText))
  );
}

/** `subfields59`: the parts of field 59, one after another. */
function compareSubfields(fields: Fields, message: Message): Verdict {
  return firstOf(
    Object.keys(fields)
      .filter((name) => name.startsWith("subfields"))
      .map((name) => {
        const value = message.fields.get(Number(name.slice("subfields".length))) ?? "";
        const parts = fields[name] as readonly string[];
        return matches(parts.join(""), value) ? undefined : `${name}: differ`;
      }),
  );
}
