import type { AudioIn, AudioInConstructor, ClockSource } from "../../io.ts";
import type { Microphone } from "../../microphone.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";

/** Milliseconds without a byte after which the microphone counts as broken: a quiet room gives samples, too. */
const SILENCE = 1_000;

export interface AudioInMicrophoneOptions {
  readonly audio: { readonly io: AudioInConstructor };
  readonly sampleRate: number;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  readonly onReadable?: () => void;
  /** No sample comes; only `close` may follow. */
  readonly onError?: () => void;
}

/** A microphone on the ground's audio input. */
export class AudioInMicrophone implements Microphone {
  readonly sampleRate: number;
  readonly #options: AudioInMicrophoneOptions;
  #audio: AudioIn | undefined;
  #running = false;
  #watch: number | undefined;

  /** Throws `RangeError` where the hardware has another rate than is wanted. */
  constructor(options: AudioInMicrophoneOptions) {
    const { audio, sampleRate, clock, onReadable, onError } = options;
    checkIo("audio.io", audio.io);
    checkInteger("sampleRate", sampleRate, 8_000, 48_000);
    checkClock(clock);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#options = options;
    this.sampleRate = sampleRate;
    const opened = new audio.io({ sampleRate, onReadable: () => this.#heard() });
    if (opened.sampleRate !== sampleRate) {
      opened.close();
      throw new RangeError("the microphone has another sample rate");
    }
    this.#audio = opened;
  }

  start(): void {
    const audio = this.#open();
    if (this.#running) return;
    this.#running = true;
    this.#expect();
    audio.start();
  }

  stop(): void {
    const audio = this.#open();
    this.#running = false;
    this.#cancel();
    audio.stop();
    audio.read()?.fill(0);
  }

  read(count: number): Int16Array | undefined {
    const audio = this.#open();
    checkInteger("count", count, 1, 0x10000);
    const bytes = this.#running ? audio.read(count * 2) : undefined;
    if (bytes === undefined) return undefined;
    const samples = new Int16Array(bytes.length >> 1);
    for (let at = 0; at < samples.length; at++) samples[at] = bytes[2 * at]! | (bytes[2 * at + 1]! << 8);
    bytes.fill(0);
    return samples.length > 0 ? samples : undefined;
  }

  close(): void {
    this.#cancel();
    this.#audio?.close();
    this.#audio = undefined;
    this.#running = false;
  }

  #open(): AudioIn {
    if (this.#audio === undefined) throw new Error("closed");
    return this.#audio;
  }

  #heard(): void {
    if (!this.#running) return;
    this.#expect();
    this.#options.onReadable?.call(this);
  }

  #expect(): void {
    this.#cancel();
    this.#watch = this.#options.clock.setTimer(() => this.#silent(), SILENCE);
  }

  /** Input that nobody reads calls no more, but has something to read. */
  #silent(): void {
    this.#watch = undefined;
    const bytes = this.#audio?.read();
    if (bytes !== undefined) {
      bytes.fill(0);
      this.#expect();
      return;
    }
    this.close();
    this.#options.onError?.call(this);
  }

  #cancel(): void {
    if (this.#watch !== undefined) this.#options.clock.clearTimer(this.#watch);
    this.#watch = undefined;
  }
}
