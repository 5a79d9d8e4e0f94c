import { concat } from "./bytes.ts";
import { type CborValue, cborMajor, maximumCborDepth } from "./cbor-model.ts";
import { utf8ToBytes } from "./text.ts";

const uint32 = 0x100000000;

/** Byte strings from here on become parts of their own. */
const longString = 64;

/**
 * Writes values one after the other into the same buffer, which doubles where it must. Heads and short strings go there;
 * long byte strings are not copied but go between its parts.
 */
class CborEncoder {
  #parts: Uint8Array[] = [];
  #bytes = new Uint8Array(64);
  /** Where the part that is not yet in `#parts` begins and ends. */
  #start = 0;
  #length = 0;

  /**
   * Writes a value in parts, which follow each other. They are valid until the next value is written; long byte strings
   * are the value's own bytes, not copies. Throws as `encodeCbor`.
   *
   * What is still to be written waits in a list instead of on the stack, which is short.
   */
  parts(value: CborValue): readonly Uint8Array[] {
    this.#parts = [];
    this.#start = 0;
    this.#length = 0;
    /** The next value last. */
    const waiting: CborValue[] = [value];
    /** For each array and map around the next value, how many values wait outside of it. */
    const outside: number[] = [];
    while (waiting.length > 0) {
      while (outside.length > 0 && outside[outside.length - 1] === waiting.length) outside.pop();
      if (outside.length > maximumCborDepth) throw new TypeError(`more than ${maximumCborDepth} levels`);
      const next = waiting.pop();
      if (typeof next === "object" && next !== null && !(next instanceof Uint8Array)) {
        outside.push(waiting.length);
        if (isArray(next)) {
          this.#head(cborMajor.array, next.length);
          for (let place = next.length - 1; place >= 0; place--) waiting.push(next[place]);
        } else {
          const keys = Object.keys(next).sort(byLengthThenCharacter);
          this.#head(cborMajor.map, keys.length);
          for (const key of keys.reverse()) waiting.push(next[key], key);
        }
      } else {
        this.#scalar(next);
      }
    }
    this.#part();
    return this.#parts;
  }

  #scalar(value: Exclude<CborValue, readonly CborValue[] | { readonly [key: string]: CborValue }> | Uint8Array): void {
    switch (typeof value) {
      case "number":
        this.#number(value);
        return;
      case "string":
        this.#text(value);
        return;
      case "boolean":
        this.#byte(value ? 0xf5 : 0xf4);
        return;
      case "undefined":
        this.#byte(0xf7);
        return;
      case "object":
        if (value === null) {
          this.#byte(0xf6);
        } else {
          this.#string(cborMajor.bytes, value);
        }
        return;
      default:
        throw new TypeError("not a CBOR value");
    }
  }

  #part(): void {
    if (this.#length > this.#start) this.#parts.push(this.#bytes.subarray(this.#start, this.#length));
    this.#start = this.#length;
  }

  #number(value: number): void {
    if (value > 0 && value < 24 && Number.isInteger(value)) {
      this.#byte(value);
    } else if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      this.#reserve(9);
      this.#bytes[this.#length] = 0xfb;
      new DataView(this.#bytes.buffer).setFloat64(this.#length + 1, value);
      this.#length += 9;
    } else if (value >= 0) {
      this.#head(cborMajor.natural, value);
    } else {
      this.#head(cborMajor.negative, -1 - value);
    }
  }

  /** Short ASCII texts, which most are, go straight into the buffer. */
  #text(text: string): void {
    const { length } = text;
    if (length < 24) {
      this.#reserve(1 + length);
      const bytes = this.#bytes;
      const end = this.#length + 1 + length;
      let at = this.#length;
      bytes[at++] = cborMajor.text | length;
      for (let index = 0; index < length; index++) {
        const code = text.charCodeAt(index);
        if (code > 0x7f) break;
        bytes[at++] = code;
      }
      if (at === end) {
        this.#length = end;
        return;
      }
    }
    this.#string(cborMajor.text, utf8ToBytes(text));
  }

  #string(major: number, bytes: Uint8Array): void {
    this.#head(major, bytes.length);
    if (bytes.length >= longString) {
      this.#part();
      this.#parts.push(bytes);
      return;
    }
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  #head(major: number, argument: number): void {
    this.#reserve(9);
    const bytes = this.#bytes;
    let at = this.#length;
    if (argument < 24) {
      bytes[at++] = major | argument;
    } else if (argument < 0x100) {
      bytes[at++] = major | 24;
      bytes[at++] = argument;
    } else if (argument < 0x10000) {
      bytes[at++] = major | 25;
      bytes[at++] = argument >> 8;
      bytes[at++] = argument;
    } else {
      const long = argument >= uint32;
      bytes[at++] = major | (long ? 27 : 26);
      const view = new DataView(bytes.buffer);
      if (long) {
        view.setUint32(at, Math.floor(argument / uint32));
        at += 4;
      }
      view.setUint32(at, argument % uint32);
      at += 4;
    }
    this.#length = at;
  }

  #byte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length) - this.#start);
      larger.set(this.#bytes.subarray(this.#start, this.#length));
      this.#bytes.fill(0, this.#start, this.#length);
      this.#bytes = larger;
      this.#length -= this.#start;
      this.#start = 0;
    }
  }
}

/** Writes as `encodeCbor` of cbor.ts says, in TypeScript alone. */
export function writeCborValue(value: CborValue): Uint8Array {
  return concat(new CborEncoder().parts(value));
}

function byLengthThenCharacter(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}

function isArray(value: CborValue): value is readonly CborValue[] {
  return Array.isArray(value);
}
