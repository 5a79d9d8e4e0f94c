import { type Algorithm, algorithm } from "../crypto/algorithms.ts";

/** The places a terminal has for keys. One key each. */
export type KeyUsage = "terminalMaster" | "transport" | "pin" | "mac" | "track" | "storage" | "dukpt";

/** What a key may be asked to do. */
export type KeyOperation =
  | "encryptPin"
  | "generateMac"
  | "verifyMac"
  | "encryptData"
  | "decryptData"
  | "unwrapKeys"
  | "deriveKeys";

/** What a key is for, in the words of ANSI X9.143: two characters of usage, one of mode. */
export interface KeyRights {
  readonly usage: string;
  readonly mode: string;
}

/** A key's usages and modes under which an operation is allowed (X9.143:2021, tables 2 and 4). */
const operations: Readonly<Record<KeyOperation, { readonly usage: RegExp; readonly modes: string }>> = Object.freeze({
  encryptPin: { usage: /^P0$/, modes: "EBN" },
  generateMac: { usage: /^M[0-8]$/, modes: "GCN" },
  verifyMac: { usage: /^M[0-8]$/, modes: "VCN" },
  encryptData: { usage: /^D0$/, modes: "EBN" },
  decryptData: { usage: /^D0$/, modes: "DBN" },
  unwrapKeys: { usage: /^K[01]$/, modes: "DBN" },
  deriveKeys: { usage: /^B1$/, modes: "XN" },
});

/** Which place takes a key of which usage. */
const places: readonly (readonly [RegExp, KeyUsage])[] = Object.freeze([
  [/^K0$/, "terminalMaster"],
  [/^K1$/, "transport"],
  [/^P0$/, "pin"],
  [/^M[0-8]$/, "mac"],
  [/^D0$/, "track"],
  [/^B1$/, "dukpt"],
] as const);

/** What each place's key must at least be able to do: one that cannot is refused when it is loaded. */
const purposes: Readonly<Record<KeyUsage, KeyOperation>> = Object.freeze({
  terminalMaster: "unwrapKeys",
  transport: "unwrapKeys",
  pin: "encryptPin",
  mac: "generateMac",
  track: "encryptData",
  storage: "encryptData",
  dukpt: "deriveKeys",
});

/** Lengths in bytes by the letter of an algorithm in a key block. */
const lengths: Readonly<Record<string, readonly number[]>> = Object.freeze({
  D: Object.freeze([8]),
  T: Object.freeze([16, 24]),
  A: Object.freeze([16, 24, 32]),
  H: Object.freeze([16, 24, 32, 64]),
});

export function mayDo(rights: KeyRights, operation: KeyOperation): boolean {
  const { usage, modes } = operations[operation];
  return usage.test(rights.usage) && rights.mode.length === 1 && modes.includes(rights.mode);
}

/** The place of a key with these rights; `undefined` where a terminal has none for it, or its mode does not serve there. */
export function placeFor(rights: KeyRights): KeyUsage | undefined {
  const place = places.find(([pattern]) => pattern.test(rights.usage))?.[1];
  if (place === undefined) return undefined;
  const serves = mayDo(rights, purposes[place]) || (place === "mac" && mayDo(rights, "verifyMac"));
  return serves ? place : undefined;
}

/** The cipher of a key by its letter; `undefined` where the length is none of the algorithm's. */
export function cipherFor(letter: string, length: number): Algorithm | undefined {
  if (lengths[letter]?.includes(length) !== true) return undefined;
  if (letter === "A") return algorithm.aes;
  return length === 8 ? algorithm.des : algorithm.tdes;
}

/** Rights of the keys that come without a block that says them: a sign-in's, and the terminal's own. */
export const givenRights: Readonly<Record<KeyUsage, KeyRights>> = Object.freeze({
  terminalMaster: { usage: "K0", mode: "D" },
  transport: { usage: "K1", mode: "D" },
  pin: { usage: "P0", mode: "E" },
  mac: { usage: "M0", mode: "C" },
  track: { usage: "D0", mode: "B" },
  storage: { usage: "D0", mode: "B" },
  dukpt: { usage: "B1", mode: "X" },
});
