import { type CborValue, cborMajor, maximumCborDepth } from "./cbor-model.ts";
import { FormatError } from "./errors.ts";
import { bytesToUtf8 } from "./text.ts";

const uint32 = 0x100000000;

/** The tag that other encoders put before a `Uint8Array` (RFC 8746); the byte string after it is all that counts. */
const typedArrayTag = 64;

class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  value(depth: number): CborValue {
    if (depth > maximumCborDepth) {
      throw this.#error(`more than ${maximumCborDepth} levels`);
    }
    this.#need(1);
    const head = this.#bytes[this.#offset]!;
    const major = head & 0xe0;
    if (major === cborMajor.simple) {
      return this.#simple(head & 0x1f);
    }
    const argument = this.#argument(head & 0x1f);
    switch (major) {
      case cborMajor.natural:
        return argument;
      case cborMajor.negative:
        return -1 - argument;
      case cborMajor.bytes:
        return this.#copy(argument);
      case cborMajor.text:
        return this.#text(argument);
      case cborMajor.array: {
        this.#need(argument);
        const items: CborValue[] = [];
        for (let count = argument; count > 0; count--) {
          items.push(this.value(depth + 1));
        }
        return items;
      }
      case cborMajor.map:
        return this.#map(argument, depth);
      default:
        if (argument !== typedArrayTag) {
          throw this.#error("tag not supported");
        }
        return this.value(depth + 1);
    }
  }

  end(): void {
    if (this.#offset !== this.#bytes.length) {
      throw this.#error("bytes left over");
    }
  }

  #map(count: number, depth: number): { [key: string]: CborValue } {
    this.#need(2 * count);
    const map: { [key: string]: CborValue } = {};
    for (let i = 0; i < count; i++) {
      const key = this.#key();
      map[key] = this.value(depth + 1);
    }
    if (Object.keys(map).length !== count) {
      throw this.#error("a map key comes twice");
    }
    return map;
  }

  #key(): string {
    this.#need(1);
    const head = this.#bytes[this.#offset]!;
    if ((head & 0xe0) !== cborMajor.text) {
      throw this.#error("map keys must be text");
    }
    const key = this.#text(this.#argument(head & 0x1f));
    if (key in Object.prototype) {
      throw this.#error("map key not allowed");
    }
    return key;
  }

  #text(length: number): string {
    const start = this.#offset;
    const bytes = this.#take(length);
    try {
      return bytesToUtf8(bytes, "cbor text");
    } catch {
      throw new FormatError("cbor", start, "text is not UTF-8");
    }
  }

  #simple(information: number): CborValue {
    const at = this.#offset + 1;
    switch (information) {
      case 20:
      case 21:
        this.#offset = at;
        return information === 21;
      case 22:
        this.#offset = at;
        return null;
      case 23:
        this.#offset = at;
        return undefined;
      case 26:
        this.#need(5);
        this.#offset = at + 4;
        return this.#view.getFloat32(at);
      case 27:
        this.#need(9);
        this.#offset = at + 8;
        return this.#view.getFloat64(at);
      default:
        throw this.#error("simple value not supported");
    }
  }

  /** Reads the head at the offset and moves behind it. */
  #argument(information: number): number {
    if (information < 24) {
      this.#offset++;
      return information;
    }
    const size = information < 28 ? 1 << (information - 24) : 0;
    if (size === 0) {
      throw this.#error("indefinite length or reserved head");
    }
    this.#need(1 + size);
    const at = this.#offset + 1;
    const argument = this.#natural(at, size);
    if (argument > Number.MAX_SAFE_INTEGER) {
      throw this.#error("number too large");
    }
    this.#offset = at + size;
    return argument;
  }

  #natural(at: number, size: number): number {
    switch (size) {
      case 1:
        return this.#bytes[at]!;
      case 2:
        return this.#view.getUint16(at);
      case 4:
        return this.#view.getUint32(at);
      default:
        return this.#view.getUint32(at) * uint32 + this.#view.getUint32(at + 4);
    }
  }

  /** The next bytes, copied at once by the buffer: XS copies views byte by byte. */
  #copy(length: number): Uint8Array {
    this.#need(length);
    const start = this.#bytes.byteOffset + this.#offset;
    this.#offset += length;
    return new Uint8Array((this.#bytes.buffer as ArrayBuffer).slice(start, start + length));
  }

  #take(length: number): Uint8Array {
    this.#need(length);
    const start = this.#offset;
    this.#offset += length;
    return this.#bytes.subarray(start, this.#offset);
  }

  #need(count: number): void {
    const left = this.#bytes.length - this.#offset;
    if (count > left) {
      throw this.#error(`${count} bytes expected, ${left} left`);
    }
  }

  #error(problem: string): FormatError {
    return new FormatError("cbor", this.#offset, problem);
  }
}

/** Reads as `decodeCbor` of cbor.ts says, in TypeScript alone. */
export function readCborValue(bytes: Uint8Array): CborValue {
  const reader = new CborReader(bytes);
  const value = reader.value(0);
  reader.end();
  return value;
}
