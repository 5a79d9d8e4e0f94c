/** Puts what a store kept back into a host that starts. */
import type { TransactionRecord, TransactionState } from "../book.ts";
import { fromHex } from "../bytes.ts";
import type { FundsItem, FundsState, Part } from "../funds/funds.ts";
import type { Plan } from "../funds/working-days.ts";
import type { Entry, Leg } from "../ledger.ts";
import type { Bank } from "../rules/bank.ts";
import type { KindName } from "../rules/kinds.ts";
import type { Order, OrderState, WaitingFor } from "../wallet/orders.ts";
import type { ShopPayment } from "../wallet/shop-payments.ts";
import { BooksError, numberOf, textOf } from "./engine.ts";
import type { BooksStore } from "./store.ts";
import { selectStatement, type Table, tables } from "./tables.ts";

type Columns = Readonly<Record<string, unknown>>;

/** All that a store kept, read into memory. */
export interface Kept {
  readonly rows: Readonly<Record<keyof typeof tables, readonly Columns[]>>;
}

/** The order in which each table is read. */
const orders: Readonly<Record<keyof typeof tables, string>> = {
  facts: "name",
  entries: "id",
  legs: "entry, place",
  transactions: "number",
  unseen: "name",
  terminals: "terminal",
  cards: "card",
  funds: "terminal, number",
  backups: "terminal, number",
  codes: "moment",
  orders: "number",
  shop_payments: "terminal, number",
};

/** Reads everything. */
export async function readKept(store: BooksStore): Promise<Kept> {
  const read = (table: Table, order: string) => store.engine.all(selectStatement(table, order));
  const rows: Partial<Record<keyof typeof tables, readonly Columns[]>> = {};
  for (const name of Object.keys(tables) as (keyof typeof tables)[])
    rows[name] = await read(tables[name], orders[name]);
  return { rows: rows as Kept["rows"] };
}

function* entriesOf({ rows }: Kept): Generator<Entry> {
  const legs = new Map<number, Leg[]>();
  for (const row of rows.legs) {
    const entry = numberOf(row.entry);
    const leg = { account: textOf(row.account), currency: textOf(row.currency), amount: numberOf(row.amount) };
    const known = legs.get(entry);
    if (known) known.push(leg);
    else legs.set(entry, [leg]);
  }
  for (const row of rows.entries) {
    const id = numberOf(row.id);
    const { kind, reference, moment } = row;
    yield { id, at: numberOf(moment), kind: textOf(kind), reference: textOf(reference), legs: legs.get(id) ?? [] };
  }
}

function transactionOf(row: Columns, bank: Bank, legs: readonly Leg[]): TransactionRecord {
  const name = textOf(row.card);
  const account = name === "" ? undefined : bank.payerNamed(name);
  const touched = row.touched === null ? undefined : bank.book.find(textOf(row.touched));
  return {
    key: textOf(row.name),
    number: numberOf(row.number),
    terminal: textOf(row.terminal),
    merchant: textOf(row.merchant),
    batch: textOf(row.batch),
    stan: textOf(row.stan),
    kind: textOf(row.kind) as KindName,
    type: textOf(row.type),
    amount: numberOf(row.amount),
    currency: textOf(row.currency),
    account,
    at: numberOf(row.moment),
    day: textOf(row.day),
    time: textOf(row.time),
    month: textOf(row.month),
    response: textOf(row.response),
    authorisationCode: textOf(row.authorisation),
    reference: textOf(row.reference),
    cryptogram: row.cryptogram === null ? undefined : textOf(row.cryptogram),
    entry: row.entry === null ? undefined : numberOf(row.entry),
    legs,
    fee: numberOf(row.fee),
    state: textOf(row.state) as TransactionState,
    refunded: numberOf(row.refunded),
    withheld: row.withheld === null ? undefined : textOf(row.withheld),
    holdDays: row.hold_days === null ? undefined : numberOf(row.hold_days),
    touched: touched && { record: touched, before: textOf(row.touched_before) as TransactionState },
  };
}

