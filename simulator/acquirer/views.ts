/** The books as people and tests read them: accounts by card name, a shop's totals, the list of transactions. */
import { feeKey } from "./accounts.ts";
import type { TransactionRecord } from "./book.ts";
import type { FundsItem } from "./funds/funds.ts";
import {
  CURRENCY,
  clearingAccount,
  type Entry,
  heldAccount,
  merchantAccount,
  paidOutAccount,
  unclaimedAccount,
  withheldAccount,
} from "./ledger.ts";
import { maskPan } from "./mask.ts";
import type { Bank, Discrepancy, RefusalAdvice, ScriptNotice } from "./rules/bank.ts";
import { kinds } from "./rules/kinds.ts";

/** A card's account; amounts in minor units of its currency. */
export interface AccountView {
  readonly pan: string;
  readonly currency: string;
  readonly balance: number;
  readonly held: number;
  /** What left the account since the start, holds not counted. */
  readonly debited: number;
  readonly status: string;
  readonly pinTriesLeft: number;
}

/** How many, and how much in minor units. */
export interface Total {
  readonly count: number;
  readonly total: number;
}

/** What a shop took; `approved` are purchases that stand. */
export interface MerchantView {
  readonly balance: number;
  readonly approved: Total;
  readonly declined: Total;
  readonly reversed: Total;
  readonly voided: Total;
  readonly refunded: Total;
}

/** A transaction without its card. */
export interface TransactionView {
  readonly terminal: string;
  readonly batch: string;
  readonly stan: string;
  readonly kind: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: string;
  readonly response: string;
  readonly authorisationCode: string;
  readonly reference: string;
  /** The account's name; absent for an unknown card. */
  readonly card?: string;
}

/** A transaction with what the shop pays for it, for the auditor; amounts in minor units. */
export interface ChargeView {
  readonly batch: string;
  readonly stan: string;
  readonly state: string;
  /** A payment costs the shop a fee; a refund gives back of one. */
  readonly kind: "payment" | "refund" | "other";
  readonly amount: number;
  readonly fee: number;
  /** The card number's first six digits, or the wallet's letters. */
  readonly prefix: string;
}

/** A wallet's account; amounts in minor units. */
export interface WalletView {
  readonly balance: number;
  /** What left the account since the start. */
  readonly debited: number;
  readonly status: string;
}

/** Wallets' accounts by name. */
function walletViews(bank: Bank): Record<string, WalletView> {
  return Object.fromEntries(
    bank.walletAccounts().map(({ name, currency, opening, status }) => {
      const balance = bank.ledger.balance(name, currency);
      return [name, { balance, debited: opening - balance, status }];
    }),
  );
}

/** Accounts by name. */
function accountViews(bank: Bank): Record<string, AccountView> {
  return Object.fromEntries(
    bank.accounts().map((account) => {
      const balance = bank.ledger.balance(account.name, account.currency);
      const held = bank.ledger.balance(heldAccount(account.name), account.currency);
      return [
        account.name,
        {
          pan: maskPan(account.pan),
          currency: account.currency,
          balance,
          held,
          debited: account.opening - balance - held,
          status: account.status,
          pinTriesLeft: account.pinTriesLeft,
        },
      ];
    }),
  );
}

const PURCHASES = kinds
  .filter(({ effect }) => ["debit", "complete", "adjust"].includes(effect))
  .map(({ name }) => name);

function total(records: readonly TransactionRecord[]): Total {
  return { count: records.length, total: records.reduce((sum, record) => sum + record.amount, 0) };
}

const SHOP_ACCOUNTS = [unclaimedAccount, clearingAccount, merchantAccount, withheldAccount, paidOutAccount];

/** What a shop took, fees off as far as they are charged, wherever the money stands. */
function claims(bank: Bank, merchant: string): number {
  return SHOP_ACCOUNTS.reduce((sum, account) => sum + bank.ledger.balance(account(merchant), CURRENCY), 0);
}

