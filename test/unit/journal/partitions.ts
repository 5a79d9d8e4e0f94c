import type { Flash } from "../../../hal/io.ts";
import type { NorFlash } from "./nor-flash.ts";

/** Some blocks of a flash chip as a partition of its own: all partitions share the chip's operations and its cuts. */
export class FlashPartition implements Flash {
  readonly #chip: NorFlash;
  readonly #first: number;
  readonly #blocks: number;

  constructor(chip: NorFlash, first: number, blocks: number) {
    this.#chip = chip;
    this.#first = first;
    this.#blocks = blocks;
  }

  status(): { size: number; blockLength: number } {
    const { blockLength } = this.#chip.status();
    return { size: this.#blocks * blockLength, blockLength };
  }

  read(byteLength: number, offset: number): Uint8Array {
    return this.#chip.read(byteLength, this.#place(byteLength, offset));
  }

  write(bytes: Uint8Array, offset: number): void {
    this.#chip.write(bytes, this.#place(bytes.length, offset));
  }

  eraseBlock(block: number): void {
    if (block < 0 || block >= this.#blocks) throw new RangeError("outside");
    this.#chip.eraseBlock(this.#first + block);
  }

  close(): void {}

  #place(byteLength: number, offset: number): number {
    const { size, blockLength } = this.status();
    if (offset < 0 || offset + byteLength > size) throw new RangeError("outside");
    return this.#first * blockLength + offset;
  }
}
