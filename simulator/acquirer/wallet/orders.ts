/** Payments by code as the wallet service knows them, from the first word of them to their end. */
import type { WalletAccount } from "./accounts.ts";

/** Response code of a payment that somebody has still to do something for. */
export const PENDING = "09";

/** How long a payment may be pending, in virtual milliseconds. */
export const PENDING_LIFE = 15 * 60_000;

/** What a pending payment waits for: somebody to scan it, or its payer. */
export type WaitingFor = "scan" | "confirmation" | "password";

/** `closed`: a reversal or the end of its batch came first; nobody can pay it any more. */
export type OrderState = "pending" | "paid" | "declined" | "closed";

/** One payment by code; amounts in minor units. */
export interface Order {
  /** Terminal, batch and STAN, as in the book. */
  readonly key: string;
  /** 28 digits. */
  readonly number: string;
  readonly terminal: string;
  readonly merchant: string;
  readonly batch: string;
  readonly stan: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: number;
  /** MMDD of the request. */
  readonly day: string;
  /** A terminal announced it and shows it: any wallet may pay. */
  readonly announced: boolean;
  /** Who pays; none while nobody has scanned it. */
  account: WalletAccount | undefined;
  state: OrderState;
  waitingFor: WaitingFor | undefined;
  /** Wrong passwords so far. */
  tries: number;
}

/** All of them. */
export class Orders {
  readonly #byKey = new Map<string, Order>();
  readonly #byNumber = new Map<string, Order>();
  readonly #pending = new Set<Order>();
  readonly #changed: (order: Order) => void;

  constructor(changed: (order: Order) => void) {
    this.#changed = changed;
  }

  add(order: Order): void {
    this.restore(order);
    this.#changed(order);
  }

  /** Puts one back as it was kept. */
  restore(order: Order): void {
    this.#byKey.set(order.key, order);
    this.#byNumber.set(order.number, order);
    if (order.state === "pending") this.#pending.add(order);
  }

  /** An order stands differently now. */
  changed(order: Order): void {
    if (order.state !== "pending") this.#pending.delete(order);
    this.#changed(order);
  }

  find(key: string): Order | undefined {
    return this.#byKey.get(key);
  }

  numbered(number: string): Order | undefined {
    return this.#byNumber.get(number);
  }

  /** Orders whose end is open, oldest first. */
  pending(): Order[] {
    return [...this.#pending];
  }

  get size(): number {
    return this.#byNumber.size;
  }
}

/** The reference under which a terminal announces a payment: its number, batch and STAN. */
export function referenceOf({ terminal, batch, stan }: Pick<Order, "terminal" | "batch" | "stan">): string {
  return terminal + batch + stan;
}

/** Terminal, batch and STAN of a reference; undefined for what is none. */
export function readReference(text: string): { terminal: string; batch: string; stan: string } | undefined {
  const match = /^([\x20-\x7e]{8})(\d{6})(\d{6})$/.exec(text);
  return match ? { terminal: match[1]!, batch: match[2]!, stan: match[3]! } : undefined;
}
