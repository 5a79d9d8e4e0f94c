import type { VoiceData } from "../../protocol.ts";

const KEPT = "xspos.muted";
const LOUDNESS = 0.04;
const EDGE = 0.008;
/** Seconds that the voice is held back, so that what follows on it is there in time. */
const LATE = 0.15;

/**
 * The device's buzzer and loudspeaker over the computer's own. Browsers keep silent until the person has touched the page;
 * what is said faster than it can be heard (the world leaps) is heard one after the other.
 */
export class Buzzer {
  #muted = localStorage.getItem(KEPT) === "yes";
  #context: AudioContext | undefined;
  #tone: { readonly oscillator: OscillatorNode; readonly gain: GainNode } | undefined;
  #voice: AudioBufferSourceNode[] = [];
  /** When what is being said has been heard, on the context's clock. */
  #saidUntil = 0;

  constructor() {
    addEventListener("pointerdown", () => this.#wake(), { once: true });
    addEventListener("keydown", () => this.#wake(), { once: true });
  }

  get muted(): boolean {
    return this.#muted;
  }

  toggle(): void {
    this.#muted = !this.#muted;
    localStorage.setItem(KEPT, this.#muted ? "yes" : "no");
    if (this.#muted) {
      this.sound(undefined);
      this.hush();
    }
  }

  /** Sounds at so many hertz until it is told otherwise. */
  sound(hertz: number | undefined): void {
    const now = this.#context?.currentTime ?? 0;
    if (this.#tone !== undefined) {
      this.#tone.gain.gain.linearRampToValueAtTime(0, now + EDGE);
      this.#tone.oscillator.stop(now + 2 * EDGE);
      this.#tone = undefined;
    }
    if (hertz === undefined || this.#muted || this.#context === undefined) return;
    const oscillator = new OscillatorNode(this.#context, { type: "square", frequency: hertz });
    const gain = new GainNode(this.#context, { gain: 0 });
    gain.gain.linearRampToValueAtTime(LOUDNESS, now + EDGE);
    oscillator.connect(gain).connect(this.#context.destination);
    oscillator.start();
    this.#tone = { oscillator, gain };
  }

  /** Says this after what is being said. */
  say({ sampleRate, samples }: VoiceData): void {
    const context = this.#context;
    const bytes = Uint8Array.from(atob(samples), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    const length = bytes.length >> 1;
    if (this.#muted || context === undefined || length === 0) return;
    const buffer = context.createBuffer(1, length, sampleRate);
    const heard = buffer.getChannelData(0);
    for (let at = 0; at < length; at++) heard[at] = view.getInt16(2 * at, true) / 32_768;
    const source = new AudioBufferSourceNode(context, { buffer });
    const start = Math.max(this.#saidUntil, context.currentTime + (this.#voice.length === 0 ? LATE : 0));
    source.connect(context.destination);
    source.onended = () => {
      this.#voice = this.#voice.filter((other) => other !== source);
    };
    source.start(start);
    this.#voice.push(source);
    this.#saidUntil = start + buffer.duration;
  }

  /** Says nothing more. */
  hush(): void {
    for (const source of this.#voice) source.stop();
    this.#voice = [];
    this.#saidUntil = 0;
  }

  #wake(): void {
    this.#context ??= new AudioContext();
  }
}
