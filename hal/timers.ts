/**
 * Timers of a ground whose idle call says "wake me at T": a queue ordered by deadline, then by age.
 * Times are milliseconds of the monotonic clock.
 */
export class Timers {
  #next = 1;
  readonly #queue: { readonly id: number; readonly deadline: number; readonly callback: () => void }[] = [];

  /** Calls `callback` once at `now + milliseconds`; returns an id for `clear`. */
  set(callback: () => void, milliseconds: number, now: number): number {
    const id = this.#next++;
    const deadline = now + Math.max(0, milliseconds);
    let place = this.#queue.length;
    while (place > 0 && (this.#queue[place - 1]?.deadline ?? 0) > deadline) place--;
    this.#queue.splice(place, 0, { id, deadline, callback });
    return id;
  }

  /** Forgets a timer; unknown ids are ignored. */
  clear(id: number): void {
    const place = this.#queue.findIndex((timer) => timer.id === id);
    if (place >= 0) this.#queue.splice(place, 1);
  }

  nextDeadline(): number | undefined {
    return this.#queue[0]?.deadline;
  }

  /** Takes the first timer whose deadline has come and calls it; false when none is due. */
  fireNext(now: number): boolean {
    const first = this.#queue[0];
    if (first === undefined || first.deadline > now) return false;
    this.#queue.shift();
    first.callback();
    return true;
  }
}
