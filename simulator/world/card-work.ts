import type { ScreenRecord } from "../io/board.ts";

/** What a terminal does for a card, by what its screens say. */
export type CardWorkPart = "arrival" | "kernel" | "pin" | "host";

/** Screens at which the holder types or the host is asked. */
const PARTS_OF_SCREENS: Readonly<Record<string, CardWorkPart>> = {
  "enter-pin": "pin",
  "pin-retry": "pin",
  "sign-in": "host",
  "signed-in": "host",
};
/** Steps of "processing" in which the host is asked. */
const HOST_STAGES: ReadonlySet<string> = new Set(["connecting", "authorising", "telling", "restoring"]);

/**
 * Instructions of the firmware over one card, from its arrival until it may be taken away: all of them, and these by part:
 * until the first command to the card; the kernel's; those while a PIN is typed; those while the host is asked.
 */
export type CardWork = Readonly<Record<CardWorkPart | "all", number>>;

/** Counts what the firmware does for a card by what its screens say that it is doing. */
export class CardWorkCounter {
  readonly #now: () => number | undefined;
  #arrivedAt: number | undefined;
  #since = 0;
  #counts: Record<CardWorkPart, number> = none();
  #part: CardWorkPart = "arrival";
  /** Of the last card; undefined on a ground that cannot tell. */
  last: CardWork | undefined;

  /** @param now instructions so far; undefined on a ground that does not count */
  constructor(now: () => number | undefined) {
    this.#now = now;
  }

  arrived(): void {
    this.#arrivedAt = this.#now();
    this.#since = this.#arrivedAt ?? 0;
    this.#counts = none();
    this.#part = "arrival";
  }

  /** The card gets a command. */
  talked(): void {
    if (this.#part === "arrival") this.#goOn("kernel");
  }

  /** What follows belongs to this screen. */
  shown({ screen, values }: ScreenRecord, mayGo: boolean): void {
    if (this.#arrivedAt === undefined) return;
    const part = HOST_STAGES.has(values.stage ?? "") ? "host" : (PARTS_OF_SCREENS[screen] ?? "kernel");
    this.#goOn(this.#part === "arrival" ? "arrival" : part);
    if (!mayGo) return;
    this.last = { all: this.#since - this.#arrivedAt, ...this.#counts };
    this.#arrivedAt = undefined;
  }

  #goOn(part: CardWorkPart): void {
    const now = this.#now();
    if (now === undefined) return;
    this.#counts[this.#part] += now - this.#since;
    this.#since = now;
    this.#part = part;
  }
}

function none(): Record<CardWorkPart, number> {
  return { arrival: 0, kernel: 0, pin: 0, host: 0 };
}
