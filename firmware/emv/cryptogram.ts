import { FormatError } from "../codec/errors.ts";
import { parseOneTlv, type Tlv } from "../codec/tlv.ts";
import type { RsaPublicKey } from "../crypto/rsa.ts";
import { noteCertificateHash } from "./certificate-hash.ts";
import { type CryptogramType, generateCryptogramCommand } from "./commands.ts";
import { tapTags } from "./contactless/tap-tags.ts";
import { type FirstAnswer, firstAnswer, isContradictory, type WhichCryptogram } from "./contradiction.ts";
import type { SessionData } from "./data.ts";
import { buildDol } from "./dol.ts";
import { CardError } from "./errors.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { finishCombined } from "./oda/authenticate.ts";
import { setStatus } from "./results.ts";
import { tags } from "./tags.ts";

const step = "generate cryptogram";
const longestCommand = 255;
const listTags = { first: tags.cardRiskManagementList1, second: tags.cardRiskManagementList2 } as const;

/** Cryptogram information data (EMV 4.3 Book 3, table 15), upper two bits. */
const typesByBits: Readonly<Record<number, CryptogramType>> = { 0: "AAC", 64: "TC", 128: "ARQC" };

/** What a card may answer to each request: never more than was asked for (Book 3, 9.3). */
export const allowedAnswers: Readonly<Record<CryptogramType, readonly CryptogramType[]>> = Object.freeze({
  AAC: ["AAC"],
  ARQC: ["AAC", "ARQC"],
  TC: ["AAC", "ARQC", "TC"],
});

/** What a card answered to GENERATE AC. */
export interface GeneratedCryptogram {
  readonly type: CryptogramType;
  /** False when a combined signature was asked for and is missing or bad: nothing in the answer can be believed. */
  readonly isGenuine: boolean;
}

/**
 * The first or the second GENERATE AC (Book 3, 10.8 and 10.11). The card's cryptogram (9F26), its counter (9F36) and
 * the issuer application data (9F10) go into `data`.
 * @param cardKey asks for a combined signature and checks it with this key (Book 2, 6.6); not when an AAC is wanted
 */
export async function generateCryptogram(
  card: CardChannel,
  data: SessionData,
  which: WhichCryptogram,
  wanted: CryptogramType,
  cardKey?: RsaPublicKey,
): Promise<GeneratedCryptogram> {
  const list = data.need(listTags[which], step);
  noteCertificateHash(data, list);
  const values = buildDol(list, data.get, step);
  if (values.length > longestCommand) {
    throw new CardError("data", step);
  }
  const before = which === "second" ? firstAnswer(data) : undefined;
  const command = generateCryptogramCommand(wanted, values, cardKey !== undefined);
  const answer = await exchange(card, command, step);
  if (answer.status !== 0x9000) {
    throw new CardError("refusal", step);
  }
  data.noteSent(values);
  takeCryptogram(answer.data, data);
  setStatus(data, "cardRiskManagementPerformed");
  const type = cryptogramType(data);
  if (type === undefined || !allowedAnswers[wanted].includes(type) || (which === "second" && type === "ARQC")) {
    throw new CardError("refusal", step);
  }
  if (cardKey === undefined || type === "AAC") {
    checkCryptogram(data);
    refuseContradiction(data, type, which, before);
    return { type, isGenuine: true };
  }
  await Promise.resolve(); // the key's arithmetic starts on a stack of its own
  const unpredictableNumber = data.need(tags.unpredictableNumber, step);
  const signed = finishCombined(data, cardKey, answer.data, { unpredictableNumber, sent: data.sent });
  if (typeof signed === "string") {
    return { type, isGenuine: false };
  }
  checkCryptogram(data);
  refuseContradiction(data, type, which, before);
  return { type, isGenuine: true };
}

/** An approval that contradicts itself is none: what the card has really decided nobody knows. */
function refuseContradiction(
  data: SessionData,
  type: CryptogramType,
  which: WhichCryptogram,
  before: FirstAnswer | undefined,
): void {
  if (type === "TC" && isContradictory(data, which, before)) {
    throw new CardError("refusal", step);
  }
}

/** The kind of cryptogram that the card's information byte names. */
export function cryptogramType(data: SessionData): CryptogramType | undefined {
  const information = data.fromCard(tags.cryptogramInformation)?.[0];
  return information === undefined ? undefined : typesByBits[information & 0xc0];
}

/** Keeps the answer to GENERATE AC in either format (Book 3, 6.5.5.4). A signed cryptogram is not among it yet. */
export function takeCryptogram(response: Uint8Array, data: SessionData): void {
  const template = parseOneTlv(response);
  if (template.tag === tags.responseFormat1) {
    const { value } = template;
    if (value.length < 11 || value.length > 43) {
      throw new FormatError(step, 0, "11 to 43 bytes expected");
    }
    data.setFromCard(tags.cryptogramInformation, value.subarray(0, 1));
    data.setFromCard(tags.transactionCounter, value.subarray(1, 3));
    data.setFromCard(tags.applicationCryptogram, value.subarray(3, 11));
    data.forgetFromCard(tags.issuerApplicationData);
    if (value.length > 11) {
      data.setFromCard(tags.issuerApplicationData, value.subarray(11));
    }
    return;
  }
  if (template.tag !== tags.responseFormat2) {
    throw new FormatError(step, 0, "template 77 or 80 expected");
  }
  takeAnswer(template.children ?? [], data);
}

/** What every answer brings itself: the one before it says nothing of this one. */
const answerTags: readonly number[] = [
  tags.cryptogramInformation,
  tags.transactionCounter,
  tags.applicationCryptogram,
  tags.signedDynamicData,
  tags.issuerApplicationData,
  tapTags.cardholderInteraction,
];

/**
 * Keeps the elements of an answer to GENERATE AC that belong to a cryptogram; they take the place of an earlier answer's. No
 * other counts, action codes and lists among them: what decides was selected and read. Throws `CardError("data")` for one
 * that comes twice.
 */
export function takeAnswer(elements: readonly Tlv[], data: SessionData): void {
  const seen = new Set<number>();
  answerTags.forEach((tag) => {
    data.forgetFromCard(tag);
  });
  for (const { tag, value, children } of elements) {
    if (children !== undefined) {
      continue;
    }
    if (seen.has(tag)) {
      throw new CardError("data", step);
    }
    seen.add(tag);
    if (answerTags.includes(tag)) {
      data.setFromCard(tag, value);
    }
  }
}

/** Throws unless the elements that every cryptogram comes with have their lengths. */
export function checkCryptogram(data: SessionData): void {
  const lengths = [
    [tags.cryptogramInformation, 1],
    [tags.transactionCounter, 2],
    [tags.applicationCryptogram, 8],
  ] as const;
  for (const [tag, length] of lengths) {
    if (data.need(tag, step).length !== length) {
      throw new FormatError(step, 0, `${length} bytes expected`);
    }
  }
  if ((data.fromCard(tags.issuerApplicationData)?.length ?? 0) > 32) {
    throw new FormatError(step, 0, "issuer application data above 32 bytes");
  }
}
