import { sha1 } from "#native/digest";
import { concat, equal } from "../../codec/bytes.ts";
import { parseOneTlv, type Tlv } from "../../codec/tlv.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import type { CryptogramType } from "../commands.ts";
import { tags } from "../tags.ts";
import { type DynamicSignature, verifyDynamicSignature } from "./dynamic.ts";
import type { AuthenticationFault } from "./recovery.ts";

/** When a terminal wants a signature with a cryptogram that goes or went online (EMV 4.3 Book 2, annex D4; Book 4, 6.3.2.1). */
export type CombinedMode = 1 | 2 | 3 | 4;

/** The first GENERATE AC, or the second one after the host answered, or after it could not be reached. */
export type CryptogramMoment = "first" | "secondOnline" | "secondUnable";

const signedRequests: Readonly<Record<CombinedMode, { readonly request: boolean; readonly afterHost: boolean }>> =
  Object.freeze({
    1: { request: true, afterHost: true },
    2: { request: true, afterHost: false },
    3: { request: false, afterHost: false },
    4: { request: false, afterHost: true },
  });

/**
 * Whether GENERATE AC asks for a combined signature (Book 2, 6.6): never with a refusal, always with an approval that is
 * the terminal's own, else as its mode says.
 */
export function asksForSignature(mode: CombinedMode, moment: CryptogramMoment, wanted: CryptogramType): boolean {
  switch (wanted) {
    case "AAC":
      return false;
    case "ARQC":
      return signedRequests[mode].request;
    case "TC":
      return moment !== "secondOnline" || signedRequests[mode].afterHost;
  }
}

/** A card's answer to GENERATE AC, taken apart. */
export interface SignedAnswer {
  readonly signature: Uint8Array;
  /** Cryptogram information data, tag 9F27. */
  readonly information: number;
  /** All its elements with tags and lengths, in their order, without the signature. */
  readonly rest: Uint8Array;
}

/**
 * Takes the body of an answer with a combined signature apart (Book 3, 6.5.5.4): template 77 with 9F27 and 9F4B.
 * Throws `FormatError` when it is no data object. Undefined when it carries no signature: another format, or none there.
 */
export function splitSignedAnswer(response: Uint8Array): SignedAnswer | undefined {
  const template = parseOneTlv(response);
  const children = template.tag === tags.responseFormat2 ? (template.children ?? []) : [];
  const signature = children.find((child) => child.tag === tags.signedDynamicData);
  const information = children.find((child) => child.tag === tags.cryptogramInformation)?.value;
  if (signature === undefined || information?.length !== 1) {
    return undefined;
  }
  return { signature: signature.value, information: information[0]!, rest: concat(restOf(template.value, children)) };
}

/** The bytes of each element but the signature; zeros between elements are no part of them (Book 3, annex B1). */
function restOf(body: Uint8Array, children: readonly Tlv[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let start = 0;
  for (const { tag, value } of children) {
    while (body[start] === 0) {
      start++;
    }
    const end = value.byteOffset - body.byteOffset + value.length;
    if (tag !== tags.signedDynamicData) {
      parts.push(body.subarray(start, end));
    }
    start = end;
  }
  return parts;
}

/** What a combined signature vouches for (Book 2, table 19). */
export interface CombinedSignature extends DynamicSignature {
  readonly information: number;
  /** Application cryptogram, 8 bytes (tag 9F26). */
  readonly cryptogram: Uint8Array;
  readonly transactionHash: Uint8Array;
  /** What a contactless kernel's card adds behind the transaction's hash. */
  readonly additional: Uint8Array;
}

/** What the terminal knows of the exchange that a combined signature covers. */
export interface CombinedExchange {
  /** As it was sent to the card, 4 bytes. */
  readonly unpredictableNumber: Uint8Array;
  /**
   * Values that were sent by the processing options list, by CDOL1 and, for a second cryptogram, by CDOL2, in this
   * order (Book 2, 6.6.1).
   */
  readonly sent: readonly Uint8Array[];
}

const cryptogramLength = 8;
const hashLength = 20;

/**
 * Verifies the signature that came with a cryptogram (Book 2, 6.6.2), and that it is over this answer and this
 * transaction.
 */
export function verifyCombinedSignature(
  cardKey: RsaPublicKey,
  answer: SignedAnswer,
  exchange: CombinedExchange,
): CombinedSignature | AuthenticationFault {
  const signed = verifyDynamicSignature(cardKey, answer.signature, exchange.unpredictableNumber);
  if (typeof signed === "string") {
    return signed;
  }
  const { dynamicData } = signed;
  const start = 1 + signed.dynamicNumber.length;
  const end = start + 1 + cryptogramLength + hashLength;
  if (dynamicData.length < end) {
    return "length";
  }
  const information = dynamicData[start]!;
  const transactionHash = dynamicData.slice(end - hashLength, end);
  const isThisOne =
    information === answer.information && equal(sha1(concat([...exchange.sent, answer.rest])), transactionHash);
  return isThisOne
    ? {
        ...signed,
        information,
        cryptogram: dynamicData.slice(start + 1, end - hashLength),
        transactionHash,
        additional: dynamicData.slice(end),
      }
    : "transaction";
}
