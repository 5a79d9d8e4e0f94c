import { take } from "../io/byte-queue.ts";

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
  /** Bytes of the payload that has begun. */
  #size: number | undefined;

  /** Takes what came in, in pieces of any size. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  /**
   * The payload of the next complete frame, or `undefined` until more comes in.
   * @throws RangeError when a frame says that it is longer than `frameLimit`
   */
  next(): Uint8Array | undefined {
    if (this.#size === undefined) {
      if (this.#length < 4) return undefined;
      const header = this.#take(4);
      this.#size = new DataView(header.buffer, header.byteOffset).getUint32(0, true);
    }
    if (this.#size > frameLimit) throw new RangeError(`a frame of ${this.#size} bytes is too long`);
    if (this.#length < this.#size) return undefined;
    const payload = this.#take(this.#size);
    this.#size = undefined;
    return payload;
  }

  #take(length: number): Uint8Array {
    this.#length -= length;
    return take(this.#chunks, length);
  }
}
