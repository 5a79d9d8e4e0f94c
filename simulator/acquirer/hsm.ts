/** The host's security module: keys go in and never come out; it offers what may be done with them. */
import { concat, fromHex, hex, type RandomBytes, xor } from "./bytes.ts";
import { decryptCbc, decryptEcb, encryptCbc, encryptEcb, keyCheckValue, oddParity } from "./issuer/des.ts";
import { ibm3624Offset } from "./issuer/pin.ts";
import { ecbMac } from "./mac.ts";
import { readPanToken, TOKEN_LENGTH, writePanToken } from "./pan-token.ts";

/** A key under the terminal's master key, with its check value, as sign-in carries it. */
export interface WrappedKey {
  readonly wrapped: Uint8Array;
  readonly check: Uint8Array;
}

/** What sign-in hands to a terminal. */
export interface WrappedSession {
  readonly pin: WrappedKey;
  readonly mac: WrappedKey;
  readonly track: WrappedKey;
}

/** Lengths in bytes of the keys a terminal asks for. */
export interface SessionShape {
  readonly pinKey: 8 | 16;
  readonly macKey: 8 | 16;
}

/** How the terminal built its PIN block (first digit of field 53): bound to the card number or not. */
export type PinBlockBinding = "pan" | "none";

interface Session {
  readonly pin: Uint8Array;
  readonly mac: Uint8Array;
  readonly track: Uint8Array;
}

/** TEST key of the PIN verification offsets. */
const VERIFICATION_KEY = fromHex("0123456789ABCDEFFEDCBA9876543210");
const DECIMALISATION = "0123456789012345";

function offsetOf(pan: string, pin: string): string {
  return ibm3624Offset(VERIFICATION_KEY, pin, {
    conversionTable: DECIMALISATION,
    pan,
    panVerifyOffset: 0,
    panVerifyLength: Math.min(16, pan.length),
    panPad: "F",
  });
}

/** Master and session keys by terminal, PIN offsets without PINs. */
export class Hsm {
  readonly #random: RandomBytes;
  readonly #masterKeys = new Map<string, Uint8Array>();
  readonly #sessions = new Map<string, Session>();

  constructor(random: RandomBytes) {
    this.#random = random;
  }

  /** Puts a terminal's master key (16 bytes) in place. */
  loadMasterKey(terminal: string, key: Uint8Array): void {
    if (key.length !== 16) throw new RangeError("a terminal master key has 16 bytes");
    this.#masterKeys.set(terminal, Uint8Array.from(key));
  }

  /** Fresh session keys for a terminal, wrapped under its master key (ECB); undefined without a master key. */
  startSession(terminal: string, shape: SessionShape): WrappedSession | undefined {
    const master = this.#masterKeys.get(terminal);
    if (!master) return undefined;
    const session = {
      pin: oddParity(this.#random.bytes(shape.pinKey)),
      mac: oddParity(this.#random.bytes(shape.macKey)),
      track: oddParity(this.#random.bytes(16)),
    };
    this.#sessions.set(terminal, session);
    const wrap = (key: Uint8Array) => ({ wrapped: encryptEcb(master, key), check: keyCheckValue(key) });
    return { pin: wrap(session.pin), mac: wrap(session.mac), track: wrap(session.track) };
  }

  hasSession(terminal: string): boolean {
    return this.#sessions.has(terminal);
  }

  endSession(terminal: string): void {
    this.#sessions.delete(terminal);
  }

  endAllSessions(): void {
    this.#sessions.clear();
  }

  /** Field 64 over a message; undefined without a session. */
  mac(terminal: string, message: Uint8Array): string | undefined {
    const session = this.#sessions.get(terminal);
    return session && ecbMac(session.mac, message);
  }

  /** The stored value a PIN is checked against: says nothing without the module's key. */
  pinOffset(pan: string, pin: string): string {
    return offsetOf(pan, pin);
  }

  /** A card number's token from a terminal, put under the host's own key; undefined when it is none of this session. */
  storeToken(terminal: string, token: Uint8Array): Uint8Array | undefined {
    const session = this.#sessions.get(terminal);
    if (!session || token.length !== TOKEN_LENGTH) return undefined;
    const pan = readPanToken(decryptCbc(session.track, token));
    return pan === undefined ? undefined : encryptCbc(STORAGE_KEY, writePanToken(pan, this.#random));
  }

  /** A kept token, put under the terminal's track key; undefined without a session. */
  deliverToken(terminal: string, kept: Uint8Array): Uint8Array | undefined {
    const session = this.#sessions.get(terminal);
    const pan = readPanToken(decryptCbc(STORAGE_KEY, kept));
    return session && pan !== undefined ? encryptCbc(session.track, writePanToken(pan, this.#random)) : undefined;
  }

  /** Opens a PIN block under the terminal's PIN key and compares; the PIN stays inside. */
  checkPin(
    terminal: string,
    block: Uint8Array,
    card: { readonly pan: string; readonly offset: string },
    binding: PinBlockBinding,
  ): "right" | "wrong" | "malformed" {
    const session = this.#sessions.get(terminal);
    if (!session || block.length !== 8) return "malformed";
    const pin = openFormat0(decryptEcb(session.pin, block), binding === "pan" ? card.pan : undefined);
    if (pin === undefined) return "malformed";
    return offsetOf(card.pan, pin) === card.offset ? "right" : "wrong";
  }
}

/** TEST key under which the host keeps card numbers that terminals back up. */
const STORAGE_KEY = fromHex("5A3C1E7F9B2D4860F1E2D3C4B5A69788");

/** ISO 9564-1 format 0: control 0, length, digits, filler F, folded with twelve digits of the card number. */
function openFormat0(clear: Uint8Array, pan: string | undefined): string | undefined {
  const bound = pan === undefined ? new Uint8Array(8) : concat(new Uint8Array(2), fromHex(pan.slice(-13, -1)));
  const digits = hex(xor(clear, bound));
  const length = Number.parseInt(digits[1]!, 16);
  const wellFormed = digits[0] === "0" && length >= 4 && length <= 12;
  const pin = digits.slice(2, 2 + length);
  return wellFormed && /^\d+$/.test(pin) && /^F*$/.test(digits.slice(2 + length)) ? pin : undefined;
}
