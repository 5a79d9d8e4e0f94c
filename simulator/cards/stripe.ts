/** A card's magnetic stripe: the texts of its tracks with their sentinels (ISO/IEC 7813). */
import { fromHex } from "../acquirer/bytes.ts";
import { cardVerificationValue } from "../acquirer/issuer/pin.ts";
import type { CardDefinition } from "./definition.ts";

/** Track texts from start to end sentinel, without the check character: `%B...?` and `;...?`. */
export interface Tracks {
  readonly track1: string;
  readonly track2: string;
}

/** TEST key for the verification value in the tracks. */
const VERIFICATION_KEY = "0123456789ABCDEFFEDCBA9876543210";

/** Key index, four digits for a PIN verification value, and the card verification value. */
function discretionary(pan: string, expires: string, serviceCode: string): string {
  return `10000${cardVerificationValue(fromHex(VERIFICATION_KEY), pan, expires, serviceCode)}`;
}

/** Both tracks of the stripe; track 1 carries the holder's name. */
export function tracksOf(card: CardDefinition): Tracks {
  const tail = `${card.expires}${card.serviceCode}${discretionary(card.pan, card.expires, card.serviceCode)}`;
  return {
    track1: `%B${card.pan}^${card.holder}^${tail}?`,
    track2: `;${card.pan}=${tail}?`,
  };
}

/** Track 2 equivalent data of the chip (tag 57): no sentinels, its own verification value (service code 999). */
export function trackEquivalent(card: CardDefinition, pan: string): Uint8Array {
  const digits = `${pan}D${card.expires}${card.serviceCode}${discretionary(pan, card.expires, "999")}`;
  return fromHex(digits.length % 2 === 0 ? digits : `${digits}F`);
}
