/** Messages of the load generator: sign-in and sale, written and read by hand, with none of the host's code. */
import { createCipheriv, createDecipheriv } from "node:crypto";

const TPDU_AND_HEADER = "60000300006031003100";
const ENVELOPE = 11;

/** A cipher for single blocks under a double-length key; ECB keeps nothing between blocks. */
export function blockCipher(key: Uint8Array): (block: Uint8Array) => Buffer {
  const cipher = createCipheriv("des-ede", key, null);
  cipher.setAutoPadding(false);
  return (block) => cipher.update(block);
}

/** A key under another one. */
export function unwrap(master: Uint8Array, wrapped: Uint8Array): Buffer {
  const decipher = createDecipheriv("des-ede", master, null);
  decipher.setAutoPadding(false);
  return decipher.update(wrapped);
}

/** UnionPay's ECB MAC over a message without envelope and MAC: eight ASCII characters. */
export function mac(encrypt: (block: Uint8Array) => Buffer, message: Uint8Array): Buffer {
  const folded = Buffer.alloc(8);
  for (let at = 0; at < message.length; at += 1) folded[at & 7]! ^= message[at]!;
  const text = Buffer.from(folded.toString("hex").toUpperCase(), "latin1");
  const first = encrypt(text.subarray(0, 8));
  for (let at = 0; at < 8; at += 1) first[at]! ^= text[8 + at]!;
  return Buffer.from(encrypt(first).toString("hex").toUpperCase().slice(0, 8), "latin1");
}

/** A PIN block of ISO 9564-1 format 0, in clear. */
export function pinBlock(pin: string, pan: string): Buffer {
  const block = Buffer.from(`0${pin.length}${pin.padEnd(14, "F")}`, "hex");
  const bound = Buffer.from(`0000${pan.slice(-13, -1)}`, "hex");
  for (let at = 0; at < 8; at += 1) block[at]! ^= bound[at]!;
  return block;
}

const latin = (text: string): string => Buffer.from(text, "latin1").toString("hex");
const digits = (value: number, count: number): string => String(value).padStart(count, "0");

/** Two length bytes in front. */
function framed(body: string): Buffer {
  const message = Buffer.from(`0000${TPDU_AND_HEADER}${body}`, "hex");
  message.writeUInt16BE(message.length - 2, 0);
  return message;
}

/** Sign-in for double-length keys (0800, 60.3 = 004). */
export function signIn(terminal: string, merchant: string): Buffer {
  const fields = `000001${latin(terminal)}${latin(merchant)}${"0011"}00000001004${"0"}${"0003"}${latin("01 ")}`;
  return framed(`00${"0800"}${bitmap([11, 41, 42, 60, 63])}${fields}`);
}

/** What a sale says. */
export interface Sale {
  readonly terminal: string;
  readonly merchant: string;
  readonly stan: number;
  readonly amount: number;
  readonly pan: string;
  readonly expires: string;
  /** Enciphered. */
  readonly pin: Uint8Array;
}

const SALE_FIELDS = [2, 3, 4, 11, 14, 22, 25, 26, 35, 41, 42, 49, 52, 53, 60, 64];

/** A sale (0200) by stripe and PIN, with its MAC. */
export function sale(what: Sale, encrypt: (block: Uint8Array) => Buffer): Buffer {
  const track = `${what.pan}D${what.expires}10100000000000`;
  const message = framed(
    `00${"0200"}${bitmap(SALE_FIELDS)}${what.pan.length}${what.pan}000000${digits(what.amount, 12)}` +
      `${digits(what.stan, 6)}${what.expires}${"0210"}${"00"}${"12"}${digits(track.length, 2)}${track}${track.length % 2 === 0 ? "" : "0"}` +
      `${latin(what.terminal)}${latin(what.merchant)}${latin("156")}${Buffer.from(what.pin).toString("hex")}` +
      `${"2600000000000000"}${"0014"}${"22000001000600"}${"00".repeat(8)}`,
  );
  mac(encrypt, message.subarray(2 + ENVELOPE, -8)).copy(message, message.length - 8);
  return message;
}

function bitmap(fields: readonly number[]): string {
  const bits = Buffer.alloc(8);
  for (const number of fields) bits[(number - 1) >> 3]! |= 0x80 >> ((number - 1) & 7);
  return bits.toString("hex");
}

/** How long the fields of the host's answers are: bytes, or digits of a length in front (`n`: counts digits). */
const answerFields: Readonly<Record<number, number | "nn" | "aa" | "nnn" | "aaa">> = {
  ...{ 2: "nn", 3: 3, 4: 6, 11: 3, 12: 3, 13: 2, 14: 2, 15: 2, 25: 1, 32: "nn", 37: 12, 38: 6, 39: 2, 41: 8, 42: 15 },
  ...{ 44: "aa", 48: "nnn", 49: 3, 55: "aaa", 60: "nnn", 62: "aaa", 63: "aaa", 64: 8 },
};

/** The fields of an answer (without its two length bytes) as slices. Throws `RangeError` where it does not read. */
export function readAnswer(message: Buffer): Map<number, Buffer> {
  const fields = new Map<number, Buffer>();
  const bits = message.subarray(ENVELOPE + 2, ENVELOPE + 10);
  let at = ENVELOPE + 10;
  for (let number = 2; number <= 64; number += 1) {
    if ((bits[(number - 1) >> 3]! & (0x80 >> ((number - 1) & 7))) === 0) continue;
    const form = answerFields[number];
    if (form === undefined) throw new RangeError(`field ${number} in an answer`);
    let length = typeof form === "number" ? form : 0;
    if (typeof form === "string") {
      const bytes = form.length - 1;
      const count = Number(message.toString("hex", at, at + bytes));
      at += bytes;
      length = form.startsWith("n") ? Math.ceil(count / 2) : count;
    }
    if (at + length > message.length) throw new RangeError("an answer ends inside a field");
    fields.set(number, message.subarray(at, at + length));
    at += length;
  }
  if (at !== message.length) throw new RangeError("an answer goes on behind its fields");
  return fields;
}
