import { askSignedIn } from "../acquirer/attempts.ts";
import { claimSignedIn, type ShopPayment } from "../acquirer/shop-payments.ts";
import { merchantCode } from "../codes/merchant-code.ts";
import { shopCodeLines } from "../receipt/shop-code.ts";
import { finishApproval } from "./approval.ts";
import { readIntent } from "./batch/intent.ts";
import { sendOwedReversals, signInIfNeeded } from "./host-ready.ts";
import { operatorOf } from "./operator/duty.ts";
import { printLines } from "./receipts.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** Between two looks for payments, in milliseconds: while the code is on the screen, idle, idle with news from the host; after failures. */
const pauses = Object.freeze({ shown: 10_000, idle: 30_000, told: 600_000, longest: 900_000 } as const);
/** The code stays on the screen for so many looks. */
const mostLooks = 60;

/** Shows the shop's own code, and tells of what is paid to it, until a key is pressed. */
export async function showShopCode(services: Services): Promise<void> {
  const { screen, peripherals, news, parameters } = services;
  const payload = merchantCode(parameters);
  for (let look = 0; look < mostLooks; look++) {
    await screen.show({ id: "show-qr", payload });
    news?.resume(() => {}); // of another payment: this one's are told by `unclaimed`, which wakes
    const happening = await peripherals.wait({ keys: true, timeout: pauses.shown });
    await news?.pause();
    if (happening.kind === "key") return;
    await quietly(() => takeShopPayments(services));
  }
}

/** Prints it, to be put up in the shop. */
export async function printShopCode(services: Services): Promise<void> {
  const { parameters, screen } = services;
  const name = parameters.merchantName[screen.language];
  await printLines(services, "report", () => shopCodeLines(name, merchantCode(parameters), screen.language));
}

/**
 * Takes over what customers have paid to the shop's code: each is in the journal before the host books it to this terminal's batch,
 * then told and printed. What the host does not answer is repeated before anything else is paid. Throws `UserError` where the host
 * is not there.
 * @returns false where the host did not say all
 */
export async function takeShopPayments(services: Services): Promise<boolean> {
  const { acquirer, journal, notes, news } = services;
  if ((await readIntent(notes)) !== undefined) return false;
  if (!(await journal.hasRoom())) return true; // they wait for the next batch
  await sendOwedReversals(services);
  await signInIfNeeded(services);
  for (let after = 0; ; ) {
    const from = after;
    const outcome = await askSignedIn(
      acquirer,
      () => acquirer.askShopPayments(from),
      ({ kind }) => kind === "told" || kind === "unsupported",
    );
    if (outcome?.kind === "unsupported") return true;
    if (outcome?.kind !== "told") return false;
    news?.forgetUnclaimed();
    for (const payment of outcome.payments) {
      if ((await takeOver(services, payment)) === "noAnswer") return false;
    }
    if (!outcome.more || outcome.last <= after) return true;
    after = outcome.last;
  }
}

async function takeOver(services: Services, { number, amount, known }: ShopPayment) {
  const { acquirer, journal, clock, currency } = services;
  const opened = await journal.open({
    type: "sale",
    amount,
    currency,
    entryMode: "code",
    ...(known.scheme === undefined ? {} : { scheme: known.scheme }),
    claim: number,
    startedAt: clock.wall(),
    operator: operatorOf(services),
  });
  const claiming = await journal.advance(opened, "authorising", known);
  const { kind } = await claimSignedIn(acquirer, claiming);
  if (kind === "taken") {
    const approved = await journal.advance(claiming, "approved");
    await finishApproval(services, await journal.advance(approved, "confirmed"));
  } else if (kind === "gone") {
    await journal.advance(claiming, "cancelled");
  }
  return kind;
}

/** When an idle terminal looks for payments to the shop's code. */
export class ShopWatch {
  readonly #services: Services;
  #at: number;
  #pause: number;

  constructor(services: Services) {
    this.#services = services;
    this.#pause = this.#usual;
    this.#at = services.clock.monotonic() + this.#pause;
  }

  /** Milliseconds until it does. */
  get sleep(): number {
    const { news, parameters, clock } = this.#services;
    if (parameters.codePayments === false) return Number.POSITIVE_INFINITY;
    if (news?.hasUnclaimed === true) return 0;
    return parameters.shopCode === true ? Math.max(0, this.#at - clock.monotonic()) : Number.POSITIVE_INFINITY;
  }

  /** Looks for them; a host that is not there is left alone for longer each time. */
  async perform(): Promise<void> {
    const isTold = await quietly(() => takeShopPayments(this.#services));
    this.#services.news?.forgetUnclaimed();
    this.#pause = isTold === true ? this.#usual : Math.min(2 * this.#pause, pauses.longest);
    this.#at = this.#services.clock.monotonic() + this.#pause;
  }

  get #usual(): number {
    return this.#services.news === undefined ? pauses.idle : pauses.told;
  }
}

/** Nobody waits for it: what goes wrong is tried again. */
async function quietly<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
