import { decrypt, encrypt, erase, type KeyMemory, load, open, unwrap } from "#native/vault";
import { type Algorithm, algorithm } from "../crypto/algorithms.ts";
import { MissingKeyError } from "./types.ts";

/** What a key is for. One slot each: a key of one usage cannot be used for another, because nothing names it. */
export type KeyUsage = "terminalMaster" | "pin" | "mac" | "track" | "storage";

const places: Readonly<Record<KeyUsage, number>> = Object.freeze({
  terminalMaster: 0,
  pin: 1,
  mac: 2,
  track: 3,
  storage: 4,
});
const slotCount = 5;

/** Keys by usage, in memory that nothing can read. */
export class KeySlots {
  readonly #memory: KeyMemory = open(slotCount);
  readonly #algorithms = new Map<KeyUsage, Algorithm>();

  has(usage: KeyUsage): boolean {
    return this.#algorithms.has(usage);
  }

  /** Takes a clear key; the caller wipes its copy. */
  load(usage: KeyUsage, kind: Algorithm, key: Uint8Array): void {
    load(this.#memory, places[usage], key);
    this.#algorithms.set(usage, kind);
  }

  /** Takes a DES key of 8, 16 or 24 bytes under the terminal master key. */
  unwrapDes(usage: KeyUsage, wrapped: Uint8Array): void {
    const wrapping = this.#algorithm("terminalMaster");
    unwrap(this.#memory, places.terminalMaster, wrapping, wrapped, places[usage]);
    this.#algorithms.set(usage, wrapped.length === 8 ? algorithm.des : algorithm.tdes);
  }

  erase(usage: KeyUsage): void {
    erase(this.#memory, places[usage]);
    this.#algorithms.delete(usage);
  }

  /** Whole blocks, each alone. Throws `MissingKeyError`. */
  encrypt(usage: KeyUsage, blocks: Uint8Array): Uint8Array {
    return encrypt(this.#memory, places[usage], this.#algorithm(usage), blocks);
  }

  /** Whole blocks, each alone. Throws `MissingKeyError`. */
  decrypt(usage: KeyUsage, blocks: Uint8Array): Uint8Array {
    return decrypt(this.#memory, places[usage], this.#algorithm(usage), blocks);
  }

  #algorithm(usage: KeyUsage): Algorithm {
    const kind = this.#algorithms.get(usage);
    if (kind === undefined) throw new MissingKeyError(`no ${usage} key`);
    return kind;
  }
}
