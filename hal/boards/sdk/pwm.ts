import Wave from "embedded:io/pwm";
import type { Closable, Pwm, PwmOptions } from "../../io.ts";
import { opened } from "./opened.ts";

/** PWM by the ESP32's LED controller: 10 bits, from 2 Hz on; four pins at once, and four frequencies. */
export class SdkPwm implements Pwm {
  readonly resolution: number;
  /** The SDK's typing forgets that a wave can be closed. */
  #wave: (Wave & Closable) | undefined;

  constructor({ pin, hz }: PwmOptions) {
    this.#wave = new Wave({ pin, hz }) as Wave & Closable;
    this.resolution = this.#wave.resolution;
  }

  write(duty: number): void {
    opened(this.#wave).write(duty);
  }

  close(): void {
    this.#wave?.close();
    this.#wave = undefined;
  }
}
