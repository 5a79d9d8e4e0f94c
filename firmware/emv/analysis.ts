import type { CryptogramType } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/** Terminal action codes of one application, 5 bytes each: which TVR bits deny, and which send online. */
export interface ActionCodes {
  readonly denial: Uint8Array;
  readonly online: Uint8Array;
  /** Which bits deny when the host cannot be reached. */
  readonly default: Uint8Array;
}

/** Terminal types that cannot approve by themselves, and those that have no host (EMV 4.3 Book 4, annex A1). */
const onlineOnlyTypes: readonly number[] = [0x11, 0x14, 0x21, 0x24, 0x34];
const offlineOnlyTypes: readonly number[] = [0x13, 0x16, 0x23, 0x26, 0x36];

/** An action code, the issuer's tag of the same, and what each byte of the issuer's counts as where it is missing. */
const actions = Object.freeze({
  denial: { issuer: tags.issuerActionDenial, missing: 0x00 },
  online: { issuer: tags.issuerActionOnline, missing: 0xff },
  default: { issuer: tags.issuerActionDefault, missing: 0xff },
} as const satisfies Record<keyof ActionCodes, { issuer: number; missing: number }>);

/** True for a terminal that asks its host every time (Book 4, annex A1). */
export function isOnlineOnly(terminalType: number): boolean {
  return onlineOnlyTypes.includes(terminalType);
}

/** True for a terminal that has no host to ask (Book 4, annex A1). */
export function isOfflineOnly(terminalType: number): boolean {
  return offlineOnlyTypes.includes(terminalType);
}

/** The type of the same terminal, run by the same party and attended or not, that asks its host every time. */
export function onlineOnlyTypeOf(terminalType: number): number {
  return (terminalType & 0xf0) | ((terminalType & 0x0f) <= 3 ? 1 : 4);
}

/** Terminal action analysis before the first cryptogram (EMV 4.3 Book 3, 10.7). */
export function analyseActions(data: SessionData, codes: ActionCodes): CryptogramType {
  if (matches(data, codes, "denial")) {
    return "AAC";
  }
  const type = data.get(tags.terminalType)?.[0] ?? 0;
  if (isOfflineOnly(type)) {
    return analyseWithoutHost(data, codes);
  }
  return isOnlineOnly(type) || matches(data, codes, "online") ? "ARQC" : "TC";
}

/** The same when the host cannot be reached (Book 3, 10.7): a terminal that is online only declines. */
export function analyseWithoutHost(data: SessionData, codes: ActionCodes): "TC" | "AAC" {
  return isOnlineOnly(data.get(tags.terminalType)?.[0] ?? 0) || matches(data, codes, "default") ? "AAC" : "TC";
}

function matches(data: SessionData, codes: ActionCodes, which: keyof ActionCodes): boolean {
  const { issuer, missing } = actions[which];
  const results = data.get(tags.terminalVerificationResults) ?? new Uint8Array(0);
  const issuerCode = data.fromCard(issuer);
  return results.some((byte, i) => (byte & ((codes[which][i] ?? 0) | (issuerCode?.[i] ?? missing))) !== 0);
}
