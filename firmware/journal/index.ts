/** Where the newest record of a transaction stands in the ring. */
export interface IndexEntry {
  readonly id: number;
  /** Byte offset in the partition. */
  readonly offset: number;
  /** Number of its state. */
  readonly state: number;
  /** Sequence of that record. */
  readonly sequence: number;
}

/** Id, place and state together, sequence. */
const words = 3;
const stateBits = 8;
/** Records start at multiples of this. */
const step = 4;
/** Transactions by which the table grows: doubling it would take more memory than a device has to spare. */
const growth = 64;

/**
 * The newest record of each transaction in the ring, by id: three words each in one typed array, because as objects they
 * would not fit the device's memory.
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
    const placeAndState = table[start + 1]!;
    return {
      id: table[start]!,
      offset: (placeAndState >>> stateBits) * step,
      state: placeAndState & ((1 << stateBits) - 1),
      sequence: table[start + 2]!,
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
    this.#table[start + 1] = ((entry.offset / step) << stateBits) | entry.state;
    this.#table[start + 2] = entry.sequence;
  }

  /** Forgets a transaction. */
  remove(id: number): void {
    const place = this.#place(id);
    if (place === this.#count || this.#table[words * place] !== id) return;
    this.#table.copyWithin(words * place, words * (place + 1), words * this.#count);
    this.#count--;
  }

  /** Forgets the records in a range of the partition. */
  drop(from: number, to: number): void {
    let kept = 0;
    for (let place = 0; place < this.#count; place++) {
      const offset = (this.#table[words * place + 1]! >>> stateBits) * step;
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
