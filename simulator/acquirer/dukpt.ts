/** The host's DUKPT: from a base derivation key straight to the keys of one key serial number. */
import { createCipheriv } from "node:crypto";
import { concat, fromHex, xor } from "./bytes.ts";
import { encryptEcb } from "./issuer/des.ts";

/** What both sides of one transaction work with. */
export interface DukptKeys {
  readonly kind: "tdes" | "aes";
  /** Triple DES, for PIN blocks of one DES block. */
  readonly pinDes: Uint8Array;
  /** AES, for format 4. */
  readonly pinAes?: Uint8Array;
  readonly macRequest: MacKeys;
  readonly macAnswer: MacKeys;
  readonly track: Uint8Array;
}

/** The keys that a MAC of one direction may take. */
export interface MacKeys {
  readonly des: Uint8Array;
  readonly aes?: Uint8Array;
  readonly hmac?: Uint8Array;
}

function des(key: Uint8Array, block: Uint8Array): Uint8Array {
  return encryptEcb(key, block);
}

/** ANSI X9.24-1:2009, A.6. */
export function tdesInitialKey(base: Uint8Array, serial: Uint8Array): Uint8Array {
  const start = serial.slice(0, 8);
  start[7]! &= 0xe0;
  const mask = fromHex("C0C0C0C000000000C0C0C0C000000000");
  return concat(des(base, start), des(xor(base, mask), start));
}

/** A.2: each one of the counter, highest first, takes the key one step further. */
export function tdesTransactionKey(initial: Uint8Array, serial: Uint8Array): Uint8Array {
  const counter = Buffer.from(serial).readUInt32BE(6) & 0x1fffff;
  const register = serial.slice(2);
  register[5]! &= 0xe0;
  register[6] = 0;
  register[7] = 0;
  let key = initial;
  for (let bit = 20; bit >= 0; bit -= 1) {
    if ((counter & (1 << bit)) === 0) continue;
    register[7 - (bit >> 3)]! |= 1 << (bit & 7);
    const right = half(key, register);
    const left = half(xor(key, fromHex("C0C0C0C000000000C0C0C0C000000000")), register);
    key = concat(left, right);
  }
  return key;
}

function half(key: Uint8Array, register: Uint8Array): Uint8Array {
  const second = key.slice(8);
  return xor(des(key.slice(0, 8), xor(register, second)), second);
}

function variant(key: Uint8Array, place: number): Uint8Array {
  return key.map((byte, index) => (index % 8 === place ? byte ^ 0xff : byte));
}

/** All keys of one serial number of ten bytes. */
export function tdesKeys(base: Uint8Array, serial: Uint8Array): DukptKeys {
  const key = tdesTransactionKey(tdesInitialKey(base, serial), serial);
  const data = variant(key, 5);
  return {
    kind: "tdes",
    pinDes: variant(key, 7),
    macRequest: { des: variant(key, 6) },
    macAnswer: { des: variant(key, 4) },
    track: des(data, data),
  };
}

function aes(key: Uint8Array, block: Uint8Array): Uint8Array {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  return concat(cipher.update(block), cipher.final());
}

/** One key out of another (ANSI X9.24-3:2017, 6.3): algorithms 0 two-key triple DES, 2 AES-128, 5 HMAC. */
function derived(key: Uint8Array, usage: number, algorithm: number, length: number, context: Uint8Array): Uint8Array {
  const blocks = [1, 2].slice(0, Math.ceil(length / 16)).map((number) => {
    const head = Buffer.alloc(8);
    head.writeUInt8(1, 0);
    head.writeUInt8(number, 1);
    head.writeUInt16BE(usage, 2);
    head.writeUInt16BE(algorithm, 4);
    head.writeUInt16BE(length * 8, 6);
    return aes(key, concat(head, context));
  });
  return concat(...blocks).slice(0, length);
}

/** Indicator of the AES whose keys have this length. */
const ownAlgorithm = (key: Uint8Array): number => key.length / 8;

export function aesInitialKey(base: Uint8Array, id: Uint8Array): Uint8Array {
  return derived(base, 0x8001, ownAlgorithm(base), base.length, id);
}

/** All keys of one serial number of twelve bytes. */
export function aesKeys(base: Uint8Array, serial: Uint8Array): DukptKeys {
  const counter = Buffer.from(serial).readUInt32BE(8);
  const context = (value: number): Uint8Array => {
    const bytes = Buffer.from(serial.slice(4));
    bytes.writeUInt32BE(value >>> 0, 4);
    return Uint8Array.from(bytes);
  };
  let key = aesInitialKey(base, serial.slice(0, 8));
  let way = 0;
  for (let bit = 31; bit >= 0; bit -= 1) {
    if (((counter >>> bit) & 1) === 0) continue;
    way = (way | (1 << bit)) >>> 0;
    key = derived(key, 0x8000, ownAlgorithm(key), key.length, context(way));
  }
  const working = (usage: number, algorithm: number): Uint8Array =>
    derived(key, usage, algorithm, 16, context(counter));
  const macs = (usage: number): MacKeys => ({
    des: working(usage, 0),
    aes: working(usage, 2),
    hmac: working(usage, 5),
  });
  return {
    kind: "aes",
    pinDes: working(0x1000, 0),
    pinAes: working(0x1000, 2),
    macRequest: macs(0x2000),
    macAnswer: macs(0x2001),
    track: working(0x3000, 0),
  };
}

/** Counter of a serial number; undefined when it is none: another length, zero, or too many ones. */
export function dukptCounter(serial: Uint8Array): number | undefined {
  if (serial.length !== 10 && serial.length !== 12) return undefined;
  const last = Buffer.from(serial).readUInt32BE(serial.length - 4);
  const counter = serial.length === 10 ? last & 0x1fffff : last;
  const ones = counter.toString(2).replace(/0/g, "").length;
  return counter === 0 || ones > (serial.length === 10 ? 10 : 16) ? undefined : counter;
}
