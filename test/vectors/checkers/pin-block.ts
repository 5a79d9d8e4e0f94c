/** Holds firmware/vault's PIN blocks to published values (kind `pin-block`). */
import { decrypt, encrypt, load, open } from "#native/vault";
import { wipe, xor } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { algorithm } from "../../../firmware/crypto/algorithms.ts";
import { type DesFormat, decodePinBlock, encodePinBlock } from "../../../firmware/vault/pin-block.ts";
import {
  type AesBlock,
  decipherPinField,
  decodePinField,
  encipherPinField,
  encodePanField,
  encodePinField,
} from "../../../firmware/vault/pin-block-aes.ts";
import {
  asFields,
  bytes,
  compareBytes,
  compareText,
  type Fields,
  firstOf,
  integer,
  judge,
  text,
  type Verdict,
} from "./case.ts";

type Operation = (fields: Fields) => Verdict;

const desOperations: Readonly<Record<string, Operation>> = {
  encode: checkEncode,
  decode: checkDecode,
  "encode+decode": (fields) => firstOf([checkEncode(fields), checkDecode(fields)]),
};

const aesOperations: Readonly<Record<string, Operation>> = {
  pinField: checkPinField,
  panField: checkPanField,
  fields: (fields) => firstOf([checkPinField(fields), checkPanField(fields)]),
  decodePinField: checkDecodePinField,
  encipher: checkEncipher,
  decipher: checkDecipher,
  "encipher+decipher": (fields) => firstOf([checkEncipher(fields), checkDecipher(fields)]),
};

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const operation = (integer(fields, "format") === 4 ? aesOperations : desOperations)[text(fields, "op")];
  if (operation === undefined) return `unknown operation ${text(fields, "op")}`;
  return judge(
    fields,
    (error) => error instanceof FormatError,
    () => operation(fields),
  );
}

function formatOf(fields: Fields): DesFormat {
  const format = integer(fields, "format");
  if (format !== 0 && format !== 1 && format !== 2 && format !== 3) throw new TypeError("format: 0 to 4 expected");
  return format;
}

function ascii(fields: Fields, name: string): Uint8Array | undefined {
  return name in fields ? asciiToBytes(text(fields, name)) : undefined;
}

/** The case's fill digits where they stand in a block, or any that the format allows. */
function fillOf(fields: Fields): Uint8Array | undefined {
  const given = ["fill", "random"].find((name) => name in fields);
  const digits = given === undefined ? "" : text(fields, given);
  const nibbles = new Uint8Array(14).fill(formatOf(fields) === 3 ? 12 : 15);
  for (let i = 0; i < digits.length; i++) nibbles[14 - digits.length + i] = Number.parseInt(digits[i]!, 16);
  return nibbles;
}

function checkEncode(fields: Fields): Verdict {
  const format = formatOf(fields);
  const pin = asciiToBytes(text(fields, "pin"));
  const pan = ascii(fields, "pan");
  const block = encodePinBlock(format, pin, pan, fillOf(fields));
  return firstOf([
    compareBytes(fields, "block", block),
    comparePrefix(fields, "blockPrefix", block),
    compareText("decoded", text(fields, "pin"), bytesToLatin1(decodePinBlock(format, block, pan))),
  ]);
}

function checkDecode(fields: Fields): Verdict {
  return comparePin(fields, decodePinBlock(formatOf(fields), bytes(fields, "block"), ascii(fields, "pan")));
}

function checkPinField(fields: Fields): Verdict {
  const field = encodePinField(asciiToBytes(text(fields, "pin")), chance(fields));
  return firstOf([
    compareBytes(fields, "pinField", field),
    comparePrefix(fields, "pinFieldPrefix", field),
    compareText("decoded", text(fields, "pin"), bytesToLatin1(decodePinField(field))),
  ]);
}

function checkPanField(fields: Fields): Verdict {
  return compareBytes(fields, "panField", encodePanField(asciiToBytes(text(fields, "pan"))));
}

function checkDecodePinField(fields: Fields): Verdict {
  return comparePin(fields, decodePinField(bytes(fields, "pinField")));
}

function checkEncipher(fields: Fields): Verdict {
  const pan = asciiToBytes(text(fields, "pan"));
  const field = encodePinField(asciiToBytes(text(fields, "pin")), chance(fields));
  const blockCipher = cipher(fields, encrypt);
  const between = blockCipher(field);
  return firstOf([
    compareBytes(fields, "pinField", field),
    checkPanField(fields),
    compareBytes(fields, "intermediateA", between),
    compareBytes(fields, "intermediateB", xor(between, encodePanField(pan))),
    compareBytes(fields, "block", encipherPinField(field, pan, blockCipher)),
  ]);
}

function checkDecipher(fields: Fields): Verdict {
  const pan = asciiToBytes(text(fields, "pan"));
  const block = bytes(fields, "block");
  const blockCipher = cipher(fields, decrypt);
  const field = decipherPinField(block, pan, blockCipher);
  const between = blockCipher(block);
  return firstOf([
    comparePin(fields, decodePinField(field)),
    compareBytes(fields, "pinField", field),
    checkPanField(fields),
    compareBytes(fields, "intermediateB", between),
    compareBytes(fields, "intermediateA", xor(between, encodePanField(pan))),
  ]);
}

/** The case's eight random bytes; any where it gives none. */
function chance(fields: Fields): Uint8Array {
  return "random" in fields ? bytes(fields, "random") : new Uint8Array(8).fill(0x5a);
}

function cipher(fields: Fields, operation: typeof encrypt): AesBlock {
  const memory = open(1);
  const key = bytes(fields, "key");
  load(memory, 0, key);
  wipe(key);
  return (block) => operation(memory, 0, algorithm.aes, block);
}

function comparePin(fields: Fields, pin: Uint8Array): Verdict {
  return "pin" in fields ? compareText("pin", text(fields, "pin"), bytesToLatin1(pin)) : undefined;
}

/** Compares the beginning; a prefix may end in the middle of a byte. */
function comparePrefix(fields: Fields, name: string, actual: Uint8Array): Verdict {
  if (!(name in fields)) return undefined;
  const prefix = text(fields, name).toUpperCase();
  return compareText(name, prefix, bytesToHex(actual).slice(0, prefix.length));
}
