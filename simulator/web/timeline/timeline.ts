import type { EntryKind, TimelineEntry, Words } from "../protocol.ts";

/** So many entries are kept; older ones are forgotten. */
const MOST = 20_000;
/** So many go out at once. */
export const PAGE_OF_ENTRIES = 200;

/** Of an entry, what not all have. */
export type EntryDetail = Pick<TimelineEntry, "lines" | "bytes" | "picture">;

/** A moment on the timeline: what the world can be taken back to. */
export interface Moment {
  readonly at: number;
  /** Of the world, while the entry was made. */
  readonly turn: number;
}

/** All that happened, on one axis. */
export class Timeline {
  readonly #now: () => Moment;
  readonly #entries: (TimelineEntry & { readonly moment: Moment })[] = [];
  #next = 1;
  /** Called with every entry. */
  onEntry: ((entry: TimelineEntry) => void) | undefined;

  constructor(now: () => Moment) {
    this.#now = now;
  }

  add(kind: EntryKind, title: Words | string, detail: EntryDetail = {}): void {
    const moment = this.#now();
    const words = typeof title === "string" ? { en: title, zh: title } : title;
    const entry = { id: this.#next++, at: round(moment.at), kind, title: words, ...detail };
    this.#entries.push({ ...entry, moment });
    if (this.#entries.length > MOST * 1.1) this.#entries.splice(0, this.#entries.length - MOST);
    this.onEntry?.(entry);
  }

  /** The number of the next entry. */
  get next(): number {
    return this.#next;
  }

  /** Entries from that id on. */
  since(id: number): TimelineEntry[] {
    return this.#entries.filter((entry) => entry.id >= id).map(plain);
  }

  /** The last entries before that id, oldest first, and whether there are older ones. */
  before(id = Number.POSITIVE_INFINITY): { readonly entries: TimelineEntry[]; readonly older: boolean } {
    const all = this.#entries.filter((entry) => entry.id < id);
    return { entries: all.slice(-PAGE_OF_ENTRIES).map(plain), older: all.length > PAGE_OF_ENTRIES };
  }

  /** When that entry was made; undefined where there is none (any more). */
  momentOf(id: number): Moment | undefined {
    return this.#entries.find((entry) => entry.id === id)?.moment;
  }
}

function plain({ moment: _, ...entry }: TimelineEntry & { readonly moment: Moment }): TimelineEntry {
  return entry;
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
