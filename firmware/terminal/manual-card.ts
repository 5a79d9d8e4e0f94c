import { wipe } from "../codec/bytes.ts";
import type { Operation } from "../screen/screens.ts";
import { NumberCard } from "./card/number-card.ts";
import { askNumber } from "./number-entry.ts";
import { allow } from "./operator/authority.ts";
import { typeSecret } from "./secret-entry.ts";
import type { Services } from "./services.ts";

/** Digits of a card number (ISO/IEC 7812-1). */
const shortest = 13;
const longest = 19;
/** So many of the first digits may be shown; the others are stars. */
const shownDigits = 6;

/**
 * Has a supervisor allow it and a card's number and expiry typed, for a card that cannot be read or is not here. The
 * screen shows the first six digits only. Throws `UserError` for CANCEL and silence.
 */
export async function typeCard(services: Services, operation: Operation): Promise<NumberCard> {
  await allow(services, "manualEntry");
  const pan = await typePan(services, operation);
  try {
    const typed = await askNumber(services, { what: "expiry", operation, least: 4, most: 4, isGood: isMonthYear });
    return new NumberCard({ pan, expiry: typed.slice(2) + typed.slice(0, 2), panSequenceNumber: undefined });
  } catch (error) {
    wipe(pan);
    throw error;
  }
}

async function typePan(services: Services, operation: Operation): Promise<Uint8Array> {
  const digits = new Uint8Array(longest);
  let wrong = false;
  try {
    for (;;) {
      const length = await typeSecret(services, digits, {
        screenFor: (typed) => ({
          id: "enter-number",
          what: "card",
          operation,
          value: shown(digits, typed),
          ...(wrong && typed === 0 ? { wrong } : {}),
        }),
        least: shortest,
        by: "merchant",
      });
      const pan = digits.slice(0, length);
      if (hasCheckDigit(pan)) {
        return pan;
      }
      wipe(pan);
      wipe(digits);
      wrong = true;
    }
  } finally {
    wipe(digits);
  }
}

function shown(digits: Uint8Array, typed: number): string {
  let text = "";
  for (let place = 0; place < typed; place++) {
    text += place < shownDigits ? String.fromCharCode(digits[place]!) : "*";
  }
  return text;
}

/** Whether the last digit is the check digit of the others (ISO/IEC 7812-1, annex B: Luhn). */
export function hasCheckDigit(pan: Uint8Array): boolean {
  let sum = 0;
  for (let place = 0; place < pan.length; place++) {
    const digit = pan[pan.length - 1 - place]! - 0x30;
    const weighted = place % 2 === 0 ? digit : 2 * digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** MMYY, as it stands on the card. */
function isMonthYear(digits: string): boolean {
  const month = Number(digits.slice(0, 2));
  return month >= 1 && month <= 12;
}
