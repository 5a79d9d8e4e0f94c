import Input from "embedded:io/audio/in";
import Output from "embedded:io/audio/out";
import type { AudioIn, AudioInOptions, AudioOut, AudioOutOptions, Closable } from "../../../io.ts";
import { opened } from "../opened.ts";

/** What both ask of I2S: the pins are the manifest's ("audioIn", "audioOut" under "defines"). */
const format = Object.freeze({ bitsPerSample: 16, channels: 1, audioType: "LPCM", format: "buffer" } as const);

/** Audio input by I2S: a quarter of a second at 16 kHz waits for its reader. */
export class SdkAudioIn implements AudioIn {
  readonly sampleRate: number;
  #input: Input | undefined;

  constructor({ sampleRate, onReadable }: AudioInOptions) {
    this.#input = new Input({
      ...format,
      sampleRate,
      onReadable: (bytes) => {
        if (this.#input !== undefined) onReadable?.call(this, bytes);
      },
    });
    this.sampleRate = this.#input.sampleRate;
  }

  start(): void {
    opened(this.#input).start();
  }

  stop(): void {
    opened(this.#input).stop();
  }

  read(byteLength?: number): Uint8Array | undefined {
    const heard = this.#take(opened(this.#input), byteLength);
    return heard === undefined ? undefined : new Uint8Array(heard);
  }

  close(): void {
    this.#input?.close();
    this.#input = undefined;
  }

  /** The SDK throws where there is less than what is asked for. */
  #take(input: Input, byteLength: number | undefined): ArrayBuffer | undefined {
    if (byteLength === undefined) return input.read();
    try {
      return input.read(byteLength);
    } catch {
      return input.read();
    }
  }
}

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
