import type { KeyName } from "../../hal/keypad.ts";
import type { AuthorisationOutcome } from "../acquirer/types.ts";
import type { Transaction } from "../journal/types.ts";
import { type CardIdentity, summaryOf } from "./card/identity.ts";
import type { PresentedCard } from "./card/presented.ts";
import { screenOfError } from "./failures.ts";
import { makeHostReady } from "./host-ready.ts";
import { firstWord, openTransaction } from "./intent.ts";
import { localTime } from "./local-time.ts";
import type { Happening } from "./peripherals/peripherals.ts";
import { PinEntry } from "./pin-entry.ts";
import { readCard } from "./present-card.ts";
import { showResult, takeCardOut } from "./results.ts";
import { money, type Services } from "./services.ts";
import { settle } from "./settle.ts";
import { Till } from "./till.ts";
import { UserError } from "./user-error.ts";

/** How a sale starts at the idle screen: with a digit of the amount, or with a card. */
export type SaleStart =
  | { readonly kind: "digit"; readonly key: KeyName }
  | { readonly kind: "card"; readonly card: Happening };

/**
 * One sale, from its first digit or its card to its receipts. Every way it can end is a screen that is shown here; the
 * journal knows the rest.
 * @returns the transaction as the journal has it, or `undefined` when none came to the host
 */
export async function sale(services: Services, start: SaleStart): Promise<Transaction | undefined> {
  const till = new Till(services);
  let card: PresentedCard | undefined;
  let pin: PinEntry | undefined;
  try {
    await refuseWithoutRoom(services);
    if (start.kind === "digit") {
      await till.ask(undefined, undefined, start.key);
    }
    card = await readCard(services, till, start.kind === "card" ? start.card : undefined);
    const amount = till.amount ?? (await till.ask(summaryOf(card.identity)));
    refuseExpired(services, card.identity);
    await makeHostReady(services);
    pin = new PinEntry(services, card, amount);
    const holder = await card.verifyHolder(pin.ask, pin.askForCard);
    const opened = await openTransaction(services, card, amount);
    const transaction = await firstWord(services, card, opened, holder);
    const outcome = await askHost(services, transaction, card, pin.block);
    return await settle(services, transaction, card, outcome);
  } catch (error) {
    card?.close(); // nothing of it stays in memory while the screen is read
    await showResult(services, screenOfError(error));
    return undefined;
  } finally {
    pin?.wipe();
    card?.close();
    await takeCardOut(services);
  }
}

/** Without room in the journal nobody types an amount or a PIN in vain. */
async function refuseWithoutRoom({ journal }: Services): Promise<void> {
  if (!(await journal.hasRoom())) {
    throw new UserError({ id: "error", detail: "journal full" });
  }
}

/** A card is good until the end of its month (ISO/IEC 7813). */
function refuseExpired(services: Services, identity: CardIdentity): void {
  const { year, date } = localTime(services.clock.wall(), services.parameters.utcOffsetMinutes);
  if (monthNumber(identity.expiry) < monthNumber(year.slice(2) + date.slice(0, 2))) {
    throw new UserError({ id: "card-expired", card: summaryOf(identity) });
  }
}

/** Months since 1950 of a date YYMM; years from 50 on are in the last century. */
function monthNumber(yearMonth: string): number {
  const year = Number(yearMonth.slice(0, 2));
  return (year < 50 ? year + 50 : year - 50) * 12 + Number(yearMonth.slice(2, 4));
}

/** The request and its answer; what goes out is only borrowed. */
async function askHost(
  services: Services,
  transaction: Transaction,
  card: PresentedCard,
  pinBlock: Uint8Array | undefined,
): Promise<AuthorisationOutcome> {
  const { pan, expiry, track2, panSequenceNumber } = card.identity;
  const chipData = card.chipData();
  await services.screen.show({
    id: "processing",
    stage: "authorising",
    amount: money(services, transaction.amount),
    keepCard: card.staysIn,
  });
  return services.acquirer.authoriseSale(
    transaction,
    {
      entryMode: card.entryMode,
      pan,
      expiry,
      ...(track2 === undefined ? {} : { track2 }),
      ...(panSequenceNumber === undefined ? {} : { panSequenceNumber }),
      ...(chipData === undefined ? {} : { chipData }),
    },
    pinBlock,
  );
}
