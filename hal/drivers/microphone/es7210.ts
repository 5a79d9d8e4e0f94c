import type { AudioIn, AudioInConstructor, AudioInOptions, I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import { checkBus, checkIo } from "../options.ts";

const RESET = 0x00;
const ALL_RESET = 0xff;

/**
 * Registers and values (Everest ES7210, register list) for two microphones on ADC 1 and 2 as an I2S slave of 16 bits, whose main clock
 * is 256 times the rate; in this order: the clocks run only when all stands.
 */
const setUp: readonly (readonly [register: number, value: number])[] = Object.freeze([
  /** State machine and clocks. */
  [RESET, 0x41],
  [0x01, 0x1f],
  [0x06, 0x00],
  [0x07, 0x20],
  [0x08, 0x10],
  /** How long power-up and settling take. */
  [0x09, 0x30],
  [0x0a, 0x30],
  /** High-pass filters. */
  [0x20, 0x0a],
  [0x21, 0x2a],
  [0x22, 0x0a],
  [0x23, 0x2a],
  /** Clock divider, I2S of 16 bits. */
  [0x02, 0xc1],
  [0x04, 0x01],
  [0x05, 0x00],
  [0x11, 0x60],
  /** Analogue part, bias of the microphones. */
  [0x40, 0x42],
  [0x41, 0x70],
  [0x42, 0x70],
  /** Gain: 33 dB for 1 and 2, 3 and 4 are not selected. */
  [0x43, 0x1b],
  [0x44, 0x1b],
  [0x45, 0x00],
  [0x46, 0x00],
  [0x47, 0x00],
  [0x48, 0x00],
  [0x49, 0x00],
  [0x4a, 0x00],
  /** Power: 1 and 2 on, 3 and 4 off. */
  [0x4b, 0x00],
  [0x4c, 0xff],
  [0x01, 0x14],
] as const);

export interface Es7210Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** The I2S input that it feeds. */
  readonly audio: AudioInConstructor;
}

/** An audio input that sets up the converter ES7210 before it, and puts it back into reset when it is closed. */
export function converted(options: Es7210Options): AudioInConstructor {
  checkBus(options.bus);
  checkIo("audio", options.audio);
  return class extends ConvertedIn {
    constructor(audio: AudioInOptions) {
      super(options, audio);
    }
  };
}

class ConvertedIn implements AudioIn {
  readonly sampleRate: number;
  #audio: AudioIn | undefined;
  #bus: SmBus | undefined;

  /** Throws where the chip does not answer. The input is opened first: the chip lives on its clock. */
  constructor({ bus: { io: Bus, ...wires }, audio: Audio }: Es7210Options, options: AudioInOptions) {
    try {
      this.#audio = new Audio({
        ...options,
        onReadable: (bytes) => {
          if (this.#audio !== undefined) options.onReadable?.call(this, bytes);
        },
      });
      this.sampleRate = this.#audio.sampleRate;
      this.#bus = new Bus(wires);
      this.#bus.writeUint8(RESET, ALL_RESET);
      for (const [register, value] of setUp) this.#bus.writeUint8(register, value);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  start(): void {
    this.#open().start();
  }

  stop(): void {
    this.#open().stop();
  }

  read(byteLength?: number): Uint8Array | undefined {
    return this.#open().read(byteLength);
  }

  close(): void {
    if (this.#audio === undefined) return;
    try {
      this.#bus?.writeUint8(RESET, ALL_RESET);
    } catch {
      // A chip that does not answer hears nothing either.
    }
    this.#release();
  }

  #open(): AudioIn {
    if (this.#audio === undefined) throw new Error("closed");
    return this.#audio;
  }

  #release(): void {
    this.#audio?.close();
    this.#audio = undefined;
    this.#bus?.close();
    this.#bus = undefined;
  }
}
