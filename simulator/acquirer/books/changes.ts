/** What changed since the books were last written: the newest row under each key, in tables. */
import type { CardAccount } from "../accounts.ts";
import type { BackupRecord } from "../backup.ts";
import type { TransactionRecord } from "../book.ts";
import { hex } from "../bytes.ts";
import type { FundsItem } from "../funds/funds.ts";
import type { Entry } from "../ledger.ts";
import { batchText, type Keeper, type TerminalState } from "../rules/bank.ts";
import type { ShownCode } from "../wallet/codes.ts";
import type { Order } from "../wallet/orders.ts";
import type { ShopPayment } from "../wallet/shop-payments.ts";
import { optional } from "./engine.ts";
import type { Row, tables } from "./tables.ts";

type TableName = keyof typeof tables;

/** One group: rows by table, and batches whose backups are not needed any more. */
export interface Group {
  readonly rows: ReadonlyMap<TableName, readonly Row[]>;
  readonly closed: readonly { readonly terminal: string; readonly batch: number }[];
}

function transactionRow(record: TransactionRecord): Row {
  const { key, number, terminal, merchant, batch, stan, kind, type, amount, currency, account, at } = record;
  const { day, time, month, response, authorisationCode, reference, cryptogram, entry, fee, state } = record;
  const { refunded, withheld, holdDays, touched } = record;
  return [
    ...[key, number, terminal, merchant, batch, stan, kind, type, amount, currency, optional(account?.name), at],
    ...[day, time, month, response, authorisationCode, reference, optional(cryptogram), optional(entry), fee, state],
    ...[refunded, optional(withheld), optional(holdDays), optional(touched?.record.key), optional(touched?.before)],
  ];
}

function fundsRow(item: FundsItem): Row {
  const { terminal, batch, part, merchant, plan, number, state, count, amount, fee, settled, expected } = item;
  return [
    ...[terminal, batch, part, merchant, plan, number, state, count, amount, fee, settled ? 1 : 0, expected],
    ...[optional(item.dueAt), optional(item.reason), item.holdDays],
  ];
}

function orderRow(order: Order): Row {
  const { key, number, terminal, merchant, batch, stan, amount, currency, at, day, announced } = order;
  const { account, state, waitingFor, tries } = order;
  return [
    ...[key, number, terminal, merchant, batch, stan, amount, currency, at, day, announced ? 1 : 0],
    ...[optional(account?.name), state, optional(waitingFor), tries],
  ];
}

function shopPaymentRow(payment: ShopPayment): Row {
  const { order, number, terminal, merchant, account, amount, at, day, time, authorisationCode, reference } = payment;
  const codes = [authorisationCode, reference, optional(payment.claimed)];
  return [order, number, terminal, merchant, account.name, amount, at, day, time, ...codes];
}

/** Collects changes until they are taken. Rows are made when they are taken, so that each is written once a group. */
export class Changes implements Keeper {
  #entries: Entry[] = [];
  #records = new Map<string, TransactionRecord>();
  #funds = new Map<string, FundsItem>();
  #terminals = new Map<string, TerminalState>();
  #accounts = new Map<string, CardAccount>();
  #unseen = new Set<string>();
  #codes = new Map<string, ShownCode>();
  #orders = new Map<string, Order>();
  #shopPayments = new Map<string, ShopPayment>();
  #backups = new Map<string, readonly [string, BackupRecord]>();
  #closed: { terminal: string; batch: number }[] = [];
  #empty = true;

  get empty(): boolean {
    return this.#empty;
  }

  entry(entry: Entry): void {
    this.#entries.push(entry);
    this.#empty = false;
  }

  record(record: TransactionRecord): void {
    this.#records.set(record.key, record);
    this.#empty = false;
  }

  unseen(key: string): void {
    this.#unseen.add(key);
    this.#empty = false;
  }

  terminal(state: TerminalState): void {
    this.#terminals.set(state.entry.terminal, state);
    this.#empty = false;
  }

  account(account: CardAccount): void {
    this.#accounts.set(account.name, account);
    this.#empty = false;
  }

  funds(item: FundsItem): void {
    this.#funds.set(`${item.terminal}/${item.batch}/${item.part}`, item);
    this.#empty = false;
  }

  code(code: ShownCode): void {
    this.#codes.set(code.digest, code);
    this.#empty = false;
  }

  order(order: Order): void {
    this.#orders.set(order.key, order);
    this.#empty = false;
  }

  shopPayment(payment: ShopPayment): void {
    this.#shopPayments.set(payment.order, payment);
    this.#empty = false;
  }

  backup(terminal: string, record: BackupRecord): void {
    this.#backups.set(`${terminal}/${record.batch}/${record.stan}`, [terminal, record]);
    this.#empty = false;
  }

  closed(terminal: string, batch: number): void {
    this.#closed.push({ terminal, batch });
    for (const [name, [owner, record]] of this.#backups) {
      if (owner === terminal && record.batch === batch) this.#backups.delete(name);
    }
    this.#empty = false;
  }

  /** All that was collected, to be written in one transaction. */
  take(): Group {
    const rows = new Map<TableName, Row[]>([
      ["entries", this.#entries.map(({ id, at, kind, reference }) => [id, at, kind, reference])],
      [
        "legs",
        this.#entries.flatMap(({ id, legs }) =>
          legs.map(({ account, currency, amount }, place): Row => [id, place, account, currency, amount]),
        ),
      ],
      ["transactions", [...this.#records.values()].map(transactionRow)],
      ["unseen", [...this.#unseen].map((key) => [key])],
      [
        "terminals",
        [...this.#terminals.values()].map(({ entry, batch }) => [entry.terminal, Number(batchText(batch))]),
      ],
      ["cards", [...this.#accounts.values()].map(({ name, status, pinTriesLeft }) => [name, status, pinTriesLeft])],
      ["funds", [...this.#funds.values()].map(fundsRow)],
      [
        "codes",
        [...this.#codes.values()].map(({ digest, account, at, used }) => [digest, account.name, at, used ? 1 : 0]),
      ],
      ["orders", [...this.#orders.values()].map(orderRow)],
      ["shop_payments", [...this.#shopPayments.values()].map(shopPaymentRow)],
      [
        "backups",
        [...this.#backups.values()].map(
          ([terminal, { batch, stan, number, sequence, state, payload }]): Row => [
            ...[terminal, batch, stan, number, sequence, state, hex(payload)],
          ],
        ),
      ],
    ]);
    const group = { rows, closed: this.#closed };
    this.#entries = [];
    this.#records = new Map();
    this.#funds = new Map();
    this.#terminals = new Map();
    this.#accounts = new Map();
    this.#unseen = new Set();
    this.#codes = new Map();
    this.#orders = new Map();
    this.#shopPayments = new Map();
    this.#backups = new Map();
    this.#closed = [];
    this.#empty = true;
    return group;
  }
}
