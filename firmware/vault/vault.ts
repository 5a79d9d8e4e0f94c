import { decrypt, encrypt } from "#native/vault";
import type { Random } from "../../hal/device.ts";
import { constantTimeEqual, wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import type { CipherKey } from "../crypto/algorithms.ts";
import { cbcDecrypt, cbcEncrypt } from "../crypto/cbc.ts";
import { dropParts, judgeParts, type PartedKey, type PartTaken, takePart } from "./components.ts";
import type { DukptChain } from "./dukpt-chain.ts";
import { KeySlots } from "./key-slots.ts";
import { type MacMethod, macBy } from "./mac-method.ts";
import { decodePanToken, encodePanToken, tokenLength } from "./pan-token.ts";
import { encipherPin } from "./pin-format.ts";
import { type KeyLoading, Provision, type VaultDevice } from "./provision.ts";
import { type KeyScheme, macMethodOf, macPurposes, unionpayOptions, type VaultOptions } from "./scheme.ts";
import { loadSessionKeys, sessionUsages } from "./session-keys.ts";
import { encryptTrack } from "./track-cipher.ts";
import {
  type KeyKeeper,
  type KeyState,
  type MessageKeys,
  MissingKeyError,
  type Vault,
  type VaultState,
} from "./types.ts";

/** Bytes of a block of the track key's cipher. */
const desBlock = 8;

/** The vault on the native key memory, with what is stored of it in flash. */
export class KeyVault implements Vault, KeyKeeper {
  readonly #slots = new KeySlots();
  readonly #random: Random;
  readonly #options: VaultOptions;
  readonly #method: MacMethod;
  readonly #provision: Provision;
  #chain: DukptChain | undefined;
  /** A PIN block was made under the DUKPT key in use, and no message has gone out with it yet. */
  #pinWaits = false;

  constructor(device: VaultDevice, options: VaultOptions = unionpayOptions) {
    this.#random = device.random;
    this.#options = options;
    this.#method = macMethodOf(options);
    this.#provision = new Provision(device, this.#slots);
    this.#chain = this.#provision.start(options.keyScheme);
  }

  get state(): VaultState {
    if (this.#provision.isTampered) return "tampered";
    return this.ready ? "ready" : "empty";
  }

  get ready(): boolean {
    return this.#options.keyScheme === "master-session"
      ? this.#slots.has("terminalMaster")
      : this.#chain?.isReady === true;
  }

  /** Whether a terminal of this scheme would have keys here; of a DUKPT that is not in use it is not known, and said no. */
  hasKeysFor(scheme: KeyScheme): boolean {
    if (scheme === this.#options.keyScheme) return this.ready;
    return scheme === "master-session" && this.#slots.has("terminalMaster");
  }

  get inSession(): boolean {
    return this.#chain === undefined ? this.#slots.has("mac") : this.#chain.isReady;
  }

  /** The case was opened: the device key goes first, with one operation; without it nothing stored says anything. */
  destroy(): void {
    this.#provision.destroy();
    this.#chain = undefined;
    this.#pinWaits = false;
  }

  loadKeyBlock(text: string): KeyLoading {
    return this.#changed(this.#provision.loadKeyBlock(text));
  }

  keyStates(): readonly KeyState[] {
    const states: KeyState[] = this.#slots
      .held()
      .map((place) => ({ place, checkValue: this.#slots.checkValueOf(place) }));
    return this.#chain?.isReady === true ? [...states, { place: "dukpt" }] : states;
  }

  takePart(what: PartedKey, bytes: Uint8Array, isFirst: boolean): PartTaken {
    return takePart(this.#slots, what, bytes, isFirst);
  }

  judgeParts(what: PartedKey): PartTaken {
    return judgeParts(this.#slots, what);
  }

  keepParts(what: PartedKey): KeyLoading {
    return this.#changed(this.#provision.keepParts(what));
  }

  dropParts(): void {
    dropParts(this.#slots);
  }

  /** Session keys of the master key before are worth nothing at the host: the next step is sign-in. */
  #changed(loading: KeyLoading): KeyLoading {
    if (loading.kind === "loaded" && loading.place === "terminalMaster") this.forgetSessionKeys();
    return loading;
  }

  loadSessionKeys(field62: Uint8Array): boolean {
    if (this.#chain !== undefined) return this.inSession;
    const isLoaded = this.ready && loadSessionKeys(this.#slots, field62);
    if (isLoaded && this.#options.encryptTracks && !this.#slots.has("track")) this.forgetSessionKeys();
    return this.#slots.has("mac");
  }

  forgetSessionKeys(): void {
    for (const usage of sessionUsages) this.#slots.erase(usage);
    if (!this.#pinWaits) this.#chain?.forget();
  }

  pinBlock(digits: Uint8Array, pan: Uint8Array): Uint8Array {
    try {
      const { pinBlockFormat } = this.#options;
      return encipherPin(pinBlockFormat, digits, pan, this.#pinKey(), this.#random);
    } finally {
      wipe(digits);
    }
  }

  #pinKey(): CipherKey {
    if (this.#chain === undefined) return this.#slots.key("pin", "encryptPin");
    this.#chain.advance();
    this.#pinWaits = true;
    return this.#chain.key(this.#options.pinBlockFormat === 4 ? "pin" : "pinDes");
  }

  openMessage({ withPin }: { readonly withPin: boolean }): MessageKeys {
    if (this.#chain === undefined) return {};
    if (withPin && !this.#pinWaits) throw new MissingKeyError("the PIN's key is gone");
    const serial = withPin ? this.#chain.serial : this.#chain.advance();
    this.#pinWaits = false;
    return serial === undefined ? {} : { serial };
  }

  encryptTrack(track: Uint8Array): Uint8Array {
    return encryptTrack(this.#chain?.key("track") ?? this.#slots.key("track", "encryptData"), track);
  }

  mac(message: Uint8Array): Uint8Array {
    const key = this.#chain?.key(macPurposes(this.#options)[0]) ?? this.#slots.key("mac", "generateMac");
    return macBy(this.#method, key, message);
  }

  verifyMac(message: Uint8Array, mac: Uint8Array): boolean {
    try {
      const key = this.#chain?.key(macPurposes(this.#options)[1]) ?? this.#slots.key("mac", "verifyMac");
      return constantTimeEqual(macBy(this.#method, key, message), mac);
    } catch (error) {
      if (error instanceof MissingKeyError) return false;
      throw error;
    }
  }

  protectPan(pan: Uint8Array): Uint8Array {
    const clear = encodePanToken(pan, this.#random);
    const { memory, slot, algorithm } = this.#slots.key("storage", "encryptData");
    const token = encrypt(memory, slot, algorithm, clear);
    wipe(clear);
    return token;
  }

  exportPan(token: Uint8Array): Uint8Array {
    wipe(this.revealPan(token)); // only what is a token of this terminal
    const { memory, slot, algorithm } = this.#slots.key("storage", "decryptData");
    const clear = decrypt(memory, slot, algorithm, token);
    try {
      return cbcEncrypt(this.#slots.key("track", "encryptData"), new Uint8Array(desBlock), clear);
    } finally {
      wipe(clear);
    }
  }

  importPan(exported: Uint8Array): Uint8Array {
    if (exported.length !== tokenLength) throw new FormatError("pan token", 0, "16 bytes expected");
    const clear = cbcDecrypt(this.#slots.key("track", "decryptData"), new Uint8Array(desBlock), exported);
    try {
      wipe(decodePanToken(clear));
      const { memory, slot, algorithm } = this.#slots.key("storage", "encryptData");
      return encrypt(memory, slot, algorithm, clear);
    } finally {
      wipe(clear);
    }
  }

  revealPan(token: Uint8Array): Uint8Array {
    if (token.length !== tokenLength) throw new FormatError("pan token", 0, "16 bytes expected");
    const { memory, slot, algorithm } = this.#slots.key("storage", "decryptData");
    const clear = decrypt(memory, slot, algorithm, token);
    try {
      return decodePanToken(clear);
    } finally {
      wipe(clear);
    }
  }
}
