import type {
  AudioOut,
  AudioOutConstructor,
  AudioOutOptions,
  Digital,
  DigitalConstructor,
  I2cOptions,
  SmBus,
  SmBusConstructor,
} from "../../io.ts";
import { checkBus, checkInteger, checkIo } from "../options.ts";

/** Registers of 16 bits, high byte first (Awinic AW88298, register list). */
const Register = Object.freeze({ SYSTEM: 0x04, SYSTEM_2: 0x05, I2S: 0x06, VOLUME: 0x0c, BOOST: 0x61 });
/** I2S on, amplifier and chip powered; the same with I2S off. */
const PLAYING = 0x4040;
const SILENT = 0x4000;
/** Not muted; no gain control of its own. */
const UNMUTED = 0x0008;
/** Fed from the rail without its boost, as boards of one cell have it. */
const BOOST_OFF = 0x0673;
const FULL_VOLUME = 0x0064;
/** I2S receives the left channel, 16 bits of it, at the rate in the lowest bits. */
const I2S_LEFT = 0x14c0;
/** The rates that a clock of 256 times as much gives without a gap, with their numbers in the I2S register. */
const rates: Readonly<Record<number, number>> = Object.freeze({
  8000: 0,
  16000: 3,
  24000: 5,
  32000: 6,
  48000: 8,
});

export interface Aw88298Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** The line that holds the chip in reset while it is low. */
  readonly reset: { readonly io: DigitalConstructor; readonly pin: number };
  /** The I2S output that feeds it. */
  readonly audio: AudioOutConstructor;
}

/** An audio output that wakes the amplifier AW88298 behind it, and lets it sleep when it is closed. */
export function amplified(options: Aw88298Options): AudioOutConstructor {
  checkBus(options.bus);
  checkIo("reset.io", options.reset.io);
  checkInteger("reset.pin", options.reset.pin, 0, 255);
  checkIo("audio", options.audio);
  return class extends AmplifiedOut {
    constructor(audio: AudioOutOptions) {
      super(options, audio);
    }
  };
}

class AmplifiedOut implements AudioOut {
  readonly sampleRate: number;
  #audio: AudioOut | undefined;
  #bus: SmBus | undefined;
  #reset: Digital | undefined;

  /** Throws `RangeError` for a rate that the chip does not have, and where the chip does not answer. */
  constructor({ bus: { io: Bus, ...wires }, reset, audio: Audio }: Aw88298Options, options: AudioOutOptions) {
    const rate = rates[options.sampleRate];
    if (rate === undefined) throw new RangeError(`the amplifier has no rate of ${options.sampleRate}`);
    try {
      this.#audio = new Audio({
        ...options,
        onWritable: (bytes) => {
          if (this.#audio !== undefined) options.onWritable?.call(this, bytes);
        },
      });
      this.sampleRate = this.#audio.sampleRate;
      this.#reset = new reset.io({ pin: reset.pin, mode: "output" });
      this.#reset.write(1);
      this.#bus = new Bus(wires);
      this.#write(Register.BOOST, BOOST_OFF);
      this.#write(Register.I2S, I2S_LEFT | rate);
      this.#write(Register.VOLUME, FULL_VOLUME);
      this.#write(Register.SYSTEM_2, UNMUTED);
      this.#write(Register.SYSTEM, PLAYING);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  get volume(): number {
    return this.#open().volume;
  }

  set volume(volume: number) {
    this.#open().volume = volume;
  }

  start(): void {
    this.#open().start();
  }

  stop(): void {
    this.#open().stop();
  }

  write(bytes: Uint8Array): void {
    this.#open().write(bytes);
  }

  close(): void {
    if (this.#audio === undefined) return;
    try {
      this.#write(Register.SYSTEM, SILENT);
    } catch {
      // A chip that does not answer is silenced by its reset.
    }
    this.#release();
  }

  #open(): AudioOut {
    if (this.#audio === undefined) throw new Error("closed");
    return this.#audio;
  }

  #write(register: number, value: number): void {
    this.#bus?.writeBuffer(register, Uint8Array.of(value >> 8, value & 0xff));
  }

  #release(): void {
    this.#audio?.close();
    this.#audio = undefined;
    this.#reset?.write(0);
    this.#reset?.close();
    this.#reset = undefined;
    this.#bus?.close();
    this.#bus = undefined;
  }
}
