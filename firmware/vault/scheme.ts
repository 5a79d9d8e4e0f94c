import type { DukptPurpose, DukptScheme } from "./dukpt-chain.ts";
import type { MacMethod } from "./mac-method.ts";

/** Where working keys come from: a sign-in under the terminal master key, or DUKPT. The names of the parameter `keyScheme`. */
export type KeyScheme = "master-session" | DukptScheme;

/** ISO 9564-1 formats that a terminal sends; format 2 is for chips alone. */
export type PinBlockFormat = 0 | 1 | 3 | 4;

/** What the parameters say of keys. */
export interface VaultOptions {
  readonly keyScheme: KeyScheme;
  readonly pinBlockFormat: PinBlockFormat;
  /** Absent: what is usual for the scheme. */
  readonly macMethod?: MacMethod;
  readonly encryptTracks: boolean;
}

/** UnionPay's own. */
export const unionpayOptions: VaultOptions = Object.freeze({
  keyScheme: "master-session",
  pinBlockFormat: 0,
  encryptTracks: false,
});

interface SchemeRule {
  readonly formats: readonly PinBlockFormat[];
  readonly usualMac: MacMethod;
  readonly macs: readonly MacMethod[];
}

const desMacs: readonly MacMethod[] = Object.freeze(["unionpay", "retail-1", "retail-2", "retail-3", "cbc", "cmac"]);

const rules: Readonly<Record<KeyScheme, SchemeRule>> = Object.freeze({
  "master-session": { formats: Object.freeze([0, 1, 3] as const), usualMac: "unionpay", macs: desMacs },
  "dukpt-tdes": { formats: Object.freeze([0, 1, 3] as const), usualMac: "retail-1", macs: desMacs },
  "dukpt-aes": {
    formats: Object.freeze([0, 1, 3, 4] as const),
    usualMac: "cmac",
    macs: Object.freeze([...desMacs, "hmac"] as const),
  },
});

/** Whether a scheme has what is asked of it: format 4 needs AES keys, and so does HMAC. */
export function isPossible({ keyScheme, pinBlockFormat, macMethod }: VaultOptions): boolean {
  const { formats, macs } = rules[keyScheme];
  return formats.includes(pinBlockFormat) && (macMethod === undefined || macs.includes(macMethod));
}

export function macMethodOf({ keyScheme, macMethod }: VaultOptions): MacMethod {
  return macMethod ?? rules[keyScheme].usualMac;
}

/** Which key of a DUKPT transaction the method takes, for a request and for its answer. */
export function macPurposes({
  keyScheme,
  macMethod,
}: VaultOptions): readonly [request: DukptPurpose, answer: DukptPurpose] {
  const method = macMethodOf({ keyScheme, macMethod } as VaultOptions);
  if (keyScheme !== "dukpt-aes") return ["macDes", "answerMacDes"];
  if (method === "cmac") return ["mac", "answerMac"];
  return method === "hmac" ? ["macHmac", "answerMacHmac"] : ["macDes", "answerMacDes"];
}
