import { equal, wipe } from "../codec/bytes.ts";
import type { ScreenOf } from "../screen/screens.ts";
import { type PasswordVerdict, passwordLength, roleOf } from "../vault/operators.ts";
import { typeSecret } from "./secret-entry.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

type PasswordScreen = ScreenOf<"password">;

/**
 * Asks for the password of a number until it is right; one that somebody else has chosen is changed at once. Throws
 * `UserError` for CANCEL, silence, a number that is nobody's, or when too many were wrong: then nobody is asked for a
 * while, an operator until a supervisor has unlocked the number.
 * @param number two digits
 */
export async function askPassword(services: Services, number: string): Promise<void> {
  let left: number | undefined;
  for (;;) {
    const verdict = await tryOnce(services, number, left);
    switch (verdict.kind) {
      case "right":
        return verdict.initial ? changePassword(services, number, "initial") : undefined;
      case "wrong":
        if (verdict.left === 0 && roleOf(number) === "operator") throw lockedFor(number);
        left = verdict.left;
        break;
      case "unknown":
        throw new UserError({ id: "error", detail: "no password" });
      case "locked":
        throw lockedFor(number, verdict.milliseconds);
    }
  }
}

/** Why a new password is typed: one's own, one's own instead of the initial one, somebody else's. */
export type NewPassword = "own" | "initial" | "given";

/**
 * A new password, typed twice and the same both times, and not the one before. Throws `UserError` for CANCEL, silence,
 * and where the table is full.
 */
export async function changePassword(services: Services, number: string, why: NewPassword): Promise<void> {
  const screen = screenOf(number);
  let flaw: Pick<PasswordScreen, "wrong" | "old"> = {};
  for (;;) {
    const first = await typePassword(services, {
      ...screen,
      step: "new",
      ...(why === "initial" ? { initial: true } : {}),
      ...flaw,
    });
    const second = await typePassword(services, { ...screen, step: "again" });
    const isSame = equal(first, second);
    wipe(second);
    if (!isSame) {
      wipe(first);
      flaw = { wrong: true };
      continue;
    }
    if (await services.operators.use((operators) => operators.set(number, first, why === "given"))) return;
    if (why === "given") throw new UserError({ id: "error", detail: "operators full" });
    flaw = { wrong: true, old: true };
  }
}

/** What the screen says of a number: its role, and who of the operators it is. */
function screenOf(number: string): PasswordScreen {
  const role = roleOf(number) ?? "operator";
  return { id: "password", role, digits: 0, ...(role === "operator" ? { operator: number } : {}) };
}

/** @param milliseconds absent: until a supervisor unlocks the number */
function lockedFor(number: string, milliseconds?: number): UserError {
  const wait = milliseconds === undefined ? {} : { seconds: Math.ceil(milliseconds / 1000) };
  return new UserError({ ...screenOf(number), locked: true, ...wait });
}

async function tryOnce(services: Services, number: string, left: number | undefined): Promise<PasswordVerdict> {
  const flaw = left === undefined ? {} : { wrong: true, left };
  const digits = await typePassword(services, { ...screenOf(number), ...flaw });
  return services.operators.use((operators) => operators.check(number, digits));
}

/** The digits, ASCII; whoever gets them wipes them. What was wrong before is said until the next digit. */
async function typePassword(services: Services, screen: PasswordScreen): Promise<Uint8Array> {
  const { wrong: _wrong, left: _left, old: _old, ...plain } = screen;
  const digits = new Uint8Array(passwordLength.most);
  try {
    const length = await typeSecret(services, digits, {
      screenFor: (typed) => (typed === 0 ? screen : { ...plain, digits: typed }),
      least: passwordLength.least,
      by: "merchant",
    });
    return digits.slice(0, length);
  } finally {
    wipe(digits);
  }
}
