import { part, size } from "#native/derive";
import { erase } from "#native/vault";
import type { Random } from "../../hal/device.ts";
import type { Flash, FlashOptions, SecureStorage } from "../../hal/io.ts";
import { wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToHex, hexToBytes } from "../codec/hex.ts";
import { bytesToLatin1 } from "../codec/text.ts";
import { algorithm, type CipherKey } from "../crypto/algorithms.ts";
import { cmacCheckValue, zerosCheckValue } from "./check-value.ts";
import { type PartedKey, partedLetters } from "./components.ts";
import { DukptChain } from "./dukpt-chain.ts";
import { unwrapKeyBlock } from "./key-block.ts";
import type { KeyBlockHeader } from "./key-block-header.ts";
import { cipherFor, givenRights, type KeyUsage, placeFor } from "./key-rights.ts";
import { type KeySlots, workSlots } from "./key-slots.ts";
import { KeyStore } from "./key-store.ts";
import { pepperName } from "./operators.ts";
import { ProtectedStore, stored } from "./protected-store.ts";
import { registerKeyName } from "./register-key.ts";
import type { KeyScheme } from "./scheme.ts";
import { MissingKeyError } from "./types.ts";

/** What a vault needs of the device. */
export interface VaultDevice {
  readonly secure: SecureStorage;
  readonly random: Random;
  flash(options: FlashOptions): Flash;
}

/** Names in secure storage. All from the third on are secret. */
const names = Object.freeze({
  deviceKey: "deviceKey",
  tampered: "tampered",
  /** AES, 16 to 32 bytes. */
  transport: "transportKey",
  /** Key blocks under the transport key, a line each. */
  keyBlocks: "keyBlocks",
  /** Triple DES, 16 bytes. */
  terminalMaster: "terminalMasterKey",
  /** Of older firmware. */
  storage: "journalKey",
  /** Of the link's client certificate: whoever has it speaks as this terminal. */
  client: "tlsClientKey",
  /** Without it no password that was set here can be proved, or guessed from the flash. */
  pepper: pepperName,
  register: registerKeyName,
});
const left: readonly string[] = Object.freeze([
  names.transport,
  names.keyBlocks,
  names.terminalMaster,
  names.storage,
  names.client,
  names.pepper,
  names.register,
]);

const deviceKeyLength = 32;
const ownKeyLength = 16;
const { encryption, authentication, payload, incoming } = workSlots;

/** What became of a key block: where its key went, or which of its words it was refused for. */
export type KeyLoading =
  | { readonly kind: "loaded"; readonly place: KeyUsage }
  | { readonly kind: "refused"; readonly why: KeyFault };

/** `checkValue`: the block says another one than its key has. */
export type KeyFault = "block" | "usage" | "length" | "version" | "scheme" | "serial" | "checkValue";

/** How a terminal's keys come in, where they stay, and how they go. */
export class Provision {
  readonly #device: VaultDevice;
  readonly #slots: KeySlots;
  readonly #store: KeyStore;
  readonly #protected: ProtectedStore;
  #chain: DukptChain | undefined;
  #isTampered = false;

  constructor(device: VaultDevice, slots: KeySlots) {
    this.#device = device;
    this.#slots = slots;
    this.#store = new KeyStore(device.flash({ partition: "keys" }));
    this.#protected = new ProtectedStore(this.#store, slots.memory, device.random);
  }

  /** The case was opened, and no key has been loaded since. */
  get isTampered(): boolean {
    return this.#isTampered;
  }

