import Output from "embedded:io/audio/out";
import type { AudioOut, AudioOutOptions, Closable } from "../../../io.ts";
import { opened } from "../opened.ts";
import { format } from "./format.ts";

/** Bytes that the SDK hands to I2S at once. */
const BLOCK = 4_092;

/**
 * Audio output by I2S, which holds 20,460 bytes. The SDK keeps what fills no block until more comes: when all before it was played
 * the block is filled up with silence, so that the last word is heard to its end.
 */
export class SdkAudioOut implements AudioOut {
  readonly sampleRate: number;
  readonly #onWritable: AudioOutOptions["onWritable"];
  #output: (Output & Closable) | undefined;
  /** Bytes of the block that is not full. */
  #begun = 0;
  /** The most that was ever free. */
  #size = 0;

  constructor({ sampleRate, onWritable }: AudioOutOptions) {
    this.#onWritable = onWritable;
    this.#output = new Output({ ...format, sampleRate, onWritable: (bytes) => this.#drained(bytes) }) as Output &
      Closable;
    this.sampleRate = this.#output.sampleRate;
  }

  get volume(): number {
    return opened(this.#output).volume;
  }

  set volume(volume: number) {
    opened(this.#output).volume = volume;
  }

  start(): void {
    opened(this.#output).start();
  }

  stop(): void {
    opened(this.#output).stop();
    this.#begun = 0;
  }

  write(bytes: Uint8Array): void {
    opened(this.#output).write(bytes);
    this.#begun = (this.#begun + bytes.length) % BLOCK;
  }

  close(): void {
    this.#output?.close();
    this.#output = undefined;
  }

  #drained(bytes: number): void {
    if (this.#output === undefined) return;
    this.#size = Math.max(this.#size, bytes);
    if (this.#begun > 0 && bytes + this.#begun >= this.#size) {
      this.write(new Uint8Array(BLOCK - this.#begun));
      return;
    }
    this.#onWritable?.call(this, bytes);
  }
}
