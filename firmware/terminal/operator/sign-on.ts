import type { KeyName } from "../../../hal/keypad.ts";
import { inTurnOfItsOwn } from "../../turn.ts";
import { type Role, roleOf } from "../../vault/operators.ts";
import { askPassword } from "../password.ts";
import type { Services } from "../services.ts";
import { beginShift } from "./shift.ts";

/** How long the next key may take, in milliseconds. */
const patience = 30_000;

/**
 * Somebody types a number at the locked terminal, and its password. An operator is on duty then; what supervisor and
 * administrator want is not payments. Throws `UserError` for a password that is not given.
 * @param first the key that began it
 * @returns whose number it was; undefined where the typing was given up
 */
export async function signOn(services: Services, first: KeyName): Promise<Role | undefined> {
  const number = await typeNumber(services, first);
  const role = number === undefined ? undefined : roleOf(number);
  if (number === undefined || role === undefined) return undefined;
  await inTurnOfItsOwn(() => askPassword(services, number));
  if (role === "operator") {
    await beginShift(services, number);
    services.duty.operator = number;
  }
  return role;
}

/** Two digits, or one for a number under ten, of a number that is somebody's. */
async function typeNumber(services: Services, first: KeyName): Promise<string | undefined> {
  let value: string = first;
  let wrong = false;
  for (;;) {
    await services.screen.show({ id: "operator-sign-on", value, ...(wrong ? { wrong } : {}) });
    const key = await services.peripherals.key(patience);
    if (key === undefined || key === "CANCEL") return undefined;
    wrong = false;
    if (key === "ENTER") {
      const number = value.padStart(2, "0");
      if (value !== "" && (await services.operators.use((operators) => operators.has(number)))) return number;
      wrong = value !== "";
      value = "";
    } else if (key === "CLEAR") {
      value = value.slice(0, -1);
    } else if (/^\d+$/.test(key) && value.length + key.length <= 2) {
      value += key;
    }
  }
}

/** Leaves the terminal for a while, or to somebody else: the shift goes on. */
export function lock(services: Services): Promise<void> {
  services.duty.operator = undefined;
  return Promise.resolve();
}
