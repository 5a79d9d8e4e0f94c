import type { Clock } from "../../hal/device.ts";
import type { FundsItem } from "../acquirer/funds.ts";
import type { NewsEvent, NewsHost } from "../acquirer/news.ts";
import type { Acquirer } from "../acquirer/types.ts";
import type { NotesPort } from "../journal/notes.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { keepFunds, readFunds, withNews } from "./known-funds.ts";

/** How long the host is left alone after the line was lost: doubled each time. In milliseconds. */
const patience = Object.freeze({ first: 30_000, longest: 900_000 } as const);
/** An echo after so long without a word: the host closes a line on which nothing comes for two minutes. */
const heartbeat = 75_000;

export interface FundsNewsOptions {
  readonly clock: Pick<Clock, "setTimer" | "clearTimer" | "wall">;
  readonly notes: NotesPort;
  readonly host: NewsHost;
  /** Over the line of the news. */
  readonly acquirer: Pick<Acquirer, "signedIn" | "signIn">;
  /** The host has said at a sign-in which batch it has open. */
  readonly batch: { adopt(batch: number): Promise<void> };
  /** Shows what changed. Called while nobody needs the terminal. */
  readonly show: (item: FundsItem) => Promise<void>;
  /** Told of payments to the shop's own code that wait to be taken over. */
  readonly onUnclaimed?: () => void;
  /** What else uses the link in the background. */
  readonly neighbour?: { readonly isBusy: boolean } | undefined;
}

/**
 * Listens for news of the merchant's money while nobody needs the terminal. One link at a time: `pause` gives the line up
 * at once, because a second one would not fit the device's memory beside it; what was missed comes after the next
 * subscription.
 */
export class FundsNews {
  readonly #options: FundsNewsOptions;
  #isPaused = true;
  #isUnsupported = false;
  #work: Promise<void> | undefined;
  #timer: number | undefined;
  #delay: number = patience.first;
  #hint: ((stan: number) => void) | undefined;
  #hasUnclaimed = false;

  constructor(options: FundsNewsOptions) {
    this.#options = options;
  }

  /** Customers have paid to the shop's own code, and nobody has taken that over. */
  get hasUnclaimed(): boolean {
    return this.#hasUnclaimed;
  }

  forgetUnclaimed(): void {
    this.#hasUnclaimed = false;
  }

  /**
   * Nobody needs the link now.
   * @param hint told of which transaction news are, while a customer is waited for: nothing is shown then
   */
  resume(hint?: (stan: number) => void): void {
    this.#isPaused = false;
    this.#hint = hint;
    this.begin();
  }

  /** Somebody does: resolves when the link is free. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    await this.makeRoom();
  }

  /** The line is given up for something else of the background, which calls `begin` when it is done. */
  async makeRoom(): Promise<void> {
    const work = this.#work;
    if (work !== undefined) this.#options.host.giveUp();
    await work;
  }

  /** Listens, unless it does so already, somebody needs the terminal, or the host is left alone for a while. */
  begin(): void {
    if (this.#work !== undefined || this.#timer !== undefined) return;
    if (this.#isPaused || this.#isUnsupported || this.#options.neighbour?.isBusy === true) return;
    const end = (): void => {
      this.#work = undefined;
    };
    this.#options.host.start();
    this.#work = inTurnOfItsOwn(() => this.#listen()).then(end, () => {
      this.#isUnsupported = true; // a fault of ours ends the news, not the terminal
      this.#options.host.giveUp();
      end();
    });
  }

  async #listen(): Promise<void> {
    const { host } = this.#options;
    if (await this.#subscribe()) {
      while (await this.#takeNext()) if (this.#isGone()) break;
    }
    host.giveUp();
    if (!this.#isGone() && !this.#isUnsupported) this.#tryLater();
  }

  #isGone(): boolean {
    return this.#isPaused || this.#options.neighbour?.isBusy === true;
  }

  async #subscribe(): Promise<boolean> {
    const { host, acquirer, batch } = this.#options;
    if (!acquirer.signedIn) {
      const outcome = await acquirer.signIn();
      if (outcome.kind !== "signedIn") return false;
      if (outcome.batch !== undefined) await batch.adopt(outcome.batch);
    }
    if (this.#isGone()) return false;
    const answer = await host.subscribe();
    this.#isUnsupported = answer === "unsupported";
    return answer === "subscribed";
  }

  /** False when the line is of no use any more. */
  async #takeNext(): Promise<boolean> {
    const { host } = this.#options;
    const event = await host.next(heartbeat);
    switch (event.kind) {
      case "news":
        await this.#take(event);
        this.#delay = patience.first;
        return true;
      case "nothing":
        if (!(await host.heartbeat())) return false;
        this.#delay = patience.first;
        return true;
      case "wrong": // whoever says it, nothing of it is believed; the true host says it again on the next line
      case "ended":
        return false;
    }
  }

  /** First into flash, then acknowledged, then shown. */
  async #take({ funds, acknowledge }: Extract<NewsEvent, { readonly kind: "news" }>): Promise<void> {
    const { notes, clock, show } = this.#options;
    const known = await readFunds(notes);
    const before = known?.items.map(({ number }) => number) ?? [];
    await keepFunds(notes, withNews(known, funds.items, clock.wall()));
    await inTurnOfItsOwn(acknowledge);
    if ((funds.unclaimed ?? 0) > 0) {
      this.#hasUnclaimed = true;
      this.#options.onUnclaimed?.();
    }
    const hint = this.#hint;
    if (hint !== undefined) {
      for (const { stan } of funds.items) if (stan !== undefined) hint(stan);
      return;
    }
    const [newest] = [...funds.items].sort((one, other) => other.number - one.number);
    if (newest !== undefined && newest.count > 0 && !before.includes(newest.number) && !this.#isGone()) {
      await show(newest);
    }
  }

  #tryLater(): void {
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      this.begin();
    }, this.#delay);
    this.#delay = Math.min(2 * this.#delay, patience.longest);
  }
}
