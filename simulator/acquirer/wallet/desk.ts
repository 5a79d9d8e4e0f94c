/** What a phone may ask of the wallet service, and what it is told. */

import { recordKey } from "../book.ts";
import type { Bank, TerminalState } from "../rules/bank.ts";
import { conclude, endOldOrders } from "../rules/code-payment.ts";
import { takeShopPayment } from "../rules/shop-payment.ts";
import type { Ask, WalletAccount } from "./accounts.ts";
import { type Order, readReference } from "./orders.ts";

/** Wrong passwords that end a payment. */
const TRIES = 3;

/** What a phone's owner is told; amounts in minor units. `code` of a refusal is as in field 39. */
export type PhoneAnswer =
  | { readonly kind: "paid"; readonly amount: number; readonly order: string }
  | { readonly kind: "asked"; readonly ask: Exclude<Ask, "nothing">; readonly amount: number }
  | { readonly kind: "refused"; readonly code: string };

/** What became of a payment: growing numbers, and whether its money is the shop's, never moved, or came back whole. */
export interface Outcome {
  readonly number: number;
  readonly what: "paid" | "refused" | "returned";
}

interface Wish {
  readonly shop: TerminalState;
  readonly amount: number;
  tries: number;
}

/** Nobody can pay it (any more). */
const GONE = "25";
const OTHER_AMOUNT = "64";
const TAKEN = "94";
const BY_OWNER = "05";
const WRONG_PASSWORD = "55";
const TOO_MANY_PASSWORDS = "75";

const refused = (code: string): PhoneAnswer => ({ kind: "refused", code });

/** Why an account may not pay that much, as `statusChecks` and `moneyChecks` have it for terminals. */
function objection(bank: Bank, { name, currency, limit, status }: WalletAccount, amount: number): string | undefined {
  if (status !== "open") return "62";
  if (amount > limit) return "61";
  return amount > bank.ledger.balance(name, currency) ? "51" : undefined;
}

/** The wallet service as phones reach it. */
export class WalletDesk {
  readonly #bank: Bank;
  /** Payments to shops that wait for their payer, by account: no money has moved, and they do not outlive the host. */
  readonly #wishes = new Map<string, Wish>();
  /** Called when something may have become new to terminals. */
  readonly #flush: () => void;

  constructor(bank: Bank, flush: () => void) {
    this.#bank = bank;
    this.#flush = flush;
  }

  /** A payment code to be shown: it serves once, and for a minute. */
  showCode(name: string): string {
    return this.#bank.codes.show(this.#account(name), this.#bank.calendar.elapsed);
  }

  /** What a payment that a terminal has announced costs; undefined where nobody can pay it. */
  priceOf(reference: string): number | undefined {
    const order = this.#announced(reference);
    return order?.waitingFor === "scan" ? order.amount : undefined;
  }

