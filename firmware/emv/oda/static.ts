import { concat, wipe } from "../../codec/bytes.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import type { SessionData } from "../data.ts";
import { tags } from "../tags.ts";
import { type AuthenticationFault, isHashGood, recoverSigned, sha1Indicator } from "./recovery.ts";

const signedStaticFormat = 0x03;
const leastLength = 26;

/**
 * The static data to be authenticated (EMV 4.3 Book 3, 10.3; Book 2, 5.1.1): the signed records, and the application
 * interchange profile when the card's tag list (9F4A) names it, which may name nothing else.
 */
export function staticDataOf(data: SessionData): Uint8Array | AuthenticationFault {
  const records = data.staticData();
  if (records === undefined) {
    return "staticData";
  }
  const list = data.fromCard(tags.staticDataTagList);
  if (list === undefined) {
    return records;
  }
  const profile = data.fromCard(tags.applicationInterchangeProfile) ?? new Uint8Array(0);
  const staticData = namesProfileAlone(list) ? concat([records, profile]) : "staticData";
  wipe(records);
  return staticData;
}

/** A tag list (9F4A) of the one tag that it may have; an empty one is as bad as another tag (Book 3, 10.3). */
export function namesProfileAlone(list: Uint8Array | undefined): boolean {
  return list?.length === 1 && list[0] === tags.applicationInterchangeProfile;
}

/**
 * Verifies signed static application data, tag 93 (Book 2, 5.4).
 * @returns the data authentication code, 2 bytes (tag 9F45)
 */
export function verifyStaticData(
  issuer: RsaPublicKey,
  signature: Uint8Array,
  staticData: Uint8Array,
): Uint8Array | AuthenticationFault {
  const message = recoverSigned(issuer, signature, signedStaticFormat, leastLength);
  if (typeof message === "string") {
    return message;
  }
  if (message[2] !== sha1Indicator) {
    return "algorithm";
  }
  return isHashGood(message, [staticData]) ? message.slice(3, 5) : "hash";
}
