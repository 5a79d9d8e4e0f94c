import type { AudioOutOptions } from "../../hal/io.ts";
import type { Board } from "./board.ts";
import { SimulatedStream } from "./stream.ts";

/** Milliseconds of sound that are handed over at once, and that an input or output holds. */
const BLOCK = 20;
const HELD = 240;
const rates = [8_000, 16_000, 22_050, 44_100];

function checkRate(sampleRate: number): void {
  if (!rates.includes(sampleRate)) throw new RangeError("sample rate");
}

/** Bytes of so many milliseconds of sound. */
function bytesOf(milliseconds: number, sampleRate: number): number {
  return 2 * Math.round((milliseconds * sampleRate) / 1_000);
}

/** What hands sound over block by block while it is started. */
abstract class SimulatedSound extends SimulatedStream {
  readonly sampleRate: number;
  protected readonly period = BLOCK;

  constructor(board: Board, options: { readonly sampleRate: number }) {
    checkRate(options.sampleRate);
    super(board, options);
    this.sampleRate = options.sampleRate;
  }
}

/** ECMA-419 audio input on the room that the board is in. */
export class SimulatedAudioIn extends SimulatedSound {
  #held: number[] = [];
  #announced = false;
  /** Bytes that nobody read in time. */
  lost = 0;

  read(byteLength: number = Number.MAX_SAFE_INTEGER): Uint8Array | undefined {
    this.check();
    this.#announced = false;
    if (this.#held.length === 0 || byteLength === 0) return undefined;
    return Uint8Array.from(this.#held.splice(0, byteLength));
  }

  protected block(): void {
    const heard = this.board.senses.listen?.(this.sampleRate, bytesOf(BLOCK, this.sampleRate) / 2);
    if (heard === undefined) return;
    for (const sample of heard) this.#held.push(sample & 0xff, (sample >> 8) & 0xff);
    const over = this.#held.length - bytesOf(HELD, this.sampleRate);
    if (over > 0) {
      this.#held.splice(0, over);
      this.lost += over;
    }
    if (this.#announced) return;
    this.#announced = true;
    this.signalWith("onReadable", () => [this.#held.length]);
  }
}

/** ECMA-419 audio output into the room. */
export class SimulatedAudioOut extends SimulatedSound {
  volume = 1;
  readonly #size: number;
  #held: number[] = [];
  #told = 0;

  constructor(board: Board, options: AudioOutOptions) {
    super(board, options);
    this.#size = bytesOf(HELD, options.sampleRate);
    this.#tell();
  }

  /** Sets the volume, as it comes over the bridge. */
  "volume="(volume: number): void {
    this.check();
    if (!(volume >= 0 && volume <= 1)) throw new RangeError("volume");
    this.volume = volume;
  }

  write(bytes: Uint8Array): void {
    this.check();
    if (bytes.length > this.#size - this.#held.length) throw new RangeError("output full");
    this.#held.push(...bytes);
    this.#told = this.#size - this.#held.length;
  }

  protected block(): void {
    const bytes = this.#held.splice(0, bytesOf(BLOCK, this.sampleRate));
    if (bytes.length === 0) return;
    const samples = Int16Array.from(
      { length: bytes.length >> 1 },
      (_, at) => bytes[2 * at]! | (bytes[2 * at + 1]! << 8),
    );
    this.board.senses.play?.(samples, this.sampleRate, this.volume);
    this.#tell();
  }

  #tell(): void {
    const free = this.#size - this.#held.length;
    if (free === this.#told) return;
    this.#told = free;
    this.signalWith("onWritable", () => [this.#size - this.#held.length]);
  }
}
