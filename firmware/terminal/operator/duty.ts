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
  readonly parameters: Pick<Parameters, "operator" | "operatorSignOn">;
}

/** The number that goes into the journal and onto paper: who is signed on, else the parameters'. */
export function operatorOf({ duty, parameters }: Desk): string {
  return duty.operator ?? parameters.operator;
}

/** Whether somebody has to sign on before anything can be paid. */
export function mustSignOn({ duty, parameters }: Desk): boolean {
  return parameters.operatorSignOn && duty.operator === undefined;
}
