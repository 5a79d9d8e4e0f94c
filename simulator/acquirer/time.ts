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
const MS_PER_HOUR = 3_600_000;

/** `startDate` is ISO 8601 and is read as the shop's local time; without a time of day it starts at midnight. */
export class HostCalendar {
  readonly #start: number;
  readonly #clock: () => number;
  #second = Number.NaN;
  #now: HostTime = { day: "", time: "", month: "" };

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
    const second = Math.floor((this.#start + this.#clock()) / 1000);
    if (second !== this.#second) {
      const text = new Date(second * 1000).toISOString();
      this.#second = second;
      this.#now = {
        day: text.slice(5, 7) + text.slice(8, 10),
        time: text.slice(11, 19).replaceAll(":", ""),
        month: text.slice(2, 4) + text.slice(5, 7),
      };
    }
    return this.#now;
  }

  /** The date (YYYYMMDD) at a moment in virtual milliseconds. */
  dateAt(moment: number): string {
    return new Date(this.#start + moment).toISOString().slice(0, 10).replaceAll("-", "");
  }

  /** The hour of a date (YYYYMMDD) in virtual milliseconds since the start; negative before it. */
  moment(date: string, hour: number): number {
    const midnight = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`);
    return midnight + hour * MS_PER_HOUR - this.#start;
  }

  /** Whole days from one moment (virtual milliseconds) to now. */
  daysSince(at: number): number {
    return Math.floor((this.#clock() - at) / MS_PER_DAY);
  }
}
