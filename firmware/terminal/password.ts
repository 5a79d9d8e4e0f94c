import { wipe } from "../codec/bytes.ts";
import type { Screen } from "../screen/screens.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { type PasswordVerdict, passwordLength } from "../vault/passwords.ts";
import { typeSecret } from "./secret-entry.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** Whose password is asked for. */
export type Role = "supervisor" | "operator";

/**
 * Asks for a password until it is right. Throws `UserError` for CANCEL, silence, a password that nobody has set, or when
 * too many were wrong: then the terminal asks nobody for a while.
 * @param account whose it is: `supervisor`, or an operator's two digits
 */
export async function askPassword(services: Services, role: Role, account: string = role): Promise<void> {
  let wrong = false;
  for (;;) {
    const verdict = await tryOnce(services, role, account, wrong);
    switch (verdict.kind) {
      case "right":
        return;
      case "wrong":
        wrong = true;
        break;
      case "unknown":
        throw new UserError({ id: "error", detail: "no password" });
      case "locked":
        throw new UserError({ id: "password", role, digits: 0, seconds: Math.ceil(verdict.milliseconds / 1000) });
    }
  }
}

/** A new password, typed twice and the same both times. Throws `UserError` for CANCEL and silence. */
export async function changePassword(services: Services, role: Role, account: string = role): Promise<void> {
  let differs = false;
  for (;;) {
    const first = await typePassword(services, { id: "password", role, digits: 0, step: "new", wrong: differs });
    const second = await typePassword(services, { id: "password", role, digits: 0, step: "again" });
    differs = first.length !== second.length || first.some((digit, place) => digit !== second[place]);
    wipe(second);
    if (!differs) {
      return inTurnOfItsOwn(() => services.passwords.set(account, first));
    }
    wipe(first);
  }
}

async function tryOnce(services: Services, role: Role, account: string, wrong: boolean): Promise<PasswordVerdict> {
  const digits = await typePassword(services, { id: "password", role, digits: 0, wrong });
  return inTurnOfItsOwn(() => services.passwords.check(account, digits));
}

/** The digits, ASCII; whoever gets them wipes them. */
async function typePassword(services: Services, screen: Extract<Screen, { id: "password" }>): Promise<Uint8Array> {
  const digits = new Uint8Array(passwordLength.most);
  try {
    const length = await typeSecret(services, digits, {
      screenFor: (typed) => ({ ...screen, digits: typed, wrong: screen.wrong === true && typed === 0 }),
      least: passwordLength.least,
      by: "merchant",
    });
    return digits.slice(0, length);
  } finally {
    wipe(digits);
  }
}