  /**
   * Takes the stored keys into key memory, and what a key loading device has left in secure storage into the store.
   * After a tamper there is nothing to take until such a device was here again.
   * @returns the DUKPT chain of a scheme that has one
   */
  start(scheme: KeyScheme): DukptChain | undefined {
    const { secure, random } = this.#device;
    let deviceKey = secure.read(names.deviceKey);
    if (deviceKey === undefined) {
      this.#isTampered = secure.read(names.tampered) !== undefined || !this.#store.isEmpty;
      if (!this.#store.isEmpty) this.destroy(); // the power went while keys were being wiped: it is done to its end
      if (this.#isTampered && !this.#isBrought) return undefined;
      deviceKey = random.read(deviceKeyLength);
      secure.write(names.deviceKey, deviceKey);
    }
    this.#protected.unlock(deviceKey);
    wipe(deviceKey);
    if (scheme !== "master-session") {
      this.#chain = new DukptChain(scheme, this.#protected, this.#slots.memory, this.#slots.slot("dukpt"));
      this.#chain.recover();
    }
    this.#takeStorageKey();
    this.#takeGiven("terminalMaster", "T");
    this.#takeGiven("transport", "A");
    this.#takeKeyBlocks();
    if (secure.read(names.tampered) !== undefined) {
      eraseOperators(this.#device);
      secure.erase(names.tampered);
    }
    this.#isTampered = false;
    return this.#chain;
  }

  /** Wipes the device key, then all the rest, and says so for the next start. */
  destroy(): void {
    const { secure } = this.#device;
    secure.erase(names.deviceKey);
    this.#isTampered = true;
    this.#slots.wipe();
    wipeSecure(secure);
    this.#store.wipe(); // worth nothing without the device key
  }

  /**
   * Takes a key out of a block under the transport key: into its slot, and into the store where it outlives a sign-in.
   * A key whose usage, mode, length or version does not serve a terminal is refused, and nothing changes.
   */
  loadKeyBlock(text: string): KeyLoading {
    const { memory } = this.#slots;
    try {
      const { slot } = this.#slots.key("transport", "unwrapKeys");
      const header = unwrapKeyBlock({ memory, protection: slot, encryption, authentication, payload }, text, incoming);
      return this.#place(header);
    } catch (error) {
      if (error instanceof FormatError || error instanceof MissingKeyError) return { kind: "refused", why: "block" };
      throw error;
    } finally {
      erase(memory, incoming);
    }
  }

  #place(header: KeyBlockHeader): KeyLoading {
    const { memory } = this.#slots;
    const { usage, mode, algorithm: letter } = header;
    const place = placeFor({ usage, mode });
    if (place === undefined) return { kind: "refused", why: "usage" };
    const cipher = cipherFor(letter, size(memory, incoming));
    if (cipher === undefined) return { kind: "refused", why: "length" };
    if (letter === "A" && "ABC".includes(header.version)) return { kind: "refused", why: "version" };
    if (!hasSaidCheckValue(header, { memory, slot: incoming, algorithm: cipher })) {
      return { kind: "refused", why: "checkValue" };
    }
    if (place === "dukpt") return this.#install(header);
    part(memory, incoming, 0, size(memory, incoming), this.#slots.slot(place));
    this.#slots.hold(place, cipher, { usage, mode });
    if (place === "terminalMaster" || place === "transport") {
      this.#protected.putKey(stored[place], this.#slots.slot(place), { usage, mode, letter });
    }
    return { kind: "loaded", place };
  }

  /** Takes the key that people's parts have made (components.ts) into its slot and into the store. */
  keepParts(what: PartedKey): KeyLoading {
    const { memory } = this.#slots;
    const letter = partedLetters[what];
    const cipher = cipherFor(letter, size(memory, incoming));
    if (cipher === undefined) return { kind: "refused", why: "length" };
    part(memory, incoming, 0, size(memory, incoming), this.#slots.slot(what));
    erase(memory, incoming);
    this.#slots.hold(what, cipher);
    this.#protected.putKey(stored[what], this.#slots.slot(what), { ...givenRights[what], letter });
    return { kind: "loaded", place: what };
  }

  /** An initial DUKPT key with its serial number in block KS, or its ID in block IK (X9.143:2021, table 7). */
  #install({ algorithm: letter, optionalBlocks }: KeyBlockHeader): KeyLoading {
    const isAes = letter === "A";
    const said = optionalBlocks.find(({ id }) => id === (isAes ? "IK" : "KS"))?.data ?? "";
    if (!(isAes ? /^[0-9A-F]{16}$/ : /^[0-9A-F]{20}$/).test(said)) return { kind: "refused", why: "serial" };
    if (this.#chain?.takes(letter) !== true) return { kind: "refused", why: "scheme" };
    const serial = hexToBytes(isAes ? `${said}00000000` : said);
    return this.#chain.install(incoming, serial)
      ? { kind: "loaded", place: "dukpt" }
      : { kind: "refused", why: "serial" };
  }

  /** True when a key loading device has left something. */
  get #isBrought(): boolean {
    const { secure } = this.#device;
    return [names.terminalMaster, names.keyBlocks].some((name) => secure.read(name) !== undefined);
  }

  /** The key of PAN tokens: stored, or left by an older firmware, or made by the hardware's random generator. */
  #takeStorageKey(): void {
    const { secure, random } = this.#device;
    if (this.#takeStored("storage")) return;
    const kept = secure.read(names.storage);
    const key = kept !== undefined && kept.length === ownKeyLength ? kept : random.read(ownKeyLength);
    this.#keep("storage", "A", key);
    secure.erase(names.storage);
  }

  /** A key that a loading device or an older firmware has left, or the stored one. */
  #takeGiven(usage: "terminalMaster" | "transport", letter: string): void {
    const { secure } = this.#device;
    const given = secure.read(names[usage]);
    if (given === undefined || cipherFor(letter, given.length) === undefined) {
      this.#takeStored(usage);
      return;
    }
    this.#keep(usage, letter, given);
    secure.erase(names[usage]);
  }

  #takeKeyBlocks(): void {
    const { secure } = this.#device;
    const blocks = secure.read(names.keyBlocks);
    if (blocks === undefined) return;
    for (const line of bytesToLatin1(blocks).split("\n")) this.loadKeyBlock(line);
    secure.erase(names.keyBlocks);
  }

  #keep(usage: "terminalMaster" | "transport" | "storage", letter: string, key: Uint8Array): void {
    const rights = givenRights[usage];
    this.#slots.load(usage, cipherFor(letter, key.length) ?? algorithm.aes, key);
    wipe(key);
    this.#protected.putKey(stored[usage], this.#slots.slot(usage), { ...rights, letter });
  }

