/** Where the newest record of a transaction stands. */
export interface IndexEntry {
  readonly id: number;
  /** Byte offset in the partition. */
  readonly offset: number;
  /** Bytes of its payload. */
  readonly length: number;
  /** Number of its state. */
  readonly state: number;
}

/** Id, offset, and length and state together. */
const words = 3;
const stateBits = 8;
/** Transactions by which the table grows: doubling it would take more memory than a device has to spare. */
const growth = 64;

/**
 * The newest record of each transaction, by id: three words each in one typed array, because a batch of objects would
 * not fit the device's memory.
 */
export class RecordIndex {
  #table = new Uint32Array(words * growth);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** The entry at a place, oldest transaction first. */
  at(place: number): IndexEntry {
    const start = words * place;
    const table = this.#table;
    const lengthAndState = table[start + 2]!;
    return {
      id: table[start]!,
      offset: table[start + 1]!,
      length: lengthAndState >>> stateBits,
      state: lengthAndState & ((1 << stateBits) - 1),
    };
  }

  find(id: number): IndexEntry | undefined {
    const place = this.#place(id);
    return place < this.#count && this.#table[words * place] === id ? this.at(place) : undefined;
  }

  /** Adds or replaces. */
  put(entry: IndexEntry): void {
    const place = this.#place(entry.id);
    const start = words * place;
    if (place === this.#count || this.#table[start] !== entry.id) {
      this.#grow();
      this.#table.copyWithin(start + words, start, words * this.#count);
      this.#count++;
    }
    this.#table[start] = entry.id;
    this.#table[start + 1] = entry.offset;
    this.#table[start + 2] = (entry.length << stateBits) | entry.state;
  }

  /** Forgets the records in a range of the partition. */
  drop(from: number, to: number): void {
    let kept = 0;
    for (let place = 0; place < this.#count; place++) {
      const offset = this.#table[words * place + 1]!;
      if (offset >= from && offset < to) continue;
      if (kept !== place) this.#table.copyWithin(words * kept, words * place, words * (place + 1));
      kept++;
    }
    this.#count = kept;
  }

  /** The first place whose id is not smaller; ids mostly come in order, so the end is looked at first. */
  #place(id: number): number {
    let low = 0;
    let high = this.#count;
    if (high > 0 && this.#table[words * (high - 1)]! < id) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#table[words * middle]! < id) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #grow(): void {
    if (words * (this.#count + 1) <= this.#table.length) return;
    const larger = new Uint32Array(this.#table.length + words * growth);
    larger.set(this.#table);
    this.#table = larger;
  }
}
