/** A callback owed to the firmware: delivered by the ground when the firmware is idle, one at a time. */
export interface Signal {
  readonly io: SignalTarget;
  readonly callback: string;
  readonly args: readonly unknown[];
}

/** An IO instance: signals of a closed one are dropped. */
export interface SignalTarget {
  readonly closed: boolean;
}

/** What the idle firmware wakes up to: a signal, the time it asked for, or its end: the power is gone, the run is over. */
export type Wake =
  | { readonly now: number; readonly kind: "signal"; readonly signal: Signal }
  | { readonly now: number; readonly kind: "time" }
  | { readonly now: number; readonly kind: "powerless" }
  | { readonly now: number; readonly kind: "stopped" };

/** What will happen: earlier times first, and what was scheduled earlier first among those of one time. */
class Scheduled implements Cancellable {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
  cancelled = false;

  constructor(time: number, order: number, action: () => void) {
    this.time = time;
    this.order = order;
    this.action = action;
  }

  cancel(): void {
    this.cancelled = true;
  }
}

/** What came from outside of the world and when: the turn of the world, and its time. */
export interface Deed {
  readonly turn: number;
  readonly at: number;
  readonly action: () => void;
}

/** A scheduled action that can be called off. */
export interface Cancellable {
  cancel(): void;
}

/**
 * The discrete-event machine: a virtual clock in milliseconds since the world began, a queue of what will happen, and
 * a queue of the callbacks owed to the firmware. Time passes only while the firmware is idle.
 */
export class World {
  #now = 0;
  #order = 0;
  #stopped = false;
  #powerless = false;
  #signals: Signal[] = [];
  readonly #heap: Scheduled[] = [];
  readonly #outside: (() => void)[] = [];
  #repeated: readonly Deed[] = [];
  #turn = 0;
  #awake: (() => void) | undefined;

