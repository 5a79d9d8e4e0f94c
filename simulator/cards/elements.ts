/** The data elements of an application, record by record, as its profile and its card's file say (EMV 4.3 Book 3, 7 and annex A). */
import { concat, fromHex, latin1 } from "../acquirer/bytes.ts";
import { tlv } from "../acquirer/tlv.ts";
import type { PersonalisationDefinition } from "./behaviour.ts";
import { cardCertificate, issuerCertificate, pinKeyCertificate, signedStaticData } from "./certificates.ts";
import type { ApplicationDefinition, CardDefinition } from "./definition.ts";
import type { KeyChain, KeyPair } from "./keys.ts";
import type { Profile } from "./profiles.ts";
import { trackEquivalent } from "./stripe.ts";

/** A tag and its value. */
export type Element = readonly [string, Uint8Array];

/** One record before it is numbered. */
export interface RecordPlan {
  readonly sfi: number;
  readonly elements: readonly Element[];
  /** Takes part in offline data authentication. */
  readonly signed: boolean;
}

/** What the records are made for. */
export interface RecordContext {
  readonly card: CardDefinition;
  readonly definition: ApplicationDefinition;
  readonly profile: Profile;
  readonly interchangeProfile: Uint8Array;
  readonly chain: KeyChain;
  readonly signingKey: KeyPair;
  /** Where PINs are enciphered with a key of their own. */
  readonly pinKey: KeyPair | undefined;
}

const COUNTRY: Record<string, string> = { CNY: "0156", USD: "0840" };
const DYNAMIC_DATA_LIST = "9F3704";
const EFFECTIVE = "240101";
const AUTHENTICATION_CODE = "DAC1";

const STATIC_AUTHENTICATION = 0x40;
const DYNAMIC_AUTHENTICATION = 0x21;

/** Elements of the main record that a one-command tap has no use for. */
const CONTACT_ONLY = ["8C", "8D", "8E", "9F0D", "9F0E", "9F0F"];

function lastDay(expires: string): string {
  const year = 2000 + Number(expires.slice(0, 2));
  const month = Number(expires.slice(2));
  return `${expires}${new Date(Date.UTC(year, month, 0)).getUTCDate()}`;
}

function bcdPan(pan: string): Uint8Array {
  return fromHex(pan.length % 2 === 0 ? pan : `${pan}F`);
}

function fromTable(rows: readonly (readonly [string, string])[]): Element[] {
  return rows.map(([tag, value]) => [tag, fromHex(value)]);
}

/** Who the holder is: the record that is not signed. */
function holderElements({ card, definition }: RecordContext): Element[] {
  return [
    ["57", trackEquivalent(card, definition.pan)],
    ["5F20", latin1(card.holder.padEnd(2))],
  ];
}

function mainElements({ card, definition, profile }: RecordContext): Element[] {
  const country = COUNTRY[definition.account.currency]!;
  const rows: Element[] = [
    ["5A", bcdPan(definition.pan)],
    ...fromTable([
      ["5F34", card.sequence],
      ["5F24", lastDay(card.expires)],
      ["5F25", EFFECTIVE],
      ["5F28", country],
      ["5F30", `0${card.serviceCode}`],
      ["8C", profile.cdol1],
      ["8D", profile.cdol2],
      ["8E", profile.verification],
      ["9F07", profile.usageControl],
      ["9F08", profile.applicationVersion],
      ["9F0D", profile.actionCodes.default],
      ["9F0E", profile.actionCodes.denial],
      ["9F0F", profile.actionCodes.online],
      ["9F42", country],
      ["9F44", "02"],
      ["9F4A", "82"],
    ]),
    ...(profile.recoveryList === undefined ? [] : fromTable([["9F51", profile.recoveryList]])),
  ];
  return profile.quick ? rows.filter(([tag]) => !CONTACT_ONLY.includes(tag)) : rows;
}

