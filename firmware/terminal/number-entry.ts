import type { KeyName } from "../../hal/keypad.ts";
import { wipe } from "../codec/bytes.ts";
import { bytesToLatin1 } from "../codec/text.ts";
import type { NumberName, Operation } from "../screen/screens.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long the next key may take, in milliseconds. */
const patience = 60_000;

/** A number that is no secret: of a voucher, a code, a date. */
export interface NumberEntry {
  readonly what: NumberName;
  readonly operation: Operation;
  /** Fewest and most digits; ENTER counts from the fewest on. */
  readonly least: number;
  readonly most: number;
  /** What else it has to be; a number that is not is typed again. */
  readonly isGood?: (digits: string) => boolean;
  /** The code of a slip may be scanned in its place: a wallet's number of a payment. */
  readonly scan?: boolean;
}

/** Digits of a wallet's number of a payment, as its slip has it in a code; what a phone shows has 24 at most. */
const orderNumber = /^\d{25,32}$/;
export const longestOrderNumber = 32;

/** True of what was scanned in a typed number's place. */
export function isOrderNumber(digits: string): boolean {
  return orderNumber.test(digits);
}

/** Has digits typed. Throws `UserError` for CANCEL and silence. */
export async function askNumber(services: Services, entry: NumberEntry): Promise<string> {
  const { screen, peripherals } = services;
  const { what, operation, least, most, isGood } = entry;
  const scan = entry.scan === true && peripherals.hasScanner;
  let value = "";
  let wrong = false;
  for (;;) {
    await screen.show({
      id: "enter-number",
      what,
      operation,
      value,
      ...(wrong ? { wrong } : {}),
      ...(scan ? { scan } : {}),
    });
    const happening = await peripherals.wait({ keys: true, scan, timeout: patience });
    if (happening.kind === "scan") {
      const scanned = bytesToLatin1(happening.code);
      wipe(happening.code); // it may be a wallet's code
      if (isOrderNumber(scanned)) return scanned;
      value = "";
      wrong = true;
      continue;
    }
    if (happening.kind !== "key") {
      throw new UserError({ id: "cancelled", by: "timeout" });
    }
    wrong = false;
    if (happening.key === "CANCEL") {
      throw new UserError({ id: "cancelled", by: "merchant" });
    }
    if (happening.key !== "ENTER") {
      value = withKey(value, happening.key, most);
    } else if (value.length >= least) {
      if (isGood?.(value) !== false) {
        return value;
      }
      value = "";
      wrong = true;
    }
  }
}

/** The number after one more key: digits that still fit, CLEAR for the last one; other keys do nothing. */
function withKey(value: string, key: KeyName, most: number): string {
  if (key === "CLEAR") {
    return value.slice(0, -1);
  }
  const next = /^\d{1,2}$/.test(key) ? value + key : value;
  return next.length > most ? value : next;
}

/** MMDD of a day that every year, or a leap year, has. */
export function isMonthDay(digits: string): boolean {
  const [month, day] = [Number(digits.slice(0, 2)), Number(digits.slice(2))];
  const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}
