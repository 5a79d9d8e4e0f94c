import { ENTRY_KINDS, type EntryKind, type TimelineEntry } from "../../protocol.ts";
import { element } from "../dom.ts";
import { say } from "../language.ts";

const LANE = 7;
const MARK = 3;
/** A pause longer than this is drawn as if it were this long (virtual milliseconds). */
const LONGEST_PAUSE = 1_500;

/** All that happened on one axis: a lane a kind, time to the right, long pauses shortened. */
export class Axis {
  readonly #canvas = element<HTMLCanvasElement>("axis");
  #places: readonly { readonly x: number; readonly id: number }[] = [];

  /** `pick` is called with the entry next to where the person clicked. */
  constructor(pick: (id: number) => void) {
    this.#canvas.addEventListener("click", ({ offsetX }) => {
      const nearest = this.#places.reduce<{ x: number; id: number } | undefined>(
        (best, place) =>
          best === undefined || Math.abs(place.x - offsetX) < Math.abs(best.x - offsetX) ? place : best,
        undefined,
      );
      if (nearest !== undefined) pick(nearest.id);
    });
  }

  draw(entries: readonly TimelineEntry[]): void {
    const canvas = this.#canvas;
    const width = canvas.clientWidth;
    const height = ENTRY_KINDS.length * LANE;
    if (width === 0) return;
    canvas.width = width * devicePixelRatio;
    canvas.height = height * devicePixelRatio;
    canvas.setAttribute("aria-label", say("timelineAxis", { count: entries.length }));
    const context = canvas.getContext("2d");
    if (context === null) return;
    context.scale(devicePixelRatio, devicePixelRatio);
    context.fillStyle = this.#colour("--lane");
    for (let lane = 0; lane < ENTRY_KINDS.length; lane += 2) context.fillRect(0, lane * LANE, width, LANE);
    const times = shortened(entries);
    const last = Math.max(1, times.at(-1) ?? 1);
    const places: { x: number; id: number }[] = [];
    const colours: Partial<Record<EntryKind, string>> = {};
    for (const [index, { id, kind }] of entries.entries()) {
      const x = ((times[index] ?? 0) / last) * (width - MARK);
      places.push({ x, id });
      context.fillStyle = colours[kind] ??= this.#colour(`--kind-${kind}`);
      context.fillRect(x, ENTRY_KINDS.indexOf(kind) * LANE + 1, MARK, LANE - 2);
    }
    this.#places = places;
  }

  /** A colour of the style sheet as it is now, in light or dark. */
  #colour(name: string): string {
    this.#canvas.style.color = `var(${name})`;
    return getComputedStyle(this.#canvas).color;
  }
}

/** The entries' times from the first one on, without what is too long of the pauses between them. */
function shortened(entries: readonly TimelineEntry[]): number[] {
  let at = 0;
  return entries.map((entry, index) => {
    const before = entries[index - 1];
    if (before !== undefined) at += Math.min(LONGEST_PAUSE, Math.max(0, entry.at - before.at));
    return at;
  });
}
