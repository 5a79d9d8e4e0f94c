/** News on standing connections: who subscribed, what they know already, what they have not yet confirmed. */

/** A connection on which the host may speak first. */
export interface Connection {
  /** Sends one message (without its two length bytes). */
  send(message: Uint8Array): void;
}

/** A message that waits for its confirmation. */
interface Outstanding {
  readonly stan: string;
  readonly last: number;
  readonly at: number;
}

/** A terminal's subscription; `envelope` is how messages to it are addressed. */
interface Subscription {
  readonly connection: Connection;
  readonly envelope: { readonly tpdu: string; readonly header: string };
  outstanding: Outstanding | undefined;
}

/** Says the news: the message for a terminal that knows all up to a number, and the number it brings it to. */
export type Compose = (
  terminal: string,
  envelope: Subscription["envelope"],
  stan: string,
  known: number,
) => { readonly message: Uint8Array; readonly last: number } | undefined;

/** Milliseconds after which news that nobody confirmed are said again. */
const AGAIN = 60_000;

/** All subscriptions. */
export class News {
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #known = new Map<string, number>();
  readonly #dirty = new Set<string>();
  readonly #compose: Compose;
  readonly #clock: () => number;
  #stan = 0;
  /** The next news go out and never arrive. */
  #losesNext = false;

  constructor(compose: Compose, clock: () => number) {
    this.#compose = compose;
    this.#clock = clock;
  }

  /** Has the next news get lost on their way. */
  loseNext(): void {
    this.#losesNext = true;
  }

  /** Something changed for a terminal. */
  changed(terminal: string): void {
    this.#dirty.add(terminal);
  }

  subscribe(terminal: string, connection: Connection, envelope: Subscription["envelope"]): void {
    this.#subscriptions.set(terminal, { connection, envelope, outstanding: undefined });
    this.changed(terminal);
  }

  /** The connection is gone, and whoever subscribed on it. */
  gone(connection: Connection): void {
    for (const [terminal, subscription] of this.#subscriptions) {
      if (subscription.connection === connection) this.#subscriptions.delete(terminal);
    }
  }

  /** A terminal confirmed what it was told; false when it was told nothing of the kind. */
  confirmed(terminal: string, stan: string): boolean {
    const subscription = this.#subscriptions.get(terminal);
    const outstanding = subscription?.outstanding;
    if (outstanding?.stan !== stan) return false;
    subscription!.outstanding = undefined;
    this.#known.set(terminal, outstanding.last);
    this.changed(terminal);
    return true;
  }

  /** A terminal learnt in another way what it need not be told. */
  knows(terminal: string, number: number): void {
    if (number > (this.#known.get(terminal) ?? 0)) this.#known.set(terminal, number);
  }

  /** Says what is new to those who listen. */
  flush(): void {
    if (this.#dirty.size === 0) return;
    for (const terminal of this.#dirty) {
      const subscription = this.#subscriptions.get(terminal);
      if (!subscription) {
        this.#dirty.delete(terminal);
        continue;
      }
      const { outstanding } = subscription;
      if (outstanding && this.#clock() - outstanding.at < AGAIN) continue;
      this.#dirty.delete(terminal);
      this.#stan = (this.#stan % 999_999) + 1;
      const stan = String(this.#stan).padStart(6, "0");
      const news = this.#compose(terminal, subscription.envelope, stan, this.#known.get(terminal) ?? 0);
      if (!news) continue;
      subscription.outstanding = { stan, last: news.last, at: this.#clock() };
      if (!this.#losesNext) subscription.connection.send(news.message);
      this.#losesNext = false;
    }
  }
}
