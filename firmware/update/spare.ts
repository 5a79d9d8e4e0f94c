import { sha256End, sha256Part } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { doneMark, isBlank, viewOf, wordOf } from "../flash/words.ts";
import { headLength, type PackageHead, parsePackageHead } from "./package.ts";

/*
 * What a terminal has of a package that comes. The content stands in the slot that does not run (partition "nextota"), from
 * its beginning on, as the boot loader wants it there; but its first block is kept aside until the rest is whole and judged,
 * in the second block of the partition "update". The first block of that partition is the record: the package's head; words
 * of 32 bits, little-endian; then a byte for each block of content that is whole in flash: zero.
 *
 * Programming only clears bits, so that each word is set by one program, on its own, and can be set again where a power cut
 * fell into it. Content may be encrypted on its way into the flash: it is written sixteen bytes at a time. The record may not.
 */
export interface Spare {
  readonly content: Flash;
  readonly record: Flash;
}

/** Trials before firmware that never confirmed itself is given up: a plug that was pulled in one is not its fault. */
export const mostTrials = 3;

const slotPlace = headLength;
const chosenPlace = slotPlace + 4;
const endPlace = chosenPlace + 4;
const failedPlace = endPlace + 4;
const trialsPlace = failedPlace + 4;
const marksPlace = trialsPlace + 4 * mostTrials + 4;
/** Bytes that are read and hashed at once: whole blocks of SHA-256. */
const pieceLength = 1024;
const unit = 16;

const lengthOfBlock = (flash: Flash): number => flash.status().blockLength;
const word = (record: Flash, place: number): number => viewOf(record.read(4, place)).getUint32(0, true);

/** Bytes of content that a package may have; 0 where there is no place for a record. */
export function roomOf({ content, record }: Spare): number {
  const { size, blockLength } = content.status();
  const { size: recordSize, blockLength: recordBlock } = record.status();
  if (recordSize < 2 * recordBlock || recordBlock < blockLength || recordBlock <= marksPlace) return 0;
  return Math.min(size / blockLength, recordBlock - marksPlace) * blockLength;
}

/** From the first operation on nothing of what was there counts; then there is room for another package. */
export function begin({ record }: Spare, head: Uint8Array): void {
  record.write(new Uint8Array(marksPlace), 0);
  record.eraseBlock(0);
  record.write(head, 0);
}

/** Whether it is this head's delivery, and nothing was decided about it. */
export function isOpenFor({ record }: Spare, head: Uint8Array): boolean {
  return equal(record.read(headLength, 0), head) && isBlank(record.read(marksPlace - headLength, headLength));
}

/** Of the package whose content is here, or on its way; undefined where there is none. */
export function headIn(record: Flash): PackageHead | undefined {
  try {
    return parsePackageHead(record.read(headLength, 0));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Blocks from the content's beginning on that are whole in flash. */
export function wholeBlocksOf(spare: Spare): number {
  const marks = spare.record.read(roomOf(spare) / lengthOfBlock(spare.content), marksPlace);
  const end = marks.findIndex((mark) => mark !== 0);
  return end < 0 ? marks.length : end;
}

/** Empties the place of a block. */
export function eraseBlock({ content, record }: Spare, block: number): void {
  if (block === 0) record.eraseBlock(1);
  else content.eraseBlock(block);
}

/** Writes content from a place on that is a multiple of sixteen, all of it within one block. */
export function writeContent({ content, record }: Spare, bytes: Uint8Array, offset: number): void {
  const whole = new Uint8Array(Math.ceil(bytes.length / unit) * unit).fill(0xff);
  whole.set(bytes);
  if (offset < lengthOfBlock(content)) record.write(whole, lengthOfBlock(record) + offset);
  else content.write(whole, offset);
}

/** Content that is there, all of it within one block. */
export function readContent({ content, record }: Spare, byteLength: number, offset: number): Uint8Array {
  const isFirst = offset < lengthOfBlock(content);
  return isFirst ? record.read(byteLength, lengthOfBlock(record) + offset) : content.read(byteLength, offset);
}

export function markWhole({ record }: Spare, block: number): void {
  record.write(Uint8Array.of(0), marksPlace + block);
}

/** Whether the content is the one that the head is about, to the bit. It is hashed piece by piece. */
export function hasContentOf(spare: Spare, { length, digest }: Pick<PackageHead, "length" | "digest">): boolean {
  const state = new Uint8Array(36);
  let at = 0;
  for (; at + pieceLength <= length; at += pieceLength) sha256Part(state, readContent(spare, pieceLength, at));
  const rest = at < length ? readContent(spare, length - at, at) : new Uint8Array(0);
  const whole = rest.length & ~63;
  sha256Part(state, rest.subarray(0, whole));
  return equal(sha256End(state, rest.subarray(whole)), digest);
}

/** Firmware that is whole and judged will be tried from this slot. */
export function markChosen({ record }: Spare, slot: 0 | 1): void {
  record.write(wordOf(slot), slotPlace);
  record.write(wordOf(doneMark), chosenPlace);
}

/** The slot that chosen firmware is tried in; undefined where none was chosen. */
export function chosenSlot(record: Flash): 0 | 1 | undefined {
  if (word(record, chosenPlace) !== doneMark) return undefined;
  return word(record, slotPlace) === 0 ? 0 : 1;
}

/** Whether it has reached its idle screen, or was given up and somebody was told. */
export function isOver(record: Flash): boolean {
  return word(record, endPlace) === doneMark || word(record, failedPlace) === doneMark;
}

export function markKept(record: Flash): void {
  record.write(wordOf(doneMark), endPlace);
}

export function markFailed(record: Flash): void {
  record.write(wordOf(doneMark), failedPlace);
}

/** Trials that were begun: 0 to `mostTrials`. */
export function trialsOf(record: Flash): number {
  let trials = 0;
  while (trials < mostTrials && word(record, trialsPlace + 4 * trials) !== 0xffffffff) trials++;
  return trials;
}

/** Notes that a trial begins. Throws `RangeError` where there were enough. */
export function markTrial(record: Flash): void {
  const trials = trialsOf(record);
  if (trials === mostTrials) throw new RangeError("no trial left");
  record.write(wordOf(0), trialsPlace + 4 * trials);
}

/** The block that stands aside until the image is to be started. */
export function firstBlockOf({ content, record }: Spare): Uint8Array {
  return record.read(lengthOfBlock(content), lengthOfBlock(record));
}
