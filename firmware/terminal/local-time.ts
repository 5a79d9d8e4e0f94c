const two = (value: number): string => String(value).padStart(2, "0");

/** A moment as the terminal's clock on the wall shows it. */
export interface LocalTime {
  /** YYYY */
  readonly year: string;
  /** MMDD */
  readonly date: string;
  /** hhmmss */
  readonly time: string;
}

/**
 * @param wall milliseconds since 1970-01-01T00:00:00Z
 * @param utcOffsetMinutes local time minus UTC
 */
export function localTime(wall: number, utcOffsetMinutes: number): LocalTime {
  const moment = new Date(wall + utcOffsetMinutes * 60_000);
  return {
    year: String(moment.getUTCFullYear()).padStart(4, "0"),
    date: two(moment.getUTCMonth() + 1) + two(moment.getUTCDate()),
    time: two(moment.getUTCHours()) + two(moment.getUTCMinutes()) + two(moment.getUTCSeconds()),
  };
}

/** "2025/03/14 21:07:33" */
export function printedTime({ year, date, time }: LocalTime): string {
  const clock = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)].join(":");
  return `${year}/${date.slice(0, 2)}/${date.slice(2, 4)} ${clock}`;
}

/** In milliseconds. */
export const dayLength = 86_400_000;

/** Number of the local day, counted from 1970-01-01. */
export function dayOf(wall: number, utcOffsetMinutes: number): number {
  return Math.floor((wall + utcOffsetMinutes * 60_000) / dayLength);
}

/**
 * The next moment, after `wall`, at which so much of a local day has passed.
 * @param intoTheDay milliseconds after local midnight
 */
export function nextTimeOfDay(wall: number, utcOffsetMinutes: number, intoTheDay: number): number {
  const midnight = dayOf(wall, utcOffsetMinutes) * dayLength - utcOffsetMinutes * 60_000;
  const today = midnight + intoTheDay;
  return today > wall ? today : today + dayLength;
}
