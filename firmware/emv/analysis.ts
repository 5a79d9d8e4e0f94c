import type { CryptogramType } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/** Terminal action codes of one application: which TVR bits deny, and which send online. */
export interface ActionCodes {
  readonly denial: Uint8Array;
  readonly online: Uint8Array;
}

/** Terminal types that cannot approve by themselves (EMV 4.3 Book 4, annex A1). */
const onlineOnlyTypes: readonly number[] = [0x11, 0x14, 0x21, 0x24, 0x34];

/**
 * Terminal action analysis before the first cryptogram (EMV 4.3 Book 3, 10.7). An issuer's missing code for denial
 * counts as zeros, its others as ones.
 */
export function analyseActions(data: SessionData, codes: ActionCodes): CryptogramType {
  if (matches(data, codes.denial, tags.issuerActionDenial, 0x00)) {
    return "AAC";
  }
  const onlineOnly = onlineOnlyTypes.includes(data.get(tags.terminalType)?.[0] ?? 0);
  return onlineOnly || matches(data, codes.online, tags.issuerActionOnline, 0xff) ? "ARQC" : "TC";
}

function matches(data: SessionData, terminalCode: Uint8Array, issuerTag: number, missing: number): boolean {
  const results = data.get(tags.terminalVerificationResults) ?? new Uint8Array(0);
  const issuerCode = data.fromCard(issuerTag);
  return results.some((byte, i) => (byte & ((terminalCode[i] ?? 0) | (issuerCode?.[i] ?? missing))) !== 0);
}
