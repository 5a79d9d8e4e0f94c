/** What a chip signs while it is used: for DDA, with its cryptogram (CDA), and in one command over the air (fDDA). */
import { concat } from "../acquirer/bytes.ts";
import { sha1, signedDynamicData, withLength } from "./certificates.ts";
import type { Application } from "./personalise.ts";

function spoilt({ behaviour }: Application, signature: Uint8Array): Uint8Array {
  if (behaviour.personalisation.flaw === "wrongDynamicSignature") signature[signature.length >> 1]! ^= 0x01;
  return signature;
}

/** The answer to INTERNAL AUTHENTICATE over what the DDOL asked for (EMV 4.3 Book 2, 6.5). */
export function dynamicSignature(application: Application, number: Uint8Array, terminalData: Uint8Array): Uint8Array {
  return spoilt(application, signedDynamicData(application.signingKey, withLength(number), terminalData));
}

/** A cryptogram and what is signed together with it. */
export interface CombinedParts {
  readonly number: Uint8Array;
  readonly information: Uint8Array;
  readonly cryptogram: Uint8Array;
  /** Data of the processing options list and of the risk management lists so far, in the order they came. */
  readonly received: readonly Uint8Array[];
  /** The answer's other data objects, as they are sent. */
  readonly answer: Uint8Array;
  /** What the relay resistance exchange brought, if there was one (EMV Book C-2, 3.10). */
  readonly relay: Uint8Array;
  readonly unpredictable: Uint8Array;
}

/** The signature that a TC or ARQC comes in (Book 2, 6.6.1, tables 18 and 19). */
export function combinedSignature(application: Application, parts: CombinedParts): Uint8Array {
  const dynamicData = concat(
    withLength(parts.number),
    parts.information,
    parts.cryptogram,
    sha1(...parts.received, parts.answer),
    parts.relay,
  );
  return spoilt(application, signedDynamicData(application.signingKey, dynamicData, parts.unpredictable));
}

/** What the fast signature covers. */
export interface FastParts {
  readonly counter: Uint8Array;
  readonly unpredictable: Uint8Array;
  readonly amount: Uint8Array;
  readonly currency: Uint8Array;
  /** Card authentication related data (9F69). */
  readonly cardData: Uint8Array;
}

/** Fast DDA, version 01 (EMV Book C-3, annex C; Book C-7 likewise): the dynamic number is the counter. */
export function fastSignature(application: Application, parts: FastParts): Uint8Array {
  const hashed = concat(parts.unpredictable, parts.amount, parts.currency, parts.cardData);
  return spoilt(application, signedDynamicData(application.signingKey, withLength(parts.counter), hashed));
}
