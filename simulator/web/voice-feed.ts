import type { Simulation } from "../world/simulation.ts";
import { base64 } from "./base64.ts";
import type { PageEvent } from "./protocol.ts";

/** Samples that one event has at most: a second's worth or so. */
const MOST = 16_384;

/** Tells what came out of the loudspeaker since it was last asked; what was said before a page was opened is over. */
export class VoiceFeed {
  readonly #simulation: Simulation;
  #told: number;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#told = simulation.chips.speaker.heard.length;
  }

  next(): PageEvent[] {
    const { heard, sampleRate } = this.#simulation.chips.speaker;
    const events: PageEvent[] = [];
    for (; this.#told < heard.length; this.#told += MOST) {
      const samples = Int16Array.from(heard.slice(this.#told, this.#told + MOST));
      events.push({ name: "voice", data: { sampleRate, samples: base64(new Uint8Array(samples.buffer)) } });
    }
    this.#told = heard.length;
    return events;
  }
}
