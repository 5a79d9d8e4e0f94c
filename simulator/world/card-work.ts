import type { ScreenRecord } from "../io/board.ts";

/** Screens at which the holder types, and steps of "processing" in which the host is asked: no work of the kernel. */
const PIN_ENTRY: ReadonlySet<string> = new Set(["enter-pin", "pin-retry"]);
const HOST_STAGES: ReadonlySet<string> = new Set(["connecting", "authorising", "telling", "restoring"]);
/** What comes behind the card's last word. */
const AFTERWARDS: ReadonlySet<string> = new Set(["approved", "printing", "sign-in", "signed-in"]);

/** Instructions of the firmware over one card, from its arrival until it may be taken away. */
export interface CardWork {
  /** All of them. */
  readonly all: number;
  /** From the first command to the card, without those while a PIN is typed, the host is asked, and results are shown and printed. */
  readonly kernel: number;
}

/** Counts what the firmware does for a card by what its screens say that it is doing. */
export class CardWorkCounter {
  readonly #now: () => number | undefined;
  #arrivedAt: number | undefined;
  #since = 0;
  #kernel = 0;
  #hasTalked = false;
  #isKernel = false;
  /** Of the last card; undefined on a ground that cannot tell. */
  last: CardWork | undefined;

  /** @param now instructions so far; undefined on a ground that does not count */
  constructor(now: () => number | undefined) {
    this.#now = now;
  }

  arrived(): void {
    this.#arrivedAt = this.#now();
    this.#since = this.#arrivedAt ?? 0;
    this.#kernel = 0;
    this.#isKernel = false;
    this.#hasTalked = false;
  }

  /** The card gets a command. */
  talked(): void {
    if (this.#hasTalked) return;
    this.#hasTalked = true;
    this.#isKernel = true;
    this.#since = this.#now() ?? 0;
  }

  /** What follows belongs to this screen. */
  shown({ screen, values }: ScreenRecord, mayGo: boolean): void {
    const now = this.#now();
    if (this.#arrivedAt === undefined || now === undefined) return;
    if (this.#isKernel) this.#kernel += now - this.#since;
    this.#since = now;
    this.#isKernel =
      this.#hasTalked && !PIN_ENTRY.has(screen) && !AFTERWARDS.has(screen) && !HOST_STAGES.has(values.stage ?? "");
    if (!mayGo) return;
    this.last = { all: now - this.#arrivedAt, kernel: this.#kernel };
    this.#arrivedAt = undefined;
  }
}
