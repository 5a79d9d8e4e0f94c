import { concat } from "../../codec/bytes.ts";
import { recoverKeys } from "../oda/authenticate.ts";
import { verifyDynamicSignature } from "../oda/dynamic.ts";
import { tags } from "../tags.ts";
import type { KernelSession } from "./session.ts";
import { qualifiersPlace, tapTags } from "./tap-tags.ts";

/** Signed data formats of a fast signature: that of DDA, and the one that cards of the first generation have. */
const formats: readonly number[] = [0x05, 0x95];

/** Version byte, card's unpredictable number, card transaction qualifiers (Book C-3, annex A.2). */
const relatedDataLength = 7;

/**
 * Fast DDA (EMV contactless Book C-3, annex C; Book C-7, annex B): the card's signature over its counter and the
 * transaction, made while it answered GET PROCESSING OPTIONS. The qualifiers that it signed must be those it sent.
 * @param versions what the kernel knows: 00 covers the unpredictable number alone, 01 amount, currency and 9F69 too
 */
export async function verifyFastSignature(
  { data, tools }: KernelSession,
  versions: readonly number[],
): Promise<boolean> {
  const signature = data.fromCard(tags.signedDynamicData);
  const related = data.fromCard(tapTags.cardAuthenticationData);
  const version = related?.[0] ?? 0x00;
  const number = data.get(tags.unpredictableNumber);
  if (signature === undefined || number === undefined || !versions.includes(version)) {
    return false;
  }
  const parts = [number];
  if (version === 0x01) {
    const amount = data.get(tags.amountAuthorised);
    const currency = data.get(tags.transactionCurrencyCode);
    if (related === undefined || related.length < relatedDataLength || amount === undefined || currency === undefined) {
      return false;
    }
    const qualifiers = data.fromCard(tags.cardTransactionQualifiers);
    const isOther = qualifiers?.some((byte, i) => byte !== related[qualifiersPlace + i]) ?? false;
    if (isOther) {
      return false;
    }
    parts.push(amount, currency, related);
  }
  await Promise.resolve(); // the keys' arithmetic starts on a stack of its own
  const cardKey = recoverKeys({ data, keys: tools.keys });
  if (typeof cardKey === "string") {
    return false;
  }
  const terminalData = concat(parts);
  return formats.some((format) => typeof verifyDynamicSignature(cardKey, signature, terminalData, format) !== "string");
}
