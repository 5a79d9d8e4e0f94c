/** Where the shop's money is: by terminal, batch and part, from the authorisation to the payout, a number for each change. */
import type { TransactionRecord } from "../book.ts";
import {
  CURRENCY,
  clearingAccount,
  FEES,
  type Ledger,
  type Leg,
  merchantAccount,
  paidOutAccount,
  withheldAccount,
} from "../ledger.ts";
import { kindNamed } from "../rules/kinds.ts";
import type { HostCalendar } from "../time.ts";
import { dayAfter, type Plan, payoutDate, workingDayAfter } from "./working-days.ts";

/** What of a batch an item is. */
export type Part = "payments" | "authorisations" | "withheld";

/** Where the money of an item stands. */
export type FundsState = "authorised" | "inBatch" | "processing" | "paidOut" | "held";

/** The transaction that made a change. */
export interface Latest {
  readonly stan: string;
  readonly amount: number;
  readonly fee: number;
}

/** One part of a batch; amounts in minor units, refunds counted off. */
export interface FundsItem {
  readonly terminal: string;
  readonly merchant: string;
  readonly batch: string;
  readonly part: Part;
  readonly plan: Plan;
  /** Of the last change, growing through all items of a terminal. */
  number: number;
  state: FundsState;
  count: number;
  amount: number;
  fee: number;
  /** Its money has left clearing: the batch is closed. */
  settled: boolean;
  /** YYYYMMDD. */
  expected: string;
  /** Virtual milliseconds at which it moves on by itself; undefined while it waits for something else. */
  dueAt: number | undefined;
  /** Why it is held, and for how many working days from the end of the batch. */
  reason: string | undefined;
  holdDays: number;
  latest: Latest | undefined;
}

/** The hours at which clearing runs pay out what is due. */
const RUNS = [2, 23] as const;
/** Working days that a payment is held for where no rule says. */
const DISPUTE_DAYS = 10;

interface Share {
  readonly part: Part;
  readonly amount: number;
  readonly fee: number;
}

const firstStates: Record<Part, FundsState> = { payments: "inBatch", authorisations: "authorised", withheld: "held" };

/** What a transaction as it stands now adds to its batch; undefined for nothing. */
function shareOf({ kind, state, amount, fee, withheld }: TransactionRecord): Share | undefined {
  if (state !== "approved") return undefined;
  const { effect } = kindNamed(kind);
  if (effect === "hold") return { part: "authorisations", amount, fee: 0 };
  const part = withheld === undefined ? "payments" : "withheld";
  if (effect === "credit") return { part, amount: -amount, fee };
  return effect === "none" || effect === "undo" ? undefined : { part, amount, fee };
}

/** What the funds are told of a terminal. */
export interface Shop {
  readonly terminal: string;
  readonly merchant: string;
  readonly plan: Plan;
}

/** All items of all terminals. */
export class Funds {
  readonly #ledger: Ledger;
  readonly #calendar: HostCalendar;
  readonly #shop: (terminal: string) => Shop;
  readonly #items = new Map<string, Map<string, FundsItem>>();
  readonly #numbers = new Map<string, number>();
  readonly #shares = new WeakMap<TransactionRecord, Share>();
  /** Items that move on by themselves. */
  readonly #due = new Set<FundsItem>();
  readonly #changed: (item: FundsItem) => void;

  constructor(parts: {
    readonly ledger: Ledger;
    readonly calendar: HostCalendar;
    readonly shop: (terminal: string) => Shop;
    readonly changed: (item: FundsItem) => void;
  }) {
    this.#ledger = parts.ledger;
    this.#calendar = parts.calendar;
    this.#shop = parts.shop;
    this.#changed = parts.changed;
  }

  /** Takes a transaction as it now stands into account, in place of how it stood before. */
  touch(record: TransactionRecord): void {
    const before = this.#shares.get(record);
    const now = shareOf(record);
    if (before?.part === now?.part && before?.amount === now?.amount && before?.fee === now?.fee) return;
    if (before) this.#add(record, { ...before, amount: -before.amount, fee: -before.fee }, -1, !now);
    if (now) this.#add(record, now, 1, true);
    if (now) this.#shares.set(record, now);
    else this.#shares.delete(record);
  }

