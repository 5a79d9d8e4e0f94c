import { equal } from "../codec/bytes.ts";
import type { CryptogramType } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/** Which of a card's two cryptograms: the first and only one of a tap is a first. */
export type WhichCryptogram = "first" | "second";

/** The two bits of the card verification results that name a cryptogram; 2 of the second: it was not asked for. */
const kinds: readonly (CryptogramType | undefined)[] = Object.freeze(["AAC", "TC", "ARQC", undefined]);

/** The three bytes behind A00000 of UnionPay, Visa and Mastercard, as far as they tell them apart. */
const unionPay = 0x0333;
const visa = 0x0003;
const mastercard = 0x0004;
const shortestMastercard = 18;

/** The shortest issuer application data with results: UnionPay's and Visa's (length, key index, version, 03 and three), and M/Chip 2's. */
const shortest: Readonly<Record<number, number>> = Object.freeze({ [unionPay]: 7, [visa]: 7, [mastercard]: 8 });

/**
 * What the card verification results in the issuer application data (9F10) say that the card gave; undefined where their
 * place is not known: the layouts of UnionPay and Visa (length 03 in the fourth byte) and of Mastercard (M/Chip, versions
 * 10 to 17), which name both decisions in the same bits of their first byte.
 */
export function decisionInResults(data: SessionData, which: WhichCryptogram): CryptogramType | undefined {
  const results = firstOfResults(data);
  return results === undefined ? undefined : kinds[(results >> (which === "first" ? 4 : 6)) & 0x03];
}

function firstOfResults(data: SessionData): number | undefined {
  const scheme = schemeOf(data);
  const issuerData = data.fromCard(tags.issuerApplicationData);
  if (issuerData === undefined) {
    return undefined;
  }
  if (scheme === unionPay || scheme === visa) {
    return issuerData.length >= 7 && issuerData[3] === 0x03 ? issuerData[4] : undefined;
  }
  const isKnown = scheme === mastercard && issuerData.length >= shortestMastercard && (issuerData[1]! & 0xf8) === 0x10;
  return isKnown ? issuerData[2] : undefined;
}

function schemeOf(data: SessionData): number | undefined {
  const name = data.fromCard(tags.dedicatedFileName);
  const isInternational = name !== undefined && name[0] === 0xa0 && name[1] === 0 && name[2] === 0;
  return isInternational ? (name[3]! << 8) | name[4]! : undefined;
}

/**
 * True where the issuer application data are missing or shorter than any that a card of its scheme gives: those of UnionPay
 * and Visa begin with their length, and an answer to another command, heard as one to GENERATE AC, has none.
 */
function lacksResults(data: SessionData): boolean {
  const scheme = schemeOf(data);
  const least = scheme === undefined ? undefined : shortest[scheme];
  if (least === undefined) {
    return false;
  }
  const issuerData = data.fromCard(tags.issuerApplicationData);
  if (issuerData === undefined || issuerData.length < least) {
    return true;
  }
  const said = issuerData[0]! + 1;
  return scheme !== mastercard && (said < least || said > issuerData.length);
}

/** What a second answer must agree with. */
export interface FirstAnswer {
  readonly counter: Uint8Array | undefined;
  readonly cryptogram: Uint8Array | undefined;
}

/** The first answer's counter and cryptogram, which the second one's take the place of. */
export function firstAnswer(data: SessionData): FirstAnswer {
  return {
    counter: data.fromCard(tags.transactionCounter),
    cryptogram: data.fromCard(tags.applicationCryptogram),
  };
}

/**
 * True where an approval (TC) contradicts itself, and is worth nothing: the card's own results name another decision or, in a
 * first answer, are missing where every card of its scheme gives them, its counter is not that of its first answer, or its cryptogram is the first one again although it covers those results,
 * which have changed (Book 3, 10.8 and 10.11). A refusal may contradict itself: it pays nothing.
 */
export function isContradictory(data: SessionData, which: WhichCryptogram, before?: FirstAnswer): boolean {
  if (before?.counter !== undefined && !isSame(data.fromCard(tags.transactionCounter), before.counter)) {
    return true;
  }
  if (which === "first" && lacksResults(data)) {
    return true;
  }
  const decision = decisionInResults(data, which);
  if (decision === undefined) {
    return false;
  }
  const { cryptogram } = before ?? {};
  return (
    decision !== "TC" || (cryptogram !== undefined && isSame(data.fromCard(tags.applicationCryptogram), cryptogram))
  );
}

/** True where a request of a tap, after which the card has no other word, is a refusal by the card's own results. */
export function isDeniedRequest(data: SessionData): boolean {
  return decisionInResults(data, "first") === "AAC";
}

function isSame(one: Uint8Array | undefined, other: Uint8Array): boolean {
  return one !== undefined && equal(one, other);
}
