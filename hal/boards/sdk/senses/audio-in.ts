import Input from "embedded:io/audio/in";
import type { AudioIn, AudioInOptions } from "../../../io.ts";
import { opened } from "../opened.ts";
import { format } from "./format.ts";

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
