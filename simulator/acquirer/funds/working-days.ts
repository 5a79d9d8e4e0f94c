/** The days on which banks pay out: no weekends, no holidays of the list, but the weekend days that are worked. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** How soon a batch is paid out: the same day, the next day, the next working day. */
export const PLANS = ["T0", "T1", "nextWorkingDay"] as const;
export type Plan = (typeof PLANS)[number];

interface Calendar {
  readonly holidays: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly worked: readonly string[];
}

let cache: Calendar | undefined;

function calendar(): Calendar {
  cache ??= parse(readFileSync(new URL("holidays.yaml", import.meta.url), "utf8")) as Calendar;
  return cache;
}

function asDate(date: string): Date {
  return new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`);
}

/** The day after a date; both YYYYMMDD. */
export function dayAfter(date: string): string {
  const next = asDate(date);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10).replaceAll("-", "");
}

/** Whether banks work on a date (YYYYMMDD). */
export function isWorkingDay(date: string): boolean {
  const { holidays, worked } = calendar();
  if (worked.includes(date)) return true;
  const weekday = asDate(date).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !holidays.some(({ from, to }) => from <= date && date <= to);
}

/** The so-manieth working day after a date. */
export function workingDayAfter(date: string, count = 1): string {
  let day = date;
  for (let left = count; left > 0; ) {
    day = dayAfter(day);
    if (isWorkingDay(day)) left -= 1;
  }
  return day;
}

/** The date on which a batch that was closed on a date is paid out. */
export function payoutDate(plan: Plan, closed: string): string {
  const dates: Record<Plan, () => string> = {
    T0: () => closed,
    T1: () => dayAfter(closed),
    nextWorkingDay: () => workingDayAfter(closed),
  };
  return dates[plan]();
}
