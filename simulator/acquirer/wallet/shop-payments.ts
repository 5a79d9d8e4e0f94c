/** Payments to a shop's own code: paid, and not yet taken over by the terminal whose code it was. */
import type { WalletAccount } from "./accounts.ts";

/** One of them; amounts in minor units. */
export interface ShopPayment {
  /** Of the change that it was for its terminal's money; grows. */
  readonly number: number;
  /** The wallet's order number. */
  readonly order: string;
  readonly terminal: string;
  readonly merchant: string;
  readonly account: WalletAccount;
  readonly amount: number;
  readonly at: number;
  /** MMDD. */
  readonly day: string;
  /** hhmmss. */
  readonly time: string;
  readonly authorisationCode: string;
  readonly reference: string;
  /** Terminal, batch and STAN under which it is in the book. */
  claimed: string | undefined;
}

/** All of them, in the order of their numbers. */
export class ShopPayments {
  readonly #payments: ShopPayment[] = [];
  readonly #changed: (payment: ShopPayment) => void;

  constructor(changed: (payment: ShopPayment) => void) {
    this.#changed = changed;
  }

  add(payment: ShopPayment): void {
    this.#payments.push(payment);
    this.#changed(payment);
  }

  claim(payment: ShopPayment, key: string): void {
    payment.claimed = key;
    this.#changed(payment);
  }

  /** Puts one back as it was kept. */
  restore(payment: ShopPayment): void {
    this.#payments.push(payment);
  }

  /** What a terminal has not taken over yet, after that number. */
  unclaimed(terminal: string, after = 0): ShopPayment[] {
    return this.#payments.filter(
      (payment) => payment.terminal === terminal && payment.claimed === undefined && payment.number > after,
    );
  }

  /** Whether the book's record with this key is one that was taken over. */
  isClaimed(key: string): boolean {
    return this.#payments.some(({ claimed }) => claimed === key);
  }

  find(terminal: string, number: number): ShopPayment | undefined {
    return this.#payments.find((payment) => payment.terminal === terminal && payment.number === number);
  }

  get size(): number {
    return this.#payments.length;
  }
}
