import { FormatError } from "./errors.ts";

/** Reads bytes from the left; every read is checked against what is left. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #base: number;
  #offset = 0;

  /**
   * @param bytes the input; `take` gives views into it
   * @param base added to every offset in errors, when `bytes` is a part of a larger input
   */
  constructor(bytes: Uint8Array, base = 0) {
    this.#bytes = bytes;
    this.#base = base;
  }

  /** Offset of the next byte, counted with `base`. */
  get offset(): number {
    return this.#base + this.#offset;
  }

  /** Bytes not yet read. */
  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** The next byte without moving on; undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /** A view of the next `length` bytes. Throws `FormatError` when fewer are left. */
  take(length: number, field: string): Uint8Array {
    const end = this.#offset + length;
    if (length < 0 || end > this.#bytes.length) {
      throw new FormatError(field, this.offset, `${length} bytes expected, ${this.remaining} left`);
    }
    const view = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return view;
  }

  /** All that is left, as a view. */
  rest(): Uint8Array {
    const view = this.#bytes.subarray(this.#offset);
    this.#offset = this.#bytes.length;
    return view;
  }

  /** One byte, 0 to 255. */
  byte(field: string): number {
    const value = this.#bytes[this.#offset];
    if (value === undefined) {
      throw new FormatError(field, this.offset, "1 byte expected, 0 left");
    }
    this.#offset++;
    return value;
  }

  /** A big-endian natural number of 1 to 6 bytes. */
  integer(length: number, field: string): number {
    let value = 0;
    for (const byte of this.take(length, field)) {
      value = value * 256 + byte;
    }
    return value;
  }

  /** Throws `FormatError` when bytes are left over. */
  end(field: string): void {
    if (this.remaining !== 0) {
      throw new FormatError(field, this.offset, `${this.remaining} bytes left over`);
    }
  }
}
