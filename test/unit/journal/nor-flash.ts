import type { Flash } from "../../../hal/io.ts";

/** One operation on flash, with what the flash held before it. */
export type FlashOperation =
  | { readonly kind: "program"; readonly before: Uint8Array; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "erase"; readonly before: Uint8Array; readonly offset: number };

/** NOR flash in memory: programming clears bits, erasing sets a block. */
export class NorFlash implements Flash {
  readonly bytes: Uint8Array;
  readonly #blockLength: number;
  /** Told of every operation before it happens. */
  onOperation: ((operation: FlashOperation) => void) | undefined;

  constructor(bytes: Uint8Array, blockLength: number) {
    this.bytes = bytes;
    this.#blockLength = blockLength;
  }

  static blank(blocks: number, blockLength: number): NorFlash {
    return new NorFlash(new Uint8Array(blocks * blockLength).fill(0xff), blockLength);
  }

  status(): { size: number; blockLength: number } {
    return { size: this.bytes.length, blockLength: this.#blockLength };
  }

  read(byteLength: number, offset: number): Uint8Array {
    if (offset < 0 || byteLength < 0 || offset + byteLength > this.bytes.length) throw new RangeError("outside");
    return this.bytes.slice(offset, offset + byteLength);
  }

  write(bytes: Uint8Array, offset: number): void {
    if (offset < 0 || offset + bytes.length > this.bytes.length) throw new RangeError("outside");
    this.onOperation?.({ kind: "program", before: this.bytes.slice(), offset, bytes: bytes.slice() });
    program(this.bytes, bytes, offset);
  }

  eraseBlock(block: number): void {
    const offset = block * this.#blockLength;
    if (block < 0 || offset >= this.bytes.length) throw new RangeError("outside");
    this.onOperation?.({ kind: "erase", before: this.bytes.slice(), offset });
    this.bytes.fill(0xff, offset, offset + this.#blockLength);
  }

  close(): void {}
}

/** Flash that counts how often it is read. */
export class CountingFlash extends NorFlash {
  reads = 0;
  override read(byteLength: number, offset: number): Uint8Array {
    this.reads++;
    return super.read(byteLength, offset);
  }
}

export function program(flash: Uint8Array, bytes: Uint8Array, offset: number): void {
  for (let i = 0; i < bytes.length; i++) flash[offset + i]! &= bytes[i]!;
}

/** Offset behind the last byte that is not blank. */
export function endOf(flash: NorFlash): number {
  let end = flash.bytes.length;
  while (end > 0 && flash.bytes[end - 1] === 0xff) end--;
  return end;
}
