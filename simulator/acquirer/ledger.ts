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

/** The account of a shop. */
export function merchantAccount(merchant: string): string {
  return `merchant/${merchant}`;
}

/** The amount in another currency, rounded to a minor unit. Throws `RangeError` for a currency without a rate. */
export function exchange(amount: number, from: string, to: string): number {
  const source = rates[from];
  const target = rates[to];
  if (source === undefined || target === undefined) throw new RangeError("no rate for that currency");
  return Math.round((amount * source) / target);
}

/** The books. Posting is the only way to change them. */
export class Ledger {
  readonly #entries: Entry[] = [];
  readonly #balances = new Map<string, Map<string, number>>();

  /** Gives an account its opening balance. */
  open(account: string, currency: string, amount: number): void {
    this.post(0, "opening", "", [
      { account, currency, amount },
      { account: OPENING, currency, amount: -amount },
    ]);
  }

  /** Adds an entry. Throws `RangeError` when its legs do not sum to zero in each currency or are not whole numbers. */
  post(at: number, kind: string, reference: string, legs: readonly Leg[]): Entry {
    const sums = sumByCurrency(legs);
    if (legs.some((leg) => !Number.isSafeInteger(leg.amount)) || [...sums.values()].some((sum) => sum !== 0)) {
      throw new RangeError(`${kind}: the legs do not balance`);
    }
    const entry = { id: this.#entries.length + 1, at, kind, reference, legs };
    this.#entries.push(entry);
    for (const { account, currency, amount } of legs) {
      const balances = this.#balances.get(account) ?? new Map<string, number>();
      balances.set(currency, (balances.get(currency) ?? 0) + amount);
      this.#balances.set(account, balances);
    }
    return entry;
  }

  /** The account's balance in a currency. */
  balance(account: string, currency: string): number {
    return this.#balances.get(account)?.get(currency) ?? 0;
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
