import { isSettled } from "../acquirer/totals.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { offerSettlement, settleByItself } from "./batch/settle-batch.ts";
import { signInIfNeeded } from "./host-ready.ts";
import { dayLength, dayOf, nextTimeOfDay } from "./local-time.ts";
import { mustSignOn } from "./operator/duty.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** At most so long between two looks at the clock, in milliseconds: it may be set meanwhile. */
const longestSleep = 3_600_000;

/**
 * What an idle terminal does by its clock: new session keys on a new day, the settlement at `settlementTime`, and
 * the end of what is remembered of torn taps. Nothing
 * of it happens while somebody uses the terminal: what has come due meanwhile is done when it is idle again.
 */
export class Duties {
  readonly #services: Services;
  /** Local day on which the session was first seen; undefined while there is none. */
  #sessionDay: number | undefined;
  /** When the batch is settled next, by the wall clock; undefined where people decide. */
  #settleAt: number | undefined;
  #isFirst = true;

  constructor(services: Services) {
    this.#services = services;
    this.#settleAt = this.#nextSettlement();
  }

  /** Milliseconds until there may be something to do. */
  get sleep(): number {
    const { clock, parameters, torn } = this.#services;
    const now = clock.wall();
    const midnight = nextTimeOfDay(now, parameters.utcOffsetMinutes, 0);
    const tornEnd = Math.max(0, torn.nextEnd - clock.monotonic()) + 1;
    return Math.min(longestSleep, midnight - now, Math.max(1, (this.#settleAt ?? midnight) - now), tornEnd);
  }

  /** Does what is due. Throws `UserError` for what the merchant has to hear of. */
  async perform(): Promise<void> {
    this.#services.torn.forget(this.#services.clock.monotonic());
    // Who has to sign on first is asked when that is done.
    const isFirst = this.#isFirst && !mustSignOn(this.#services);
    this.#isFirst &&= !isFirst;
    if (isFirst && (await this.#wasMissed())) await inTurnOfItsOwn(() => offerSettlement(this.#services, "time"));
    if (this.#settleAt !== undefined && this.#services.clock.wall() >= this.#settleAt) {
      this.#settleAt = this.#nextSettlement();
      await inTurnOfItsOwn(() => settleByItself(this.#services));
    }
    await this.#renewSession();
  }

  /** Yesterday's keys are not today's; what the host does not answer now the next payment asks for again. */
  async #renewSession(): Promise<void> {
    const { acquirer, clock, parameters } = this.#services;
    const today = dayOf(clock.wall(), parameters.utcOffsetMinutes);
    const isOld = this.#sessionDay !== undefined && this.#sessionDay !== today;
    if (acquirer.signedIn && isOld && parameters.keyScheme === "master-session") {
      await acquirer.signOut();
      try {
        await inTurnOfItsOwn(() => signInIfNeeded(this.#services));
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
      }
    }
    this.#sessionDay = acquirer.signedIn ? today : undefined;
  }

  /** True when the terminal had no power at the last hour of settlement: its batch has payments from before. */
  async #wasMissed(): Promise<boolean> {
    if (this.#settleAt === undefined) return false;
    const { journal, batch } = this.#services;
    const missed = this.#settleAt - dayLength;
    let isOlder = false;
    await journal.each(
      (transaction) => {
        isOlder = isSettled(transaction) && transaction.startedAt < missed;
        return !isOlder;
      },
      { batch: batch.number },
    );
    return isOlder;
  }

  #nextSettlement(): number | undefined {
    const { clock, parameters } = this.#services;
    const { settlementTime, utcOffsetMinutes } = parameters;
    if (settlementTime === undefined) return undefined;
    const [hour = "0", minute = "0"] = settlementTime.split(":");
    return nextTimeOfDay(clock.wall(), utcOffsetMinutes, (Number(hour) * 60 + Number(minute)) * 60_000);
  }
}
