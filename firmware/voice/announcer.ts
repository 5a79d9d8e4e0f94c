import type { Device } from "../../hal/device.ts";
import type { Speaker } from "../../hal/speaker.ts";
import type { Language } from "../screen/messages/words.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { Saying } from "./clip-file.ts";
import { announcement, clips } from "./words.ts";

/** Samples that are decoded at once: a thirtieth of a second. */
const BLOCK = 512;

/**
 * Says payments aloud, beside whatever the terminal does: nobody waits for it, and a loudspeaker that does not work costs nothing but the sound. It is open while something is
 * said; another payment breaks off what is said of the one before.
 */
export class Announcer {
  readonly #device: Pick<Device, "speaker" | "resource">;
  #speaker: Speaker | undefined;
  #saying: Saying | undefined;

  constructor(device: Pick<Device, "speaker" | "resource">) {
    this.#device = device;
  }

  /** Says that so many minor units of the yuan have been paid. */
  say(minor: number, language: Language): void {
    void inTurnOfItsOwn(() => this.#begin(minor, language)).catch(() => this.#end());
  }

  #begin(minor: number, language: Language): void {
    this.#end();
    const speaker = this.#device.speaker?.({ onWritable: () => this.#pump(), onError: () => this.#end() });
    if (speaker === undefined) return;
    this.#speaker = speaker;
    const place = this.#device.resource("clips");
    const file = place instanceof Uint8Array ? place : new Uint8Array(place);
    const first = language === "zh" ? 0 : clips.zh.length;
    const words = announcement(minor, language).map((word) => first + clips[language].indexOf(word));
    this.#saying = new Saying(file, words, speaker.sampleRate);
    this.#pump();
  }

  /** Gives the loudspeaker as much as it takes. */
  #pump(): void {
    const [speaker, saying] = [this.#speaker, this.#saying];
    if (speaker === undefined || saying === undefined) return;
    try {
      for (;;) {
        const room = Math.min(BLOCK, speaker.writable & ~1);
        if (room === 0) return;
        const samples = new Int16Array(room);
        const count = saying.read(samples);
        if (count === 0) break;
        speaker.write(count === room ? samples : samples.subarray(0, count));
      }
      this.#saying = undefined;
      speaker.finish(() => {
        if (this.#speaker === speaker) this.#end();
      });
    } catch {
      this.#end();
    }
  }

  #end(): void {
    const speaker = this.#speaker;
    this.#speaker = undefined;
    this.#saying = undefined;
    speaker?.close();
  }
}
