import { type Board, type FlashPeer, PowerCut } from "../io/board.ts";
import { SeededRandom } from "../world/random.ts";

export interface Partition {
  readonly name: string;
  /** Bytes: a multiple of the block length. */
  readonly size: number;
}

/** Length of an erase block, in bytes. */
export const BLOCK_LENGTH = 4096;

/** What an erased block holds, for all that were never programmed; nothing writes to it. */
const BLANK = new Uint8Array(BLOCK_LENGTH).fill(0xff);

/** A block as it outlives the chip's power; `bytes` is absent where it is erased. */
export interface KeptBlock {
  readonly partition: string;
  readonly block: number;
  readonly erases: number;
  readonly bytes?: Uint8Array;
}

export interface WornBlock {
  readonly partition: string;
  readonly block: number;
  readonly erases: number;
}

interface Region {
  readonly start: number;
  readonly size: number;
}

/**
 * NOR flash: programming only clears bits, a block at a time is erased to ones, and a power cut can fall into the
 * middle of either.
 */
export class NorFlash implements FlashPeer {
  readonly blockLength = BLOCK_LENGTH;
  readonly #board: Board;
  readonly #seed: number;
  readonly #regions = new Map<string, Region>();
  /** The bytes of each block; `BLANK` itself where nothing was programmed since the block was erased. */
  readonly #blocks: Uint8Array[];
  readonly #wear: Uint32Array;
  #operations = 0;
  #cutAt: number | undefined;

