import type { CardData } from "../acquirer/types.ts";
import { wipe } from "../codec/bytes.ts";
import type { OriginalTransaction, Transaction, TransactionType } from "../journal/types.ts";
import { finishApproval } from "./approval.ts";
import type { PresentedCard } from "./card/presented.ts";
import { awaitCustomer } from "./code-wait.ts";
import type { Held } from "./held.ts";
import { isHostReady, makeHostReady, sendOwedReversals, signInIfNeeded } from "./host-ready.ts";
import { firstWord, openTransaction } from "./intent.ts";
import { PinEntry } from "./pin-entry.ts";
import { money, type Services } from "./services.ts";
import { type FinalOutcome, settle } from "./settle.ts";

/** What is asked of the host: which transaction, over how much, and which earlier one it changes. */
export interface Order {
  readonly type: TransactionType;
  /** Minor units. */
  readonly amount: number;
  readonly original?: OriginalTransaction;
  /** The cash register's number of what is paid. */
  readonly orderId?: string;
  /** Part of the amount that is a tip, minor units. */
  readonly tip?: number;
  /** Of what takes back a payment by code: the wallet's number of it. */
  readonly order?: string;
}

/**
 * Asks the host for what a card is here for, from the holder's verification to the receipts: the same for a sale, for
 * what takes a sale back, and for everything else that needs the host's word first.
 * @returns the transaction as the journal has it then
 */
export async function askForOrder(
  services: Services,
  held: Held,
  card: PresentedCard,
  order: Order,
): Promise<Transaction> {
  await (card.mayApproveAlone ? sendOwedReversals(services) : makeHostReady(services, held.later));
  const pin = new PinEntry(services, card, { operation: order.type, amount: money(services, order.amount) });
  held.pin = pin;
  const holder = await card.verifyHolder(pinForHost(services, card, pin), pin.askForCard);
  const opened = await openTransaction(services, card, order);
  const transaction = await firstWord(services, card, opened, holder);
  if (transaction.state === "offlineApproved") {
    card.close();
    return finishApproval(services, transaction);
  }
  if (card.mayApproveAlone && !(await isHostReady(services, held.later))) {
    return settle(services, transaction, card, { kind: "noAnswer", sent: false }); // a host without keys for us is not asked
  }
  await services.screen.show({
    id: "processing",
    stage: "authorising",
    amount: money(services, transaction.amount),
    keepCard: card.staysIn,
  });
  const isSale = order.type === "sale";
  const codeData = isSale ? card.codeData?.(transaction, services.parameters.terminalId) : undefined;
  const data = { ...cardDataOf(card, transaction.chipData), ...(codeData === undefined ? {} : { codeData }) };
  const outcome = await services.acquirer.authorise(transaction, data, pin.block);
  if (codeData !== undefined) wipe(codeData);
  if (card.entryMode !== "code" || !isSale) return settle(services, transaction, card, outcome as FinalOutcome);
  card.close(); // what was scanned is used up
  const [waited, final] = await awaitCustomer(services, transaction, outcome, card.isShown === true);
  return settle(services, waited, card, final);
}

/** A PIN for the host is asked for under its keys; a card that can do without the host may be here before there are any. */
function pinForHost(services: Services, card: PresentedCard, pin: PinEntry): PinEntry["ask"] {
  return card.mayApproveAlone
    ? async () => {
        await signInIfNeeded(services);
        return pin.ask();
      }
    : pin.ask;
}

/**
 * What goes out about a card, borrowed.
 * @param chipData field 55, where it is in the journal already
 */
export function cardDataOf(card: PresentedCard, chipData = card.chipData()): CardData {
  const { pan, expiry, track2, panSequenceNumber } = card.identity;
  return {
    entryMode: card.entryMode,
    ...(pan.length === 0 ? {} : { pan, expiry }),
    ...(track2 === undefined ? {} : { track2 }),
    ...(panSequenceNumber === undefined ? {} : { panSequenceNumber }),
    ...(chipData === undefined ? {} : { chipData }),
  };
}
