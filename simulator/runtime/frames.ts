/** The longest payload taken from the other side, in bytes. */
export const frameLimit = 16 * 1024 * 1024;

/** A frame as it goes over the pipe: four bytes of length, little-endian, then the payload. */
export function frame(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + payload.length);
  new DataView(bytes.buffer).setUint32(0, payload.length, true);
  bytes.set(payload, 4);
  return bytes;
}

/** Cuts a stream of chunks into frames. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #length = 0;

  /**
   * Takes what came in, in pieces of any size.
   * @throws RangeError when a frame says that it is longer than `frameLimit`
   */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /** The payload of the next complete frame, or `undefined` until more comes in. */
  next(): Uint8Array | undefined {
    if (this.#length < 4) return undefined;
    const header = this.#first(4);
    const size = header[0]! + header[1]! * 0x100 + header[2]! * 0x10000 + header[3]! * 0x1000000;
    if (size > frameLimit) throw new RangeError(`a frame of ${size} bytes is too long`);
    if (this.#length < 4 + size) return undefined;
    const bytes = this.#first(4 + size);
    this.#drop(4 + size);
    return bytes.subarray(4);
  }

  /** The first bytes, copied only where they lie in more than one chunk. */
  #first(length: number): Uint8Array {
    const [first] = this.#chunks;
    if (first !== undefined && first.length >= length) return first.subarray(0, length);
    const joined = new Uint8Array(length);
    let filled = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk.subarray(0, length - filled), filled);
      filled += Math.min(chunk.length, length - filled);
      if (filled === length) break;
    }
    return joined;
  }

  #drop(length: number): void {
    this.#length -= length;
    let left = length;
    for (let first = this.#chunks[0]; first !== undefined && left > 0; first = this.#chunks[0]) {
      if (first.length > left) this.#chunks[0] = first.subarray(left);
      else this.#chunks.shift();
      left -= Math.min(first.length, left);
    }
  }
}