  /** As `touch`, of a transaction that the items count already. */
  recall(record: TransactionRecord): void {
    const share = shareOf(record);
    if (share) this.#shares.set(record, share);
  }

  /** Puts an item back as it was kept. */
  restore(item: FundsItem): void {
    this.#ofTerminal(item.terminal).set(`${item.batch}/${item.part}`, item);
    this.recallNumber(item.terminal, item.number);
    if (item.dueAt !== undefined) this.#due.add(item);
  }

  /** The batch is closed: its payments leave clearing, the fees are charged, the payout has a date. */
  close(terminal: string, batch: string): void {
    for (const part of ["payments", "withheld"] as const) {
      const item = this.#find(terminal, batch, part);
      if (!item || item.settled) continue;
      const { merchant, amount, fee } = item;
      const shop = part === "payments" ? merchantAccount(merchant) : withheldAccount(merchant);
      this.#post(item, "settlement", [
        [clearingAccount(merchant), -amount],
        [shop, amount - fee],
        [FEES, fee],
      ]);
      item.settled = true;
      if (part === "payments") item.state = "processing";
      this.#setDue(item, part === "payments" ? payoutDate(item.plan, this.#today()) : this.#endOfHold(item));
      this.#change(item);
    }
  }

  /** Takes a payment out of what is paid out, for so many working days. False where it is too late, or nothing to hold. */
  hold(record: TransactionRecord, reason: string, workingDays = DISPUTE_DAYS): boolean {
    const { terminal, batch } = record;
    const share = this.#shares.get(record);
    const from = share?.part === "payments" ? this.#find(terminal, batch, "payments") : undefined;
    const to = this.#find(terminal, batch, "withheld");
    if (!share || !from || from.state === "paidOut" || (to && to.state !== "held")) return false;
    record.withheld = reason;
    record.holdDays = workingDays;
    this.touch(record);
    const held = this.#find(terminal, batch, "withheld")!;
    if (!from.settled) return true;
    held.settled = true;
    const net = share.amount - share.fee;
    this.#post(held, "withheld", [
      [merchantAccount(from.merchant), -net],
      [withheldAccount(from.merchant), net],
    ]);
    this.#setDue(held, this.#endOfHold(held));
    this.#change(held);
    return true;
  }

  /** What is held of a payment's batch is let go at once. False where nothing is. */
  release({ terminal, batch }: TransactionRecord): boolean {
    const held = this.#find(terminal, batch, "withheld");
    if (held?.state !== "held") return false;
    held.holdDays = 0;
    if (!held.settled) return true;
    held.dueAt = this.#calendar.elapsed;
    this.advance();
    return true;
  }

  /** Lets happen what is due by now. */
  advance(): void {
    for (let item = this.#firstDue(); item && item.dueAt! <= this.#calendar.elapsed; item = this.#firstDue()) {
      this.#due.delete(item);
      if (item.state === "held") this.#letGo(item);
      else this.#payOut(item);
    }
  }

  /** When something moves on by itself next, in virtual milliseconds. */
  nextDue(): number | undefined {
    return this.#firstDue()?.dueAt;
  }

  /** Gives a terminal's next change a number, of something that is no item's. */
  nudge(terminal: string): number {
    const number = this.last(terminal) + 1;
    this.recallNumber(terminal, number);
    return number;
  }

  /** A change had that number. */
  recallNumber(terminal: string, number: number): void {
    this.#numbers.set(terminal, Math.max(this.last(terminal), number));
  }

  /** The number of a terminal's last change. */
  last(terminal: string): number {
    return this.#numbers.get(terminal) ?? 0;
  }

  /** What changed after a number, in the order of the changes; after 0 what is still open. */
  after(terminal: string, number: number): FundsItem[] {
    return [...(this.#items.get(terminal)?.values() ?? [])]
      .filter((item) => (number > 0 ? item.number > number : item.count > 0 && item.state !== "paidOut"))
      .sort((left, right) => left.number - right.number);
  }

  // --- items

  #ofTerminal(terminal: string): Map<string, FundsItem> {
    const known = this.#items.get(terminal) ?? new Map<string, FundsItem>();
    this.#items.set(terminal, known);
    return known;
  }

  #find(terminal: string, batch: string, part: Part): FundsItem | undefined {
    return this.#items.get(terminal)?.get(`${batch}/${part}`);
  }

  #open(terminal: string, batch: string, part: Part): FundsItem {
    const { merchant, plan } = this.#shop(terminal);
    const item: FundsItem = {
      terminal,
      merchant,
      batch,
      part,
      plan,
      number: 0,
      state: firstStates[part],
      count: 0,
      amount: 0,
      fee: 0,
      settled: false,
      expected: "",
      dueAt: undefined,
      reason: undefined,
      holdDays: 0,
      latest: undefined,
    };
    this.#ofTerminal(terminal).set(`${batch}/${part}`, item);
    return item;
  }

  #add(record: TransactionRecord, share: Share, count: number, tell: boolean): void {
    const { terminal, batch, stan } = record;
    const item = this.#find(terminal, batch, share.part) ?? this.#open(terminal, batch, share.part);
    item.count += count;
    item.amount += share.amount;
    item.fee += share.fee;
    if (item.state === "inBatch" || item.state === "authorised") item.expected = payoutDate(item.plan, this.#today());
    const latest = { stan, amount: share.amount, fee: share.fee };
    if (record.withheld !== undefined && share.part === "withheld")
      this.#note(item, record.withheld, record.holdDays ?? 0);
    this.#change(item, tell ? latest : undefined);
  }

  #change(item: FundsItem, latest?: Latest): void {
    const number = this.last(item.terminal) + 1;
    this.#numbers.set(item.terminal, number);
    item.number = number;
    item.latest = latest;
    this.#changed(item);
  }

  #note(item: FundsItem, reason: string, workingDays: number): void {
    item.reason = reason;
    item.holdDays = Math.max(item.holdDays, workingDays);
  }

  #endOfHold({ holdDays }: FundsItem): string {
    return holdDays === 0 ? this.#today() : workingDayAfter(this.#today(), holdDays);
  }

  // --- money

  #post(
    item: FundsItem,
    kind: string,
    legs: readonly (readonly [string, number])[],
    at = this.#calendar.elapsed,
  ): void {
    const moved: Leg[] = legs
      .filter(([, amount]) => amount !== 0)
      .map(([account, amount]) => ({ account, currency: CURRENCY, amount }));
    if (moved.length > 0) this.#ledger.post(at, kind, `${item.terminal}/${item.batch}`, moved);
  }

  #letGo(item: FundsItem): void {
    const { merchant, amount, fee } = item;
    this.#post(item, "released", [
      [withheldAccount(merchant), fee - amount],
      [merchantAccount(merchant), amount - fee],
    ]);
    item.state = "processing";
    item.reason = undefined;
    this.#setDue(item, payoutDate(item.plan, this.#today()));
    this.#change(item);
  }

  #payOut(item: FundsItem): void {
    const { merchant, amount, fee } = item;
    this.#post(item, "payout", [
      [merchantAccount(merchant), fee - amount],
      [paidOutAccount(merchant), amount - fee],
    ]);
    item.state = "paidOut";
    item.dueAt = undefined;
    this.#change(item);
  }

  // --- time

  #today(): string {
    return this.#calendar.dateAt(this.#calendar.elapsed);
  }

  #firstDue(): FundsItem | undefined {
    let first: FundsItem | undefined;
    for (const item of this.#due) if (!first || item.dueAt! < first.dueAt!) first = item;
    return first;
  }

  /** The first clearing run on the date that is still to come, else the first one on the day after. */
  #setDue(item: FundsItem, date: string): void {
    const now = this.#calendar.elapsed;
    const runs = RUNS.map((hour) => ({ date, at: this.#calendar.moment(date, hour) }));
    const next = dayAfter(date);
    const run = runs.find(({ at }) => at > now) ?? { date: next, at: this.#calendar.moment(next, RUNS[0]) };
    item.expected = run.date;
    item.dueAt = run.at;
    this.#due.add(item);
  }
}
