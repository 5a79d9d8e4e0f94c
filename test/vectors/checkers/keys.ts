/** Key memory for the checkers: keys of one case by name, and what is known of them from outside. */
import { same } from "#native/derive";
import { erase, type KeyMemory, load, open } from "#native/vault";
import { type Algorithm, algorithm, type CipherKey } from "../../../firmware/crypto/algorithms.ts";
import { bytes, type Fields, type Verdict } from "./case.ts";

const slots = 12;

/** Slots by name. A key is never taken out: it is compared with the expected one inside. */
export class KeyBench {
  readonly memory: KeyMemory = open(slots);
  readonly #places = new Map<string, number>();

  /** The slot with this name, taken when it is named first. */
  slot(name: string): number {
    const place = this.#places.get(name) ?? this.#places.size;
    this.#places.set(name, place);
    return place;
  }

  /** Loads the key that the case gives under a name into the slot of that name. */
  load(fields: Fields, name: string, slot = name): number {
    const place = this.slot(slot);
    load(this.memory, place, bytes(fields, name));
    return place;
  }

  /** Compares a slot's key with the one of the case, where it gives one. */
  compare(fields: Fields, name: string, slot: number): Verdict {
    if (!(name in fields)) return undefined;
    const expected = this.load(fields, name, "expected");
    const isSame = same(this.memory, expected, slot);
    erase(this.memory, expected);
    return isSame ? undefined : `${name}: another key`;
  }

  tdes(slot: number): CipherKey {
    return this.#key(slot, algorithm.tdes);
  }

  aes(slot: number): CipherKey {
    return this.#key(slot, algorithm.aes);
  }

  #key(slot: number, kind: Algorithm): CipherKey {
    return { memory: this.memory, slot, algorithm: kind };
  }
}