/** The totals of one shop; without a name, of all. */
function merchantView(bank: Bank, merchant: string | undefined): MerchantView {
  const merchants = new Set(bank.terminals().map(({ entry }) => entry.merchant));
  const chosen = [...merchants].filter((name) => merchant === undefined || name === merchant);
  const records = bank.book.records().filter((record) => chosen.includes(record.merchant));
  const purchases = records.filter((record) => PURCHASES.includes(record.kind));
  const inState = (state: string) => total(purchases.filter((record) => record.state === state));
  return {
    balance: chosen.reduce((sum, name) => sum + claims(bank, name), 0),
    approved: inState("approved"),
    declined: inState("declined"),
    reversed: inState("reversed"),
    voided: inState("voided"),
    refunded: total(records.filter((record) => record.kind === "refund" && record.state === "approved")),
  };
}

/** All transactions, oldest first. */
function transactionViews(bank: Bank): TransactionView[] {
  return bank.book.records().map((record) => ({
    terminal: record.terminal,
    batch: record.batch,
    stan: record.stan,
    kind: record.kind,
    amount: record.amount,
    currency: record.currency,
    state: record.state,
    response: record.response,
    authorisationCode: record.authorisationCode,
    reference: record.reference,
    ...(record.account && { card: record.account.name }),
  }));
}

/** The books for reading only. */
export class Books {
  readonly #bank: Bank;

  constructor(bank: Bank) {
    this.#bank = bank;
  }

  /** Card accounts by card name. */
  accounts(): Record<string, AccountView> {
    return accountViews(this.#bank);
  }

  /** Wallets' accounts by the name of the phone. */
  wallets(): Record<string, WalletView> {
    return walletViews(this.#bank);
  }

  /** What one shop, or all shops together, took. */
  merchant(merchant?: string): MerchantView {
    return merchantView(this.#bank, merchant);
  }

  /** Every transaction as the host knows it, oldest first, for comparing with a terminal's journal. */
  transactions(): TransactionView[] {
    return transactionViews(this.#bank);
  }

  /** What a terminal's transactions cost its shop. */
  charges(terminal: string): ChargeView[] {
    return this.#bank.book
      .records()
      .filter((record) => record.terminal === terminal && record.account !== undefined)
      .map(({ batch, stan, state, kind, amount, fee, account }) => ({
        batch,
        stan,
        state,
        kind: PURCHASES.includes(kind) ? "payment" : kind === "refund" ? "refund" : "other",
        amount,
        fee,
        prefix: feeKey(account!).slice(0, 6),
      }));
  }

  /** Payments by code of a terminal that are not in its book: STANs that wait for their payer, amounts that wait to be taken over. */
  open(terminal: string): { readonly pending: readonly string[]; readonly unclaimed: readonly number[] } {
    const { orders, shopPayments } = this.#bank;
    return {
      pending: orders.pending().flatMap((order) => (order.terminal === terminal ? [order.stan] : [])),
      unclaimed: shopPayments.unclaimed(terminal).map(({ amount }) => amount),
    };
  }

  /** Where a terminal's money stands: what is not paid out yet, in the order of its changes. */
  funds(terminal: string): FundsItem[] {
    this.#bank.funds.advance();
    return this.#bank.funds.after(terminal, 0);
  }

  /** Where terminals and books differed when batches ended. */
  discrepancies(): readonly Discrepancy[] {
    return this.#bank.discrepancies;
  }

  /** What terminals told of issuers' scripts. */
  notices(): ScriptNotice[] {
    return [...this.#bank.notices.values()];
  }

  /** What terminals told of cards that refused by themselves. */
  advices(): RefusalAdvice[] {
    return [...this.#bank.advices.values()];
  }

  /** Every account's balance by account and currency. */
  balances(): ReturnType<Bank["ledger"]["balances"]> {
    return this.#bank.ledger.balances();
  }

  /** Every movement of money, oldest first. */
  entries(): readonly Entry[] {
    return this.#bank.ledger.entries();
  }

  /** The sum over all accounts by currency: zero, always. */
  sums(): Record<string, number> {
    return this.#bank.ledger.sums();
  }
}
