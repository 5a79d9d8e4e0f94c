import { crc32, sha256 } from "#native/digest";
import type { Flash } from "../../hal/io.ts";
import { equal } from "../codec/bytes.ts";
import { asciiToBytes, bytesToAscii } from "../codec/text.ts";
import { isBlank, viewOf, wordOf } from "../flash/words.ts";

/**
 * The partition "parameters" in two banks, halves of it. A bank: `XPAR`, length (32 bits, little-endian, as all numbers),
 * that many bytes of CBOR, their CRC-32; in its last 64 bytes generation, length of the version (32 bits each), version
 * (48 bytes of ASCII, filled with FF), CRC-32 of these, and the mark that makes the bank count. What the factory writes is
 * the first bank without those 64 bytes: generation 0, version "". Of the banks that count the higher generation is in use.
 *
 * A download fills the other bank and sets its mark last, so that a power cut anywhere leaves the bank in use as it was.
 */
export class ParameterStore {
  readonly #flash: Flash;
  readonly #bankLength: number;
  #inUse: Bank | undefined;

  constructor(flash: Flash) {
    this.#flash = flash;
    const { size, blockLength } = flash.status();
    this.#bankLength = Math.floor(size / blockLength / 2) * blockLength;
    this.#inUse = this.#newest();
  }

  /** Under which version the parameters in use were downloaded; "" for those of the factory, and where there are none. */
  get version(): string {
    return this.#inUse?.version ?? "";
  }

  /** Bytes that a download may have; 0 where the parameters in use lie over both banks. */
  get room(): number {
    const end = this.#inUse === undefined ? 0 : headLength + this.#inUse.length + checkLength;
    const isAlone = this.#bankLength > 0 && end <= this.#bankLength;
    return isAlone ? this.#bankLength - headLength - checkLength - trailerLength : 0;
  }

  /** The CBOR in use; undefined when nothing valid is there. */
  read(): Uint8Array | undefined {
    return this.#inUse && this.#flash.read(this.#inUse.length, this.#inUse.start + headLength);
  }

  /** Makes the other bank empty. Throws `RangeError` where there is no room for a download. */
  clear(): void {
    if (this.room === 0) throw new RangeError("no second bank");
    const { blockLength } = this.#flash.status();
    const start = this.#otherStart;
    for (let at = start; at < start + this.#bankLength; at += blockLength) this.#flash.eraseBlock(at / blockLength);
  }

  /** Puts a piece of a download into the cleared bank; the same piece may come twice. */
  write(piece: Uint8Array, offset: number): void {
    if (offset + piece.length > this.room) throw new RangeError("outside of the bank");
    this.#flash.write(piece, this.#otherStart + headLength + offset);
  }

  /** The download's CBOR, where its digest is as told; undefined otherwise. */
  loaded(length: number, digest: Uint8Array): Uint8Array | undefined {
    if (length > this.room) return undefined;
    const cbor = this.#flash.read(length, this.#otherStart + headLength);
    return equal(sha256(cbor), digest) ? cbor : undefined;
  }

  /** Makes the download the parameters in use, from the next start on. Only for what `loaded` gave and the caller checked. */
  use(cbor: Uint8Array, version: string): void {
    const start = this.#otherStart;
    const head = new Uint8Array(headLength);
    head.set(magic);
    viewOf(head).setUint32(4, cbor.length, true);
    this.#flash.write(wordOf(crc32(cbor)), start + headLength + cbor.length);
    this.#flash.write(head, start);
    const trailer = this.#flash.read(trailerLength, start + this.#bankLength - trailerLength).fill(0xff);
    const generation = (this.#inUse?.generation ?? 0) + 1;
    viewOf(trailer).setUint32(0, generation, true);
    viewOf(trailer).setUint32(4, version.length, true);
    trailer.set(asciiToBytes(version), versionPlace);
    viewOf(trailer).setUint32(checkPlace, crc32(trailer.subarray(0, checkPlace)), true);
    this.#flash.write(trailer.subarray(0, markPlace), start + this.#bankLength - trailerLength);
    this.#flash.write(wordOf(mark), start + this.#bankLength - trailerLength + markPlace);
    this.#inUse = { start, generation, version, length: cbor.length };
  }

  get #otherStart(): number {
    return this.#inUse?.start === 0 ? this.#bankLength : 0;
  }

  #newest(): Bank | undefined {
    const first = this.#bank(0);
    const second = this.#bankLength === 0 ? undefined : this.#bank(this.#bankLength);
    if (first === undefined || second === undefined) return first ?? second;
    return second.generation > first.generation ? second : first;
  }

  #bank(start: number): Bank | undefined {
    const head = this.#flash.read(headLength, start);
    if (magic.some((byte, place) => head[place] !== byte)) return undefined;
    const length = viewOf(head).getUint32(4, true);
    const end = start + headLength + length + checkLength;
    if (end > this.#flash.status().size) return undefined;
    const label = this.#label(start, end);
    if (label === undefined) return undefined;
    const body = this.#flash.read(length + checkLength, start + headLength);
    if (viewOf(body).getUint32(length, true) !== crc32(body.subarray(0, length))) return undefined;
    return { start, length, ...label };
  }

  /** Generation and version of a bank whose parameters end at `end`; undefined for one that does not count. */
  #label(start: number, end: number): Pick<Bank, "generation" | "version"> | undefined {
    const factory = { generation: 0, version: "" };
    const place = start + this.#bankLength - trailerLength;
    if (this.#bankLength === 0 || end > place) return start === 0 ? factory : undefined;
    const trailer = this.#flash.read(trailerLength, place);
    if (isBlank(trailer)) return start === 0 ? factory : undefined;
    const words = viewOf(trailer);
    const isWhole =
      words.getUint32(markPlace, true) === mark &&
      words.getUint32(checkPlace, true) === crc32(trailer.subarray(0, checkPlace));
    if (!isWhole) return undefined;
    const length = words.getUint32(4, true);
    if (length > longestVersion) return undefined;
    const version = bytesToAscii(trailer.subarray(versionPlace, versionPlace + length));
    return { generation: words.getUint32(0, true), version };
  }
}

interface Bank {
  readonly start: number;
  /** Bytes of CBOR. */
  readonly length: number;
  readonly generation: number;
  readonly version: string;
}

/** Characters of a version. */
export const longestVersion = 48;

const magic = Object.freeze([0x58, 0x50, 0x41, 0x52]);
const headLength = 8;
const checkLength = 4;
const versionPlace = 8;
const checkPlace = versionPlace + longestVersion;
const markPlace = checkPlace + 4;
const trailerLength = markPlace + 4;
const mark = 0x53455355;
