import type { Transaction, TransactionState } from "../journal/types.ts";
import { languages } from "../screen/messages/languages.ts";
import type { MessageKey } from "../screen/messages/words.ts";
import { shownAmount } from "../screen/money.ts";
import type { Choice } from "../screen/screens.ts";
import { detailsOf } from "./details.ts";
import { askNumber } from "./number-entry.ts";
import { isPrintable, printAgain } from "./reprint.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** Rows of one page, and how many transactions the list goes back; older ones are found by their number. */
const pageLength = 5;
const mostListed = 100;
const patience = 60_000;

/** What a row says of a transaction that did not simply go through. */
const remarks: Readonly<Partial<Record<TransactionState, MessageKey>>> = Object.freeze({
  declined: "declined.title",
  reversed: "reversed.title",
  disputed: "disputed.title",
  voided: "history.voided",
  adjusted: "history.adjusted",
  completed: "history.completed",
  queued: "history.owed",
  sent: "history.owed",
  offlineApproved: "history.owed",
  uploading: "history.owed",
  reversing: "reversing.title",
});

/**
 * The transactions, newest first, a page at a time: UP and DOWN move, ENTER or a row's number shows one, 0 asks for a
 * voucher number. From there ENTER prints it again.
 */
export async function history(services: Services): Promise<void> {
  const { screen, peripherals } = services;
  const ids = await newestIds(services);
  if (ids.length === 0) throw new UserError({ id: "no-original", reason: "none" });
  let selected = 0;
  for (;;) {
    const first = selected - (selected % pageLength);
    const page = await transactionsOf(services, ids.slice(first, first + pageLength));
    await screen.show({
      id: "history",
      choices: page.map((transaction) => rowOf(services, transaction)),
      selected: selected - first,
    });
    const key = await peripherals.key(patience);
    if (key === undefined || key === "CANCEL") return;
    if (key === "UP") selected = (selected + ids.length - 1) % ids.length;
    if (key === "DOWN") selected = (selected + 1) % ids.length;
    if (key === "0") await showDetail(services, await byNumber(services));
    const picked = key === "ENTER" ? page[selected - first] : /^[1-5]$/.test(key) ? page[Number(key) - 1] : undefined;
    if (picked !== undefined) await showDetail(services, picked);
  }
}

async function newestIds({ journal }: Services): Promise<readonly number[]> {
  const ids: number[] = [];
  await journal.each(({ id, state }) => {
    if (state !== "cancelled" && state !== "opened") ids.push(id);
    if (ids.length > mostListed) ids.shift();
    return undefined;
  });
  return ids.reverse();
}

async function transactionsOf({ journal }: Services, ids: readonly number[]): Promise<readonly Transaction[]> {
  const found: Transaction[] = [];
  for (const id of ids) {
    const transaction = await journal.find({ id });
    if (transaction !== undefined) found.push(transaction);
  }
  return found;
}

function rowOf(services: Services, { stan, type, amount, state }: Transaction): Choice {
  const words = languages[services.screen.language];
  const voucher = String(stan).padStart(6, "0");
  const remark = remarks[state];
  const row = `${voucher} ${words[`operation.${type}`]} ${shownAmount(money(services, amount))}`;
  return { id: voucher, text: remark === undefined ? row : `${row} ${words[remark]}` };
}

async function byNumber(services: Services): Promise<Transaction> {
  const voucher = await askNumber(services, { what: "voucher", operation: "sale", least: 1, most: 6 });
  const found = await services.journal.find({ stan: Number(voucher) });
  if (found === undefined) throw new UserError({ id: "no-original", reason: "unknown" });
  return found;
}

async function showDetail(services: Services, transaction: Transaction): Promise<void> {
  await services.screen.show({ id: "detail", ...detailsOf(services, transaction) });
  const key = await services.peripherals.key(patience);
  if (key === "ENTER" && services.paper !== undefined && isPrintable(transaction))
    await printAgain(services, transaction);
}
