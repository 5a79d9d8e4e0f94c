import type { Closable } from "./io.ts";

/** Why an operation failed: `silent` (no answer), `damaged` (answers that cannot be), `refused` (by the element, which is well). */
export type ElementFault = "silent" | "damaged" | "refused";

export type ElementCompletion<Value> = (error: ElementFault | undefined, value?: Value) => void;

/**
 * A secure element with the device's own key, made inside of it and never seen, and counters that only go up. One operation
 * at a time; a second one throws. Every operation ends in its completion, later and once.
 */
export interface SecureElement extends Closable {
  /** The maker's number of this very element. */
  identify(done: ElementCompletion<Uint8Array>): void;
  /** The device key's public half: x and y on the curve P-256, 64 bytes. */
  publicKey(done: ElementCompletion<Uint8Array>): void;
  /** ECDSA of a digest of 32 bytes by the device key: r and s, 64 bytes. */
  sign(digest: Uint8Array, done: ElementCompletion<Uint8Array>): void;
  /** What a counter (0 or 1) stands at. */
  count(counter: number, done: ElementCompletion<number>): void;
  /** Adds one and gives what it stands at now. After `silent` or `damaged` read it: it may have been added or not. */
  increment(counter: number, done: ElementCompletion<number>): void;
  /** 32 random bytes. */
  random(done: ElementCompletion<Uint8Array>): void;
}
