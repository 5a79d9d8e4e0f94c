import { ADDRESSES, type ClockData, type GaugesData, SPEEDS, type Speed } from "../protocol.ts";
import type { Act } from "./connection.ts";
import { ask } from "./dialogue.ts";
import { button, element, icon } from "./dom.ts";
import { say, speech, type Word } from "./language.ts";

const SPEED_WORDS: Readonly<Record<string, Word>> = {
  "1": "speed1",
  "10": "speed10",
  fast: "speedFast",
  paused: "speedPaused",
};
/** The terminal stands in Beijing. */
const TIME_ZONE = "Asia/Shanghai";

/** The page's head: how fast time goes, on which ground the firmware runs, the terminal's clock, exports. */
export class Head {
  readonly #act: Act;
  readonly #ground = element<HTMLSelectElement>("ground");
  #speed: Speed = 1;
  #before: Speed = 1;

  constructor(act: Act) {
    this.#act = act;
    element("step").addEventListener("click", () => this.step());
    element("step").append(icon("step"));
    element("fresh").addEventListener("click", () => void this.#fresh());
    element("fresh").prepend(icon("back"));
    element("language").addEventListener("click", () => speech.toggle());
    element<HTMLAnchorElement>("export-scenario").href = ADDRESSES.scenario;
    element<HTMLAnchorElement>("export-recording").href = ADDRESSES.recording;
    this.#ground.addEventListener("change", () => void act({ do: "ground", ground: this.#ground.value }));
    speech.whenSpoken(() => this.#draw());
  }

  clock({ speed, wall }: ClockData): void {
    const shown = new Intl.DateTimeFormat("sv", { dateStyle: "short", timeStyle: "medium", timeZone: TIME_ZONE });
    element("wall").textContent = shown.format(wall);
    if (speed === this.#speed) return;
    this.#speed = speed;
    this.#draw();
  }

  gauges({ ground, grounds }: GaugesData): void {
    const known = [...this.#ground.options].map(({ value }) => value);
    if (known.join() !== grounds.join()) {
      this.#ground.replaceChildren(...grounds.map((name) => new Option(name, name)));
    }
    if (document.activeElement !== this.#ground || this.#ground.value === "") this.#ground.value = ground;
  }

  pause(): void {
    if (this.#speed !== "paused") this.#before = this.#speed;
    this.#set(this.#speed === "paused" ? this.#before : "paused");
  }

  step(): void {
    if (this.#speed === "paused") void this.#act({ do: "advance" });
  }

  #set(speed: Speed): void {
    void this.#act({ do: "speed", speed });
  }

  async #fresh(): Promise<void> {
    if (await ask(say("fresh"), say("freshSure"))) void this.#act({ do: "restart" });
  }

  #draw(): void {
    element("speeds").replaceChildren(
      ...SPEEDS.map((speed) =>
        button({
          text: say(SPEED_WORDS[String(speed)] ?? "speed1"),
          "aria-pressed": String(speed === this.#speed),
          onclick: () => this.#set(speed),
        }),
      ),
    );
    element<HTMLButtonElement>("step").disabled = this.#speed !== "paused";
  }
}
