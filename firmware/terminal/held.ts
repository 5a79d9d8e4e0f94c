import type { Transaction } from "../journal/types.ts";
import { turnOfItsOwn } from "../turn.ts";
import { finishApproval } from "./approval.ts";
import { finishSettlement, offerSettlement } from "./batch/settle-batch.ts";
import type { PresentedCard } from "./card/presented.ts";
import { screenOfError } from "./failures.ts";
import type { PinEntry } from "./pin-entry.ts";
import { showResult, takeCardOut } from "./results.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** What a flow has in its hands: let go of, and wiped, however the flow ends. */
export class Held {
  card: PresentedCard | undefined;
  pin: PinEntry | undefined;
  /** What the host took of earlier transactions meanwhile: printed when this customer is served. */
  readonly later: Transaction[] = [];

  release(): void {
    this.pin?.wipe();
    this.card?.close();
  }
}

/**
 * Runs a flow from its first key to its last paper. Every way it can end is a screen that is shown here; the journal
 * knows the rest.
 * @returns the transaction as the journal has it, or `undefined` when none came to the host
 */
export async function serveCustomer(
  services: Services,
  flow: (held: Held) => Promise<Transaction | undefined>,
): Promise<Transaction | undefined> {
  const held = new Held();
  try {
    refuseWithoutPower(services);
    await finishSettlement(services);
    await refuseWithoutRoom(services);
    return await flow(held);
  } catch (error) {
    held.release(); // nothing of it stays in memory while the screen is read
    await showResult(services, screenOfError(error));
    return undefined;
  } finally {
    held.release();
    await takeCardOut(services);
    await finishLater(services, held.later);
  }
}

async function finishLater(services: Services, later: readonly Transaction[]): Promise<void> {
  for (const { id } of later) {
    const transaction = await services.journal.find({ id });
    if (transaction?.state === "acknowledged") {
      await turnOfItsOwn();
      await finishApproval(services, transaction);
    }
  }
}

/** A payment takes minutes, and its paper most of the power. */
function refuseWithoutPower({ power }: Services): void {
  const trouble = power?.trouble;
  if (trouble?.id === "battery-empty") throw new UserError(trouble);
}

/** A full journal asks for its settlement; without room nobody types an amount or a PIN in vain. */
async function refuseWithoutRoom(services: Services): Promise<void> {
  const { journal } = services;
  if (await journal.hasRoom()) {
    return;
  }
  await offerSettlement(services, "full");
  if (!(await journal.hasRoom())) {
    throw new UserError({ id: "cancelled", by: "merchant" });
  }
}
