/** A timer that has not come yet. */
interface Waiting {
  readonly id: number;
  readonly deadline: number;
  readonly callback: () => void;
}

/**
 * Timers of a ground whose idle call says "wake me at T": a few, in the order in which they were set; the first of those with
 * the earliest deadline comes first. Times are milliseconds of the monotonic clock.
 */
export class Timers {
  #next = 1;
  readonly #waiting: Waiting[] = [];

  /** Calls `callback` once at `now + milliseconds`; returns an id for `clear`. */
  set(callback: () => void, milliseconds: number, now: number): number {
    const id = this.#next++;
    this.#waiting.push({ id, deadline: now + Math.max(0, milliseconds), callback });
    return id;
  }

  /** Forgets a timer; unknown ids are ignored. */
  clear(id: number): void {
    const waiting = this.#waiting;
    for (let place = waiting.length - 1; place >= 0; place--) {
      if (waiting[place]!.id === id) {
        this.#take(place);
        return;
      }
    }
  }

  nextDeadline(): number | undefined {
    return this.#waiting[this.#first()]?.deadline;
  }

  /** Takes the first timer whose deadline has come and calls it; false when none is due. */
  fireNext(now: number): boolean {
    const place = this.#first();
    const first = this.#waiting[place];
    if (first === undefined || first.deadline > now) return false;
    this.#take(place);
    first.callback();
    return true;
  }

  /** The place of the timer that comes first. */
  #first(): number {
    const waiting = this.#waiting;
    let first = 0;
    for (let place = 1; place < waiting.length; place++) {
      if (waiting[place]!.deadline < waiting[first]!.deadline) first = place;
    }
    return first;
  }

  /** Takes one out and keeps the others in their order: `splice` makes an array of what it takes. */
  #take(from: number): void {
    const waiting = this.#waiting;
    for (let place = from + 1; place < waiting.length; place++) waiting[place - 1] = waiting[place]!;
    waiting.pop();
  }
}
