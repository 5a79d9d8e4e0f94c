/** What the rules work with: books, security module, calendar, terminals; and the state the host keeps of a terminal. */
import type { Account, CardAccount } from "../accounts.ts";
import { Backup, type BackupRecord } from "../backup.ts";
import { Book, type TransactionRecord } from "../book.ts";
import type { RandomBytes } from "../bytes.ts";
import { Funds, type FundsItem } from "../funds/funds.ts";
import type { Hsm } from "../hsm.ts";
import type { Fields } from "../iso8583/codec.ts";
import type { Ledger } from "../ledger.ts";
import type { TerminalEntry } from "../terminals.ts";
import type { HostCalendar } from "../time.ts";
import type { WalletAccount } from "../wallet/accounts.ts";
import { Codes, type ShownCode } from "../wallet/codes.ts";
import { type Order, Orders } from "../wallet/orders.ts";
import { type ShopPayment, ShopPayments } from "../wallet/shop-payments.ts";
import type { DownloadContext } from "./downloads.ts";
import type { PackageOffer } from "./packages.ts";
import type { ParameterSet } from "./parameters.ts";

/** A payment as a terminal uploaded it at the end of a batch. */
export interface UploadedPayment {
  readonly stan: string;
  readonly pan: string;
  readonly amount: number;
}

/** A terminal and its open batch. */
export interface TerminalState {
  readonly entry: TerminalEntry;
  batch: number;
  /** What was uploaded of the open batch, by STAN. */
  readonly uploaded: Map<string, UploadedPayment>;
  /** STANs of what cards refused by themselves, told with the open batch. */
  readonly refusals: Set<string>;
}

/** Where a terminal and the host's books differed at the end of a batch. */
export interface Discrepancy {
  readonly terminal: string;
  readonly batch: string;
  readonly stan: string;
  readonly what:
    | "unknown to the host"
    | "unknown to the terminal"
    | "other amount"
    | "other card"
    | "refused by the card";
}

/** What a terminal told of scripts that its issuer sent to a card. */
export interface ScriptNotice {
  readonly terminal: string;
  readonly batch: string;
  readonly stan: string;
  readonly card: string | undefined;
  /** Field 55, masked. */
  readonly chip: string;
}

/** What a terminal told of a card that refused by itself. */
export interface RefusalAdvice extends Omit<UploadedPayment, "pan"> {
  readonly terminal: string;
  readonly batch: string;
  readonly card: string | undefined;
  /** Field 55, masked. */
  readonly chip: string;
}

/** What changes that must outlive the host. */
export interface Keeper {
  record(record: TransactionRecord): void;
  unseen(key: string): void;
  terminal(state: TerminalState): void;
  account(account: CardAccount): void;
  funds(item: FundsItem): void;
  code(code: ShownCode): void;
  order(order: Order): void;
  shopPayment(payment: ShopPayment): void;
  backup(terminal: string, record: BackupRecord): void;
  /** A batch was closed: its backups are not needed any more. */
  closed(terminal: string, batch: number): void;
}