  get now(): number {
    return this.#now;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  /** Counts what happened: events of the world and wakes of the firmware. The same in each run with the same deeds. */
  get turn(): number {
    return this.#turn;
  }

  /** Runs `action` when `milliseconds` of virtual time have passed, after everything scheduled earlier for that moment. */
  after(milliseconds: number, action: () => void): Cancellable {
    const entry = new Scheduled(this.#now + Math.max(0, milliseconds), this.#order++, action);
    this.#push(entry);
    return entry;
  }

  /** Owes the firmware a callback. */
  signal(signal: Signal): void {
    this.#signals.push(signal);
  }

  /** The device's power goes or comes: without it nothing is owed to the firmware, and its idle call ends. */
  setPower(on: boolean): void {
    this.#powerless = !on;
    this.#signals = [];
    this.#awake?.();
  }

  /** Ends the run: the next `next` says "stopped". */
  stop(): void {
    this.#stopped = true;
    this.#awake?.();
  }

  /** Lets time pass until the firmware has something to do; `until` is the firmware's own next deadline. */
  next(until: number | undefined): Wake {
    for (;;) {
      const ready = this.#ready();
      if (ready !== undefined) return ready;
      if (this.#takeDeed()) continue;
      const due = this.#peek();
      if (due !== undefined && (until === undefined || due.time <= until)) {
        this.#run(due);
        continue;
      }
      if (until === undefined) throw new Error("nothing is left that could happen: the firmware waits for ever");
      return this.#timeIs(until);
    }
  }

  /**
   * As `next`, but virtual time follows `pace` (virtual milliseconds as a function of real ones), so that a person can
   * take part; `inject` wakes it.
   */
  async nextPaced(until: number | undefined, pace: Pace): Promise<Wake> {
    for (;;) {
      const ready = this.#ready();
      if (ready !== undefined) return ready;
      if (this.#takeDeed()) continue;
      const due = this.#peek();
      const target = Math.min(due?.time ?? Number.POSITIVE_INFINITY, until ?? Number.POSITIVE_INFINITY);
      if (await this.#waited(target, pace)) continue;
      if (due !== undefined && due.time <= target) this.#run(due);
      else return this.#timeIs(target);
    }
  }

  /** Runs an action that comes from outside of the virtual world (a click on the page) as soon as the firmware is idle. */
  inject(action: () => void): void {
    this.#outside.push(action);
    this.#awake?.();
  }

  /** Has deeds of an earlier world happen in this one, each in its turn: the two go the same way then. */
  repeat(deeds: readonly Deed[]): void {
    this.#repeated = [...deeds];
  }

  /** Deeds that are still to be repeated. */
  get toRepeat(): number {
    return this.#repeated.length;
  }

  /** Looks at the pace again: it has changed. */
  paceChanged(): void {
    this.#awake?.();
  }

  /** Lets the world go on without the firmware until the power is back or the run is over. */
  async withoutFirmware(pace?: Pace): Promise<void> {
    while (this.#powerless && !this.#stopped) {
      if (this.#takeDeed()) continue;
      const due = this.#peek();
      if (pace !== undefined && (await this.#waited(due?.time ?? Number.POSITIVE_INFINITY, pace))) continue;
      if (due === undefined) throw new Error("the power is off and nothing will bring it back");
      this.#run(due);
    }
  }

  /** Sleeps where that time has not come yet; whether it did. */
  async #waited(target: number, pace: Pace): Promise<boolean> {
    if (target <= pace.virtualNow(target) && target < Number.POSITIVE_INFINITY) return false;
    await this.#sleep(pace.realDelay(target));
    this.#now = Math.max(this.#now, Math.min(target, pace.virtualNow(target)));
    return true;
  }

  /** What comes from outside, or came in this turn of the world that is repeated; false where nothing does. */
  #takeDeed(): boolean {
    const again = this.#repeated[0];
    const action = again?.turn === this.#turn ? again.action : this.#outside.shift();
    if (action === undefined) return false;
    if (again?.action === action) {
      this.#repeated = this.#repeated.slice(1);
      this.#now = Math.max(this.#now, again.at);
    }
    action();
    this.#turn++;
    return true;
  }

  #timeIs(time: number): Wake {
    this.#turn++;
    this.#now = Math.max(this.#now, time);
    return { now: this.#now, kind: "time" };
  }

  #ready(): Wake | undefined {
    if (this.#stopped) return { now: this.#now, kind: "stopped" };
    if (this.#powerless) return { now: this.#now, kind: "powerless" };
    for (;;) {
      const signal = this.#signals.shift();
      if (signal === undefined) return undefined;
      if (signal.io.closed) continue;
      this.#turn++;
      return { now: this.#now, kind: "signal", signal };
    }
  }

  #run(due: Scheduled): void {
    this.#pop();
    this.#now = Math.max(this.#now, due.time);
    this.#turn++;
    due.action();
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = Number.isFinite(milliseconds) ? setTimeout(done, milliseconds) : undefined;
      const self = this;
      function done(): void {
        if (timer !== undefined) clearTimeout(timer);
        self.#awake = undefined;
        resolve();
      }
      this.#awake = done;
    });
  }

  #peek(): Scheduled | undefined {
    for (;;) {
      const first = this.#heap[0];
      if (first?.cancelled !== true) return first;
      this.#pop();
    }
  }

  #push(entry: Scheduled): void {
    const heap = this.#heap;
    let place = heap.push(entry) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (earlier(heap[parent]!, entry)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let place = 0;
    for (;;) {
      let child = place * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child++;
      if (earlier(last, heap[child]!)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }
}

/** How virtual time follows real time. */
export interface Pace {
  /** What the time is by now; a pace that leaps has come to `target`, which is when the next thing happens. */
  virtualNow(target: number): number;
  /** Real milliseconds until virtual time reaches `virtual`. */
  realDelay(virtual: number): number;
}

function earlier(a: Scheduled, b: Scheduled): boolean {
  return a.time < b.time || (a.time === b.time && a.order < b.order);
}
