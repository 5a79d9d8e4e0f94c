import { concat } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { parseOneTlv, tagValue } from "../../codec/tlv.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import type { SessionData } from "../data.ts";
import { buildDol, parseDol } from "../dol.ts";
import { CardError } from "../errors.ts";
import { type CardChannel, exchange } from "../exchange.ts";
import { tags } from "../tags.ts";
import { type AuthenticationFault, isHashGood, recoverSigned, sha1Indicator, signedHash } from "./recovery.ts";

const step = "internal authenticate";

/** Signed data format of DDA and CDA (EMV 4.3 Book 2, tables 17 and 22). */
const signedDynamicFormat = 0x05;
/** Header, format, algorithm, length of the data, hash, trailer. */
const dataStart = 4;
const leastLength = 25;

/** What a card signed anew (Book 2, table 17). */
export interface DynamicSignature {
  /** ICC dynamic data, with the dynamic number and its length at its beginning. */
  readonly dynamicData: Uint8Array;
  /** ICC dynamic number, 2 to 8 bytes (tag 9F4C). */
  readonly dynamicNumber: Uint8Array;
  readonly hashAlgorithm: number;
  readonly hash: Uint8Array;
}

/** The list where neither card nor acquirer has one (Book 2, 6.5.1): the unpredictable number. */
const defaultList: readonly number[] = [0x9f, 0x37, 0x04];
const longestCommand = 252;

/**
 * Verifies signed dynamic application data, tag 9F4B (Book 2, 6.5.2).
 * @param terminalData what the hash covers beside the signed data: the terminal's dynamic data
 * @param format the signed data format; contactless kernels have another one
 */
export function verifyDynamicSignature(
  cardKey: RsaPublicKey,
  signature: Uint8Array,
  terminalData: Uint8Array,
  format = signedDynamicFormat,
): DynamicSignature | AuthenticationFault {
  const message = recoverSigned(cardKey, signature, format, leastLength);
  if (typeof message === "string") {
    return message;
  }
  if (message[2] !== sha1Indicator) {
    return "algorithm";
  }
  if (!isHashGood(message, [terminalData])) {
    return "hash";
  }
  const dataLength = message[3]!;
  const numberLength = message[dataStart]!;
  if (dataLength > message.length - leastLength || numberLength + 1 > dataLength) {
    return "length";
  }
  if (numberLength < 2 || numberLength > 8) {
    return "length";
  }
  return {
    dynamicData: message.slice(dataStart, dataStart + dataLength),
    dynamicNumber: message.slice(dataStart + 1, dataStart + 1 + numberLength),
    hashAlgorithm: sha1Indicator,
    hash: signedHash(message),
  };
}

/**
 * Dynamic data authentication by INTERNAL AUTHENTICATE (Book 2, 6.5; Book 3, 6.5.9): the card signs what its list (9F49)
 * or the default one asks for, the unpredictable number among it.
 * Throws `CardError` or `FormatError` when the card does not answer the command as it must: the session ends then.
 * @param otherwise the list of a card that has none
 */
export async function dynamicAuthentication(
  card: CardChannel,
  data: SessionData,
  cardKey: RsaPublicKey,
  otherwise: Uint8Array = Uint8Array.from(defaultList),
): Promise<DynamicSignature | AuthenticationFault> {
  const terminalData = dynamicTerminalData(data, otherwise);
  if (terminalData === undefined) {
    return "dynamicDataList";
  }
  const header = Uint8Array.of(0x00, 0x88, 0x00, 0x00, terminalData.length);
  const answer = await exchange(card, concat([header, terminalData, Uint8Array.of(0x00)]), step);
  if (answer.status !== 0x9000) {
    throw new CardError("refusal", step);
  }
  const signature = signatureIn(answer.data);
  data.setFromCard(tags.signedDynamicData, signature);
  return verifyDynamicSignature(cardKey, signature, terminalData);
}

function dynamicTerminalData(data: SessionData, otherwise: Uint8Array): Uint8Array | undefined {
  const list = data.fromCard(tags.dynamicDataList) ?? otherwise;
  try {
    if (!parseDol(list).some((entry) => entry.tag === tags.unpredictableNumber)) {
      return undefined;
    }
    const terminalData = buildDol(list, data.get);
    return terminalData.length === 0 || terminalData.length > longestCommand ? undefined : terminalData;
  } catch (error) {
    if (error instanceof FormatError) {
      return undefined;
    }
    throw error;
  }
}

/** The answer's signature in either format (Book 3, 6.5.9.4). */
function signatureIn(response: Uint8Array): Uint8Array {
  const template = parseOneTlv(response);
  if (template.tag === tags.responseFormat1) {
    return template.value;
  }
  if (template.tag !== tags.responseFormat2) {
    throw new FormatError(step, 0, "template 77 or 80 expected");
  }
  const signature = tagValue(template.children ?? [], tags.signedDynamicData);
  if (signature === undefined) {
    throw new CardError("data", step);
  }
  return signature;
}
