/** What a power cut leaves of a flash operation that it hits: each gives the flash's bytes. */
import { type FlashOperation, program } from "../unit/journal/nor-flash.ts";

type Program = Extract<FlashOperation, { readonly kind: "program" }>;

/** Programmed up to a byte. */
export function programmedTo({ before, bytes, offset }: Program, length: number): Uint8Array {
  const image = before.slice();
  program(image, bytes.subarray(0, length), offset);
  return image;
}

/** Programmed up to a byte, and some bits of that one. */
export function programmedInto(operation: Program, length: number): Uint8Array {
  const image = programmedTo(operation, length);
  image[operation.offset + length]! &= operation.bytes[length]! | 0x5a;
  return image;
}

/** Erased from one place to another. */
export function erasedFrom(before: Uint8Array, from: number, to: number): Uint8Array {
  const image = before.slice();
  image.fill(0xff, from, to);
  return image;
}

/** A block some of whose bits are erased everywhere, others by each number. */
export function weaklyErased({ before, offset }: FlashOperation, blockLength: number, number: number): Uint8Array {
  const image = before.slice();
  for (let i = 0; i < blockLength; i++) image[offset + i]! |= (i * 37 + number) & 0xff;
  return image;
}
