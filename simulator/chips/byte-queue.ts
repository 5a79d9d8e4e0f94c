/** A chip's receive buffer: first in, first out, of a fixed size. */
export class ByteQueue {
  readonly #bytes: Uint8Array;
  #start = 0;
  #end = 0;

  constructor(size: number) {
    this.#bytes = new Uint8Array(size);
  }

  get length(): number {
    return this.#end - this.#start;
  }

  get free(): number {
    return this.#bytes.length - this.length;
  }

  /** Appends what fits; returns how many bytes did not. */
  push(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.free);
    if (this.#end + taken.length > this.#bytes.length) {
      this.#bytes.copyWithin(0, this.#start, this.#end);
      this.#end -= this.#start;
      this.#start = 0;
    }
    this.#bytes.set(taken, this.#end);
    this.#end += taken.length;
    return bytes.length - taken.length;
  }

  /** At most so many bytes from the front, left in the queue: valid until the next `push`. */
  peek(length: number): Uint8Array {
    return this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + length));
  }

  /** Removes at most so many bytes from the front. */
  take(length: number): Uint8Array {
    const bytes = this.peek(length).slice();
    this.#start += bytes.length;
    return bytes;
  }

  clear(): void {
    this.#start = 0;
    this.#end = 0;
  }
}
