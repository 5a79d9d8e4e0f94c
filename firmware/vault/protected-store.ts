import { cmac, size } from "#native/derive";
import { type KeyMemory, load } from "#native/vault";
import type { Random } from "../../hal/device.ts";
import { concat, constantTimeEqual, wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { asciiToBytes, bytesToLatin1 } from "../codec/text.ts";
import { algorithm } from "../crypto/algorithms.ts";
import { type KeyBlockBench, unwrapKeyBlock, wrapKeyBlock } from "./key-block.ts";
import type { KeyRights } from "./key-rights.ts";
import { workSlots } from "./key-slots.ts";
import type { KeyStore } from "./key-store.ts";

/** Numbers of what is stored; the DUKPT registers follow each other. Never reused for something else. */
export const stored = Object.freeze({ terminalMaster: 1, transport: 2, storage: 3, dukptState: 4, dukptRegister: 16 });

const { device, encryption, authentication, payload } = workSlots;
const stateMac = 16;

/** A key's attributes besides its rights. */
export interface StoredKey extends KeyRights {
  /** Its letter in a key block: `T`, `A`, `D`, `H`. */
  readonly letter: string;
}

/**
 * The store, under the device key: keys are key blocks of version D, other values carry a CMAC. Without that key none
 * of it says anything.
 */
export class ProtectedStore {
  readonly #store: KeyStore;
  readonly #memory: KeyMemory;
  readonly #random: Random;
  readonly #bench: KeyBlockBench;

  constructor(store: KeyStore, memory: KeyMemory, random: Random) {
    this.#store = store;
    this.#memory = memory;
    this.#random = random;
    this.#bench = { memory, protection: device, encryption, authentication, payload };
  }

  /** Takes the device key; the caller wipes its copy. */
  unlock(deviceKey: Uint8Array): void {
    load(this.#memory, device, deviceKey);
  }

  get isUnlocked(): boolean {
    return size(this.#memory, device) > 0;
  }

  /** Stores the key in a slot. */
  putKey(id: number, slot: number, { usage, mode, letter }: StoredKey): void {
    const attributes = { version: "D", usage, algorithm: letter, mode, exportability: "N", keyContext: "00" } as const;
    const keyVersion = String(id).padStart(2, "0"); // binds the block to its place
    const block = wrapKeyBlock(this.#bench, { ...attributes, keyVersion, optionalBlocks: [] }, slot, this.#random);
    this.#store.put(id, asciiToBytes(block));
  }

  /** Puts a stored key into a slot; `undefined` where there is none, or none that this device wrote for this place. */
  takeKey(id: number, slot: number): StoredKey | undefined {
    const bytes = this.#store.read(id);
    if (bytes === undefined) return undefined;
    try {
      const header = unwrapKeyBlock(this.#bench, bytesToLatin1(bytes), slot);
      if (header.keyVersion !== String(id).padStart(2, "0")) return undefined;
      return { usage: header.usage, mode: header.mode, letter: header.algorithm };
    } catch (error) {
      if (error instanceof FormatError) return undefined;
      throw error;
    }
  }

  /** Stores a value that is no secret but must be this terminal's own. */
  putState(id: number, value: Uint8Array): void {
    this.#store.put(id, concat([value, this.#macOf(id, value)]));
  }

  takeState(id: number): Uint8Array | undefined {
    const bytes = this.#store.read(id);
    if (bytes === undefined || bytes.length < stateMac) return undefined;
    const value = bytes.slice(0, bytes.length - stateMac);
    return constantTimeEqual(this.#macOf(id, value), bytes.subarray(value.length)) ? value : undefined;
  }

  has(id: number): boolean {
    return this.#store.has(id);
  }

  erase(id: number): void {
    this.#store.erase(id);
  }

  #macOf(id: number, value: Uint8Array): Uint8Array {
    const message = concat([asciiToBytes("state"), Uint8Array.of(id), value]);
    const mac = cmac(this.#memory, device, algorithm.aes, message, -1);
    wipe(message);
    return mac;
  }
}
