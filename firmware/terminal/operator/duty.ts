import type { Parameters } from "../../update/parameters.ts";
import type { Role } from "../../vault/operators.ts";

/** Who is at the terminal: changed in place, because much that lives as long as the terminal asks it. */
export interface OnDuty {
  /** Two digits; undefined while nobody is signed on, or where nobody has to. */
  operator: string | undefined;
  /** Who has given a password for all of the menu that is open now. */
  inMenu: Role | undefined;
}

interface Desk {
  readonly duty: OnDuty;
  readonly parameters: Pick<Parameters, "operator" | "operatorSignOn" | "operatorIdleMinutes">;
}

/** The number that goes into the journal and onto paper: who is signed on, else the parameters'. */
export function operatorOf({ duty, parameters }: Desk): string {
  return duty.operator ?? parameters.operator;
}

/**
 * Milliseconds after which whoever is on duty is not any more, where nothing happens until then; 0: now, infinite: never.
 * @param now of the monotonic clock, and when somebody used the terminal last
 */
export function lockIn({ duty, parameters }: Desk, now: number, usedAt: number): number {
  const { operatorIdleMinutes } = parameters;
  if (duty.operator === undefined || operatorIdleMinutes === 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, usedAt + operatorIdleMinutes * 60_000 - now);
}

/** Whether somebody has to sign on before anything can be paid. */
export function mustSignOn({ duty, parameters }: Desk): boolean {
  return parameters.operatorSignOn && duty.operator === undefined;
}