  /** Pays what a terminal of that merchant has announced. */
  pay(name: string, reference: string, merchant: string | undefined, amount: number): PhoneAnswer {
    const account = this.#account(name);
    const order = this.#announced(reference);
    if (order === undefined || (merchant ?? order.merchant) !== order.merchant) return refused(GONE);
    if (order.waitingFor !== "scan") return refused(TAKEN);
    if (order.amount !== amount) return refused(OTHER_AMOUNT);
    const why = objection(this.#bank, account, amount);
    if (why !== undefined) return refused(why);
    order.account = account;
    if (account.asks === "nothing") return this.#conclude(order);
    order.waitingFor = account.asks;
    this.#bank.orders.changed(order);
    return { kind: "asked", ask: account.asks, amount };
  }

  /** Pays any amount to the shop whose own code was read. */
  payShop(name: string, terminal: string, merchant: string, amount: number): PhoneAnswer {
    const account = this.#account(name);
    const shop = this.#bank.terminal(terminal);
    if (shop?.entry.merchant !== merchant || amount <= 0) return refused(GONE);
    const why = objection(this.#bank, account, amount);
    if (why !== undefined) return refused(why);
    if (account.asks === "nothing") return this.#payShop(account, shop, amount);
    this.#wishes.set(name, { shop, amount, tries: 0 });
    return { kind: "asked", ask: account.asks, amount };
  }

  /** What waits for that account's owner. */
  waiting(name: string): PhoneAnswer | undefined {
    const wish = this.#wishes.get(name);
    if (wish !== undefined) {
      const { asks } = this.#account(name);
      return asks === "nothing" ? undefined : { kind: "asked", ask: asks, amount: wish.amount };
    }
    const order = this.#waiting(name);
    const ask = order?.waitingFor;
    if (order === undefined || ask === undefined || ask === "scan") return undefined;
    return { kind: "asked", ask, amount: order.amount };
  }

  /** What became of the account's newest payment; undefined where there was none. */
  latest(name: string): Outcome | undefined {
    for (const record of this.#bank.book.ofAccount(this.#account(name))) {
      const { state, kind, number } = record;
      if (kind === "sale")
        return { number, what: state === "approved" ? "paid" : state === "declined" ? "refused" : "returned" };
    }
    return undefined;
  }

  /** The owner agrees, or does not, to what waits for them. */
  confirm(name: string, yes: boolean): PhoneAnswer {
    const wish = this.#wishes.get(name);
    if (wish !== undefined) {
      if (yes && this.#account(name).asks === "password") return refused(WRONG_PASSWORD);
      return yes ? this.#grant(name, wish) : this.#forget(name, BY_OWNER);
    }
    const order = this.#waiting(name);
    if (order === undefined) return refused(GONE);
    if (!yes) return this.#refuse(order, BY_OWNER);
    return order.waitingFor === "password" ? refused(WRONG_PASSWORD) : this.#conclude(order);
  }

  /** The owner types their password. */
  password(name: string, typed: string): PhoneAnswer {
    const wish = this.#wishes.get(name);
    if (wish !== undefined) {
      if (typed === this.#account(name).password) return this.#grant(name, wish);
      wish.tries += 1;
      return wish.tries < TRIES ? refused(WRONG_PASSWORD) : this.#forget(name, TOO_MANY_PASSWORDS);
    }
    const order = this.#waiting(name);
    if (order === undefined) return refused(GONE);
    if (typed === this.#account(name).password) return this.#conclude(order);
    order.tries += 1;
    if (order.tries >= TRIES) return this.#refuse(order, TOO_MANY_PASSWORDS);
    this.#bank.orders.changed(order);
    return refused(WRONG_PASSWORD);
  }

  #grant(name: string, { shop, amount }: Wish): PhoneAnswer {
    this.#wishes.delete(name);
    const account = this.#account(name);
    const why = objection(this.#bank, account, amount);
    return why === undefined ? this.#payShop(account, shop, amount) : refused(why);
  }

  #forget(name: string, code: string): PhoneAnswer {
    this.#wishes.delete(name);
    return refused(code);
  }

  #payShop(account: WalletAccount, shop: TerminalState, amount: number): PhoneAnswer {
    const { order } = takeShopPayment(this.#bank, shop, account, amount);
    this.#flush();
    return { kind: "paid", amount, order };
  }

  #account(name: string): WalletAccount {
    const account = this.#bank.walletAccount(name);
    if (account === undefined) throw new RangeError(`there is no wallet ${name}`);
    return account;
  }

  #announced(reference: string): Order | undefined {
    endOldOrders(this.#bank);
    const parts = readReference(reference);
    const order = parts && this.#bank.orders.find(recordKey(parts.terminal, parts.batch, parts.stan));
    return order?.announced === true && order.state === "pending" ? order : undefined;
  }

  #waiting(name: string): Order | undefined {
    endOldOrders(this.#bank);
    return this.#bank.orders
      .pending()
      .find(({ account, waitingFor }) => account?.name === name && waitingFor !== "scan");
  }

  /** The money may have gone since it was asked for. */
  #conclude(order: Order): PhoneAnswer {
    const why = objection(this.#bank, order.account!, order.amount);
    if (why !== undefined) return this.#refuse(order, why);
    conclude(this.#bank, order, "00");
    this.#flush();
    return { kind: "paid", amount: order.amount, order: order.number };
  }

  /** What was announced waits for the next to scan it; a payment of a code that was shown is declined. */
  #refuse(order: Order, code: string): PhoneAnswer {
    if (order.announced) {
      order.account = undefined;
      order.waitingFor = "scan";
      order.tries = 0;
      this.#bank.orders.changed(order);
    } else {
      conclude(this.#bank, order, code);
      this.#flush();
    }
    return refused(code);
  }
}
