import { size } from "#native/derive";
import { erase, type KeyMemory, load, open, unwrap } from "#native/vault";
import { type Algorithm, algorithm, type CipherKey } from "../crypto/algorithms.ts";
import { checkValueOf, zerosCheckValue } from "./check-value.ts";
import { givenRights, type KeyOperation, type KeyRights, type KeyUsage, mayDo } from "./key-rights.ts";
import { KeyUsageError, MissingKeyError } from "./types.ts";

export type { KeyUsage } from "./key-rights.ts";

const places: Readonly<Record<KeyUsage, number>> = Object.freeze({
  terminalMaster: 0,
  pin: 1,
  mac: 2,
  track: 3,
  storage: 4,
  transport: 5,
  dukpt: 6,
});

/** Slots that hold something only while an operation runs, and the key under which keys are stored. */
export const workSlots = Object.freeze({
  device: 7,
  encryption: 8,
  authentication: 9,
  payload: 10,
  incoming: 11,
  working: 12,
  left: 13,
  right: 14,
});
const slotCount = 15;

interface Holding {
  readonly algorithm: Algorithm;
  readonly rights: KeyRights;
}

/** Keys by usage, in memory that nothing can read. Each is only handed to operations that its rights allow. */
export class KeySlots {
  readonly memory: KeyMemory = open(slotCount);
  readonly #holdings = new Map<KeyUsage, Holding>();

  has(usage: KeyUsage): boolean {
    return this.#holdings.has(usage);
  }

  /** The place of a usage in key memory. */
  slot(usage: KeyUsage): number {
    return places[usage];
  }

  /** Takes a clear key; the caller wipes its copy. */
  load(usage: KeyUsage, kind: Algorithm, key: Uint8Array, rights = givenRights[usage]): void {
    load(this.memory, places[usage], key);
    this.#holdings.set(usage, { algorithm: kind, rights });
  }

  /** Says what the key is that an operation has put into the usage's slot. */
  hold(usage: KeyUsage, kind: Algorithm, rights = givenRights[usage]): void {
    this.#holdings.set(usage, { algorithm: kind, rights });
  }

  /** Takes a DES key of 8, 16 or 24 bytes under the terminal master key. */
  unwrapDes(usage: KeyUsage, wrapped: Uint8Array): void {
    const { slot, algorithm: wrapping } = this.key("terminalMaster", "unwrapKeys");
    unwrap(this.memory, slot, wrapping, wrapped, places[usage]);
    this.hold(usage, wrapped.length === 8 ? algorithm.des : algorithm.tdes);
  }

  erase(usage: KeyUsage): void {
    erase(this.memory, places[usage]);
    this.#holdings.delete(usage);
  }

  /** Wipes every slot. */
  wipe(): void {
    for (let slot = 0; slot < slotCount; slot++) erase(this.memory, slot);
    this.#holdings.clear();
  }

  /** The key of a usage for one operation. Throws `MissingKeyError`, or `KeyUsageError` where its rights forbid it. */
  key(usage: KeyUsage, operation: KeyOperation): CipherKey {
    const holding = this.#holdings.get(usage);
    if (holding === undefined) throw new MissingKeyError(`no ${usage} key`);
    if (!mayDo(holding.rights, operation)) throw new KeyUsageError(`the ${usage} key may not ${operation}`);
    return { memory: this.memory, slot: places[usage], algorithm: holding.algorithm };
  }

  /** The first bytes of a block of zeros under the key: what two sides compare to know that they have the same. */
  checkValue(usage: KeyUsage, length: number): Uint8Array {
    const holding = this.#holdings.get(usage);
    if (holding === undefined) throw new MissingKeyError(`no ${usage} key`);
    return zerosCheckValue({ memory: this.memory, slot: places[usage], algorithm: holding.algorithm }, length);
  }

  /** Usages whose key is there. */
  held(): KeyUsage[] {
    return [...this.#holdings.keys()];
  }

  /** In hexadecimal: as the cipher of the key usually has it. */
  checkValueOf(usage: KeyUsage): string {
    const holding = this.#holdings.get(usage);
    if (holding === undefined) throw new MissingKeyError(`no ${usage} key`);
    return checkValueOf({ memory: this.memory, slot: places[usage], algorithm: holding.algorithm });
  }

  /** Bytes of the key; 0 where there is none. */
  lengthOf(usage: KeyUsage): number {
    return size(this.memory, places[usage]);
  }
}
