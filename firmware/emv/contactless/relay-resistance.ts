import { bytesToInteger, concat } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { parseOneTlv } from "../../codec/tlv.ts";
import type { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import { type CardChannel, exchange } from "../exchange.ts";
import { hasBit, type ResultBit, setVerification } from "../results.ts";
import { tags } from "../tags.ts";
import type { TapTools } from "./session.ts";

const step = "exchange relay resistance data";
const supportsRelayResistance: ResultBit = [1, 0x01];
const repetitions = 2;
const unitsPerMillisecond = 10;

/** Terminal settings of the protocol (EMV Book C-2, DF8132 to DF8137): units of 100 microseconds, and a percentage. */
export interface RelaySettings {
  readonly minimumGrace: number;
  readonly maximumGrace: number;
  readonly expectedCommandTime: number;
  readonly expectedResponseTime: number;
  readonly accuracyThreshold: number;
  /** Per cent. */
  readonly mismatchThreshold: number;
}

/** The book's values (annex A, DF8132 to DF8137). */
const defaultSettings: RelaySettings = Object.freeze({
  minimumGrace: 20,
  maximumGrace: 50,
  expectedCommandTime: 18,
  expectedResponseTime: 24,
  accuracyThreshold: 300,
  mismatchThreshold: 50,
});

/** Reads 11 bytes: five numbers of two bytes and the percentage, in the order of `RelaySettings`. */
export function relaySettings(bytes?: Uint8Array): RelaySettings {
  if (bytes === undefined) {
    return defaultSettings;
  }
  const number = (place: number): number => bytesToInteger(bytes.subarray(2 * place, 2 * place + 2));
  return {
    minimumGrace: number(0),
    maximumGrace: number(1),
    expectedCommandTime: number(2),
    expectedResponseTime: number(3),
    accuracyThreshold: number(4),
    mismatchThreshold: bytes[10] ?? 0,
  };
}

/** The card's answer (Book C-2, SR1.14 on): its random number and its times in units of 100 microseconds. */
interface RelayAnswer {
  /** All 10 bytes: a signature covers them. */
  readonly bytes: Uint8Array;
  readonly minimum: number;
  readonly maximum: number;
  readonly responseTime: number;
}

/**
 * Relay resistance protocol (EMV Book C-2, S3R1 and SR1): three times at most, until the card answers as fast as it says it can.
 * Every time has a new unpredictable number, which stays the transaction's. Sets the last four bits of the TVR.
 * @returns the terminal's and the card's part of the exchange, 14 bytes for the card's signature; empty when the card
 * does not know the protocol. Throws `CardError("data")` for a card that answers faster than it can.
 */
export async function resistRelay(
  card: CardChannel,
  data: SessionData,
  settings: RelaySettings,
  tools: TapTools,
): Promise<Uint8Array> {
  if (!hasBit(data.fromCard(tags.applicationInterchangeProfile), supportsRelayResistance)) {
    return withoutRelay(data);
  }
  for (let count = 0; ; count++) {
    const entropy = tools.random(4);
    data.set(tags.unpredictableNumber, entropy);
    const started = tools.now();
    const answer = await ask(card, entropy);
    const taken = Math.round((tools.now() - started) * unitsPerMillisecond);
    const responseTime = Math.min(answer.responseTime, settings.expectedResponseTime);
    const processing = Math.max(0, taken - settings.expectedCommandTime - responseTime);
    if (processing < Math.max(0, answer.minimum - settings.minimumGrace)) {
      throw new CardError("data", step);
    }
    const isLate = processing > answer.maximum + settings.maximumGrace;
    if (isLate && count < repetitions) {
      continue;
    }
    if (isLate) {
      setVerification(data, "relayTimeLimitsExceeded");
    }
    if (isImplausible(answer, processing, settings)) {
      setVerification(data, "relayThresholdExceeded");
    }
    setVerification(data, "relayResistancePerformed");
    return concat([entropy, answer.bytes]);
  }
}

/** One of the two sides does not know the protocol: the TVR says so. */
export function withoutRelay(data: SessionData): Uint8Array {
  setVerification(data, "relayResistanceNotPerformed");
  return new Uint8Array(0);
}

async function ask(card: CardChannel, entropy: Uint8Array): Promise<RelayAnswer> {
  const command = concat([Uint8Array.of(0x80, 0xea, 0x00, 0x00, entropy.length), entropy, Uint8Array.of(0x00)]);
  const answer = await exchange(card, command, step);
  if (answer.status !== 0x9000) {
    throw new CardError("refusal", step);
  }
  const template = parseOneTlv(answer.data);
  if (template.tag !== tags.responseFormat1 || template.value.length !== 10) {
    throw new FormatError(step, 0, "template 80 with 10 bytes expected");
  }
  const bytes = template.value.slice();
  return {
    bytes,
    minimum: bytesToInteger(bytes.subarray(4, 6)),
    maximum: bytesToInteger(bytes.subarray(6, 8)),
    responseTime: bytesToInteger(bytes.subarray(8, 10)),
  };
}

/** The two sides' transmission times do not fit each other, or the card was much slower than its best. */
function isImplausible(answer: RelayAnswer, processing: number, settings: RelaySettings): boolean {
  const { expectedResponseTime, mismatchThreshold } = settings;
  const { responseTime } = answer;
  const known = responseTime !== 0 && expectedResponseTime !== 0;
  const mismatch =
    known &&
    ((responseTime * 100) / expectedResponseTime < mismatchThreshold ||
      (expectedResponseTime * 100) / responseTime < mismatchThreshold);
  return mismatch || Math.max(0, processing - answer.minimum) > settings.accuracyThreshold;
}
