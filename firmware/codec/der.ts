import { FormatError } from "./errors.ts";

/** Tags of X.690 that certificates use. */
export const derTag = Object.freeze({
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
});

/** One data value, as its places in the input: views are made of what is asked for. */
export class DerValue {
  readonly tag: number;
  readonly #input: Uint8Array;
  readonly #start: number;
  readonly #from: number;
  readonly #end: number;

  /** From its tag, its content and its end on. */
  constructor(tag: number, input: Uint8Array, start: number, from: number, end: number) {
    this.tag = tag;
    this.#input = input;
    this.#start = start;
    this.#from = from;
    this.#end = end;
  }

  get content(): Uint8Array {
    return this.#input.subarray(this.#from, this.#end);
  }

  /** Its content with tag and length. */
  get whole(): Uint8Array {
    return this.#input.subarray(this.#start, this.#end);
  }
}

/**
 * Reads data values in DER one after another (X.690, 8 and 10): tags of one byte, definite lengths in their shortest
 * form. Every call throws `FormatError` for what is none or does not fit into the input.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** The tag of the next value; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** The next value, which must have the tag where one is given. */
  next(tag?: number): DerValue {
    const start = this.#offset;
    const found = this.#byte();
    if ((found & 0x1f) === 0x1f) throw new FormatError("der tag", start, "longer than one byte");
    if (tag !== undefined && found !== tag) throw new FormatError("der tag", start, "another one expected");
    const length = this.#length();
    const from = this.#offset;
    if (length > this.#bytes.length - from) throw new FormatError("der length", from, "more than there is");
    this.#offset = from + length;
    return new DerValue(found, this.#bytes, start, from, this.#offset);
  }

  /** The next value where it has that tag, else undefined. */
  optional(tag: number): DerValue | undefined {
    return this.peek() === tag ? this.next(tag) : undefined;
  }

  /** A reader of the next value's content. */
  enter(tag: number): DerReader {
    return new DerReader(this.next(tag).content);
  }

  /** Nothing may follow. */
  end(): void {
    if (!this.done) throw new FormatError("der", this.#offset, "more than expected");
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new FormatError("der", this.#offset, "1 byte expected, 0 left");
    this.#offset++;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first - 0x80;
    if (count === 0 || count > 2) throw new FormatError("der length", this.#offset, "1 or 2 bytes expected");
    const length = count === 1 ? this.#byte() : this.#byte() * 256 + this.#byte();
    if (length < (count === 1 ? 0x80 : 0x100)) throw new FormatError("der length", this.#offset, "not the shortest");
    return length;
  }
}
