/**
 * Keys and what may be done with them. No key ever comes out; each slot has one usage, and an operation under a key
 * of another usage does not exist. Operations under a key that is not loaded throw `MissingKeyError`.
 */
export interface Vault {
  /** True when the terminal master key is loaded. */
  readonly ready: boolean;
  /** True when the session keys of a sign-in are loaded. */
  readonly inSession: boolean;
  /**
   * Takes the session keys of a sign-in answer (field 62) under the terminal master key. All or none: with a wrong
   * check value or length the old ones are gone too and the result is false.
   */
  loadSessionKeys(field62: Uint8Array): boolean;
  forgetSessionKeys(): void;
  /**
   * Enciphered PIN block, ISO 9564-1 format 0, 8 bytes. Wipes `digits`.
   * @param digits ASCII, 4 to 12
   * @param pan ASCII, 13 to 19 digits
   * Throws `FormatError` when either is of another length or no digits.
   */
  pinBlock(digits: Uint8Array, pan: Uint8Array): Uint8Array;
  /** Field 64 over the message from its MTI to field 63, bit 64 set in the bitmap: 8 bytes. */
  mac(message: Uint8Array): Uint8Array;
  /** In constant time. False when no MAC key is loaded. */
  verifyMac(message: Uint8Array, mac: Uint8Array): boolean;
  /** A PAN (ASCII, 8 to 19 digits) under the terminal's own key: 16 bytes that differ each time. */
  protectPan(pan: Uint8Array): Uint8Array;
  /** The PAN of a token, ASCII; the caller wipes it. Throws `FormatError` for what is no token of this terminal. */
  revealPan(token: Uint8Array): Uint8Array;
}

/** An operation asked for a key that is not loaded. */
export class MissingKeyError extends Error {
  override readonly name = "MissingKeyError";
}
