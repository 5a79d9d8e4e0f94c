import { concat, equal, wipe } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { encodeTlv, parseOneTlv, parseTlv } from "../../codec/tlv.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import { type CryptogramType, cryptogramTypes } from "../commands.ts";
import { isContradictory, isDeniedRequest } from "../contradiction.ts";
import { allowedAnswers, checkCryptogram, cryptogramType, takeAnswer, takeCryptogram } from "../cryptogram.ts";
import type { SessionData } from "../data.ts";
import { buildDol, parseDol } from "../dol.ts";
import { CardError } from "../errors.ts";
import { exchange } from "../exchange.ts";
import { finishCombined } from "../oda/authenticate.ts";
import { tags } from "../tags.ts";
import type { TapVerification } from "./outcome.ts";
import type { KernelSession } from "./session.ts";
import { tapTags } from "./tap-tags.ts";
import type { TornLimits, TornRecord } from "./torn.ts";

const step = "generate cryptogram";
const asksForSignature = 0x10;

/** What the first GENERATE AC is to be. */
export interface CryptogramRequest {
  /** An approval is asked for with a signature only. */
  readonly wanted: CryptogramType;
  readonly verification: TapVerification;
  /** Present when a combined signature is to come with the cryptogram. */
  readonly signing: { readonly cardKey: RsaPublicKey; readonly relay: Uint8Array } | undefined;
  /** What the card got by its processing options list. */
  readonly processing: Uint8Array;
}

/** The card's one word: `AAC` also where its signature is wrong. */
export interface FirstCryptogram {
  readonly kind: CryptogramType;
  readonly verification: TapVerification;
}

/**
 * The cryptogram of a tap: what the card still has of a torn one by RECOVER AC, or else a new one by GENERATE AC (EMV
 * Book C-2, S456 to S11). A card that leaves in the middle is remembered where it can recover. What it was asked for then
 * must not be more than what it would be asked for now: meanwhile the merchant may want the host to be asked.
 */
export async function requestCryptogram(session: KernelSession, request: CryptogramRequest): Promise<FirstCryptogram> {
  const { data, tools } = session;
  const pan = data.need(tags.primaryAccountNumber, step);
  const sequence = data.fromCard(tags.panSequenceNumber) ?? new Uint8Array(0);
  const list = data.fromCard(tapTags.recoveryList);
  const torn = list === undefined ? undefined : tools.torn.take(pan, sequence, tools.now());
  if (list !== undefined && torn !== undefined) {
    try {
      const isEnough = allowedAnswers[request.wanted].includes(torn.wanted) && isSamePayment(data, torn);
      const recovered = isEnough ? await recover(session, list, torn) : undefined;
      if (recovered !== undefined) {
        return recovered;
      }
    } finally {
      wipe(torn.pan);
    }
  }
  const riskData = buildDol(data.need(tags.cardRiskManagementList1, step), data.get, step);
  const signing =
    request.signing === undefined
      ? undefined
      : {
          relay: request.signing.relay,
          cardKey: copyOf(request.signing.cardKey),
          unpredictableNumber: data.need(tags.unpredictableNumber, step),
          sent: [request.processing, riskData],
        };
  const control = cryptogramTypes[request.wanted] | (signing === undefined ? 0 : asksForSignature);
  const command = cardCommand(0xae, control, riskData);
  const { wanted, verification } = request;
  const record = { pan, sequence: sequence.slice(), verification, wanted, signing };
  const answer = await remembering(session, list === undefined ? undefined : record, command);
  if (answer.status !== 0x9000) {
    throw new CardError("refusal", step);
  }
  return judge(data, answer.data, record);
}

/** The card's own elements in a key are wiped with its session; a torn tap outlives that. */
function copyOf(key: RsaPublicKey): RsaPublicKey {
  return { modulus: key.modulus.slice(), exponent: key.exponent.slice() };
}

/** What a cryptogram pays: amount, other amount, currency and type. */
const paymentTags: readonly number[] = [
  tags.amountAuthorised,
  tags.amountOther,
  tags.transactionCurrencyCode,
  tags.transactionType,
];

/** A card's answer to another payment is no answer to this one. */
function isSamePayment(data: SessionData, torn: TornRecord): boolean {
  const elements = parseTlv(torn.elements, { flat: true });
  return paymentTags.every((tag) => {
    const then = elements.find((element) => element.tag === tag)?.value ?? new Uint8Array(0);
    return equal(then, data.fromTerminal(tag) ?? new Uint8Array(0));
  });
}

