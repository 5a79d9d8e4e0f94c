/** The terminals and cards of a load run, the same on both sides. TEST keys. */
import { createHash } from "node:crypto";

/** One terminal as its key loader knows it. */
export interface LoadTerminal {
  readonly terminal: string;
  readonly merchant: string;
  readonly masterKey: Uint8Array;
}

/** One card: number, expiry (YYMM) and PIN. */
export interface LoadCard {
  readonly pan: string;
  readonly expires: string;
  readonly pin: string;
}

const MERCHANTS = 100;

/** A terminal by its place in the fleet. */
export function loadTerminal(index: number): LoadTerminal {
  return {
    terminal: `L${String(index).padStart(7, "0")}`,
    merchant: `8983101799${String(index % MERCHANTS).padStart(5, "0")}`,
    masterKey: new Uint8Array(createHash("sha256").update(`load terminal ${index}`).digest().subarray(0, 16)),
  };
}

/** How many cards there are. */
export const CARDS = 200;

/** A card by its place. */
export function loadCard(index: number): LoadCard {
  const front = `62284899${String(index).padStart(7, "0")}`;
  return { pan: front + checkDigit(front), expires: "3012", pin: "123456" };
}

/** ISO/IEC 7812-1, annex B. */
function checkDigit(front: string): string {
  let sum = 0;
  for (let place = 0; place < front.length; place += 1) {
    const digit = Number(front[front.length - 1 - place]) * (place % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return String((10 - (sum % 10)) % 10);
}

/** What a terminal sells in a turn, in minor units. */
export function loadAmount(index: number, turn: number): number {
  return 100 + ((index * 7919 + turn * 104_729) % 90_000);
}
