/** What the microcontroller sends between frames, behind a mark in the place of a frame's length (host/machine.h). */
const TEXT = 0xffff_ffff;
const COUNT = 0xffff_fffe;
const MEMORY = 0xffff_fffd;

/** Who is told what comes over the wire. */
export interface WireListener {
  frame(payload: Uint8Array): void;
  text(text: string): void;
  /** Instructions that the firmware took so far, without waiting and without moving bytes. */
  count(instructions: number): void;
  /** A part of what is in the firmware's memory when it ends. */
  memory(part: Uint8Array): void;
}

/** Takes the microcontroller's wire apart: frames, lines of text, counts of instructions, and the memory at the end. */
export class WireReader {
  readonly #listener: WireListener;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(listener: WireListener) {
    this.#listener = listener;
  }

  /**
   * Takes what came in, in pieces of any size.
   * @throws RangeError when a frame, a text or a part of the memory says that it is longer than `limit`
   */
  push(chunk: Uint8Array, limit: number): void {
    this.#bytes = this.#bytes.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#bytes, chunk]);
    let taken = 0;
    for (let size = this.#take(taken, limit); size > 0; size = this.#take(taken, limit)) taken += size;
    this.#bytes = this.#bytes.subarray(taken);
  }

  /** Delivers what starts at an offset; gives its bytes, 0 when it is not whole yet. */
  #take(at: number, limit: number): number {
    const bytes = this.#bytes;
    const left = bytes.length - at;
    if (left < 4) return 0;
    const mark = bytes.readUInt32LE(at);
    if (mark === COUNT) {
      if (left < 12) return 0;
      this.#listener.count(Number(bytes.readBigUInt64LE(at + 4)));
      return 12;
    }
    const start = mark === TEXT || mark === MEMORY ? 8 : 4;
    if (left < start) return 0;
    const size = bytes.readUInt32LE(at + start - 4);
    if (size > limit) throw new RangeError(`a frame of ${size} bytes is too long`);
    if (left < start + size) return 0;
    const payload = bytes.subarray(at + start, at + start + size);
    if (mark === TEXT) this.#listener.text(payload.toString("utf8"));
    else if (mark === MEMORY) this.#listener.memory(payload);
    else this.#listener.frame(payload);
    return start + size;
  }
}
