import type { SensesData, VoiceData, WrongData } from "../../protocol.ts";
import { element, icon } from "../dom.ts";
import { say, speech } from "../language.ts";
import { Buzzer } from "./buzzer.ts";

const BARS = 4;

/** What the device shows besides its display: the reader's four lights, battery, network and buzzer. */
export class Senses {
  readonly #buzzer = new Buzzer();
  #now: SensesData = {
    lights: [],
    buzzer: null,
    battery: null,
    signal: BARS,
  };
  #powered = true;

  constructor() {
    element("buzzer").addEventListener("click", () => this.toggleSound());
    speech.whenSpoken(() => this.#draw());
  }

  sense(senses: SensesData): void {
    this.#now = senses;
    this.#buzzer.sound(senses.buzzer?.hz);
    this.#draw();
  }

  /** A terminal without power is dark. */
  wrong({ power }: WrongData): void {
    this.#powered = !power;
    element("terminal").classList.toggle("off", power);
    element("off-sign").hidden = !power;
  }

  say(voice: VoiceData): void {
    this.#buzzer.say(voice);
  }

  /** What was said belongs to a world that is over. */
  hush(): void {
    this.#buzzer.hush();
  }

  toggleSound(): void {
    this.#buzzer.toggle();
    this.#draw();
  }

  #draw(): void {
    const { lights, battery, signal } = this.#now;
    const on = this.#powered ? lights : lights.map(() => false);
    const lamps = element("lights");
    lamps.hidden = lights.length === 0;
    lamps.setAttribute("aria-label", say("lights", { on: on.filter(Boolean).length }));
    for (const [place, lamp] of [...lamps.children].entries()) lamp.classList.toggle("lit", on[place] === true);
    element("battery").hidden = battery === null;
    if (battery !== null) drawBattery(element("battery"), battery);
    const bars = element("signal");
    bars.setAttribute("aria-label", say("signal", { bars: signal }));
    bars.title = bars.getAttribute("aria-label") ?? "";
    for (const [place, bar] of [...bars.children].entries()) bar.classList.toggle("on", place < signal);
    const buzzer = element<HTMLButtonElement>("buzzer");
    buzzer.replaceChildren(icon(this.#buzzer.muted ? "muted" : "sound"));
    buzzer.setAttribute("aria-label", say(this.#buzzer.muted ? "buzzerOff" : "buzzerOn"));
    buzzer.title = buzzer.getAttribute("aria-label") ?? "";
    buzzer.setAttribute("aria-pressed", String(!this.#buzzer.muted));
    buzzer.classList.toggle("sounding", this.#powered && this.#now.buzzer !== null);
  }
}

function drawBattery(charge: HTMLElement, { percent, charging }: NonNullable<SensesData["battery"]>): void {
  charge.setAttribute("aria-label", say(charging ? "charging" : "battery", { percent }));
  charge.title = charge.getAttribute("aria-label") ?? "";
  charge.classList.toggle("low", percent <= 15);
  charge.style.setProperty("--percent", `${percent}%`);
}
