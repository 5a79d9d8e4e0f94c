/** Blocks that share a range: two words for each block would take more memory than a device has to spare. */
const blocksTogether = 4;

/**
 * Which transactions' ids may stand in which blocks of the history: a range for every few blocks. A range is never too
 * narrow; it may be too wide while some of its blocks are taken into use again.
 */
export class IdRanges {
  readonly #least: Uint32Array;
  readonly #most: Uint32Array;

  constructor(blockCount: number) {
    const groups = Math.ceil(blockCount / blocksTogether);
    this.#least = new Uint32Array(groups).fill(0xffffffff);
    this.#most = new Uint32Array(groups);
  }

  /** A record of this id stands in the block. */
  put(block: number, id: number): void {
    const group = Math.floor(block / blocksTogether);
    if (id < this.#least[group]!) this.#least[group] = id;
    if (id > this.#most[group]!) this.#most[group] = id;
  }

  /** Nobody has looked what stands in the block. */
  unknown(block: number): void {
    const group = Math.floor(block / blocksTogether);
    this.#least[group] = 0;
    this.#most[group] = 0xffffffff;
  }

  mayHold(block: number, id: number): boolean {
    const group = Math.floor(block / blocksTogether);
    return id >= this.#least[group]! && id <= this.#most[group]!;
  }
}
