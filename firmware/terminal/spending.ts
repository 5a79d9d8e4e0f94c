import type { SpendingOutcome } from "../acquirer/spending.ts";
import type { Transaction, TransactionState } from "../journal/types.ts";
import { MissingKeyError } from "../vault/types.ts";
import type { Happening } from "./peripherals/peripherals.ts";
import { money, type Services } from "./services.ts";

/** How long the customer is asked, the host is waited for, and the answer stands, in milliseconds. */
const consentTime = 8_000;
const hostTime = 10_000;
const readingTime = 15_000;
const regretTime = 2_000;

/** Purchases that stand. */
const standing: readonly TransactionState[] = Object.freeze([
  "confirmed",
  "receipted",
  "offlineApproved",
  "uploading",
  "uploaded",
]);

/**
 * Shows a customer what was paid, that no fee came on top, and, who agrees by F2 to be asked for, what that card spent here
 * this month. Anything else than F2 is a no, and whatever begins the next sale ends it at any time. Nothing of it is
 * kept or printed; a host that does not answer is no reason to wait.
 */
export async function offerSpending(services: Services, paid: Transaction | undefined): Promise<void> {
  const { parameters, acquirer, screen } = services;
  if (parameters.customerSpending !== true || paid === undefined || !acquirer.signedIn) return;
  if (paid.type !== "sale" || paid.panToken === undefined || !standing.includes(paid.state)) return;
  const total = money(services, paid.amount);
  await screen.show({ id: "spending", stage: "ask", paid: total });
  const reply = await whatEnds(services, consentTime);
  if (reply.kind !== "key" || reply.key !== "F2") return;
  await screen.show({ id: "spending", stage: "waiting" });
  const outcome = await ask(services, paid);
  if (outcome === undefined) return;
  if (outcome.kind === "told") {
    const { count, amount } = outcome;
    await screen.show({ id: "spending", stage: "told", paid: total, count, amount: money(services, amount) });
  } else {
    await screen.show({ id: "spending", stage: "unavailable" });
  }
  await whatEnds(services, outcome.kind === "told" ? readingTime : regretTime);
}

/** The host's word; undefined where somebody would rather go on. */
async function ask(services: Services, paid: Transaction): Promise<SpendingOutcome | undefined> {
  const { acquirer, peripherals, journal } = services;
  const stan = await journal.nextStan();
  let isOver = false;
  const asked = acquirer
    .askSpending(stan, paid, () => isOver)
    .catch((error: unknown): SpendingOutcome => {
      if (error instanceof MissingKeyError) return { kind: "unsupported" };
      throw error;
    })
    .finally(() => {
      isOver = true;
      peripherals.wake();
    });
  const happening = await whatEnds(services, hostTime);
  if (isOver) return asked;
  isOver = true;
  acquirer.giveUp();
  const outcome = await asked;
  return happening.kind === "timeout" ? outcome : undefined;
}

/** Waits for a key, or for what begins the next sale. A digit begins no amount: the cashier types it again. */
async function whatEnds({ peripherals }: Services, timeout: number): Promise<Happening> {
  const happening = await peripherals.wait({ keys: true, chip: "inserted", register: true, timeout });
  if (happening.kind === "key" && /^\d/.test(happening.key)) peripherals.dropTyping();
  return happening;
}
