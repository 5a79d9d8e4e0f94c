import { bytesToInteger } from "../codec/bytes.ts";
import { parseOneTlv } from "../codec/tlv.ts";
import { getDataCommand } from "./commands.ts";
import type { SessionData } from "./data.ts";
import { type CardChannel, exchange } from "./exchange.ts";
import { setStatus, setVerification } from "./results.ts";
import { tags } from "./tags.ts";

/**
 * Terminal risk management (EMV 4.3 Book 3, 10.6): the floor limit, and how often the card was used without its
 * issuer. There is no random selection: it only concerns amounts under the floor limit, which is zero here.
 * Sets byte 4 of the TVR, "new card" and the TSI.
 */
export async function manageRisk(card: CardChannel, data: SessionData): Promise<void> {
  const amount = bytesToInteger(data.get(tags.amountBinary) ?? new Uint8Array(0));
  const floorLimit = bytesToInteger(data.get(tags.floorLimit) ?? new Uint8Array(0));
  if (amount >= floorLimit) {
    setVerification(data, "floorLimitExceeded");
  }
  const lower = data.fromCard(tags.lowerOfflineLimit)?.[0];
  const upper = data.fromCard(tags.upperOfflineLimit)?.[0];
  if (lower !== undefined && upper !== undefined) {
    await checkVelocity(card, data, lower, upper);
  }
  setStatus(data, "terminalRiskManagementPerformed");
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
  const answer = await exchange(card, getDataCommand(tag), "get data");
  if (answer.status !== 0x9000) {
    return undefined;
  }
  const object = parseOneTlv(answer.data);
  return object.tag === tag && object.value.length === 2 ? bytesToInteger(object.value) : undefined;
}
