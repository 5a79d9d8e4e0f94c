import { equal } from "../../codec/bytes.ts";
import { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import type { CardChannel } from "../exchange.ts";
import { haveSameDigits } from "../oda/holder.ts";
import { readRecords } from "../records.ts";
import { getElement } from "../risk.ts";
import { tags } from "../tags.ts";

/**
 * Whether the selected card of a second tap is that of the first. GET PROCESSING OPTIONS would begin another transaction,
 * so what can be asked is the records whose place the first tap told (number and sequence number) and the transaction
 * counter (GET DATA, 9F36), which stands still until then. All that it answers has to agree, and it has to answer
 * something: a name alone is every other card's of the scheme too.
 * @param data the first tap's
 */
export async function isSameCard(card: CardChannel, data: SessionData): Promise<boolean> {
  const number = await hasSameNumber(card, data);
  if (number === false) {
    return false;
  }
  const counter = await getElement(card, tags.transactionCounter);
  return counter === undefined ? number === true : isSame(counter, data.fromCard(tags.transactionCounter));
}

/** Undefined where the records cannot be read at this point, or have no number. They are overwritten at once. */
async function hasSameNumber(card: CardChannel, data: SessionData): Promise<boolean | undefined> {
  const locator = data.fromCard(tags.applicationFileLocator);
  if (locator === undefined) {
    return undefined;
  }
  const again = new SessionData([[tags.applicationFileLocator, locator]]);
  try {
    await readRecords(card, again);
    const number = numberOf(again);
    const sequence = again.fromCard(tags.panSequenceNumber);
    if (sequence !== undefined && !isSame(sequence, data.fromCard(tags.panSequenceNumber))) {
      return false;
    }
    return number === undefined ? undefined : haveSameDigits(number, numberOf(data) ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof CardError && error.problem === "refusal") {
      return undefined;
    }
    throw error;
  } finally {
    again.wipe();
  }
}

/** Packed decimals with whatever follows them; both tags agree where a card has both. */
function numberOf(data: SessionData): Uint8Array | undefined {
  return data.fromCard(tags.primaryAccountNumber) ?? data.fromCard(tags.track2Equivalent);
}

function isSame(one: Uint8Array, other: Uint8Array | undefined): boolean {
  return other !== undefined && equal(one, other);
}
