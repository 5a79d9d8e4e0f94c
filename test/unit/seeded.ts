/** A seeded generator for property tests: the same on every ground. */
export class Seeded {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 1;
  }

  /** A number from 0 to `below` - 1 (xorshift, 32 bits). */
  below(below: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % below;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}
