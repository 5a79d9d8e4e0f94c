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
    const first = this.#join(4);
    const size = new DataView(first.buffer, first.byteOffset).getUint32(0, true);
    if (size > frameLimit) throw new RangeError(`a frame of ${size} bytes is too long`);
    if (this.#length < 4 + size) return undefined;
    const bytes = this.#join(4 + size);
    const rest = bytes.subarray(4 + size);
    if (rest.length > 0) this.#chunks[0] = rest;
    else this.#chunks.shift();
    this.#length -= 4 + size;
    return bytes.subarray(4, 4 + size);
  }

  /** The first chunk, made at least so long. */
  #join(length: number): Uint8Array {
    const first = this.#chunks[0];
    if (first !== undefined && first.length >= length) return first;
    const joined = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      joined.set(chunk, offset);
      offset += chunk.length;
    }
    this.#chunks = [joined];
    return joined;
  }
}
