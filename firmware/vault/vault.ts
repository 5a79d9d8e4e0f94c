import type { Random } from "../../hal/device.ts";
import type { SecureStorage } from "../../hal/io.ts";
import { constantTimeEqual, wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { algorithm } from "../crypto/algorithms.ts";
import { ecbMac, macField } from "./ecb-mac.ts";
import { KeySlots } from "./key-slots.ts";
import { decodePanToken, encodePanToken, tokenLength } from "./pan-token.ts";
import { encodePinBlock } from "./pin-block.ts";
import { loadSessionKeys, sessionUsages } from "./session-keys.ts";
import type { Vault } from "./types.ts";

/** Names in secure storage. */
const names = Object.freeze({ terminalMasterKey: "terminalMasterKey", journalKey: "journalKey" });
const keyLength = 16;

/** What a vault needs of the device. */
export interface VaultDevice {
  readonly secure: SecureStorage;
  readonly random: Random;
}

/** The vault on the native key memory. The terminal's own key for its journal is made at the first boot. */
export class KeyVault implements Vault {
  readonly #slots = new KeySlots();
  readonly #random: Random;

  constructor({ secure, random }: VaultDevice) {
    this.#random = random;
    const master = secure.read(names.terminalMasterKey);
    if (master !== undefined && master.length === keyLength) {
      this.#slots.load("terminalMaster", algorithm.tdes, master);
    }
    if (master !== undefined) wipe(master);
    const journalKey = ownKey(secure, random);
    this.#slots.load("storage", algorithm.aes, journalKey);
    wipe(journalKey);
  }

  get ready(): boolean {
    return this.#slots.has("terminalMaster");
  }

  get inSession(): boolean {
    return this.#slots.has("mac");
  }

  loadSessionKeys(field62: Uint8Array): boolean {
    return this.ready && loadSessionKeys(this.#slots, field62);
  }

  forgetSessionKeys(): void {
    for (const usage of sessionUsages) this.#slots.erase(usage);
  }

  pinBlock(digits: Uint8Array, pan: Uint8Array): Uint8Array {
    try {
      const clear = encodePinBlock(0, digits, pan);
      try {
        return this.#slots.encrypt("pin", clear);
      } finally {
        wipe(clear);
      }
    } finally {
      wipe(digits);
    }
  }

  mac(message: Uint8Array): Uint8Array {
    return macField(ecbMac(message, (block) => this.#slots.encrypt("mac", block)));
  }

  verifyMac(message: Uint8Array, mac: Uint8Array): boolean {
    return this.inSession && constantTimeEqual(this.mac(message), mac);
  }

  protectPan(pan: Uint8Array): Uint8Array {
    const clear = encodePanToken(pan, this.#random);
    const token = this.#slots.encrypt("storage", clear);
    wipe(clear);
    return token;
  }

  revealPan(token: Uint8Array): Uint8Array {
    if (token.length !== tokenLength) throw new FormatError("pan token", 0, "16 bytes expected");
    const clear = this.#slots.decrypt("storage", token);
    try {
      return decodePanToken(clear);
    } finally {
      wipe(clear);
    }
  }
}

/** The key for the journal: kept, or made by the hardware's random generator where there is none yet. */
function ownKey(secure: SecureStorage, random: Random): Uint8Array {
  const kept = secure.read(names.journalKey);
  if (kept !== undefined && kept.length === keyLength) return kept;
  const made = random.read(keyLength);
  secure.write(names.journalKey, made);
  return made;
}