function fundsOf(row: Columns): FundsItem {
  return {
    terminal: textOf(row.terminal),
    merchant: textOf(row.merchant),
    batch: textOf(row.batch),
    part: textOf(row.part) as Part,
    plan: textOf(row.plan) as Plan,
    number: numberOf(row.number),
    state: textOf(row.state) as FundsState,
    count: numberOf(row.count),
    amount: numberOf(row.amount),
    fee: numberOf(row.fee),
    settled: numberOf(row.settled) === 1,
    expected: textOf(row.expected),
    dueAt: row.due_at === null ? undefined : numberOf(row.due_at),
    reason: row.reason === null ? undefined : textOf(row.reason),
    holdDays: numberOf(row.hold_days),
    latest: undefined,
  };
}

function orderOf(row: Columns, bank: Bank): Order {
  return {
    key: textOf(row.name),
    number: textOf(row.number),
    terminal: textOf(row.terminal),
    merchant: textOf(row.merchant),
    batch: textOf(row.batch),
    stan: textOf(row.stan),
    amount: numberOf(row.amount),
    currency: textOf(row.currency),
    at: numberOf(row.moment),
    day: textOf(row.day),
    announced: numberOf(row.announced) === 1,
    account: row.account === null ? undefined : bank.walletAccount(textOf(row.account)),
    state: textOf(row.state) as OrderState,
    waitingFor: row.waiting_for === null ? undefined : (textOf(row.waiting_for) as WaitingFor),
    tries: numberOf(row.tries),
  };
}

function shopPaymentOf(row: Columns, bank: Bank): ShopPayment | undefined {
  const account = bank.walletAccount(textOf(row.account));
  return (
    account && {
      number: numberOf(row.number),
      order: textOf(row.name),
      terminal: textOf(row.terminal),
      merchant: textOf(row.merchant),
      account,
      amount: numberOf(row.amount),
      at: numberOf(row.moment),
      day: textOf(row.day),
      time: textOf(row.time),
      authorisationCode: textOf(row.authorisation),
      reference: textOf(row.reference),
      claimed: row.claimed === null ? undefined : textOf(row.claimed),
    }
  );
}

/** Puts everything back. Throws `BooksError` for books of other terminals than the host knows. */
export function restore(kept: Kept, bank: Bank): void {
  const { rows } = kept;
  const entries = [...entriesOf(kept)];
  bank.ledger.restore(entries);
  for (const row of rows.terminals) {
    const terminal = bank.terminal(textOf(row.terminal));
    if (!terminal) throw new BooksError("the books know a terminal that the host does not");
    terminal.batch = numberOf(row.batch);
  }
  for (const row of rows.cards) {
    const account = bank.accountNamed(textOf(row.card));
    if (account) account.pinTriesLeft = numberOf(row.pin_tries_left);
  }
  for (const row of rows.unseen) bank.book.undoUnseen(textOf(row.name));
  for (const row of rows.funds) bank.funds.restore(fundsOf(row));
  for (const row of rows.transactions) {
    const legs = row.entry === null ? [] : (entries[numberOf(row.entry) - 1]?.legs ?? []);
    const record = transactionOf(row, bank, legs);
    bank.book.add(record);
    bank.funds.recall(record);
    if (record.cryptogram !== undefined) bank.accountNamed(textOf(row.card))?.cryptograms.add(record.cryptogram);
  }
  const references = [...rows.transactions, ...rows.shop_payments].map((row) =>
    Number(textOf(row.reference).slice(-6)),
  );
  bank.restoreReferences(references);
  for (const row of rows.codes) {
    const account = bank.walletAccount(textOf(row.account));
    const code = { digest: textOf(row.name), at: numberOf(row.moment), used: numberOf(row.used) === 1 };
    if (account) bank.codes.restore({ ...code, account });
  }
  for (const row of rows.orders) bank.orders.restore(orderOf(row, bank));
  for (const row of rows.shop_payments) {
    const payment = shopPaymentOf(row, bank);
    if (!payment) continue;
    bank.shopPayments.restore(payment);
    bank.funds.recallNumber(payment.terminal, payment.number);
  }
  for (const row of rows.backups) {
    bank.backup.restore(textOf(row.terminal), {
      number: numberOf(row.number),
      batch: numberOf(row.batch),
      stan: numberOf(row.stan),
      sequence: numberOf(row.sequence),
      state: numberOf(row.state),
      payload: fromHex(textOf(row.payload)),
    });
  }
}
