import { unpackDigits } from "#native/bytes";
import type { Swipe } from "../../../hal/magstripe.ts";
import { wipe } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { bytesToLatin1 } from "../../codec/text.ts";
import { printable } from "../../emv/candidates.ts";
import type { SessionData } from "../../emv/data.ts";
import { tags } from "../../emv/tags.ts";
import type { CardSummary } from "../../screen/screens.ts";

/** Who a card says it is. The arrays are secret and wiped by whoever holds the card. */
export interface CardIdentity {
  /** ASCII digits, 13 to 19. */
  readonly pan: Uint8Array;
  /** YYMM. */
  readonly expiry: string;
  /** ASCII, `=` as separator, no sentinels. */
  readonly track2: Uint8Array | undefined;
  /** ISO/IEC 7813: three digits; absent on a chip without track data. */
  readonly serviceCode: string | undefined;
  readonly holder: string | undefined;
  /** Three digits. */
  readonly panSequenceNumber: string | undefined;
}

const separator = 0x3d;
const caret = 0x5e;
const zero = 0x30;
/** F and D among unpacked digits. */
const filling = 0x46;
const dividing = 0x44;
const longestTrack2 = 37;
const longestName = 26;

/** The card of a swipe (ISO/IEC 7813). Throws `FormatError` when track 2 is missing, damaged or no card's. */
export function identityOfSwipe(swipe: Swipe): CardIdentity {
  if (swipe.damaged || swipe.track2 === undefined) {
    throw new FormatError("track 2", 0, "missing or damaged");
  }
  const holder = swipe.track1 === undefined ? undefined : holderOfTrack1(swipe.track1);
  return identityOfTrack2(swipe.track2, holder, undefined);
}

/** The card of a chip session. Throws `FormatError` when its elements are not what the standard says. */
export function identityOfChip(data: SessionData): CardIdentity {
  const equivalent = data.fromCard(tags.track2Equivalent);
  const track2 = equivalent === undefined ? undefined : digitsOfNibbles(equivalent);
  try {
    return identityOfElements(data, track2);
  } catch (error) {
    if (track2 !== undefined) {
      wipe(track2);
    }
    throw error;
  }
}

function identityOfElements(data: SessionData, track2: Uint8Array | undefined): CardIdentity {
  const holder = nameOf(data.fromCard(tags.cardholderName));
  const sequence = data.fromCard(tags.panSequenceNumber)?.[0];
  const panSequenceNumber = sequence === undefined ? undefined : `0${sequence >> 4}${sequence & 15}`;
  const number = data.fromCard(tags.primaryAccountNumber);
  if (number === undefined && track2 !== undefined) {
    return identityOfTrack2(track2, holder, panSequenceNumber);
  }
  if (track2 !== undefined) {
    checkTrack2(track2);
  }
  const expiry = monthOf(data.fromCard(tags.expirationDate)) ?? track2Expiry(track2);
  const pan = digitsOfNibbles(number ?? new Uint8Array(0));
  checkPan(pan);
  return { pan, expiry, track2, serviceCode: undefined, holder, panSequenceNumber };
}

/** Overwrites number and track. */
export function wipeIdentity(identity: CardIdentity): void {
  wipe(identity.pan);
  if (identity.track2 !== undefined) {
    wipe(identity.track2);
  }
}

/** First 6 and last 4 digits, the others as stars: what may be kept of a card number. */
export function maskPan(pan: Uint8Array): string {
  let text = "";
  for (let i = 0; i < pan.length; i++) {
    text += i < 6 || i >= pan.length - 4 ? String.fromCharCode(pan[i]!) : "*";
  }
  return text;
}

/** A masked number as people read it: `6228 48** **** 1117`. */
export function groupedPan(masked: string): string {
  return masked.replace(/(.{4})(?=.)/g, "$1 ");
}

/** What may be shown of a card. */
export function summaryOf(identity: CardIdentity): CardSummary {
  const pan = groupedPan(maskPan(identity.pan));
  return identity.holder === undefined ? { pan } : { pan, holder: identity.holder };
}