/** The acquirer's and the issuer's side in one place. */
export class Bank {
  readonly ledger: Ledger;
  readonly hsm: Hsm;
  readonly calendar: HostCalendar;
  readonly book = new Book();
  readonly funds: Funds;
  readonly backup: Backup;
  readonly discrepancies: Discrepancy[] = [];
  readonly notices = new Map<string, ScriptNotice>();
  readonly advices = new Map<string, RefusalAdvice>();
  /** What terminals may download: parameters by terminal, else for all. */
  readonly parameters = new Map<string, ParameterSet>();
  /** Signed packages by terminal, else for all; one after the other. */
  readonly packages = new Map<string, readonly PackageOffer[]>();
  /** What is other than usual in the payment systems' keys and applications that are handed out. */
  downloads: DownloadContext = {};
  /** Payment codes that phones showed, and payments by code. */
  readonly codes: Codes;
  readonly orders = new Orders((order) => this.#keeper?.order(order));
  /** Payments to shops' own codes. */
  readonly shopPayments = new ShopPayments((payment) => {
    this.#keeper?.shopPayment(payment);
    this.#fundsChanged(payment.terminal);
  });
  readonly #wallets: ReadonlyMap<string, WalletAccount>;
  readonly #accounts: Map<string, CardAccount>;
  readonly #byName: Map<string, CardAccount>;
  readonly #terminals: ReadonlyMap<string, TerminalState>;
  readonly #random: RandomBytes;
  readonly #keeper: Keeper | undefined;
  readonly #fundsChanged: (terminal: string) => void;
  #references = 0;

  constructor(parts: {
    readonly ledger: Ledger;
    readonly hsm: Hsm;
    readonly calendar: HostCalendar;
    readonly random: RandomBytes;
    readonly accounts: readonly CardAccount[];
    readonly wallets: readonly WalletAccount[];
    readonly terminals: readonly TerminalEntry[];
    readonly keeper?: Keeper | undefined;
    readonly fundsChanged: (terminal: string) => void;
  }) {
    this.ledger = parts.ledger;
    this.hsm = parts.hsm;
    this.calendar = parts.calendar;
    this.#random = parts.random;
    this.#accounts = new Map(parts.accounts.map((account) => [account.pan, account]));
    this.#byName = new Map(parts.accounts.map((account) => [account.name, account]));
    this.#wallets = new Map(parts.wallets.map((account) => [account.name, account]));
    this.#terminals = new Map(
      parts.terminals.map((entry) => [entry.terminal, { entry, batch: 1, uploaded: new Map(), refusals: new Set() }]),
    );
    this.#keeper = parts.keeper;
    this.codes = new Codes(parts.random, (code) => this.#keeper?.code(code));
    this.#fundsChanged = parts.fundsChanged;
    this.funds = new Funds({
      ledger: this.ledger,
      calendar: this.calendar,
      shop: (terminal) => this.#terminals.get(terminal)!.entry,
      changed: (item) => {
        this.#keeper?.funds(item);
        this.#fundsChanged(item.terminal);
      },
    });
    this.backup = new Backup((terminal, record) => this.#keeper?.backup(terminal, record));
    for (const entry of parts.terminals) this.hsm.loadMasterKey(entry.terminal, entry.masterKey);
  }

  /** Gives cards and wallets their opening balances, each once in the life of the books. */
  open(): void {
    const known = this.ledger.balances();
    for (const { name, currency, opening } of [...this.accounts(), ...this.walletAccounts()])
      if (!known.has(name)) this.ledger.open(name, currency, opening);
  }

  /** Opens accounts of a card that was issued later. Throws `RangeError` where a number or a name is taken, and opens none. */
  issue(accounts: readonly CardAccount[]): void {
    if (accounts.some(({ name, pan }) => this.#byName.has(name) || this.#accounts.has(pan)))
      throw new RangeError("there is such a card already");
    for (const account of accounts) {
      this.#accounts.set(account.pan, account);
      this.#byName.set(account.name, account);
      this.ledger.open(account.name, account.currency, account.opening);
    }
  }

  /** Takes a new transaction into the book. */
  add(record: TransactionRecord): void {
    this.book.add(record);
    this.changed(record);
  }

  /** A transaction stands differently now: the funds follow. */
  changed(record: TransactionRecord): void {
    this.funds.touch(record);
    this.#keeper?.record(record);
  }

  /** A reversal came before its transaction. */
  undoUnseen(key: string): void {
    this.book.undoUnseen(key);
    this.#keeper?.unseen(key);
  }

  /** An account's status or its PIN tries changed. */
  accountChanged(account: CardAccount): void {
    this.#keeper?.account(account);
  }

  /** Takes a payment out of what the shop is paid, for so many working days; false where it is too late. */
  hold(record: TransactionRecord, reason: string, workingDays?: number): boolean {
    const held = this.funds.hold(record, reason, workingDays);
    if (held) this.#keeper?.record(record);
    return held;
  }

  /** The open batch of a terminal ends: its money goes on its way, the next one opens. */
  closeBatch(terminal: TerminalState): void {
    for (const order of this.orders.pending())
      if (order.terminal === terminal.entry.terminal && order.batch === batchText(terminal.batch))
        this.closeOrder(order);
    this.funds.close(terminal.entry.terminal, batchText(terminal.batch));
    this.backup.forget(terminal.entry.terminal, terminal.batch);
    this.#keeper?.closed(terminal.entry.terminal, terminal.batch);
    terminal.uploaded.clear();
    terminal.refusals.clear();
    terminal.batch = (terminal.batch % 999_999) + 1;
    this.#keeper?.terminal(terminal);
  }

  /** Whether a transaction's batch has been closed. */
  isSettled({ terminal, batch }: TransactionRecord): boolean {
    return batchText(this.#terminals.get(terminal)!.batch) !== batch;
  }

  walletAccount(name: string): WalletAccount | undefined {
    return this.#wallets.get(name);
  }

  walletAccounts(): WalletAccount[] {
    return [...this.#wallets.values()];
  }

  /** A payment by code that nobody can pay any more: what comes later is refused as if its reversal had come first. */
  closeOrder(order: Order): void {
    order.state = "closed";
    this.orders.changed(order);
    this.undoUnseen(order.key);
  }

  account(pan: string): CardAccount | undefined {
    return this.#accounts.get(pan);
  }

  accountNamed(name: string): CardAccount | undefined {
    return this.#byName.get(name);
  }

  /** A card's account, or a wallet's. */
  payerNamed(name: string): Account | undefined {
    return this.#byName.get(name) ?? this.#wallets.get(name);
  }

  accounts(): CardAccount[] {
    return [...this.#accounts.values()];
  }

  terminal(id: string): TerminalState | undefined {
    return this.#terminals.get(id);
  }

  terminals(): TerminalState[] {
    return [...this.#terminals.values()];
  }

  /** Field 37: month, day, hour and a running number. */
  nextReference(): string {
    const { day, time } = this.calendar.now();
    this.#references += 1;
    return day + time.slice(0, 2) + String(this.#references).padStart(6, "0");
  }

  /** Running numbers go on behind those that were given. */
  restoreReferences(given: readonly number[]): void {
    for (const number of given) this.#references = Math.max(this.#references, number);
  }

  /** What every answer says of time, acquirer and itself: fields 12, 13, 32 and 37. */
  stamp(reference = this.nextReference()): AnswerFields {
    const { day, time } = this.calendar.now();
    return { 12: time, 13: day, 32: ACQUIRER, 37: reference };
  }

  /** Field 38: six digits. */
  nextAuthorisationCode(): string {
    const bytes = this.#random.bytes(4);
    const number = Buffer.from(bytes).readUInt32BE() % 999_999;
    return String(number + 1).padStart(6, "0");
  }
}

/** An answer's fields over those every answer repeats; undefined ones are left out. */
export type AnswerFields = Fields;

/** Six digits of a batch number. */
export function batchText(batch: number): string {
  return String(batch).padStart(6, "0");
}

/** Field 60 in its parts; missing parts are empty. */
export function readField60(fields: Fields): { readonly type: string; readonly batch: string; readonly code: string } {
  const text = fields[60] ?? "";
  return { type: text.slice(0, 2), batch: text.slice(2, 8), code: text.slice(8, 11) };
}

/** Identification of the acquiring institution, field 32. */
export const ACQUIRER = "48020000";

/** ISO 4217 numbers of the currencies a terminal may use. */
export const currencies: Readonly<Record<string, string>> = { "156": "CNY" };
