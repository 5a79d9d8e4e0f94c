/** Holds firmware/vault and firmware/acquirer to published UnionPay messages and keys (kind `unionpay-mac`). */

import { fold } from "#native/bytes";
import { decrypt, encrypt as encryptUnder } from "#native/vault";
import { unionpayPackager } from "../../../firmware/acquirer/dialect/packager.ts";
import { encodeFrame, messageOf } from "../../../firmware/acquirer/frame.ts";
import { concat, equal, xor } from "../../../firmware/codec/bytes.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { decodeMessage, encodeMessage, type FieldValue, type Message } from "../../../firmware/codec/iso8583.ts";
import { asciiToBytes, bytesToLatin1 } from "../../../firmware/codec/text.ts";
import { type Algorithm, algorithm } from "../../../firmware/crypto/algorithms.ts";
import { ecbMac, macField } from "../../../firmware/vault/ecb-mac.ts";
import { KeySlots, type KeyUsage } from "../../../firmware/vault/key-slots.ts";
import { asFields, bytes, compareBytes, compareText, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const operation = fields.op === undefined ? "mac" : String(fields.op);
  const run = operations[operation];
  return run === undefined ? `unknown operation ${operation}` : judge(fields, isRefusal, () => run(fields));
}

const operations: Readonly<Record<string, (fields: Fields) => Verdict>> = {
  mac: (fields) => firstOf([checkMac(fields), checkMessage(fields)]),
  verify: checkVerification,
  decryptWorkingKey: checkWorkingKey,
};

function isRefusal(error: unknown): boolean {
  return error instanceof FormatError || error instanceof RangeError;
}

/** Key slots with the case's key, of whatever length it has, for one usage. */
function slotsWith(usage: KeyUsage, key: Uint8Array): KeySlots {
  const slots = new KeySlots();
  const kind: Algorithm = key.length === 8 ? algorithm.des : algorithm.tdes;
  slots.load(usage, kind, key);
  return slots;
}

function checkMac(fields: Fields): Verdict {
  const slots = slotsWith("mac", bytes(fields, "key"));
  const message = bytes(fields, "mab");
  const encrypt = (block: Uint8Array): Uint8Array => underMac(slots, block);
  const folded = fold(message, 8);
  const expanded = asciiToBytes(bytesToHex(folded));
  const first = encrypt(expanded.subarray(0, 8));
  const mac = ecbMac(message, encrypt);
  return firstOf([
    compareBytes(fields, "xorResult", folded),
    compareBytes(fields, "xorResultHexAscii", expanded),
    compareBytes(fields, "firstEncryption", first),
    compareBytes(fields, "secondXor", xor(first, expanded.subarray(8))),
    compareBytes(fields, "result", mac),
    compareBytes(fields, "field64", macField(mac)),
  ]);
}

/** The message read and written in the dialect, where the case gives what is in it. */
function checkMessage(fields: Fields): Verdict {
  if (fields.fields === undefined) return undefined;
  const expected = asFields(fields.fields);
  const covered = bytes(fields, "mab");
  const message = decodeMessage(unionpayPackager, concat([covered, bytes(fields, "field64")]));
  const written = encodeMessage(unionpayPackager, messageFrom(fields, expected));
  return firstOf([
    "mti" in fields ? compareText("mti", text(fields, "mti"), message.mti) : undefined,
    compareText("fields", [...Object.keys(expected), "64"].join(" "), [...message.fields.keys()].join(" ")),
    ...Object.keys(expected).map((number) =>
      compareText(`field ${number}`, text(expected, number), shown(message.fields.get(Number(number)))),
    ),
    compareText("written", bytesToHex(covered), bytesToHex(written.subarray(0, covered.length))),
    "frame" in fields ? checkFrame(fields, covered) : undefined,
  ]);
}

function checkFrame(fields: Fields, covered: Uint8Array): Verdict {
  const frame = encodeFrame(bytes(fields, "tpdu"), bytes(fields, "header"), covered);
  return firstOf([
    compareBytes(fields, "frame", frame.subarray(2)),
    compareBytes(fields, "mab", messageOf(bytes(fields, "frame"))),
  ]);
}

function messageFrom(fields: Fields, expected: Fields): Message {
  const values = new Map<number, FieldValue>([[64, bytes(fields, "field64")]]);
  for (const number of Object.keys(expected)) {
    const binary = unionpayPackager.fields[Number(number)]?.content === "b";
    values.set(Number(number), binary ? bytes(expected, number) : text(expected, number));
  }
  return { mti: text(fields, "mti"), fields: values };
}

/** Secret fields come as the bytes of their characters, binary ones are given in hexadecimal. */
function shown(value: FieldValue | undefined): string {
  if (!(value instanceof Uint8Array)) return value ?? "";
  const characters = bytesToLatin1(value);
  return /^[0-9A-F=]+$/.test(characters) && characters.length > 8 ? characters : bytesToHex(value);
}

function checkVerification(fields: Fields): Verdict {
  const slots = slotsWith("mac", bytes(fields, "key"));
  const mac = macField(ecbMac(bytes(fields, "mab"), (block) => underMac(slots, block)));
  if (!equal(mac, bytes(fields, "field64"))) throw new FormatError("field 64", 0, "wrong");
  return undefined;
}

/** The key unwrapped inside of the vault must do what the clear one does, and decrypt to it byte by byte. */
function checkWorkingKey(fields: Fields): Verdict {
  const wrapped = bytes(fields, "encryptedKey");
  const slots = slotsWith("terminalMaster", bytes(fields, "tmk"));
  slots.unwrapDes("mac", wrapped);
  const block = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const clear = clearOf(slots, wrapped);
  const reference = slotsWith("mac", clear);
  return firstOf([
    compareBytes(fields, "clearKey", clear),
    compareText("use", bytesToHex(underMac(reference, block)), bytesToHex(underMac(slots, block))),
    compareBytes(fields, "kcv", slots.checkValue("mac", kcvLength(fields))),
  ]);
}

function kcvLength(fields: Fields): number {
  return "kcv" in fields ? bytes(fields, "kcv").length : 0;
}

function underMac(slots: KeySlots, block: Uint8Array): Uint8Array {
  const { memory, slot, algorithm: kind } = slots.key("mac", "generateMac");
  return encryptUnder(memory, slot, kind, block);
}

/** The clear key, which the vault itself never makes: decrypted beside it. */
function clearOf(slots: KeySlots, wrapped: Uint8Array): Uint8Array {
  const { memory, slot, algorithm: kind } = slots.key("terminalMaster", "unwrapKeys");
  return decrypt(memory, slot, kind, wrapped);
}