/** RECOVER AC (Book C-2, S456.49). @returns undefined when the card knows nothing of the torn tap */
async function recover(
  session: KernelSession,
  list: Uint8Array,
  torn: TornRecord,
): Promise<FirstCryptogram | undefined> {
  const { data } = session;
  const command = cardCommand(0xd0, 0x00, recoveryData(list, torn, data));
  const answer = await remembering(session, torn, command, torn.elements);
  if (answer.status !== 0x9000) {
    return undefined;
  }
  for (const { tag, value } of parseTlv(torn.elements, { flat: true })) {
    data.set(tag, value);
  }
  return judge(data, answer.data, torn);
}

/** What the card finds its cryptogram by, as it got it then. The elements are taken apart twice: the heap is small. */
function recoveryData(list: Uint8Array, torn: TornRecord, data: SessionData): Uint8Array {
  const elements = parseTlv(torn.elements, { flat: true });
  const lookup = (tag: number): Uint8Array | undefined =>
    elements.find((element) => element.tag === tag)?.value ?? data.get(tag);
  return buildDol(list, lookup, "recover cryptogram");
}

/** One command; when the card leaves before its answer, the tap is torn. */
async function remembering(
  { card, data, application, tools }: KernelSession,
  record: Omit<TornRecord, "elements"> | undefined,
  command: Uint8Array,
  elements?: TornRecord["elements"],
): ReturnType<typeof exchange> {
  try {
    return await exchange(card, command, step);
  } catch (error) {
    if (record !== undefined && error instanceof CardError) {
      const { tornLimits = defaultLimits } = application;
      const kept = { ...record, pan: record.pan.slice(), elements: elements ?? elementsSent(data) };
      tools.torn.keep(kept, tools.now(), tornLimits);
    }
    throw error;
  }
}

/** Five minutes, two cards. */
const defaultLimits: TornLimits = Object.freeze({ lifetime: 300_000, most: 2 });

/** Results and what is sent by name, beside what the card's lists ask for. */
const resultTags: readonly number[] = [
  tags.terminalVerificationResults,
  tags.transactionStatusInformation,
  tags.cardholderVerificationResults,
  tags.terminalCapabilities,
  tags.unpredictableNumber,
  tags.transactionDate,
  tags.transactionTime,
  tags.transactionSequenceCounter,
  ...paymentTags,
];

/** The terminal's elements of this tap as they are now. */
function elementsSent(data: SessionData): Uint8Array {
  const lists = [tags.cardRiskManagementList1, tags.processingOptionsList, tapTags.recoveryList];
  const asked = lists.flatMap((list) => parseDol(data.fromCard(list) ?? new Uint8Array(0)).map(({ tag }) => tag));
  const elements = [...new Set([...resultTags, ...asked])].flatMap((tag) => {
    const value = data.fromTerminal(tag);
    return value === undefined ? [] : [{ tag, value }];
  });
  return encodeTlv(elements);
}

/** What the answer is worth: no more than a refusal without a good signature where one was asked for (Book C-2, S910). */
async function judge(
  data: SessionData,
  response: Uint8Array,
  { verification, wanted, signing }: Pick<TornRecord, "verification" | "wanted" | "signing">,
): Promise<FirstCryptogram> {
  const template = parseOneTlv(response);
  const isSigned = template.children?.some(({ tag }) => tag === tags.signedDynamicData) ?? false;
  if (!isSigned) {
    takeCryptogram(response, data);
    checkCryptogram(data);
    const given = kindGiven(data, wanted);
    return { kind: signing === undefined ? given : "AAC", verification };
  }
  if (signing === undefined || template.tag !== tags.responseFormat2) {
    throw new FormatError(step, 0, "no signature expected");
  }
  takeAnswer(template.children ?? [], data);
  await Promise.resolve(); // the keys' arithmetic starts on a stack of its own
  const signed = finishCombined(data, signing.cardKey, response, signing);
  if (typeof signed === "string") {
    return { kind: "AAC", verification };
  }
  checkCryptogram(data);
  const coversRelay = equal(signed.additional.subarray(0, signing.relay.length), signing.relay);
  const given = kindGiven(data, wanted);
  return { kind: coversRelay ? given : "AAC", verification };
}

/** A card may lower what was asked for, never raise it. */
function kindGiven(data: SessionData, wanted: CryptogramType): CryptogramType {
  const given = cryptogramType(data);
  const isNone = given === undefined || !allowedAnswers[wanted].includes(given);
  const isDenied = given === "TC" ? isContradictory(data, "first") : given === "ARQC" && isDeniedRequest(data);
  if (isNone || isDenied) {
    throw new CardError("refusal", step);
  }
  return given;
}

function cardCommand(instruction: number, control: number, data: Uint8Array): Uint8Array {
  if (data.length === 0 || data.length > 0xff) {
    throw new CardError("data", step);
  }
  return concat([Uint8Array.of(0x80, instruction, control, 0x00, data.length), data, Uint8Array.of(0x00)]);
}