  /** `seed` decides what an interrupted operation leaves behind. Throws `RangeError` for a partition of broken blocks. */
  constructor(board: Board, partitions: readonly Partition[], seed = 0) {
    this.#board = board;
    this.#seed = seed;
    let start = 0;
    for (const { name, size } of partitions) {
      if (!(size > 0 && size % BLOCK_LENGTH === 0)) throw new RangeError(`partition ${name} is not whole blocks`);
      if (this.#regions.has(name)) throw new RangeError(`two partitions ${name}`);
      this.#regions.set(name, { start, size });
      start += size;
    }
    this.#blocks = new Array<Uint8Array>(start / BLOCK_LENGTH).fill(BLANK);
    this.#wear = new Uint32Array(start / BLOCK_LENGTH);
    board.flash = this;
  }

  /** Programs and erases since the chip was made. */
  get operations(): number {
    return this.#operations;
  }

  /** Every block that was ever written to or erased. */
  kept(): KeptBlock[] {
    const kept: KeptBlock[] = [];
    for (const [partition, { start, size }] of this.#regions) {
      for (let block = 0; block < size / BLOCK_LENGTH; block++) {
        const bytes = this.#blocks[start / BLOCK_LENGTH + block]!;
        const erases = this.#wear[start / BLOCK_LENGTH + block]!;
        if (bytes !== BLANK) kept.push({ partition, block, erases, bytes: bytes.slice() });
        else if (erases > 0) kept.push({ partition, block, erases });
      }
    }
    return kept;
  }

  /** Puts back what was kept, on a new chip. Throws `RangeError` for what does not fit. */
  putBack(operations: number, kept: readonly KeptBlock[]): void {
    this.#operations = operations;
    for (const { partition, block, erases, bytes } of kept) {
      const at = this.#place(partition, BLOCK_LENGTH, block * BLOCK_LENGTH) / BLOCK_LENGTH;
      if (bytes !== undefined && bytes.length !== BLOCK_LENGTH)
        throw new RangeError(`a block of ${partition} is not whole`);
      this.#wear[at] = erases;
      this.#blocks[at] = bytes?.slice() ?? BLANK;
    }
  }

  /** How often blocks were erased since the chip was made, and the block that was erased most often. */
  get erases(): { readonly all: number; readonly worst: WornBlock } {
    let all = 0;
    let worst = { partition: "", block: 0, erases: -1 };
    for (const [partition, { start, size }] of this.#regions) {
      for (let block = 0; block < size / BLOCK_LENGTH; block++) {
        const erases = this.#wear[start / BLOCK_LENGTH + block]!;
        all += erases;
        if (erases > worst.erases) worst = { partition, block, erases };
      }
    }
    return { all, worst };
  }

  /** How often each block of the partition was erased. */
  wear(partition: string): readonly number[] {
    const { start, size } = this.#region(partition);
    return [...this.#wear.subarray(start / BLOCK_LENGTH, (start + size) / BLOCK_LENGTH)];
  }

  /** Cuts the power in the middle of the n-th operation from now (1 = the next); 0 calls it off. */
  cutAtOperation(n: number): void {
    if (!Number.isInteger(n) || n < 0) throw new RangeError("number of a flash operation");
    this.#cutAt = n === 0 ? undefined : this.#operations + n;
  }

  /** The bytes of each block of the partition as they lie in the chip: to look at, not to write to. */
  blocks(partition: string): readonly Uint8Array[] {
    const { start, size } = this.#region(partition);
    return this.#blocks.slice(start / BLOCK_LENGTH, (start + size) / BLOCK_LENGTH);
  }

  /** Fills a partition at the factory: erased, then the bytes at its beginning; no operation and no wear is counted. */
  manufacture(partition: string, bytes: Uint8Array): void {
    const at = this.#place(partition, bytes.length, 0);
    this.#blocks.fill(BLANK, at / BLOCK_LENGTH, (at + this.#region(partition).size) / BLOCK_LENGTH);
    this.#clear(at, bytes);
  }

  size(partition: string): number {
    return this.#region(partition).size;
  }

  read(partition: string, byteLength: number, offset: number): Uint8Array {
    const at = this.#place(partition, byteLength, offset);
    const bytes = new Uint8Array(byteLength);
    for (let done = 0; done < byteLength; ) {
      const offsetInBlock = (at + done) % BLOCK_LENGTH;
      const length = Math.min(byteLength - done, BLOCK_LENGTH - offsetInBlock);
      const block = this.#blocks[Math.floor((at + done) / BLOCK_LENGTH)]!;
      bytes.set(block.subarray(offsetInBlock, offsetInBlock + length), done);
      done += length;
    }
    return bytes;
  }

  program(partition: string, bytes: Uint8Array, offset: number): void {
    const at = this.#place(partition, bytes.length, offset);
    if (bytes.length === 0) return;
    const cut = this.#operation();
    const whole = cut?.below(bytes.length + 1) ?? bytes.length;
    this.#clear(at, bytes.subarray(0, whole));
    if (cut === undefined) return;
    if (whole < bytes.length) this.#clear(at + whole, Uint8Array.of(bytes[whole]! | cut.below(256)));
    this.#powerCut();
  }

  erase(partition: string, block: number): void {
    const at = this.#place(partition, BLOCK_LENGTH, block * BLOCK_LENGTH);
    const cut = this.#operation();
    this.#wear[at / BLOCK_LENGTH]!++;
    if (cut === undefined) {
      this.#blocks[at / BLOCK_LENGTH] = BLANK;
      return;
    }
    const done = cut.below(256);
    const bytes = this.#own(at / BLOCK_LENGTH);
    for (let index = 0; index < BLOCK_LENGTH; index++) {
      const noise = cut.next();
      if ((noise & 0xff) < done) bytes[index] = 0xff;
      else if ((noise & 0x100) !== 0) bytes[index]! |= noise >>> 24;
    }
    this.#powerCut();
  }

  /** Clears the bits that the bytes do not have, from a place in the chip on. */
  #clear(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const block = this.#own(Math.floor((at + done) / BLOCK_LENGTH));
      let offset = (at + done) % BLOCK_LENGTH;
      for (; offset < BLOCK_LENGTH && done < bytes.length; offset++) block[offset]! &= bytes[done++]!;
    }
  }

  /** A block's bytes, to be changed. */
  #own(index: number): Uint8Array {
    const block = this.#blocks[index]!;
    if (block !== BLANK) return block;
    const own = BLANK.slice();
    this.#blocks[index] = own;
    return own;
  }

  /** Counts an operation; gives the chance that rules its half-done state when the power goes in it. */
  #operation(): SeededRandom | undefined {
    this.#operations++;
    if (this.#operations !== this.#cutAt) return undefined;
    return new SeededRandom(this.#seed, `flash operation ${this.#operations}`);
  }

  #powerCut(): never {
    this.#cutAt = undefined;
    this.#board.cutPower();
    throw new PowerCut();
  }

  #region(partition: string): Region {
    const region = this.#regions.get(partition);
    if (region === undefined) throw new RangeError(`no partition ${partition}`);
    return region;
  }

  #place(partition: string, byteLength: number, offset: number): number {
    const { start, size } = this.#region(partition);
    const whole = Number.isInteger(byteLength) && Number.isInteger(offset) && byteLength >= 0 && offset >= 0;
    if (!whole || offset + byteLength > size) throw new RangeError("outside of the partition");
    return start + offset;
  }
}
