import type { PartedKey, PartTaken } from "./components.ts";
import type { KeyUsage } from "./key-rights.ts";
import type { KeyLoading } from "./provision.ts";

/** What an ISO 8583 message needs of the vault before it is encoded: how its card data is to be hidden. */
export interface MessageKeys {
  /** DUKPT: the key serial number of this message's keys, 10 or 12 bytes. */
  readonly serial?: Uint8Array;
}

/** Whether keys are there. `tampered`: they are gone because the case was opened. */
export type VaultState = "ready" | "empty" | "tampered";

/**
 * Keys and what may be done with them. No key ever comes out; each slot has one usage, and an operation under a key
 * of another usage does not exist. Operations under a key that is not loaded throw `MissingKeyError`.
 */
export interface Vault {
  /** True when the keys that the parameters' scheme starts from are loaded. */
  readonly ready: boolean;
  /** True when messages can be authenticated: after a sign-in, or while DUKPT has keys. */
  readonly inSession: boolean;
  /**
   * Takes the session keys of a sign-in answer (field 62) under the terminal master key. All or none: with a wrong
   * check value or length the old ones are gone too and the result is false.
   */
  loadSessionKeys(field62: Uint8Array): boolean;
  forgetSessionKeys(): void;
  /**
   * Enciphered PIN block in the format of the parameters (ISO 9564-1): 8 bytes, 16 in format 4. Wipes `digits`. Under
   * DUKPT it starts a new key, which the message that carries it goes on with.
   * @param digits ASCII, 4 to 12
   * @param pan ASCII, 13 to 19 digits
   * Throws `FormatError` when either is of another length or no digits.
   */
  pinBlock(digits: Uint8Array, pan: Uint8Array): Uint8Array;
  /** Starts a message: under DUKPT with a key of its own, which is the PIN block's where it carries one. */
  openMessage(options: { readonly withPin: boolean }): MessageKeys;
  /** A track (ASCII) with its covered part enciphered, of the same length. Wipes `track`. */
  encryptTrack(track: Uint8Array): Uint8Array;
  /** Field 64 over the message from its MTI to field 63, bit 64 set in the bitmap: 8 bytes. */
  mac(message: Uint8Array): Uint8Array;
  /** In constant time. False when no MAC key is loaded. */
  verifyMac(message: Uint8Array, mac: Uint8Array): boolean;
  /** A PAN (ASCII, 8 to 19 digits) under the terminal's own key: 16 bytes that differ each time. */
  protectPan(pan: Uint8Array): Uint8Array;
  /** The PAN of a token, ASCII; the caller wipes it. Throws `FormatError` for what is no token of this terminal. */
  revealPan(token: Uint8Array): Uint8Array;
  /** A token's content under the session's track key, for the host's backup. Throws `FormatError` as `revealPan`. */
  exportPan(token: Uint8Array): Uint8Array;
  /** A token made from what `exportPan` gives. Throws `FormatError` for what was not made under this session's track key. */
  importPan(exported: Uint8Array): Uint8Array;
}

/** What a person who brings keys may do. No key comes out; of one that is there its check value is told. */
export interface KeyKeeper {
  /** The slots that are filled. */
  keyStates(): readonly KeyState[];
  /** Takes a key out of a block under the transport key. */
  loadKeyBlock(text: string): KeyLoading;
  /** Takes one part of a key, typed by one person, and wipes it. */
  takePart(what: PartedKey, bytes: Uint8Array, isFirst: boolean): PartTaken;
  /** What the parts make together. */
  judgeParts(what: PartedKey): PartTaken;
  /** Makes what the parts make together the key in use; it outlives a power cut. */
  keepParts(what: PartedKey): KeyLoading;
  dropParts(): void;
}

/** A slot that is filled; of DUKPT, whose first key is gone, there is no check value. */
export interface KeyState {
  readonly place: KeyUsage;
  readonly checkValue?: string;
}

/** An operation asked for a key that is not loaded. */
export class MissingKeyError extends Error {
  override readonly name = "MissingKeyError";
}

/** An operation asked for a key whose usage or mode does not allow it. */
export class KeyUsageError extends Error {
  override readonly name = "KeyUsageError";
}
