import type { AudioOut, AudioOutConstructor, ClockSource } from "../../io.ts";
import type { Speaker } from "../../speaker.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";

/** Milliseconds that the last samples may take beyond what they last. */
const LATE = 2_000;

export interface AudioOutSpeakerOptions {
  readonly audio: { readonly io: AudioOutConstructor };
  readonly sampleRate: number;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  readonly onWritable?: () => void;
  readonly onError?: () => void;
}

type Done = (error: "silent" | undefined) => void;

/** A loudspeaker on the ground's audio output, which says how much it takes: all that it ever did when it has played everything. */
export class AudioOutSpeaker implements Speaker {
  readonly sampleRate: number;
  readonly #options: AudioOutSpeakerOptions;
  #audio: AudioOut | undefined;
  #volume = 1;
  /** Bytes that the output takes when it is empty, and now. */
  #size = 0;
  #free = 0;
  /** `onWritable` is owed. */
  #full = true;
  #finish: { readonly done: Done; timer: number } | undefined;

  /** Throws `RangeError` where the hardware has another rate than is wanted. */
  constructor(options: AudioOutSpeakerOptions) {
    const { audio, sampleRate, clock, onWritable, onError } = options;
    checkIo("audio.io", audio.io);
    checkInteger("sampleRate", sampleRate, 8_000, 48_000);
    checkClock(clock);
    checkCallback("onWritable", onWritable);
    checkCallback("onError", onError);
    this.#options = options;
    this.sampleRate = sampleRate;
    this.#audio = this.#connect();
  }

  get writable(): number {
    this.#open();
    return this.#free >> 1;
  }

  write(samples: Int16Array): void {
    const audio = this.#open();
    if (this.#finish !== undefined) throw new Error("write after finish");
    if (samples.length > this.writable) throw new RangeError("more samples than the loudspeaker takes");
    // The low byte first, as every processor has it that this runs on: sample by sample it would take half of a device's time.
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength).slice();
    audio.write(bytes);
    this.#free -= bytes.length;
    this.#full = this.writable === 0;
  }

  configure({ volume }: { readonly volume: number }): void {
    const audio = this.#open();
    if (!(volume >= 0 && volume <= 1)) throw new RangeError("volume is not from 0 to 1");
    this.#volume = volume;
    audio.volume = volume;
  }

  finish(done: Done): void {
    this.#open();
    if (this.#finish !== undefined) throw new Error("finish inside finish");
    const { clock } = this.#options;
    const empty = this.#free === this.#size && this.#size > 0;
    const wait = empty ? 0 : ((this.#size - this.#free) * 500) / this.sampleRate + LATE;
    this.#finish = { done, timer: clock.setTimer(() => this.#ended(empty ? undefined : "silent"), wait) };
  }

  /** Opens the output anew, which forgets what waits in it. */
  stop(): void {
    const audio = this.#open();
    const finish = this.#finish;
    audio.stop();
    audio.close();
    this.#size = 0;
    this.#free = 0;
    this.#full = true;
    this.#audio = this.#connect();
    if (finish === undefined) return;
    this.#options.clock.clearTimer(finish.timer);
    finish.timer = this.#options.clock.setTimer(() => this.#ended(undefined), 0);
  }

  close(): void {
    if (this.#finish !== undefined) this.#options.clock.clearTimer(this.#finish.timer);
    this.#finish = undefined;
    this.#audio?.close();
    this.#audio = undefined;
  }

  #open(): AudioOut {
    if (this.#audio === undefined) throw new Error("closed");
    return this.#audio;
  }

  #connect(): AudioOut {
    const { audio, sampleRate } = this.#options;
    const opened = new audio.io({ sampleRate, onWritable: (bytes) => this.#drained(bytes) });
    if (opened.sampleRate !== sampleRate) {
      opened.close();
      throw new RangeError("the loudspeaker has another sample rate");
    }
    opened.volume = this.#volume;
    opened.start();
    return opened;
  }

  #drained(bytes: number): void {
    if (this.#audio === undefined) return;
    this.#size = Math.max(this.#size, bytes);
    this.#free = bytes;
    const { clock, onWritable } = this.#options;
    if (bytes === this.#size && this.#finish !== undefined) {
      clock.clearTimer(this.#finish.timer);
      this.#ended(undefined);
    }
    if (this.#audio === undefined || !this.#full || this.writable === 0) return;
    this.#full = false;
    onWritable?.call(this);
  }

  #ended(error: "silent" | undefined): void {
    const finish = this.#finish;
    this.#finish = undefined;
    finish?.done.call(this, error);
  }
}
