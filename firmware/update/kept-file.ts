import { crc32 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { doneMark, viewOf, wordOf } from "../flash/words.ts";

/*
 * A partition that holds one file: its bytes from the beginning on, and in the last block, as words of 32 bits, little-endian,
 * its length, its CRC-32 and the mark that makes it count. While it is replaced nothing counts: what is built in serves.
 */

const markPlace = 8;
const recordLength = markPlace + 4;
const recordAt = ({ size, blockLength }: ReturnType<Flash["status"]>): number => size - blockLength;

/** Bytes that a file may have. */
export const roomFor = (flash: Flash): number => recordAt(flash.status());

/** Puts a file in the place of the one before: all of it is there when its mark is. */
export function keep(flash: Flash, length: number, read: (byteLength: number, offset: number) => Uint8Array): void {
  const status = flash.status();
  const { blockLength } = status;
  const record = recordAt(status);
  if (length > record) throw new RangeError("longer than its partition");
  flash.write(new Uint8Array(recordLength), record);
  flash.eraseBlock(record / blockLength);
  let sum = 0;
  for (let at = 0; at < length; at += blockLength) {
    const piece = read(Math.min(blockLength, length - at), at);
    sum = crc32(piece, sum);
    flash.eraseBlock(at / blockLength);
    flash.write(piece, at);
  }
  const words = new Uint8Array(markPlace);
  words.set(wordOf(length));
  words.set(wordOf(sum), 4);
  flash.write(words, record);
  flash.write(wordOf(doneMark), record + markPlace);
}

/** Length and CRC-32 of the file that counts; undefined where there is none. */
export function kept(flash: Flash): { readonly length: number; readonly sum: number } | undefined {
  const status = flash.status();
  const words = viewOf(flash.read(recordLength, recordAt(status)));
  const length = words.getUint32(0, true);
  const counts = words.getUint32(markPlace, true) === doneMark && length > 0 && length <= recordAt(status);
  return counts ? { length, sum: words.getUint32(4, true) } : undefined;
}