/** True when the stripe says that the card has a chip (ISO/IEC 7813, service code 2xx and 6xx). */
export function hasChip(identity: CardIdentity): boolean {
  const first = identity.serviceCode?.[0];
  return first === "2" || first === "6";
}

function identityOfTrack2(
  track2: Uint8Array,
  holder: string | undefined,
  panSequenceNumber: string | undefined,
): CardIdentity {
  const end = checkTrack2(track2);
  const pan = track2.slice(0, end);
  checkPan(pan);
  const rest = bytesToLatin1(track2.subarray(end + 1, end + 8));
  if (!/^\d{2}(0[1-9]|1[0-2])\d{3}$/.test(rest)) {
    wipe(pan);
    throw new FormatError("track 2", end + 1, "expiry and service code expected");
  }
  return { pan, expiry: rest.slice(0, 4), track2, serviceCode: rest.slice(4, 7), holder, panSequenceNumber };
}

/** Throws `FormatError` unless a number, one separator and at least seven digits stand there; gives the separator's place. */
function checkTrack2(track2: Uint8Array): number {
  const end = track2.indexOf(separator);
  if (end < 0 || track2.length > longestTrack2 || track2.length < end + 8) {
    throw new FormatError("track 2", 0, "number, separator, expiry and service code expected");
  }
  for (let place = 0; place < track2.length; place++) {
    if (place !== end && !isDigit(track2[place]!)) {
      throw new FormatError("track 2", place, "a digit expected");
    }
  }
  return end;
}

function isDigit(sign: number): boolean {
  return sign >= zero && sign <= zero + 9;
}

function track2Expiry(track2: Uint8Array | undefined): string {
  if (track2 === undefined) {
    throw new FormatError("expiration date", 0, "missing");
  }
  const identity = identityOfTrack2(track2, undefined, undefined);
  wipe(identity.pan);
  return identity.expiry;
}

/** Format B: `B`, number, `^`, name, `^` (ISO/IEC 7813). */
function holderOfTrack1(track1: Uint8Array): string | undefined {
  const start = track1.indexOf(caret);
  const end = start < 0 ? -1 : track1.indexOf(caret, start + 1);
  return end < 0 ? undefined : nameOf(track1.subarray(start + 1, end));
}

/** "ZHANG/SAN" of the card as "ZHANG SAN"; undefined where no name stands. */
function nameOf(bytes: Uint8Array | undefined): string | undefined {
  const name = bytes === undefined ? "" : printable(bytes, longestName).replace("/", " ").trim();
  return name === "" ? undefined : name;
}

/** Wipes what is no card number. */
function checkPan(pan: Uint8Array): void {
  if (pan.length < 13 || pan.length > 19 || !pan.every(isDigit)) {
    wipe(pan);
    throw new FormatError("card number", 0, "13 to 19 digits expected");
  }
}

/** A date YYMMDD of packed digits as YYMM. */
function monthOf(date: Uint8Array | undefined): string | undefined {
  if (date === undefined) {
    return undefined;
  }
  const text = bytesToLatin1(digitsOfNibbles(date));
  if (!/^\d{2}(0[1-9]|1[0-2])\d{2}$/.test(text)) {
    throw new FormatError("expiration date", 0, "YYMMDD expected");
  }
  return text.slice(0, 4);
}

/**
 * Packed digits up to the filling F as ASCII. D, the separator of track 2 equivalent data,
 * becomes `=`, and other nibbles letters, which no field allows.
 */
function digitsOfNibbles(bytes: Uint8Array): Uint8Array {
  const digits = new Uint8Array(2 * bytes.length);
  unpackDigits(bytes, 0, digits, true);
  const end = digits.indexOf(filling);
  const result = digits.slice(0, end < 0 ? digits.length : end);
  for (let at = result.indexOf(dividing); at >= 0; at = result.indexOf(dividing, at + 1)) {
    result[at] = separator;
  }
  wipe(digits);
  return result;
}
