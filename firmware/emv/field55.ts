import { FormatError } from "../codec/errors.ts";
import { encodeTlv, parseTlv, type Tlv, tagValue } from "../codec/tlv.ts";
import type { SessionData } from "./data.ts";
import { tags } from "./tags.ts";

/**
 * The elements that the UnionPay host gets with a request, in their order. Cardholder verification results (9F34) are
 * optional to it: kernels 3 and 7 go through no list of methods and have none.
 */
const requestTags: readonly number[] = [
  0x9f26, 0x9f27, 0x9f10, 0x9f37, 0x9f36, 0x95, 0x9a, 0x9c, 0x9f02, 0x5f2a, 0x82, 0x9f1a, 0x9f03, 0x9f33, 0x9f34,
  0x9f35, 0x9f1e, 0x84, 0x9f09, 0x9f41, 0x9f63,
];

/**
 * Those that the card says, with the most bytes that they have (Book 3, annex A; UnionPay for 9F63); the others are the
 * terminal's word, which a card cannot say for it. All together fit into the 255 bytes of the field.
 */
const cardLengths: Readonly<Record<number, number>> = Object.freeze({
  40742: 8,
  40743: 1,
  40720: 32,
  40758: 2,
  130: 2,
  132: 16,
  40803: 16,
});

/** Field 55 of a request: every element of the list that is known, as BER-TLV; none of the card's that is too long. */
export function requestData(data: SessionData): Uint8Array {
  return elementsOf(data, requestTags);
}

function elementsOf(data: SessionData, wanted: readonly number[]): Uint8Array {
  return encodeTlv(
    wanted.flatMap((tag) => {
      const value = data.fromTerminal(tag) ?? sayingOfCard(data, tag);
      return value === undefined ? [] : [{ tag, value }];
    }),
  );
}

function sayingOfCard(data: SessionData, tag: number): Uint8Array | undefined {
  const value = data.fromCard(tag);
  return value === undefined || value.length > (cardLengths[tag] ?? -1) ? undefined : value;
}

/** Field 55 of an approval that was given without the host: the same, and who gave it (8A). */
export function uploadData(data: SessionData): Uint8Array {
  return elementsOf(data, [...requestTags, tags.authorisationResponseCode]);
}

/** The elements of a script notice, in their order. */
const noticeTags: readonly number[] = [
  0x9f33, 0x95, 0x9f37, 0x9f1e, 0x9f10, 0x9f26, 0x9f36, 0x82, 0xdf31, 0x9f1a, 0x9a,
];

/** Field 55 of the notice that tells the issuer what became of its scripts; undefined where it sent none. */
export function scriptNotice(data: SessionData): Uint8Array | undefined {
  return data.fromTerminal(tags.issuerScriptResults) !== undefined ? elementsOf(data, noticeTags) : undefined;
}

const kindBits = 0xc0;
const adviceRequired = 0x08;

/** True where field 55 has a refusal (AAC) of a card that wants its issuer to be told (9F27; Book 3, 6.5.5.4). */
export function asksForAdvice(field: Uint8Array): boolean {
  const information = tagValue(parseTlv(field), tags.cryptogramInformation)?.[0] ?? kindBits;
  return (information & kindBits) === 0 && (information & adviceRequired) !== 0;
}

/** What the issuer sends back to the card. */
export interface IssuerData {
  /** 8 to 16 bytes (tag 91). */
  readonly authentication?: Uint8Array;
  /** Two ASCII characters (tag 8A), where the issuer says more than field 39. */
  readonly responseCode?: Uint8Array;
  /** Script templates 71 and 72 in their order, closed. */
  readonly scripts: readonly Tlv[];
}

/**
 * Takes field 55 of an answer apart. Bytes that are no TLV are as good as none: the card hears nothing, no bit of the TVR
 * speaks of it, and the card decides alone. What is wrong in a script is that script's affair.
 */
export function parseIssuerData(field: Uint8Array | undefined): IssuerData {
  if (field === undefined) {
    return { scripts: [] };
  }
  try {
    const objects = parseTlv(field, { flat: true });
    const authentication = tagValue(objects, tags.issuerAuthenticationData);
    const responseCode = tagValue(objects, tags.authorisationResponseCode);
    return {
      ...(authentication === undefined ? {} : { authentication }),
      ...(responseCode?.length === 2 ? { responseCode } : {}),
      scripts: objects.filter((object) => object.tag === tags.issuerScript1 || object.tag === tags.issuerScript2),
    };
  } catch (error) {
    if (error instanceof FormatError) {
      return { scripts: [] };
    }
    throw error;
  }
}
