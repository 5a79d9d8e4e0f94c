import { hexToBytes } from "../../codec/hex.ts";
import type { Services } from "../services.ts";

/** The parts of a board that cards and issuers hear of. Every board has keys and a screen. */
export interface Parts {
  readonly stripe: boolean;
  readonly chip: boolean;
  readonly contactless: boolean;
  readonly printer: boolean;
}

/**
 * Terminal capabilities (9F33) and additional ones (9F40; EMV 4.3 Book 4, annexes A2 and A3) in one, 8 bytes. Every board:
 * keys; online PIN and no verification; goods and services; digits, command and function keys; the screen for both;
 * ISO 8859-1.
 */
const ofEveryBoard = "8048006000B03001";
/**
 * What a part adds. Stripe; chip, both offline PINs, SDA, DDA and CDA; CDA of a tap; a signature, which needs paper, and
 * print for both.
 */
const ofParts: Readonly<Record<keyof Parts, string>> = Object.freeze({
  stripe: "4000000000000000",
  chip: "2090C80000000000",
  contactless: "0000080000000000",
  printer: "002000000000C000",
});
const partNames = Object.freeze(["stripe", "chip", "contactless", "printer"] as const);
const capabilitiesLength = 3;

/** What this board has. */
export function partsOf({ peripherals, paper }: Pick<Services, "peripherals" | "paper">): Parts {
  return {
    stripe: peripherals.hasStripe,
    chip: peripherals.chip !== undefined,
    contactless: peripherals.contactless !== undefined,
    printer: paper !== undefined,
  };
}

/** Terminal capabilities, 3 bytes, and additional terminal capabilities, 5 bytes, of a board with these parts. */
export function capabilitiesOf(parts: Parts): readonly [terminal: Uint8Array, additional: Uint8Array] {
  const all = hexToBytes(ofEveryBoard);
  for (const part of partNames) {
    if (parts[part]) {
      hexToBytes(ofParts[part]).forEach((bits, place) => {
        all[place] = (all[place] ?? 0) | bits;
      });
    }
  }
  return [all.slice(0, capabilitiesLength), all.slice(capabilitiesLength)];
}
