import { type CardIdentity, summaryOf } from "./card/identity.ts";
import { localTime } from "./local-time.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** A card is good until the end of its month (ISO/IEC 7813). Throws `UserError` for one that is not. */
export function refuseExpired(services: Pick<Services, "clock" | "parameters">, identity: CardIdentity): void {
  const { year, date } = localTime(services.clock.wall(), services.parameters.utcOffsetMinutes);
  if (monthNumber(identity.expiry) < monthNumber(year.slice(2) + date.slice(0, 2))) {
    throw new UserError({ id: "card-expired", card: summaryOf(identity) });
  }
}

/** Months since 1950 of a date YYMM; years from 50 on are in the last century. */
function monthNumber(yearMonth: string): number {
  const year = Number(yearMonth.slice(0, 2));
  return (year < 50 ? year + 50 : year - 50) * 12 + Number(yearMonth.slice(2, 4));
}
