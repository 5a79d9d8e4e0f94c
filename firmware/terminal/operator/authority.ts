import { inTurnOfItsOwn } from "../../turn.ts";
import type { GuardedWork } from "../../update/parameters.ts";
import { administratorNumber, type Role, supervisorNumber } from "../../vault/operators.ts";
import { askPassword } from "../password.ts";
import type { Services } from "../services.ts";

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

/** Asks for the password of whoever this work needs. Throws `UserError` where nobody gives it. */
export async function allow(services: Services, work: GuardedWork): Promise<void> {
  const role = services.parameters.authority[work] ?? usualAuthority[work];
  if (role === "operator" || services.duty.inMenu === role || services.duty.inMenu === "administrator") return;
  await inTurnOfItsOwn(() => askPassword(services, role === "supervisor" ? supervisorNumber : administratorNumber));
}
