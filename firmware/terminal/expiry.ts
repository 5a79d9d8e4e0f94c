import { monthNumber } from "../emv/dates.ts";
import { type CardIdentity, summaryOf } from "./card/identity.ts";
import { localTime } from "./local-time.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** A card is good until the end of its month (ISO/IEC 7813). Throws `UserError` for one that is not. */
export function refuseExpired(services: Pick<Services, "clock" | "parameters">, identity: CardIdentity): void {
  if (identity.expiry === "") return; // a phone's code
  const { year, date } = localTime(services.clock.wall(), services.parameters.utcOffsetMinutes);
  if (monthOf(identity.expiry) < monthOf(year.slice(2) + date.slice(0, 2))) {
    throw new UserError({ id: "card-expired", card: summaryOf(identity) });
  }
}

/** A date YYMM in text as a number that grows with time. */
function monthOf(yearMonth: string): number {
  return monthNumber(Number.parseInt(yearMonth.slice(0, 2), 16), Number.parseInt(yearMonth.slice(2, 4), 16));
}
