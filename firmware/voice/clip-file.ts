/** The packed clips ("XV01", README.md), read in place. */
import { adpcmDecode } from "#native/adpcm";

const head = 8;
const entry = 8;
/** What the decoder is before the first sample. */
const start = 0x400000;

/** A row of clips that is being said. */
export class Saying {
  readonly #file: Uint8Array;
  readonly #clips: readonly number[];
  /** How often each sample is given. */
  readonly #times: number;
  #next = 0;
  /** The clip's samples that are left, the place of the first of them in half bytes, and the decoder's state. */
  #left = 0;
  #at = 0;
  #state = start;

  /**
   * @param clips places in the file
   * @param rate samples a second: those of the file or twice as many
   * @throws RangeError for a file or a rate that this is not
   */
  constructor(file: Uint8Array, clips: readonly number[], rate: number) {
    const own = file[4]! | (file[5]! << 8);
    const count = file[6]! | (file[7]! << 8);
    this.#times = rate / own;
    const isFile = file[0] === 0x58 && file[1] === 0x56 && file[2] === 0x30 && file[3] === 0x31;
    if (!isFile || (this.#times !== 1 && this.#times !== 2) || clips.some((clip) => clip >= count))
      throw new RangeError("no such clips");
    this.#file = file;
    this.#clips = clips;
  }

  /** Fills the samples from the beginning; gives how many there are, 0 at the end. */
  read(samples: Int16Array): number {
    let filled = 0;
    while (filled < samples.length && this.#begun()) {
      const count = Math.min(this.#left, Math.trunc((samples.length - filled) / this.#times));
      if (count === 0) break;
      const bytes = new Uint8Array(samples.buffer, samples.byteOffset + 2 * filled, 2 * count * this.#times);
      this.#state = adpcmDecode(this.#file, this.#at, bytes, this.#state, this.#times);
      this.#at += count;
      this.#left -= count;
      filled += count * this.#times;
    }
    return filled;
  }

  /** Goes on to the next clip where one has ended; false after the last. */
  #begun(): boolean {
    while (this.#left === 0) {
      const clip = this.#clips[this.#next++];
      if (clip === undefined) return false;
      const place = head + entry * clip;
      this.#at = 2 * this.#number(place);
      this.#left = this.#number(place + 4);
      this.#state = start;
    }
    return true;
  }

  /** Little-endian, below 2^24. */
  #number(at: number): number {
    return this.#file[at]! | (this.#file[at + 1]! << 8) | (this.#file[at + 2]! << 16);
  }
}
