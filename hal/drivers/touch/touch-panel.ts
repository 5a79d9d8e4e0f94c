import type { ClockSource, Digital, DigitalConstructor } from "../../io.ts";
import type { Touch, TouchPoint } from "../../touch.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";
import { checkOrientation, type TouchOrientation } from "./orientation.ts";

/** A finger on the glass is reported over and over: silence for so long means that its leaving was missed. */
const SILENCE_MILLISECONDS = 150;
/** Changes that wait to be read; with more than these they are told as all fingers leaving. */
const QUEUE_LENGTH = 32;
/** Attempts, one after the other, that the chip may fail. */
const FAILURE_LIMIT = 3;
const RETRY_MILLISECONDS = 10;

export interface TouchPanelOptions {
  readonly interrupt: { readonly io: DigitalConstructor; readonly pin: number };
  readonly glass: TouchOrientation;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  readonly onReadable?: () => void;
  /** The chip does not answer, or is another one; only `close` may follow. */
  readonly onError?: () => void;
}

/** What touch controllers have in common: an interrupt for each report, and fingers that come and go. */
export abstract class TouchPanel implements Touch {
  protected readonly glass: TouchOrientation;
  readonly #options: TouchPanelOptions;
  #interrupt: Digital | undefined;
  #timer: number | undefined;
  #closed = false;
  #failures = 0;
  /** The fingers as they were last seen, and the changes that nobody has read. */
  #fingers: readonly TouchPoint[] = [];
  #queue: (readonly TouchPoint[])[] = [];

  constructor(options: TouchPanelOptions) {
    const { interrupt, glass, clock, onReadable, onError } = options;
    checkIo("interrupt.io", interrupt.io);
    checkInteger("interrupt.pin", interrupt.pin, 0, 255);
    checkOrientation(glass);
    checkClock(clock);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.glass = glass;
    this.#options = options;
  }

  read(): readonly TouchPoint[] | undefined {
    if (this.#closed) throw new Error("closed");
    return this.#queue.shift();
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
    this.#interrupt?.close();
    this.#interrupt = undefined;
    this.#queue = [];
    this.release();
  }

  /** The chip's report; `undefined` where it has nothing new, or nothing that can be. Throws where it does not answer. */
  protected abstract report(): readonly TouchPoint[] | undefined;

  /** Looks whether it is the right chip, and sets it up. Throws where it is not or does not answer. */
  protected abstract setUp(): void;

  /** Frees what the chip's driver holds; called once or twice. */
  protected abstract release(): void;

  /** Runs the action later, in place of what was to be run later, unless it is closed before. */
  protected after(milliseconds: number, action: () => void): void {
    this.#cancel();
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      action();
    }, milliseconds);
  }

  /** The chip has woken up: sets it up and listens, or tries again a few times. */
  protected begin(): void {
    this.#attempt(
      () => {
        this.setUp();
        const { io: Pin, pin } = this.#options.interrupt;
        this.#interrupt ??= new Pin({ pin, mode: "inputPullUp", edge: "falling", onReadable: () => this.#look() });
        this.#look();
      },
      () => this.begin(),
    );
  }

  #attempt(action: () => void, again: () => void): void {
    try {
      action();
      this.#failures = 0;
    } catch {
      this.#failures++;
      if (this.#failures < FAILURE_LIMIT) this.after(RETRY_MILLISECONDS, again);
      else this.#fail();
    }
  }

  #look(): void {
    if (this.#closed) return;
    let fingers: readonly TouchPoint[] | undefined;
    const before = this.#failures;
    this.#attempt(
      () => {
        fingers = this.report();
      },
      () => this.#look(),
    );
    if (this.#closed || this.#failures > before || fingers === undefined) return;
    this.#cancel();
    if (fingers.length > 0) this.after(SILENCE_MILLISECONDS, () => this.#missed());
    this.#changed(fingers);
  }

  /** Asks once more; without a report there is no finger. */
  #missed(): void {
    this.#look();
    if (this.#closed || this.#failures > 0 || this.#timer !== undefined) return;
    this.#changed([]);
  }

  #changed(fingers: readonly TouchPoint[]): void {
    if (alike(fingers, this.#fingers, (a, b) => a.id === b.id && a.x === b.x && a.y === b.y)) return;
    this.#fingers = fingers;
    const last = this.#queue.at(-1);
    if (last !== undefined && alike(fingers, last, (a, b) => a.id === b.id))
      this.#queue[this.#queue.length - 1] = fingers;
    else this.#queue.push(fingers);
    if (this.#queue.length > QUEUE_LENGTH) this.#queue = fingers.length === 0 ? [fingers] : [[], fingers];
    this.#options.onReadable?.call(this);
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #fail(): void {
    this.close();
    this.#options.onError?.call(this);
  }
}

function alike(
  some: readonly TouchPoint[],
  others: readonly TouchPoint[],
  same: (a: TouchPoint, b: TouchPoint) => boolean,
): boolean {
  return some.length === others.length && some.every((point) => others.some((other) => same(point, other)));
}
