/** Bytes from one fault of a kind to the next, about; 0 for none. A burst spoils up to 40 bytes in a row. */
export interface FaultRates {
  readonly lost: number;
  readonly doubled: number;
  readonly flipped: number;
  readonly burst: number;
}

type Fault = keyof FaultRates;

/** One direction of a line that spoils bytes, the same ones for the same seed and the same bytes. */
export class FaultyLine {
  readonly counts: Record<Fault, number> = { lost: 0, doubled: 0, flipped: 0, burst: 0 };
  readonly #rates: FaultRates;
  #state: number;
  #burst = 0;
  /** Bytes that pass whole before the next fault, and which that is. */
  #whole = 0;
  #next: Fault | undefined;

  constructor(seed: number, rates: FaultRates) {
    this.#state = (seed * 2_654_435_761) >>> 0 || 1;
    this.#rates = rates;
    this.#plan();
  }

  /** What comes out at the other end. */
  pass(bytes: Uint8Array): Uint8Array {
    const passed: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; ) {
      const whole = this.#burst > 0 ? 0 : Math.min(this.#whole, bytes.length - at);
      passed.push(bytes.subarray(at, at + whole));
      this.#whole -= whole;
      at += whole;
      if (at < bytes.length) passed.push(this.#spoil(bytes[at++]!));
    }
    return Buffer.concat(passed);
  }

  #spoil(byte: number): Uint8Array {
    if (this.#burst > 0) {
      this.#burst--;
      return this.#below(3) === 0 ? Uint8Array.of() : Uint8Array.of(this.#below(256));
    }
    const fault = this.#next ?? "lost";
    this.counts[fault]++;
    this.#plan();
    if (fault === "burst") this.#burst = this.#below(40);
    if (fault === "doubled") return Uint8Array.of(byte, byte);
    return fault === "flipped" ? Uint8Array.of(byte ^ (1 << this.#below(8))) : Uint8Array.of();
  }

  /** The nearest of the faults, each somewhere in twice its mean distance. */
  #plan(): void {
    this.#whole = Number.POSITIVE_INFINITY;
    for (const [fault, mean] of Object.entries(this.#rates) as [Fault, number][]) {
      const distance = mean === 0 ? Number.POSITIVE_INFINITY : this.#below(2 * mean);
      if (distance >= this.#whole) continue;
      this.#whole = distance;
      this.#next = fault;
    }
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
