import { crc32, sha256End, sha256Part } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { doneMark, isBlank, viewOf, wordOf } from "../flash/words.ts";
import { headLength, type PackageHead, parsePackageHead } from "./package.ts";

/*
 * A slot is a partition: a package from its beginning on, and in its last block the trailer, words of 32 bits,
 * little-endian: generation and its CRC-32, the mark that makes them count, the mark of a trial that went well, three of
 * trials that were begun; then a byte for each block of the package that is whole in flash: zero.
 *
 * Programming only clears bits, so that each of these is set by one program, on its own, and can be set again where a
 * power cut fell into it.
 */

/** Trials before a package that never confirmed itself is given up: a plug that was pulled in one is not its fault. */
export const mostTrials = 3;

const markPlace = 8;
const confirmedPlace = 12;
const trialsPlace = 16;
const recordLength = trialsPlace + 4 * mostTrials;
/** Bytes that are read and hashed at once: whole blocks of SHA-256. */
const pieceLength = 1024;

const trailerOf = ({ size, blockLength }: ReturnType<Flash["status"]>): number => size - blockLength;

/** Bytes that a package in the slot may have, its head included. */
export function roomOf(slot: Flash): number {
  const status = slot.status();
  const blocks = Math.min(trailerOf(status) / status.blockLength, status.blockLength - recordLength);
  return Math.max(0, blocks) * status.blockLength;
}

function record(slot: Flash): DataView {
  return viewOf(slot.read(recordLength, trailerOf(slot.status())));
}

/** Of two slots that count the one with the higher generation is the newer; 0: this one does not count. */
export function generationOf(slot: Flash): number {
  const words = record(slot);
  const generation = words.getUint32(0, true);
  const counts =
    words.getUint32(4, true) === crc32(wordOf(generation)) && words.getUint32(markPlace, true) === doneMark;
  return counts ? generation : 0;
}

/** What stands in it has once reached its idle screen. */
export function isConfirmed(slot: Flash): boolean {
  return record(slot).getUint32(confirmedPlace, true) === doneMark;
}

/** Trials that were begun: 0 to `mostTrials`. */
export function trialsOf(slot: Flash): number {
  const words = record(slot);
  let trials = 0;
  while (trials < mostTrials && words.getUint32(trialsPlace + 4 * trials, true) !== 0xffffffff) trials++;
  return trials;
}

/** Makes what stands in the slot count, in one last word. */
export function makeCount(slot: Flash, generation: number): void {
  const trailer = trailerOf(slot.status());
  slot.write(wordsOf(generation), trailer);
  slot.write(wordOf(doneMark), trailer + markPlace);
}

export function markConfirmed(slot: Flash): void {
  slot.write(wordOf(doneMark), trailerOf(slot.status()) + confirmedPlace);
}

/** Notes that a trial begins. Throws `RangeError` where there were enough. */
export function markTrial(slot: Flash): void {
  const trials = trialsOf(slot);
  if (trials === mostTrials) throw new RangeError("no trial left");
  slot.write(wordOf(0), trailerOf(slot.status()) + trialsPlace + 4 * trials);
}

/** Whether the slot can still be made to count under this generation: nothing else was programmed there, nor half erased. */
export function canCount(slot: Flash, generation: number): boolean {
  const words = slot.read(recordLength, trailerOf(slot.status()));
  const wanted = new Uint8Array(confirmedPlace);
  wanted.set(wordsOf(generation));
  wanted.set(wordOf(doneMark), markPlace);
  return wanted.every((byte, place) => (words[place]! & byte) === byte) && isBlank(words.subarray(confirmedPlace));
}

function wordsOf(generation: number): Uint8Array {
  const words = new Uint8Array(8);
  words.set(wordOf(generation));
  words.set(wordOf(crc32(wordOf(generation))), 4);
  return words;
}

/** From the first operation on nothing in the slot counts; afterwards no block of it is whole either. */
export function clear(slot: Flash): void {
  const status = slot.status();
  slot.write(new Uint8Array(recordLength), trailerOf(status));
  slot.eraseBlock(trailerOf(status) / status.blockLength);
}

/** Blocks from the slot's beginning on that are whole in flash. */
export function wholeBlocksOf(slot: Flash): number {
  const status = slot.status();
  const marks = slot.read(roomOf(slot) / status.blockLength, trailerOf(status) + recordLength);
  const end = marks.findIndex((mark) => mark !== 0);
  return end < 0 ? marks.length : end;
}

export function markWhole(slot: Flash, block: number): void {
  slot.write(Uint8Array.of(0), trailerOf(slot.status()) + recordLength + block);
}

/** Of the package in the slot, whose content may still be missing; undefined where there is none. */
export function headIn(slot: Flash): PackageHead | undefined {
  if (roomOf(slot) <= headLength) return undefined;
  try {
    const head = parsePackageHead(slot.read(headLength, 0));
    return headLength + head.length <= roomOf(slot) ? head : undefined;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** Whether the content in the slot is the one that the head is about, to the bit. It is hashed piece by piece. */
export function hasContentOf(slot: Flash, { length, digest }: PackageHead): boolean {
  const state = new Uint8Array(36);
  const end = headLength + length;
  let at = headLength;
  for (; at + pieceLength <= end; at += pieceLength) sha256Part(state, slot.read(pieceLength, at));
  const rest = slot.read(end - at, at);
  const whole = rest.length & ~63;
  sha256Part(state, rest.subarray(0, whole));
  return equal(sha256End(state, rest.subarray(whole)), digest);
}
