import { administratorNumber, type OperatorState, roleOf, supervisorNumber } from "../../vault/operators.ts";
import { choose } from "../choose.ts";
import { askNumber } from "../number-entry.ts";
import { askPassword, changePassword } from "../password.ts";
import { showResult } from "../results.ts";
import type { Services } from "../services.ts";
import { UserError } from "../user-error.ts";

const texts = Object.freeze({
  zh: {
    title: "操作员管理",
    add: "增加操作员",
    reset: "重置密码",
    unlock: "解锁",
    remove: "删除",
    operator: "操作员",
    locked: "已锁定",
    initial: "初始密码",
  },
  en: {
    title: "Operators",
    add: "Add an operator",
    reset: "Set a new password",
    unlock: "Unlock",
    remove: "Remove",
    operator: "Operator",
    locked: "locked",
    initial: "new",
  },
} as const);

/** The list of operators, until it is left: one more, or one of them and what to do. */
export async function manageOperators(services: Services): Promise<void> {
  const words = texts[services.screen.language];
  for (;;) {
    const operators = await services.operators.use((all) => all.list());
    const choices = [
      { id: "add", text: words.add },
      ...operators.map((operator) => ({ id: operator.number, text: lineOf(services, operator) })),
    ];
    const picked = await choose(services, choices, { id: "menu", heading: words.title });
    if (picked.kind !== "picked") return;
    const operator = operators[picked.index - 1];
    if (operator === undefined) await add(services, operators);
    else await change(services, operator);
  }
}

function lineOf({ screen }: Services, { number, isLocked, isInitial }: OperatorState): string {
  const words = texts[screen.language];
  const state = isLocked ? words.locked : isInitial ? words.initial : "";
  return `${words.operator} ${number}  ${state}`.trim();
}

/** A number that nobody has, and a password that its owner changes at the first sign-on. */
async function add(services: Services, operators: readonly OperatorState[]): Promise<void> {
  const isFree = (digits: string): boolean => {
    const number = digits.padStart(2, "0");
    return roleOf(number) === "operator" && operators.every((operator) => operator.number !== number);
  };
  const typed = await askNumber(services, { what: "operator", operation: "sale", least: 1, most: 2, isGood: isFree });
  const operator = typed.padStart(2, "0");
  await changePassword(services, operator, "given");
  await showResult(services, { id: "operator-changed", what: "added", operator });
}

async function change(services: Services, { number, isLocked }: OperatorState): Promise<void> {
  const words = texts[services.screen.language];
  const works = (isLocked ? (["unlock", "reset", "remove"] as const) : (["reset", "remove"] as const)).map((id) => ({
    id,
    text: words[id],
  }));
  const picked = await choose(services, works, { id: "menu", heading: `${words.operator} ${number}` });
  const work = picked.kind === "picked" ? works[picked.index]?.id : undefined;
  if (work === undefined) return;
  if (work === "reset") {
    await changePassword(services, number, "given");
  } else {
    await services.operators.use((operators) => operators[work](number));
  }
  if (work === "remove" && services.duty.operator === number) services.duty.operator = undefined;
  const what = work === "reset" ? "reset" : work === "remove" ? "removed" : "unlocked";
  await showResult(services, { id: "operator-changed", what, operator: number });
}

/** Whoever is on duty chooses another password. */
export function changeOwnPassword(services: Services): Promise<void> {
  const { operator } = services.duty;
  if (operator === undefined) throw new UserError({ id: "error", detail: "no operator" });
  return changeKnown(services, operator);
}

/** Another password for the administrator, who knows the old one. */
export function changeAdministratorPassword(services: Services): Promise<void> {
  return changeKnown(services, administratorNumber);
}

/** The administrator gives a supervisor who has forgotten it a new password, to be changed at its first use. */
export async function resetSupervisorPassword(services: Services): Promise<void> {
  await askPassword(services, administratorNumber);
  await changePassword(services, supervisorNumber, "given");
  await tellChanged(services, supervisorNumber, "reset");
}

async function changeKnown(services: Services, number: string): Promise<void> {
  await askPassword(services, number);
  await changePassword(services, number, "own");
  await tellChanged(services, number, "password");
}

function tellChanged(services: Services, operator: string, what: "password" | "reset"): Promise<void> {
  return showResult(services, { id: "operator-changed", what, operator });
}