  #takeStored(usage: "terminalMaster" | "transport" | "storage"): boolean {
    const found = this.#protected.takeKey(stored[usage], this.#slots.slot(usage));
    if (found === undefined) return false;
    const cipher = cipherFor(found.letter, this.#slots.lengthOf(usage));
    if (cipher === undefined) return false;
    this.#slots.hold(usage, cipher, { usage: found.usage, mode: found.mode });
    return true;
  }
}

/**
 * Whether the key has the check value that its block says in KC, where it says one (X9.143:2021, table 7): 00 the beginning of a
 * block of zeros, 01 of its CMAC; of another method nothing is known.
 */
function hasSaidCheckValue({ optionalBlocks }: KeyBlockHeader, key: CipherKey): boolean {
  const said = optionalBlocks.find(({ id }) => id === "KC")?.data;
  if (said === undefined) return true;
  const method = said.slice(0, 2);
  const value = said.slice(2);
  if (!/^(?:[0-9A-F]{2}){2,8}$/.test(value)) return false;
  const length = value.length / 2;
  if (method === "00") return bytesToHex(zerosCheckValue(key, length)) === value;
  return method === "01" && bytesToHex(cmacCheckValue(key, length)) === value;
}

/**
 * Wipes the keys of a device whose vault is not open, the device key first.
 * @returns false where a wipe before left nothing to do
 */
export function destroyKeys(device: VaultDevice): boolean {
  const { secure } = device;
  if (secure.read(names.tampered) !== undefined && ![names.deviceKey, ...left].some((name) => isThere(secure, name))) {
    return false; // what may stand in the store is without its key, and goes at this start
  }
  secure.erase(names.deviceKey);
  wipeSecure(secure);
  const keys = device.flash({ partition: "keys" });
  new KeyStore(keys).wipe();
  keys.close();
  return true;
}

/** Says for the next start that keys were wiped, then wipes what is beside the device key. */
function wipeSecure(secure: SecureStorage): void {
  secure.write(names.tampered, Uint8Array.of(1));
  for (const name of left) secure.erase(name);
}

/** Whoever had a password has none any more: those of the parameters count again (operators.ts). */
function eraseOperators(device: VaultDevice): void {
  const table = device.flash({ partition: "operators" });
  const { size, blockLength } = table.status();
  for (let block = 0; (block + 1) * blockLength <= size; block++) table.eraseBlock(block);
  table.close();
}

function isThere(secure: SecureStorage, name: string): boolean {
  const value = secure.read(name);
  if (value !== undefined) wipe(value);
  return value !== undefined;
}
