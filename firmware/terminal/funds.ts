import { askSignedIn } from "../acquirer/attempts.ts";
import type { FundsItem, FundsOutcome } from "../acquirer/funds.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { signInIfNeeded } from "./host-ready.ts";
import { type KnownFunds, keepFunds, nameOf, printedDate, readFunds, withAnswer } from "./known-funds.ts";
import { localTime, printedTime } from "./local-time.ts";
import { offline } from "./offline.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

const patience = 60_000;
/** Answers that are asked for one after the other. */
const mostAnswers = 8;

/**
 * Where the merchant's money is, an entry a page, as the host says it now; where it cannot be asked, as it said it last,
 * with the time. Throws `UserError` where it says nothing and never did.
 */
export async function showFunds(services: Services): Promise<void> {
  const { screen, peripherals } = services;
  const { known, isOld } = await ask(services);
  const { items } = known;
  const asOf = isOld ? { asOf: shortTime(services, known.at) } : {};
  let place = 0;
  for (;;) {
    const item = items[place];
    await (item === undefined
      ? screen.show({
          id: "settlement-status",
          state: "paidOut",
          count: 0,
          amount: money(services, 0),
          empty: true,
          ...asOf,
        })
      : screen.show({ ...pageOf(services, item, place, items.length), ...asOf }));
    const key = await peripherals.key(patience);
    if (key === "UP") place = Math.max(0, place - 1);
    else if (key === "DOWN") place = Math.min(Math.max(0, items.length - 1), place + 1);
    else return;
  }
}

/** The host's word, which is kept; or the word that is kept. */
async function ask(services: Services): Promise<{ readonly known: KnownFunds; readonly isOld: boolean }> {
  const { screen, notes, clock } = services;
  const before = await readFunds(notes);
  try {
    await screen.show({ id: "processing", stage: "connecting" });
    await signInIfNeeded(services);
    const known = withAnswer(before, await openItems(services), clock.wall());
    await keepFunds(notes, known);
    return { known, isOld: false };
  } catch (error) {
    if (!(error instanceof UserError) || error.screen.id !== "offline" || before === undefined) throw error;
    return { known: before, isOld: true };
  }
}

/** What is open. */
async function openItems(services: Services): Promise<readonly FundsItem[]> {
  const items = new Map<string, FundsItem>();
  let after = 0;
  for (let answer = 0; answer < mostAnswers; answer++) {
    const told = await askOnce(services, after);
    for (const item of told.items) items.set(nameOf(item), item);
    after = told.last;
    if (!told.more) break;
  }
  return [...items.values()];
}

async function askOnce(services: Services, after: number): Promise<Extract<FundsOutcome, { readonly kind: "told" }>> {
  const { acquirer } = services;
  const outcome = await inTurnOfItsOwn(() =>
    askSignedIn(
      acquirer,
      () => acquirer.askFunds(after),
      ({ kind }) => kind !== "noAnswer",
    ),
  );
  if (outcome?.kind === "told") return outcome;
  throw outcome === undefined ? offline(services) : new UserError({ id: "error", detail: `funds ${outcome.kind}` });
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
    ...(expected === undefined ? {} : { expected: printedDate(expected) }),
    ...(plan === undefined ? {} : { plan }),
    ...(reason === undefined ? {} : { reason }),
    place: place + 1,
    places,
  } as const;
}

/** "2026/11/23 21:07" */
function shortTime({ parameters }: Services, at: number): string {
  return printedTime(localTime(at, parameters.utcOffsetMinutes)).slice(0, -3);
}
