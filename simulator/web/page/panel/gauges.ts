import type { GaugesData } from "../../protocol.ts";
import { element, make } from "../dom.ts";
import { say, speech, type Word } from "../language.ts";

/** Erases that a sector of NOR flash stands (W25Q128JV, endurance). */
const LIFE = 100_000;
const NEARLY_FULL = 0.9;

/** The device's budgets as bars: slots, chunks, stack, flash wear, instructions. */
export class Gauges {
  #now: GaugesData | undefined;

  constructor() {
    speech.whenSpoken(() => this.#draw());
  }

  gauge(gauges: GaugesData): void {
    this.#now = gauges;
    this.#draw();
  }

  #draw(): void {
    const now = this.#now;
    if (now === undefined) return;
    const { partition, block, erases } = now.worstSector;
    element("gauges").replaceChildren(
      bar("slots", now.slots, now.slotsLimit),
      bar("chunks", now.chunks, now.chunksLimit),
      bar("stack", now.stack, now.stackLimit),
      bar("worstSector", erases, LIFE, say("worstSectorIs", { partition, block, erases, life: count(LIFE) })),
      figure("instructions", now.instructions),
      figure("flashWrites", now.flashWrites),
      figure("flashErases", now.flashErases),
    );
  }
}

function count(value: number): string {
  return value.toLocaleString("en");
}

function bar(word: Word, used: number | undefined, limit: number | undefined, text?: string): HTMLElement {
  if (used === undefined || limit === undefined) return figure(word, used);
  const says = text ?? say("ofLimit", { used: count(used), limit: count(limit) });
  const share = Math.min(1, used / limit);
  return make(
    "div",
    { class: "gauge" },
    make("span", { class: "gauge-name", text: say(word) }),
    make("span", { class: "gauge-value", text: says }),
    make(
      "div",
      {
        class: `bar${share >= NEARLY_FULL ? " nearly" : ""}`,
        role: "meter",
        "aria-label": say(word),
        "aria-valuemin": 0,
        "aria-valuemax": limit,
        "aria-valuenow": used,
        "aria-valuetext": says,
      },
      make("i", { style: `width:${(share * 100).toFixed(2)}%` }),
    ),
  );
}

function figure(word: Word, value: number | undefined): HTMLElement {
  return make(
    "div",
    { class: "gauge" },
    make("span", { class: "gauge-name", text: say(word) }),
    make("span", {
      class: value === undefined ? "gauge-value quiet-text" : "gauge-value",
      text: value === undefined ? say("notTold") : count(value),
    }),
  );
}
