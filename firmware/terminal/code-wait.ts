import { askSignedIn } from "../acquirer/attempts.ts";
import { verdictOf } from "../acquirer/outcome.ts";
import type { AuthorisationOutcome, CodeWait, PaymentOutcome, WalletWord } from "../acquirer/types.ts";
import { merchantCode } from "../codes/merchant-code.ts";
import type { Transaction } from "../journal/types.ts";
import { referenceOf } from "./card/code-bearer.ts";
import { walletOf } from "./details.ts";
import { money, type Services } from "./services.ts";
import type { FinalOutcome } from "./settle.ts";

/** After how many seconds the host is asked again: growing, then always the last. With news from the host they are for lost ones. */
const pauses = Object.freeze({
  scanned: Object.freeze([2, 3, 5, 8, 10]),
  shown: Object.freeze([5, 6, 8, 10]),
  pushed: Object.freeze([10, 30]),
} as const);

/** How long a sign stands still, in milliseconds. */
const tick = 1_000;
const usualWait = 90;
const usualShow = 120;

/** Who has to do something for a payment. */
interface Waiting {
  readonly transaction: Transaction;
  readonly waitingFor: CodeWait | "bank";
}

const unanswered = Object.freeze<FinalOutcome>({ kind: "noAnswer", sent: true });

/**
 * Waits for the customer of a payment by code, and for an answer of the host that was lost: asks what became of it until that is
 * certain, the time is up, or the merchant presses CANCEL; then once more.
 * @param isShown the customer scans the terminal's code
 * @returns the transaction as the journal has it then, and what the host says; no answer means that nobody has paid that is known of:
 *   it is to be reversed, which closes it
 */
export async function awaitCustomer(
  services: Services,
  asked: Transaction,
  first: AuthorisationOutcome,
  isShown: boolean,
): Promise<readonly [Transaction, FinalOutcome]> {
  if (first.kind !== "pending" && (first.kind !== "noAnswer" || !first.sent)) return [asked, first];
  const { clock, parameters, news } = services;
  const { codeWaitSeconds = usualWait, codeShowSeconds = usualShow } = parameters;
  const steps = pauses[!isShown ? "scanned" : news === undefined ? "shown" : "pushed"];
  let end = clock.monotonic() + 1_000 * (isShown ? codeShowSeconds : codeWaitSeconds);
  let transaction = first.kind === "pending" ? await noteWallet(services, asked, first) : asked;
  const secondsLeft = (): number => Math.ceil(Math.max(0, end - clock.monotonic()) / 1_000);
  let waitingFor: Waiting["waitingFor"] = first.kind !== "pending" ? "bank" : isShown ? "scan" : "confirmation";
  for (let round = first.kind === "pending" ? 0 : -1; ; round++) {
    const left = Math.max(0, end - clock.monotonic());
    const now: Waiting = { transaction, waitingFor };
    await show(services, now, secondsLeft());
    const pause = round < 0 ? 0 : 1_000 * steps[Math.min(round, steps.length - 1)]!;
    let isOver = left === 0 || (pause > 0 && (await isCancelled(services, now, Math.min(pause, left), secondsLeft)));
    let outcome = isOver ? undefined : await askUnlessCancelled(services, now.transaction);
    if (outcome === "cancelled") isOver = true;
    if (isOver) outcome = await ask(services, transaction);
    if (outcome === "cancelled" || outcome === undefined) {
      if (isOver) return [transaction, unanswered];
      waitingFor = "bank";
      continue;
    }
    const verdict = verdictOf(transaction, outcome);
    if (verdict !== undefined) return [transaction, verdict];
    if (isOver || outcome.kind !== "told" || outcome.state !== "pending") return [transaction, unanswered];
    transaction = await noteWallet(services, transaction, outcome);
    const before = waitingFor;
    waitingFor = outcome.waitingFor ?? (isShown ? "scan" : "confirmation");
    // who has scanned the code at last has the time of one whose code was scanned
    if (before === "scan" && waitingFor !== "scan") end = Math.max(end, clock.monotonic() + 1_000 * codeWaitSeconds);
  }
}

/** What the customer scans, or who is waited for. */
function show(services: Services, { transaction, waitingFor }: Waiting, secondsLeft: number): Promise<void> {
  const { screen, parameters } = services;
  const { batch, stan, amount } = transaction;
  const shown = { amount: money(services, amount), secondsLeft };
  if (waitingFor !== "scan")
    return screen.show({ id: "waiting-payment", ...walletOf(transaction), ...shown, waitingFor });
  const reference = referenceOf(parameters.terminalId, batch, stan);
  return screen.show({ id: "show-qr", payload: merchantCode(parameters, { amount, reference }), ...shown });
}

/** Keeps what the host tells of the wallet, where it is new. */
function noteWallet(services: Services, transaction: Transaction, { scheme, order, payer }: WalletWord) {
  const word = { ...(scheme && { scheme }), ...(order && { order }), ...(payer && { payer }) };
  const isNew = Object.entries(word).some(([name, value]) => transaction[name as keyof WalletWord] !== value);
  return isNew ? services.journal.note(transaction, word) : transaction;
}

/**
 * Waits; true when the merchant stops it. News from the host of this payment end it at once: they come over a line that stands
 * beside nothing else, and say no more than that it is time to ask. A person who is waited for is shown again each second, so that
 * the sign moves; a code is not, because drawing it takes long.
 */
async function isCancelled(
  services: Services,
  now: Waiting,
  pause: number,
  secondsLeft: () => number,
): Promise<boolean> {
  const { peripherals, news, clock } = services;
  const step = now.waitingFor === "scan" ? pause : tick;
  const end = clock.monotonic() + pause;
  let isTold = false;
  news?.resume((about) => {
    if (about !== now.transaction.stan) return;
    isTold = true;
    peripherals.wake();
  });
  try {
    for (let left = pause; left > 0 && !isTold; left = end - clock.monotonic()) {
      const happening = await peripherals.wait({ keys: true, timeout: Math.min(left, step) });
      if (happening.kind === "timeout" && left > step) await show(services, now, secondsLeft());
      if (happening.kind === "key" && happening.key === "CANCEL") return true;
    }
    return false;
  } finally {
    await news?.pause();
  }
}

/** Asks what became of it; undefined where the host does not say. */
function ask({ acquirer }: Services, transaction: Transaction): Promise<PaymentOutcome | undefined> {
  return askSignedIn(
    acquirer,
    () => acquirer.askOutcome(transaction),
    ({ kind }) => kind === "told" || kind === "unsupported",
  );
}

/** The same, while the merchant may stop it. */
async function askUnlessCancelled(
  services: Services,
  transaction: Transaction,
): Promise<PaymentOutcome | "cancelled" | undefined> {
  const { acquirer, peripherals } = services;
  let isAnswered = false;
  const asked = ask(services, transaction).finally(() => {
    isAnswered = true;
    peripherals.wake();
  });
  while (!isAnswered) {
    const happening = await peripherals.wait({ keys: true });
    if (isAnswered || happening.kind !== "key" || happening.key !== "CANCEL") continue;
    acquirer.giveUp();
    await asked;
    return "cancelled";
  }
  return asked;
}
