import { wipe } from "../../codec/bytes.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import type { SessionData } from "../data.ts";
import type { AuthorityKeySource } from "../keys.ts";
import { tags } from "../tags.ts";
import {
  type CertificateElements,
  cardLayout,
  issuerLayout,
  type OpenedCertificate,
  openCertificate,
} from "./certificate.ts";
import { isInDate, isIssuerOf, isSameNumber } from "./holder.ts";
import { type AuthenticationFault, isHashGood } from "./recovery.ts";

/** Whom a certificate must name, and when. */
export interface CertificateContext {
  /** Card number in packed decimals (tag 5A, or 57 up to its separator). */
  readonly pan: Uint8Array;
  /** YYMMDD, packed decimals (tag 9A). */
  readonly date: Uint8Array;
}

const none = (): Uint8Array => new Uint8Array(0);
const ridLength = 5;
/** Where the terminal has no date, nothing is in date. */
const noDate: readonly number[] = [0x49, 0x99, 0x99];

/**
 * The issuer's public key (EMV 4.3 Book 2, 5.3): certificate 90, remainder 92, exponent 9F32.
 * @param isRevoked asked about the certificate's serial number of 3 bytes
 */
export function recoverIssuerKey(
  authority: RsaPublicKey,
  elements: CertificateElements,
  context: CertificateContext,
  isRevoked: (serial: Uint8Array) => boolean,
): RsaPublicKey | AuthenticationFault {
  const opened = openCertificate(authority, elements, issuerLayout);
  if (typeof opened === "string") {
    return opened;
  }
  let fault = faultOf(opened, isIssuerOf, elements, context, none());
  if (fault === undefined && isRevoked(opened.serial)) {
    fault = "revoked";
  }
  wipe(opened.message);
  return fault ?? opened.key;
}

/**
 * The card's public key (Book 2, 6.4): certificate 9F46, remainder 9F48, exponent 9F47; or its PIN encipherment key
 * (7.1): 9F2D, 9F2F, 9F2E.
 * @param staticData what the certificate's hash covers beside the key; empty for a PIN encipherment key
 */
export function recoverCardKey(
  issuer: RsaPublicKey,
  elements: CertificateElements,
  context: CertificateContext,
  staticData: Uint8Array,
): RsaPublicKey | AuthenticationFault {
  const opened = openCertificate(issuer, elements, cardLayout);
  if (typeof opened === "string") {
    return opened;
  }
  const fault = faultOf(opened, isSameNumber, elements, context, staticData);
  wipe(opened.message);
  return fault ?? opened.key;
}

/** What is wrong with an opened certificate (Book 2, 5.3 and 6.4: steps 5 to 9). */
function faultOf(
  opened: OpenedCertificate,
  isHolder: (holder: Uint8Array, pan: Uint8Array) => boolean,
  { remainder, exponent }: CertificateElements,
  { pan, date }: CertificateContext,
  staticData: Uint8Array,
): AuthenticationFault | undefined {
  if (!isHashGood(opened.message, [remainder, exponent, staticData])) {
    return "hash";
  }
  if (!isHolder(opened.holder, pan)) {
    return "holder";
  }
  return isInDate(opened.expiry, date) ? undefined : "expired";
}

/** The issuer's key of a card that was read. Also keeps the authority's index for the host (tag 9F22). */
export function issuerKeyOf(data: SessionData, keys: AuthorityKeySource): RsaPublicKey | AuthenticationFault {
  const index = data.fromCard(tags.authorityKeyIndex);
  const elements = elementsOf(data, tags.issuerCertificate, tags.issuerKeyRemainder, tags.issuerKeyExponent);
  const context = contextOf(data);
  if (index?.length !== 1 || elements === undefined || context === undefined) {
    return "missing";
  }
  const rid = (data.get(tags.terminalApplicationIdentifier) ?? none()).subarray(0, ridLength);
  const authority = keys.find(rid, index[0]!, context.date);
  if (authority === undefined) {
    return "unknownKey";
  }
  data.set(tags.terminalAuthorityKeyIndex, index);
  return recoverIssuerKey(authority, elements, context, (serial) => keys.isRevoked(rid, index[0]!, serial));
}

/** The card's own key of a card that was read, certified together with its static data. */
export function cardKeyOf(
  data: SessionData,
  issuer: RsaPublicKey,
  staticData: Uint8Array,
): RsaPublicKey | AuthenticationFault {
  const elements = elementsOf(data, tags.cardCertificate, tags.cardKeyRemainder, tags.cardKeyExponent);
  const context = contextOf(data);
  return elements === undefined || context === undefined
    ? "missing"
    : recoverCardKey(issuer, elements, context, staticData);
}

/** The card's key for enciphered PINs (Book 2, 7.1), of a card that has one apart from its signing key. */
export function pinKeyOf(data: SessionData, issuer: RsaPublicKey): RsaPublicKey | AuthenticationFault {
  const elements = elementsOf(data, tags.pinKeyCertificate, tags.pinKeyRemainder, tags.pinKeyExponent);
  const context = contextOf(data);
  return elements === undefined || context === undefined
    ? "missing"
    : recoverCardKey(issuer, elements, context, none());
}

function elementsOf(
  data: SessionData,
  certificateTag: number,
  remainderTag: number,
  exponentTag: number,
): CertificateElements | undefined {
  const certificate = data.fromCard(certificateTag);
  const exponent = data.fromCard(exponentTag);
  return certificate === undefined || exponent === undefined
    ? undefined
    : { certificate, remainder: data.fromCard(remainderTag) ?? none(), exponent };
}

/** A contactless card may give its number in its track alone. */
function contextOf(data: SessionData): CertificateContext | undefined {
  const pan = data.fromCard(tags.primaryAccountNumber) ?? data.fromCard(tags.track2Equivalent);
  return pan === undefined ? undefined : { pan, date: data.get(tags.transactionDate) ?? Uint8Array.from(noDate) };
}
