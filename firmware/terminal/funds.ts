import { askSignedIn } from "../acquirer/attempts.ts";
import type { FundsItem, FundsOutcome } from "../acquirer/funds.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { signInIfNeeded } from "./host-ready.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

const patience = 60_000;
/** Answers that are asked for one after the other. */
const mostAnswers = 8;

/** Where the merchant's money is, an entry a page, as the host says it now. Throws `UserError` where it says nothing. */
export async function showFunds(services: Services): Promise<void> {
  const { screen, peripherals } = services;
  await screen.show({ id: "processing", stage: "connecting" });
  await signInIfNeeded(services);
  const items = await allItems(services);
  let place = 0;
  for (;;) {
    const item = items[place];
    await (item === undefined
      ? screen.show({ id: "settlement-status", state: "paidOut", count: 0, amount: money(services, 0), empty: true })
      : screen.show(pageOf(services, item, place, items.length)));
    const key = await peripherals.key(patience);
    if (key === "UP") place = Math.max(0, place - 1);
    else if (key === "DOWN") place = Math.min(Math.max(0, items.length - 1), place + 1);
    else return;
  }
}

/** What is open, newest change first. */
async function allItems(services: Services): Promise<readonly FundsItem[]> {
  const items = new Map<string, FundsItem>();
  let after = 0;
  for (let answer = 0; answer < mostAnswers; answer++) {
    const told = await ask(services, after);
    for (const item of told.items) items.set(`${item.batch} ${item.part}`, item);
    after = told.last;
    if (!told.more) break;
  }
  return [...items.values()].filter(({ count }) => count > 0).sort((one, other) => other.number - one.number);
}

async function ask({ acquirer }: Services, after: number): Promise<Extract<FundsOutcome, { readonly kind: "told" }>> {
  const outcome = await inTurnOfItsOwn(() =>
    askSignedIn(
      acquirer,
      () => acquirer.askFunds(after),
      ({ kind }) => kind !== "noAnswer",
    ),
  );
  if (outcome?.kind === "told") return outcome;
  throw new UserError(outcome === undefined ? { id: "offline" } : { id: "error", detail: `funds ${outcome.kind}` });
}

function pageOf(services: Services, item: FundsItem, place: number, places: number) {
  const { expected, plan, reason } = item;
  return {
    id: "settlement-status",
    state: item.state,
    count: item.count,
    amount: money(services, item.amount),
    fee: money(services, item.fee),
    net: money(services, item.net),
    ...(expected === undefined ? {} : { expected: dated(expected) }),
    ...(plan === undefined ? {} : { plan }),
    ...(reason === undefined ? {} : { reason }),
    place: place + 1,
    places,
  } as const;
}

/** "2026/11/24" */
function dated(text: string): string {
  return `${text.slice(0, 4)}/${text.slice(4, 6)}/${text.slice(6)}`;
}
