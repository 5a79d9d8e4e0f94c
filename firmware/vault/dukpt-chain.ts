import { dukpt, size } from "#native/derive";
import { erase, type KeyMemory } from "#native/vault";
import { type Algorithm, algorithm, type CipherKey } from "../crypto/algorithms.ts";
import { type AesDukptAlgorithm, aesDukptUsage, aesNextKey, aesWorkingKey } from "./dukpt-aes.ts";
import {
  aesDukpt,
  counterOf,
  type DukptRule,
  isOne,
  lowestOne,
  nextCounter,
  onesOf,
  tdesDukpt,
  withCounter,
} from "./dukpt-counter.ts";
import { dukptRegister, type TdesDukptUsage, tdesWorkingKey } from "./dukpt-tdes.ts";
import { workSlots } from "./key-slots.ts";
import { type ProtectedStore, type StoredKey, stored } from "./protected-store.ts";
import { MissingKeyError } from "./types.ts";

export type DukptScheme = "dukpt-tdes" | "dukpt-aes";

/** What a transaction's key can be turned into. */
export type DukptPurpose =
  | "pin"
  | "pinDes"
  | "mac"
  | "macHmac"
  | "macDes"
  | "answerMac"
  | "answerMacHmac"
  | "answerMacDes"
  | "track";

const tdesPurposes: Readonly<Partial<Record<DukptPurpose, TdesDukptUsage>>> = Object.freeze({
  pinDes: "pin",
  macDes: "macRequest",
  answerMacDes: "macResponse",
  track: "dataRequest",
});

const { pin, macGeneration, macVerification, dataEncryption } = aesDukptUsage;
const aesPurposes: Readonly<
  Record<DukptPurpose, readonly [usage: number, kind: AesDukptAlgorithm, cipher: Algorithm]>
> = Object.freeze({
  pin: [pin, "AES128", algorithm.aes],
  pinDes: [pin, "TDES2", algorithm.tdes],
  mac: [macGeneration, "AES128", algorithm.aes],
  macHmac: [macGeneration, "HMAC128", algorithm.aes],
  macDes: [macGeneration, "TDES2", algorithm.tdes],
  answerMac: [macVerification, "AES128", algorithm.aes],
  answerMacHmac: [macVerification, "HMAC128", algorithm.aes],
  answerMacDes: [macVerification, "TDES2", algorithm.tdes],
  track: [dataEncryption, "TDES2", algorithm.tdes],
});

const registerRights = Object.freeze({ usage: "B1", mode: "X" });

/**
 * A terminal's DUKPT: the keys to come, one for each place of the counter, stored under the device key. A key is used
 * for one counter, and before it is used the store says that it has been: a cut can lose a key, never repeat one.
 * Nothing in the store leads back to a key that was used (ANSI X9.24-1:2009, A.3; X9.24-3:2017, 6.4).
 */
export class DukptChain {
  readonly #store: ProtectedStore;
  readonly #memory: KeyMemory;
  readonly #slot: number;
  readonly #rule: DukptRule;
  readonly #isAes: boolean;
  /** The key serial number of the key in the slot; undefined before the first. */
  #serial: Uint8Array | undefined;

  constructor(scheme: DukptScheme, store: ProtectedStore, memory: KeyMemory, slot: number) {
    this.#isAes = scheme === "dukpt-aes";
    this.#rule = this.#isAes ? aesDukpt : tdesDukpt;
    this.#store = store;
    this.#memory = memory;
    this.#slot = slot;
  }

  /** True while there is a key for another transaction. */
  get isReady(): boolean {
    return this.#nextSerial() !== undefined;
  }

