/** The host's calendar: the scenario's start date and the virtual milliseconds since then. */

/** Dates and times as the messages write them. */
export interface HostTime {
  /** MMDD. */
  readonly day: string;
  /** hhmmss. */
  readonly time: string;
  /** YYMM. */
  readonly month: string;
}

const MS_PER_DAY = 86_400_000;

/** `startDate` is ISO 8601 and is read as the shop's local time; without a time of day it starts at midnight. */
export class HostCalendar {
  readonly #start: number;
  readonly #clock: () => number;

  constructor(startDate: string, clock: () => number) {
    this.#start = Date.parse(
      /[Zz]$|[+-]\d\d:\d\d$/.test(startDate) || startDate.length === 10 ? startDate : `${startDate}Z`,
    );
    if (Number.isNaN(this.#start)) throw new RangeError("the start date is not a date");
    this.#clock = clock;
  }

  /** Virtual milliseconds since the start. */
  get elapsed(): number {
    return this.#clock();
  }

  now(): HostTime {
    const text = new Date(this.#start + this.#clock()).toISOString();
    return {
      day: text.slice(5, 7) + text.slice(8, 10),
      time: text.slice(11, 19).replaceAll(":", ""),
      month: text.slice(2, 4) + text.slice(5, 7),
    };
  }

  /** Whole days from one moment (virtual milliseconds) to now. */
  daysSince(at: number): number {
    return Math.floor((this.#clock() - at) / MS_PER_DAY);
  }
}
