import { encrypt, load, open } from "#native/vault";
import { concat } from "../../../firmware/codec/bytes.ts";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { algorithm } from "../../../firmware/crypto/algorithms.ts";
import type { VaultDevice } from "../../../firmware/vault/provision.ts";
import type { Random } from "../../../hal/device.ts";
import type { SecureStorage } from "../../../hal/io.ts";
import { NorFlash } from "../journal/nor-flash.ts";

/** Secure storage in memory, with the flash of keys and of operators that belongs to it. */
export class MemorySecure implements SecureStorage {
  readonly values = new Map<string, Uint8Array>();
  readonly keys = NorFlash.blank(4, 4096);
  readonly operators = NorFlash.blank(4, 4096);

  read(name: string): Uint8Array | undefined {
    return this.values.get(name)?.slice();
  }

  write(name: string, value: Uint8Array): void {
    this.values.set(name, value.slice());
  }

  erase(name: string): void {
    this.values.delete(name);
  }

  close(): void {}
}

/** What a vault is given: this secure storage and its flash. */
export function deviceOf(secure: MemorySecure, random: Random = new CountingRandom()): VaultDevice {
  return { secure, random, flash: ({ partition }) => (partition === "operators" ? secure.operators : secure.keys) };
}

/** Counts up: not random, but never twice the same. */
export class CountingRandom implements Random {
  #next = 1;

  read(byteLength: number): Uint8Array {
    return new Uint8Array(byteLength).map(() => this.#next++ & 0xff);
  }
}

/** The TMK of the published sign-in example (Ubamboo/UnionPay8583, CryptoUtils.java). */
export const masterKey = hexToBytes("70F2A84CCBC2AE8625CBB0F2C22AB923");
/** The MAC key of the published 0200 example, and any PIN and track keys. */
export const macKey = hexToBytes("0723C80DB5F4CD3D");
export const pinKey = hexToBytes("0123456789ABCDEFFEDCBA9876543210");
export const trackKey = hexToBytes("1111111111111111222222222222222C");

/** Encrypts with a clear key: what the host's security module does. */
export function encryptUnder(key: Uint8Array, data: Uint8Array): Uint8Array {
  const memory = open(1);
  load(memory, 0, key);
  return encrypt(memory, 0, key.length === 8 ? algorithm.des : algorithm.tdes, data);
}

export function checkValue(key: Uint8Array): Uint8Array {
  return encryptUnder(key, new Uint8Array(8)).slice(0, 4);
}

/** A key under the master key, with its check value. */
export function wrapped(key: Uint8Array): Uint8Array {
  return concat([encryptUnder(masterKey, key), checkValue(key)]);
}

/** Field 62 of 60 bytes with a MAC key of single length, its check value behind the filler. */
export function field62(): Uint8Array {
  const mac = concat([encryptUnder(masterKey, macKey), new Uint8Array(8), checkValue(macKey)]);
  return concat([wrapped(pinKey), mac, wrapped(trackKey)]);
}

/** Secure storage of a terminal that has its master key. */
export function provisioned(): MemorySecure {
  const secure = new MemorySecure();
  secure.write("terminalMasterKey", masterKey);
  return secure;
}
