import { bytesToInteger } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { parseOneTlv } from "../codec/tlv.ts";
import { getDataCommand } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { setStatus, setVerification } from "./results.ts";
import { tags } from "./tags.ts";

/** Random selection of amounts under the floor limit (EMV 4.3 Book 3, 10.6.2). */
export interface RandomSelection {
  /** Minor units, below the floor limit: from it on the selection is biased towards larger amounts. */
  readonly threshold: number;
  /** Percent of the amounts below the threshold, 0 to 99. */
  readonly target: number;
  /** Percent just below the floor limit, from `target` to 99. */
  readonly maximumTarget: number;
}

/** What the acquirer and the terminal's own memory say about a card's risk. All may be left out. */
export interface RiskSettings {
  readonly random?: RandomSelection;
  /** A number from 1 to 99, all equally likely. Needed for random selection. */
  readonly draw?: () => number;
  /** The last amount that the terminal's log has approved for this card, in minor units (Book 3, 10.6.1). */
  readonly loggedAmount?: number;
  /** The card stands on the terminal's exception file (Book 4, 6.3.5). */
  readonly isException?: boolean;
  /** The merchant wants the host to be asked. */
  readonly forceOnline?: boolean;
}

/**
 * Terminal risk management (Book 3, 10.6): exception file, merchant's wish, floor limit, random selection, and how
 * often the card was used without its issuer. Sets bytes 1, 2 ("new card") and 4 of the TVR and the TSI.
 */
export async function manageRisk(card: CardChannel, data: SessionData, settings: RiskSettings = {}): Promise<void> {
  if (settings.isException === true) {
    setVerification(data, "onExceptionFile");
  }
  if (settings.forceOnline === true) {
    setVerification(data, "forcedOnline");
  }
  const amount = bytesToInteger(data.get(tags.amountBinary) ?? new Uint8Array(0)) + (settings.loggedAmount ?? 0);
  const floorLimit = bytesToInteger(data.get(tags.floorLimit) ?? new Uint8Array(0));
  if (amount >= floorLimit) {
    setVerification(data, "floorLimitExceeded");
  } else if (isSelected(amount, floorLimit, settings)) {
    setVerification(data, "selectedRandomly");
  }
  const lower = data.fromCard(tags.lowerOfflineLimit);
  const upper = data.fromCard(tags.upperOfflineLimit);
  if (lower?.length === 1 && upper?.length === 1) {
    await checkVelocity(card, data, lower[0]!, upper[0]!);
  }
  setStatus(data, "terminalRiskManagementPerformed");
}

/** The percentage of transactions of this amount that go online by chance (Book 3, figure 15); whole percent. */
export function targetPercent(amount: number, floorLimit: number, random: RandomSelection): number {
  const { threshold, target, maximumTarget } = random;
  if (amount < threshold || floorLimit <= threshold) {
    return target;
  }
  const factor = (amount - threshold) / (floorLimit - threshold);
  return Math.floor((maximumTarget - target) * factor) + target;
}

function isSelected(amount: number, floorLimit: number, { random, draw }: RiskSettings): boolean {
  return random !== undefined && draw !== undefined && draw() <= targetPercent(amount, floorLimit, random);
}

/** Velocity checking (Book 3, 10.6.3). */
async function checkVelocity(card: CardChannel, data: SessionData, lower: number, upper: number): Promise<void> {
  const counter = await getCounter(card, tags.transactionCounter);
  const lastOnline = await getCounter(card, tags.lastOnlineCounter);
  if (counter === undefined || lastOnline === undefined || counter <= lastOnline) {
    setVerification(data, "lowerLimitExceeded");
    setVerification(data, "upperLimitExceeded");
  } else {
    if (counter - lastOnline > lower) {
      setVerification(data, "lowerLimitExceeded");
    }
    if (counter - lastOnline > upper) {
      setVerification(data, "upperLimitExceeded");
    }
  }
  if (lastOnline === 0) {
    setVerification(data, "newCard");
  }
}

/** A counter of 2 bytes by GET DATA; `undefined` when the card does not give it. */
async function getCounter(card: CardChannel, tag: number): Promise<number | undefined> {
  const value = await getElement(card, tag);
  return value?.length === 2 ? bytesToInteger(value) : undefined;
}

/** The value of one element by GET DATA (Book 3, 6.5.7); `undefined` when the card does not give it. */
export async function getElement(card: CardChannel, tag: number): Promise<Uint8Array | undefined> {
  const answer = await exchange(card, getDataCommand(tag), "get data");
  if (answer.status !== 0x9000) {
    return undefined;
  }
  const object = parseOneTlv(answer.data);
  if (object.tag !== tag) {
    throw new FormatError("get data", 0, "another element came");
  }
  return object.value;
}