/** One bit wrong: no signature any more. */
function spoilt(signature: Uint8Array): Uint8Array {
  return signature.map((byte, at) => (at === signature.length >> 1 ? byte ^ 0x01 : byte));
}

function signatureElements(context: RecordContext, staticData: Uint8Array): Element[][] {
  const { card, definition, interchangeProfile, chain, signingKey, pinKey } = context;
  const { flaw } = card.behaviour.personalisation;
  const { pan } = definition;
  const believable = flaw !== "wrongIssuerSignature";
  const issuer = issuerCertificate(chain, pan, flaw);
  const index: Element = ["8F", Uint8Array.of(chain.index)];
  const certificate: Element = ["90", issuer.certificate];
  const exponent: Element = ["9F32", chain.issuer.exponent];
  // Beside the longest certificate a record has no room for more, and nothing of the issuer's key is left to say.
  const records: Element[][] =
    issuer.remainder.length > 0
      ? [[index, certificate, ["92", issuer.remainder], exponent]]
      : [[certificate], [index, exponent]];
  if ((interchangeProfile[0]! & STATIC_AUTHENTICATION) !== 0) {
    const signature = signedStaticData(chain, fromHex(AUTHENTICATION_CODE), staticData);
    records.push([["93", believable ? signature : spoilt(signature)]]);
  }
  if ((interchangeProfile[0]! & DYNAMIC_AUTHENTICATION) !== 0) {
    const own = cardCertificate(chain, pan, signingKey, staticData, flaw);
    records.push([
      ["9F46", believable ? own.certificate : spoilt(own.certificate)],
      ["9F47", signingKey.exponent],
      ["9F48", own.remainder],
      ["9F49", fromHex(DYNAMIC_DATA_LIST)],
    ]);
  }
  if (pinKey) {
    const own = pinKeyCertificate(chain, pan, pinKey);
    records.push([
      ["9F2D", own.certificate],
      ["9F2E", pinKey.exponent],
      ["9F2F", own.remainder],
    ]);
  }
  return records;
}

/** Joins elements to the body of a record. */
export function bodyOf(elements: readonly Element[]): Uint8Array {
  return concat(...elements.map(([tag, value]) => tlv(tag, value)));
}

/** What the card's file changes in a record. */
function amended(elements: readonly Element[], { omit, set }: PersonalisationDefinition): Element[] {
  return elements
    .filter(([tag]) => !omit.includes(tag))
    .map(([tag, value]) => [tag, set.has(tag) ? fromHex(set.get(tag)!) : value]);
}

/** Tags that stand outside the records, in answers to SELECT and GET PROCESSING OPTIONS. */
const OUTSIDE = ["4F", "82", "84", "87", "94", "9F38"];

/** The records of an application in file order; the signatures cover what the card's file has changed. */
export function planRecords(context: RecordContext): RecordPlan[] {
  const { personalisation } = context.card.behaviour;
  const holder = amended(holderElements(context), personalisation);
  const usual = amended(mainElements(context), personalisation);
  const known = [...holder, ...usual].map(([tag]) => tag);
  const more = [...personalisation.set]
    .filter(([tag]) => !known.includes(tag) && !OUTSIDE.includes(tag) && !personalisation.omit.includes(tag))
    .map(([tag, value]): Element => [tag, fromHex(value)]);
  const main = [...usual, ...more];
  const listed = main.some(([tag]) => tag === "9F4A");
  const staticData = concat(bodyOf(main), listed ? context.interchangeProfile : new Uint8Array(0));
  const twice = [...holder, ...main].filter(([tag]) => personalisation.duplicate.includes(tag));
  return [
    { sfi: 1, elements: [...holder, ...twice], signed: false },
    { sfi: 2, elements: main, signed: true },
    ...signatureElements(context, staticData).map((elements) => ({
      sfi: 3,
      elements: amended(elements, { ...personalisation, set: new Map() }),
      signed: false,
    })),
  ];
}
