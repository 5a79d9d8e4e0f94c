import { wipe } from "../../codec/bytes.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import type { SessionData } from "../data.ts";
import type { CardChannel } from "../exchange.ts";
import type { AuthorityKeySource } from "../keys.ts";
import { hasBit, type ResultBit, setStatus, setVerification } from "../results.ts";
import { tags } from "../tags.ts";
import { cardKeyOf, issuerKeyOf } from "./chain.ts";
import {
  type CombinedExchange,
  type CombinedSignature,
  splitSignedAnswer,
  verifyCombinedSignature,
} from "./combined.ts";
import { dynamicAuthentication } from "./dynamic.ts";
import type { AuthenticationFault } from "./recovery.ts";
import { staticDataOf, verifyStaticData } from "./static.ts";

/** How a card is authenticated offline: SDA, DDA, CDA or not at all. */
export type AuthenticationMethod = "none" | "static" | "dynamic" | "combined";

/** What came of it. A combined authentication without a fault still waits for its cryptogram. */
export interface OfflineAuthentication {
  readonly method: AuthenticationMethod;
  readonly fault?: AuthenticationFault;
  /** The card's key, when its certificates were good. */
  readonly cardKey?: RsaPublicKey;
}

/** What offline data authentication needs of a session whose records are read. */
export interface AuthenticationContext {
  readonly card: CardChannel;
  readonly data: SessionData;
  readonly keys: AuthorityKeySource;
  /** What a card without a list of its own signs (default DDOL); absent: the unpredictable number. */
  readonly dynamicDataList?: Uint8Array | undefined;
}

/** In order of preference: bit of the application interchange profile, bit of the terminal capabilities (Book 3, 10.3). */
const methods = [
  ["combined", [0, 0x01], [2, 0x08]],
  ["dynamic", [0, 0x20], [2, 0x40]],
  ["static", [0, 0x40], [2, 0x80]],
] as const satisfies readonly (readonly [AuthenticationMethod, card: ResultBit, terminal: ResultBit])[];

const failedBits = {
  static: "staticAuthenticationFailed",
  dynamic: "dynamicAuthenticationFailed",
  combined: "combinedAuthenticationFailed",
} as const;

/**
 * The one method that both sides have and that is best (EMV 4.3 Book 3, 10.3).
 * @param profile application interchange profile, tag 82
 * @param capabilities terminal capabilities, tag 9F33
 */
export function chooseAuthentication(
  profile: Uint8Array | undefined,
  capabilities: Uint8Array | undefined,
): AuthenticationMethod {
  for (const [method, cardBit, terminalBit] of methods) {
    if (hasBit(profile, cardBit) && hasBit(capabilities, terminalBit)) {
      return method;
    }
  }
  return "none";
}

/**
 * Offline data authentication (Book 3, 10.3; Book 2, 5 and 6) of a card whose records are read. Sets the bits of byte 1 of
 * the TVR and the TSI, and keeps the data authentication code or the dynamic number. After a combined one that had no
 * fault `finishCombined` takes the cryptogram's signature; after one that had, no signature is asked for.
 * Throws `CardError` or `FormatError` when the card does not answer INTERNAL AUTHENTICATE as it must.
 */
export async function authenticateOffline(context: AuthenticationContext): Promise<OfflineAuthentication> {
  const { data } = context;
  const method = chooseAuthentication(
    data.fromCard(tags.applicationInterchangeProfile),
    data.get(tags.terminalCapabilities),
  );
  if (method === "none") {
    setVerification(data, "offlineAuthenticationNotPerformed");
    return { method };
  }
  await Promise.resolve(); // the keys' arithmetic starts on a stack of its own
  if (method === "static") {
    setVerification(data, "staticAuthenticationSelected");
    setStatus(data, "offlineAuthenticationPerformed");
    const fault = authenticateStatic(context);
    return fault === undefined ? { method } : failed(data, method, fault);
  }
  const cardKey = recoverKeys(context);
  if (typeof cardKey === "string") {
    setStatus(data, "offlineAuthenticationPerformed");
    return failed(data, method, cardKey);
  }
  if (method === "combined") {
    return { method, cardKey };
  }
  setStatus(data, "offlineAuthenticationPerformed");
  const signed = await dynamicAuthentication(context.card, data, cardKey, context.dynamicDataList);
  if (typeof signed === "string") {
    return { ...failed(data, method, signed), cardKey };
  }
  data.setFromCard(tags.dynamicNumber, signed.dynamicNumber);
  return { method, cardKey };
}

/** SDA (Book 2, 5): the fault, or nothing. */
function authenticateStatic({ data, keys }: AuthenticationContext): AuthenticationFault | undefined {
  const signature = data.fromCard(tags.signedStaticData);
  if (signature === undefined) {
    return "missing";
  }
  const issuer = issuerKeyOf(data, keys);
  if (typeof issuer === "string") {
    return issuer;
  }
  const staticData = staticDataOf(data);
  if (typeof staticData === "string") {
    return staticData;
  }
  const code = verifyStaticData(issuer, signature, staticData);
  wipe(staticData);
  if (typeof code === "string") {
    return code;
  }
  data.setFromCard(tags.dataAuthenticationCode, code);
  return undefined;
}

/** The card's key by the whole chain (Book 2, 6.1 to 6.4), which vouches for its static data as well. */
export function recoverKeys({
  data,
  keys,
}: Pick<AuthenticationContext, "data" | "keys">): RsaPublicKey | AuthenticationFault {
  if (data.fromCard(tags.cardCertificate) === undefined || data.fromCard(tags.cardKeyExponent) === undefined) {
    return "missing";
  }
  const issuer = issuerKeyOf(data, keys);
  if (typeof issuer === "string") {
    return issuer;
  }
  const staticData = staticDataOf(data);
  if (typeof staticData === "string") {
    return staticData;
  }
  const cardKey = cardKeyOf(data, issuer, staticData);
  wipe(staticData);
  return cardKey;
}

/**
 * The end of a combined authentication: verifies the answer to a GENERATE AC that asked for a signature (Book 2, 6.6.2),
 * sets the bits of the TVR and the TSI, and keeps cryptogram (9F26) and dynamic number (9F4C). A fault means: a TC is no
 * approval, an ARQC is followed by a second GENERATE AC that asks for an AAC. Not for an answer that is an AAC.
 * Throws `FormatError` when the response is no data object.
 * @param response the answer's data, without SW1 SW2
 */
export function finishCombined(
  data: SessionData,
  cardKey: RsaPublicKey,
  response: Uint8Array,
  exchange: CombinedExchange,
): CombinedSignature | AuthenticationFault {
  setStatus(data, "offlineAuthenticationPerformed");
  const answer = splitSignedAnswer(response);
  const signed = answer === undefined ? "missing" : verifyCombinedSignature(cardKey, answer, exchange);
  if (typeof signed === "string") {
    setVerification(data, failedBits.combined);
    return signed;
  }
  data.setFromCard(tags.applicationCryptogram, signed.cryptogram);
  data.setFromCard(tags.dynamicNumber, signed.dynamicNumber);
  return signed;
}

function failed(
  data: SessionData,
  method: keyof typeof failedBits,
  fault: AuthenticationFault,
): OfflineAuthentication & { readonly fault: AuthenticationFault } {
  setVerification(data, failedBits[method]);
  if (fault === "missing") {
    setVerification(data, "dataMissing");
  }
  return { method, fault };
}
