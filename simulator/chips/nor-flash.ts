import { type Board, type FlashPeer, PowerCut } from "../io/board.ts";
import { SeededRandom } from "../world/random.ts";

export interface Partition {
  readonly name: string;
  /** Bytes: a multiple of the block length. */
  readonly size: number;
}

/** Length of an erase block, in bytes. */
export const BLOCK_LENGTH = 4096;

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
  readonly #bits: Uint8Array;
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
    this.#bits = new Uint8Array(start).fill(0xff);
    this.#wear = new Uint32Array(start / BLOCK_LENGTH);
    board.flash = this;
  }

  /** Programs and erases since the chip was made. */
  get operations(): number {
    return this.#operations;
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

  /** All partitions' bytes, one after the other. */
  image(): Uint8Array {
    return this.#bits.slice();
  }

  /** Puts an image back; throws `RangeError` unless it has the chip's size. */
  load(image: Uint8Array): void {
    if (image.length !== this.#bits.length) throw new RangeError("image of another flash");
    this.#bits.set(image);
  }

  /** Fills a partition at the factory: erased, then the bytes at its beginning; no operation and no wear is counted. */
  manufacture(partition: string, bytes: Uint8Array): void {
    const at = this.#place(partition, bytes.length, 0);
    this.#bits.fill(0xff, at, at + this.#region(partition).size);
    this.#bits.set(bytes, at);
  }

  size(partition: string): number {
    return this.#region(partition).size;
  }

  read(partition: string, byteLength: number, offset: number): Uint8Array {
    const at = this.#place(partition, byteLength, offset);
    return this.#bits.slice(at, at + byteLength);
  }

  program(partition: string, bytes: Uint8Array, offset: number): void {
    const at = this.#place(partition, bytes.length, offset);
    if (bytes.length === 0) return;
    const cut = this.#operation();
    const whole = cut?.below(bytes.length + 1) ?? bytes.length;
    for (let index = 0; index < whole; index++) this.#bits[at + index]! &= bytes[index]!;
    if (cut === undefined) return;
    if (whole < bytes.length) this.#bits[at + whole]! &= bytes[whole]! | cut.below(256);
    this.#powerCut();
  }

  erase(partition: string, block: number): void {
    const at = this.#place(partition, BLOCK_LENGTH, block * BLOCK_LENGTH);
    const cut = this.#operation();
    this.#wear[at / BLOCK_LENGTH]!++;
    if (cut === undefined) {
      this.#bits.fill(0xff, at, at + BLOCK_LENGTH);
      return;
    }
    const done = cut.below(256);
    for (let index = at; index < at + BLOCK_LENGTH; index++) {
      const noise = cut.next();
      if ((noise & 0xff) < done) this.#bits[index] = 0xff;
      else if ((noise & 0x100) !== 0) this.#bits[index]! |= noise >>> 24;
    }
    this.#powerCut();
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
