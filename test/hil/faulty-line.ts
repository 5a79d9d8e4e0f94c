/** How often, of so many bytes one, a line spoils what goes over it; a burst spoils up to 40 bytes in a row. */
export interface FaultRates {
  readonly lost: number;
  readonly doubled: number;
  readonly flipped: number;
  readonly burst: number;
}

/** One direction of a line that spoils bytes, the same ones for the same seed and the same bytes. */
export class FaultyLine {
  readonly counts = { lost: 0, doubled: 0, flipped: 0, bursts: 0 };
  readonly #rates: FaultRates;
  #state: number;
  #burst = 0;

  constructor(seed: number, rates: FaultRates) {
    this.#state = (seed * 2_654_435_761) >>> 0 || 1;
    this.#rates = rates;
  }

  /** What comes out at the other end. */
  pass(bytes: Uint8Array): Uint8Array {
    const passed: number[] = [];
    for (const byte of bytes) passed.push(...this.#one(byte));
    return Uint8Array.from(passed);
  }

  #one(byte: number): readonly number[] {
    const { lost, doubled, flipped, burst } = this.#rates;
    if (this.#burst > 0) {
      this.#burst--;
      return this.#below(3) === 0 ? [] : [this.#below(256)];
    }
    if (this.#hits(burst)) {
      this.counts.bursts++;
      this.#burst = this.#below(40);
    }
    if (this.#hits(lost)) {
      this.counts.lost++;
      return [];
    }
    if (this.#hits(doubled)) {
      this.counts.doubled++;
      return [byte, byte];
    }
    if (!this.#hits(flipped)) return [byte];
    this.counts.flipped++;
    return [byte ^ (1 << this.#below(8))];
  }

  #hits(rate: number): boolean {
    return rate > 0 && this.#below(rate) === 0;
  }

  /** xorshift32 (Marsaglia, "Xorshift RNGs", 2003). */
  #below(limit: number): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state % limit;
  }
}
