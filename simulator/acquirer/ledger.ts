/** Double-entry books in memory: every movement has legs whose sum is zero in each currency. Amounts in minor units. */

/** One side of a movement: positive puts money into the account. */
export interface Leg {
  readonly account: string;
  readonly currency: string;
  readonly amount: number;
}

/** A movement of money, and what it refers to. */
export interface Entry {
  readonly id: number;
  /** Virtual milliseconds since the start. */
  readonly at: number;
  readonly kind: string;
  /** Terminal, batch and STAN that moved it; empty for opening balances. */
  readonly reference: string;
  readonly legs: readonly Leg[];
}

/** Currency exchange at fixed TEST rates, in minor units of CNY for one minor unit. */
const rates: Record<string, number> = { CNY: 1, USD: 7 };

/** Where opening balances come from and exchanged money passes through. */
const OPENING = "bank/opening";
const EXCHANGE = "bank/exchange";

/** The account a card's held money stands in. */
export function heldAccount(account: string): string {
  return `${account}/held`;
}

/** Payments whose batch is still open: taken from the holders, not yet the shop's. */
export function clearingAccount(merchant: string): string {
  return `clearing/${merchant}`;
}

/** What is owed to a shop: settled, and not yet paid out. */
export function merchantAccount(merchant: string): string {
  return `merchant/${merchant}`;
}

/** What customers paid to a shop's own code, and no terminal has taken over yet. */
export function unclaimedAccount(merchant: string): string {
  return `unclaimed/${merchant}`;
}

/** What a shop would be owed if it were not held. */
export function withheldAccount(merchant: string): string {
  return `withheld/${merchant}`;
}

/** Where payouts to a shop's own bank go. */
export function paidOutAccount(merchant: string): string {
  return `paid-out/${merchant}`;
}

/** What the acquirer earns. */
export const FEES = "fees";

/** The currency of terminals, shops and fees. */
export const CURRENCY = "CNY";

/** The amount in another currency, rounded to a minor unit. Throws `RangeError` for a currency without a rate. */
export function exchange(amount: number, from: string, to: string): number {
  const source = rates[from];
  const target = rates[to];
  if (source === undefined || target === undefined) throw new RangeError("no rate for that currency");
  return Math.round((amount * source) / target);
}

/** Told of every entry as it is posted. */
export type Posted = (entry: Entry) => void;

/** The books. Posting is the only way to change them. */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #balances = new Map<string, Map<string, number>>();
  readonly #posted: Posted | undefined;

  constructor(posted?: Posted) {
    this.#posted = posted;
  }

  /** Gives an account its opening balance. */
  open(account: string, currency: string, amount: number): void {
    this.post(0, "opening", "", [
      { account, currency, amount },
      { account: OPENING, currency, amount: -amount },
    ]);
  }

  /** Adds an entry. Throws `RangeError` when its legs do not sum to zero in each currency or are not whole numbers. */
  post(at: number, kind: string, reference: string, legs: readonly Leg[]): Entry {
    if (!balances(legs)) throw new RangeError(`${kind}: the legs do not balance`);
    const entry = { id: this.#entries.length + 1, at, kind, reference, legs };
    this.#take(entry);
    this.#posted?.(entry);
    return entry;
  }

  /** Puts entries back as they were kept, oldest first. Throws `RangeError` for one that is not the next or does not balance. */
  restore(entries: Iterable<Entry>): void {
    for (const entry of entries) {
      if (entry.id !== this.#entries.length + 1) throw new RangeError("an entry of the books is missing");
      if (!balances(entry.legs)) throw new RangeError("an entry of the books does not balance");
      this.#take(entry);
    }
  }

  #take(entry: Entry): void {
    this.#entries.push(entry);
    for (const { account, currency, amount } of entry.legs) {
      let balances = this.#balances.get(account);
      if (!balances) {
        balances = new Map();
        this.#balances.set(account, balances);
      }
      balances.set(currency, (balances.get(currency) ?? 0) + amount);
    }
  }

  /** The account's balance in a currency. */
  balance(account: string, currency: string): number {
    return this.#balances.get(account)?.get(currency) ?? 0;
  }

  /** Every account's balance by account and currency. */
  balances(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    return this.#balances;
  }

  /** Every entry so far, oldest first. */
  entries(): readonly Entry[] {
    return this.#entries;
  }

  /** The sum of all accounts by currency: zero, always. */
  sums(): Record<string, number> {
    return Object.fromEntries(sumByCurrency(this.#entries.flatMap((entry) => entry.legs)));
  }
}

function sumByCurrency(legs: readonly Leg[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { currency, amount } of legs) sums.set(currency, (sums.get(currency) ?? 0) + amount);
  return sums;
}

function balances(legs: readonly Leg[]): boolean {
  if (legs.some((leg) => !Number.isSafeInteger(leg.amount))) return false;
  for (const sum of sumByCurrency(legs).values()) if (sum !== 0) return false;
  return true;
}

/** Money from one account to another; where the currencies differ it passes through the exchange. */
export function transfer(
  from: { readonly account: string; readonly currency: string },
  to: { readonly account: string; readonly currency: string; readonly amount: number },
): Leg[] {
  if (from.currency === to.currency) return [{ ...from, amount: -to.amount }, to];
  const charged = exchange(to.amount, to.currency, from.currency);
  return [
    { ...from, amount: -charged },
    { account: EXCHANGE, currency: from.currency, amount: charged },
    { account: EXCHANGE, currency: to.currency, amount: -to.amount },
    to,
  ];
}

/** The same movement backwards. */
export function inverse(legs: readonly Leg[]): Leg[] {
  return legs.map((leg) => ({ ...leg, amount: -leg.amount }));
}