  /** Whether an initial key of this letter (`T`, `A`) is one for this DUKPT. */
  takes(letter: string): boolean {
    return letter === (this.#isAes ? "A" : "T");
  }

  /** The key serial number of the key in use. */
  get serial(): Uint8Array | undefined {
    return this.#serial;
  }

  /**
   * Takes an initial key out of a slot and wipes it there; the first key is that of counter 1. False, and nothing
   * changes, when the serial number is the one in use already: its keys would come again.
   */
  install(initial: number, serial: Uint8Array): boolean {
    const start = withCounter(this.#rule, serial, 0);
    counterOf(this.#rule, start);
    const before = this.#store.takeState(stored.dukptState);
    if (before !== undefined && isSame(withCounter(this.#rule, before, 0), start)) return false;
    this.#store.erase(stored.dukptState);
    for (let place = 0; place < this.#rule.counterBits; place++) this.#deriveRegister(initial, start, 0, place);
    erase(this.#memory, initial);
    this.#store.putState(stored.dukptState, withCounter(this.#rule, start, 1));
    return true;
  }

  /** Finishes what a cut has left: keys that have been used are overwritten. */
  recover(): void {
    const serial = this.#store.takeState(stored.dukptState);
    if (serial === undefined) return;
    const counter = counterOf(this.#rule, serial);
    for (let place = 0; place < this.#rule.counterBits; place++) {
      if (!isNeeded(counter, place)) this.#store.erase(stored.dukptRegister + place);
    }
  }

  /** Makes the next key the one in use. Throws `MissingKeyError` when there is none any more. */
  advance(): Uint8Array {
    const serial = this.#nextSerial();
    if (serial === undefined) throw new MissingKeyError("no DUKPT key");
    const counter = counterOf(this.#rule, serial);
    const place = lowestOne(counter);
    this.forget();
    if (this.#store.takeKey(stored.dukptRegister + place, this.#slot) === undefined) {
      throw new MissingKeyError("no DUKPT key");
    }
    if (onesOf(counter).length < this.#rule.mostOnes) {
      for (let lower = place - 1; lower >= 0; lower--) this.#deriveRegister(this.#slot, serial, counter, lower);
    }
    const next = nextCounter(this.#rule, counter) ?? 0;
    this.#store.putState(stored.dukptState, withCounter(this.#rule, serial, next));
    this.#store.erase(stored.dukptRegister + place);
    this.#serial = serial;
    return serial;
  }

  /** The working key of the key in use. Throws `MissingKeyError` where there is none, or none of the kind. */
  key(purpose: DukptPurpose): CipherKey {
    const memory = this.#memory;
    const slot = workSlots.working;
    if (this.#serial === undefined || size(memory, this.#slot) === 0) throw new MissingKeyError("no DUKPT key");
    if (this.#isAes) {
      const [usage, kind, cipher] = aesPurposes[purpose];
      aesWorkingKey(memory, this.#slot, usage as never, kind, this.#serial, slot);
      return { memory, slot, algorithm: cipher };
    }
    const usage = tdesPurposes[purpose];
    if (usage === undefined) throw new MissingKeyError("no such DUKPT key");
    tdesWorkingKey(memory, this.#slot, usage, slot);
    return { memory, slot, algorithm: algorithm.tdes };
  }

  /** Wipes the key in use. */
  forget(): void {
    erase(this.#memory, this.#slot);
    erase(this.#memory, workSlots.working);
    this.#serial = undefined;
  }

  /** The serial number whose key comes next; undefined when nothing is loaded, or all is used up (counter 0). */
  #nextSerial(): Uint8Array | undefined {
    const serial = this.#store.takeState(stored.dukptState);
    if (serial === undefined || serial.length !== this.#rule.serialLength) return undefined;
    return counterOf(this.#rule, serial) === 0 ? undefined : serial;
  }

  /** The key of a counter with one more place set, stored for that place. */
  #deriveRegister(from: number, serial: Uint8Array, counter: number, place: number): void {
    const target = workSlots.working;
    const next = counter + 2 ** place;
    if (this.#isAes) aesNextKey(this.#memory, from, serial, next, target);
    else dukpt(this.#memory, from, dukptRegister(serial, next), target);
    const key: StoredKey = { ...registerRights, letter: this.#isAes ? "A" : "T" };
    this.#store.putKey(stored.dukptRegister + place, target, key);
    erase(this.#memory, target);
  }
}

/** Whether a place's key will be used at this counter or later without being made anew before. */
function isNeeded(counter: number, place: number): boolean {
  if (counter === 0) return false;
  const lowest = lowestOne(counter);
  return place === lowest || (place > lowest && !isOne(counter, place));
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}
