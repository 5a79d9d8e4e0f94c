import { inTurnOfItsOwn } from "../../turn.ts";
import type { GuardedWork } from "../../update/parameters.ts";
import { administratorNumber, type Role, supervisorNumber } from "../../vault/operators.ts";
import { askPassword } from "../password.ts";
import type { Services } from "../services.ts";
import { mustSignOn } from "./duty.ts";

/** Whom each work needs, where the parameters (`authority`) do not say otherwise; `operator`: whoever is here. */
export const usualAuthority: Readonly<Record<GuardedWork, Role>> = Object.freeze({
  voidSale: "supervisor",
  voidPreAuthorisation: "supervisor",
  voidCompletion: "supervisor",
  refund: "supervisor",
  offlineSale: "supervisor",
  adjustment: "supervisor",
  tip: "operator",
  manualEntry: "supervisor",
  disputes: "supervisor",
  report: "operator",
  reprint: "operator",
  settlement: "operator",
  signOut: "operator",
  download: "supervisor",
  keys: "supervisor",
  operators: "supervisor",
});

/**
 * Asks for the password of whoever this work needs. What an operator may do needs a supervisor while none is signed on that
 * has to be. Throws `UserError` where nobody gives it.
 */
export async function allow(services: Services, work: GuardedWork): Promise<void> {
  const { parameters, duty } = services;
  const usual = parameters.authority[work] ?? usualAuthority[work];
  const role = usual === "operator" && mustSignOn(services) ? "supervisor" : usual;
  if (role === "operator" || duty.inMenu === role || duty.inMenu === "administrator") return;
  await inTurnOfItsOwn(() => askPassword(services, role === "supervisor" ? supervisorNumber : administratorNumber));
}
