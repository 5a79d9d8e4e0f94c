import type { Board } from "../io/board.ts";

/** A microphone in a quiet room, in which somebody may speak. */
export class MicrophoneChip {
  #speech: { readonly samples: Int16Array; readonly sampleRate: number } | undefined;
  #at = 0;
  broken = false;

  constructor(board: Board) {
    board.senses.listen = (sampleRate, count) => (this.broken ? undefined : this.#listen(sampleRate, count));
  }

  /** Somebody says this, from now on. */
  say(samples: Int16Array, sampleRate: number): void {
    this.#speech = { samples, sampleRate };
    this.#at = 0;
  }

  /** The nearest samples of what is said, silence after it. */
  #listen(sampleRate: number, count: number): Int16Array {
    const speech = this.#speech;
    const heard = new Int16Array(count);
    if (speech === undefined) return heard;
    for (let index = 0; index < count; index++) {
      heard[index] = speech.samples[Math.floor(this.#at)] ?? 0;
      this.#at += speech.sampleRate / sampleRate;
    }
    return heard;
  }
}

/** A loudspeaker with an ear beside it. */
export class LoudspeakerChip {
  readonly #heard: number[] = [];
  volume = 0;
  /** Samples a second of what was heard last. */
  sampleRate = 0;

  constructor(board: Board) {
    board.senses.play = (samples, sampleRate, volume) => {
      this.volume = volume;
      this.sampleRate = sampleRate;
      if (volume > 0) this.#heard.push(...samples);
    };
  }

  /** All samples that were heard, without the pauses between them. */
  get heard(): readonly number[] {
    return this.#heard;
  }
}

/** A camera's sensor with somebody or something before its lens. */
export class SensorChip {
  #scene: (x: number, y: number) => number = () => 0;
  broken = false;
  /** Bytes that are lost at the end of each picture. */
  missing = 0;

  /** @param wires the line that holds it in reset while it is low; absent: it is always awake */
  constructor(board: Board, wires?: { readonly reset: number }) {
    const reset = wires && board.digitalWire(wires.reset);
    board.senses.look = (width, height) => (this.broken || reset?.level === 0 ? undefined : this.#look(width, height));
  }

  /** What there is to be seen: RGB565 at each place from 0 to 1. */
  show(scene: (x: number, y: number) => number): void {
    this.#scene = scene;
  }

  #look(width: number, height: number): Uint8Array {
    const picture = new Uint8Array(width * height * 2);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const pixel = this.#scene(x / width, y / height);
        picture.set([pixel & 0xff, pixel >> 8], 2 * (y * width + x));
      }
    return picture.slice(0, picture.length - this.missing);
  }
}
