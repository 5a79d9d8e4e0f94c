const KEPT = "xspos.muted";
const LOUDNESS = 0.04;
const EDGE = 0.008;

/** The device's buzzer over the computer's loudspeaker. Browsers keep silent until the person has touched the page. */
export class Buzzer {
  #muted = localStorage.getItem(KEPT) === "yes";
  #context: AudioContext | undefined;
  #tone: { readonly oscillator: OscillatorNode; readonly gain: GainNode } | undefined;

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
    if (this.#muted) this.sound(undefined);
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

  #wake(): void {
    this.#context ??= new AudioContext();
  }
}
