/** The host's security module: keys go in and never come out; it offers what may be done with them. */
import { concat, fromHex, hex, type RandomBytes } from "./bytes.ts";
import { aesInitialKey, aesKeys, type DukptKeys, dukptCounter, tdesInitialKey, tdesKeys } from "./dukpt.ts";
import { decryptCbc, decryptEcb, encryptCbc, encryptEcb, keyCheckValue, oddParity } from "./issuer/des.ts";
import { ibm3624Offset } from "./issuer/pin.ts";
import { wrapKey } from "./key-block.ts";
import { macBy } from "./mac-methods.ts";
import { readPanToken, TOKEN_LENGTH, writePanToken } from "./pan-token.ts";
import { openBound, openFormat4, openUnbound } from "./pin-block.ts";

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

/** TEST base derivation keys of terminals with DUKPT, and the TEST key under which a loading device brings their initial keys. */
const BASE_KEYS = {
  tdes: fromHex("0123456789ABCDEFFEDCBA9876543210"),
  aes: fromHex("FEDCBA9876543210F1F1F1F1F1F1F1F1"),
} as const;
const TRANSPORT_KEY = fromHex("88E1AB2A2E3DD38C1FA039A536500CC8A87AB9D62DC92C01058FA79F44657DE6");

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
/** What is wrong with a key block: its MAC, its key's usage or length, its check value. */
export type KeyBlockFlaw = "block" | "usage" | "length" | "checkValue";

export class Hsm {
  readonly #random: RandomBytes;
  readonly #masterKeys = new Map<string, Uint8Array>();
  readonly #sessions = new Map<string, Session>();
  readonly #dukpt = new Map<string, DukptKeys>();
  /** The highest counter by terminal and the rest of its serial number. */
  readonly #counters = new Map<string, number>();
  readonly #macMethods = new Map<string, string>();

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

  /** How a terminal computes field 64, where it is not as usual. */
  expectMac(terminal: string, method: string): void {
    this.#macMethods.set(terminal, method);
  }

  /**
   * Takes the keys of a key serial number (10 or 12 bytes) for a terminal's message. False for a number that is none, or
   * that is not above all that were used before: a message with it would be a repeated one.
   */
  openDukpt(terminal: string, serial: Uint8Array): boolean {
    const counter = dukptCounter(serial);
    if (counter === undefined) return false;
    const isAes = serial.length === 12;
    const name = `${terminal} ${hex(serial.slice(0, isAes ? 8 : 7))}`;
    if (counter <= (this.#counters.get(name) ?? 0)) return false;
    this.#counters.set(name, counter);
    this.#dukpt.set(terminal, isAes ? aesKeys(BASE_KEYS.aes, serial) : tdesKeys(BASE_KEYS.tdes, serial));
    return true;
  }

  /** The message that had these keys is answered. */
  closeDukpt(terminal: string): void {
    this.#dukpt.delete(terminal);
  }

  /** What a key loading device leaves in a terminal: the transport key, and its initial key as a block under it. */
  initialKeys(kind: "tdes" | "aes", terminal: string): { readonly transportKey: Uint8Array; readonly block: string } {
    const isAes = kind === "aes";
    const id = concat(
      fromHex("FFFF"),
      fromHex(terminal.replace(/\D/g, "0").padStart(10, "0").slice(-10)),
      Uint8Array.of(0xe0),
    );
    const serial = concat(id, new Uint8Array(isAes ? 4 : 2));
    const key = isAes ? aesInitialKey(BASE_KEYS.aes, id) : tdesInitialKey(BASE_KEYS.tdes, serial);
    const optional = isAes ? { id: "IK", data: hex(id) } : { id: "KS", data: hex(serial) };
    const words = { usage: "B1", algorithm: isAes ? "A" : "T", mode: "X", optional } as const;
    return { transportKey: TRANSPORT_KEY.slice(), block: wrapKey(TRANSPORT_KEY, key, words, this.#random) };
  }

  /** The terminal's master key as a key block under the TEST transport key; its check value in KC (00: a block of zeros). */
  masterKeyBlock(terminal: string, flaw: KeyBlockFlaw | undefined): string {
    const master = this.#masterKeys.get(terminal);
    if (!master) throw new Error("no master key");
    const key = flaw === "length" ? master.subarray(0, 8) : master;
    const value = flaw === "checkValue" ? "000000" : hex(keyCheckValue(key)).slice(0, 6);
    const usage = flaw === "usage" ? "K3" : "K0";
    const words = { usage, algorithm: "T", mode: "D", optional: { id: "KC", data: `00${value}` } } as const;
    const block = wrapKey(TRANSPORT_KEY, key, words, this.#random);
    return flaw === "block" ? block.slice(0, -1) + (block.endsWith("0") ? "1" : "0") : block;
  }

  /** Field 64 over a request, or over an answer, as hex; undefined without keys. */
  mac(terminal: string, message: Uint8Array, direction: "request" | "answer" = "request"): string | undefined {
    const own = this.#dukpt.get(terminal);
    if (own) {
      const usual = own.kind === "aes" ? "cmac" : "retail-1";
      const keys = direction === "request" ? own.macRequest : own.macAnswer;
      return macBy(this.#macMethods.get(terminal) ?? usual, keys, message);
    }
    const session = this.#sessions.get(terminal);
    return session && macBy(this.#macMethods.get(terminal) ?? "unionpay", { des: session.mac }, message);
  }

  /** A track whose sixteen digits before its last one are enciphered, in clear; undefined without keys. */
  openTrack(terminal: string, track: string): string | undefined {
    const key = this.#dukpt.get(terminal)?.track ?? this.#sessions.get(terminal)?.track;
    if (!key || track.length < 17 || !/^[0-9A-F]+$/.test(track)) return undefined;
    const start = track.length - 17;
    return track.slice(0, start) + hex(decryptEcb(key, fromHex(track.slice(start, -1)))) + track.slice(-1);
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
    const pin = this.#openPin(terminal, block, card.pan, binding);
    if (pin === undefined) return "malformed";
    return offsetOf(card.pan, pin) === card.offset ? "right" : "wrong";
  }

  #openPin(terminal: string, block: Uint8Array, pan: string, binding: PinBlockBinding): string | undefined {
    const own = this.#dukpt.get(terminal);
    if (block.length === 16) return own?.pinAes && openFormat4(own.pinAes, block, pan);
    const key = own?.pinDes ?? this.#sessions.get(terminal)?.pin;
    if (!key || block.length !== 8) return undefined;
    const clear = decryptEcb(key, block);
    return binding === "pan" ? openBound(clear, pan) : openUnbound(clear);
  }
}

/** TEST key under which the host keeps card numbers that terminals back up. */
const STORAGE_KEY = fromHex("5A3C1E7F9B2D4860F1E2D3C4B5A69788");
