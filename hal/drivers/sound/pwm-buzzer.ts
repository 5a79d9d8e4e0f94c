import type { Buzzer, Note } from "../../buzzer.ts";
import type { ClockSource, Pwm, PwmConstructor } from "../../io.ts";
import { checkClock, checkInteger, checkIo } from "../options.ts";

const MOST_NOTES = 32;

export interface PwmBuzzerOptions {
  readonly pwm: { readonly io: PwmConstructor; readonly pin: number };
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/** A piezo element on a pin with PWM: a square wave as loud as it can be. Between notes the pin is free. */
export class PwmBuzzer implements Buzzer {
  readonly #options: PwmBuzzerOptions;
  #wave: Pwm | undefined;
  #timer: number | undefined;
  #notes: readonly Note[] = [];
  #closed = false;

  constructor(options: PwmBuzzerOptions) {
    const { pwm, clock } = options;
    checkIo("pwm.io", pwm.io);
    checkInteger("pwm.pin", pwm.pin, 0, 255);
    checkClock(clock);
    this.#options = options;
  }

  play(notes: readonly Note[]): void {
    if (this.#closed) throw new Error("closed");
    checkInteger("number of notes", notes.length, 0, MOST_NOTES);
    for (const { hertz, milliseconds } of notes) {
      if (hertz !== 0) checkInteger("hertz", hertz, 100, 10_000);
      checkInteger("milliseconds", milliseconds, 1, 5_000);
    }
    this.#silence();
    this.#notes = [...notes];
    this.#next();
  }

  close(): void {
    this.#closed = true;
    this.#silence();
    this.#notes = [];
  }

  #next(): void {
    this.#silence();
    const [note, ...rest] = this.#notes;
    this.#notes = rest;
    if (note === undefined) return;
    const { pwm, clock } = this.#options;
    this.#timer = clock.setTimer(() => this.#next(), note.milliseconds);
    if (note.hertz === 0) return;
    const { io: Wave, pin } = pwm;
    this.#wave = new Wave({ pin, hz: note.hertz });
    this.#wave.write(2 ** (this.#wave.resolution - 1));
  }

  #silence(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#wave?.close();
    this.#wave = undefined;
  }
}
