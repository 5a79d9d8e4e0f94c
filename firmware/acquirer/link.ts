import type { Random } from "../../hal/device.ts";
import { type ConnectionOptions, exchangeOnce, type HostPlace, type LinkResult } from "./connection.ts";
import type { CertificateFault } from "./judge.ts";

export type { LinkResult } from "./connection.ts";

/** What a link needs of the device and of the parameters. */
export interface LinkOptions extends ConnectionOptions {
  readonly random: Random;
  /** The first one is asked first; the others stand in for it. */
  readonly hosts: readonly HostPlace[];
}

/** Rounds over the hosts in one exchange: while not a byte was sent, and only as long as one connection may take. */
const rounds = 3;
/** Pause before the second round, doubled before each further one, in milliseconds. */
const firstPause = 250;
/** How long a host that failed comes last, doubled with each failure in a row, in milliseconds. */
const firstRest = 30_000;
const longestRest = 600_000;

/** A host, and how it has been doing. */
interface Host {
  readonly place: HostPlace;
  failures: number;
  /** Of the monotonic clock: until then others are asked first. */
  restsUntil: number;
}

/**
 * The terminal's way to its acquirer: one connection an exchange. What is tried again, and where, is a table in the
 * folder's README; a request of which one byte may have left is never sent again here.
 */
export class Link {
  readonly #options: LinkOptions;
  readonly #hosts: readonly Host[];
  #waiting: { giveUp(): void } | undefined;
  #isGivenUp = false;
  #refused: CertificateFault | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#hosts = options.hosts.map((place) => ({ place, failures: 0, restsUntil: 0 }));
  }

  /** What was wrong with a host's certificates in the last exchange, where no host answered it. */
  get refused(): CertificateFault | undefined {
    return this.#refused;
  }

  /** Ends the exchange that is under way, as if nobody had answered: what runs in the background makes room at once. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#waiting?.giveUp();
  }

  /** Sends one frame and waits for one frame. Never rejects for what a network does. */
  async exchange(request: Uint8Array): Promise<LinkResult> {
    const { clock, connectTimeoutMs } = this.#options;
    const deadline = clock.monotonic() + connectTimeoutMs;
    const strangers = new Set<Host>();
    this.#isGivenUp = false;
    this.#refused = undefined;
    let last: LinkResult = { kind: "noAnswer", sent: false };
    for (let round = 0; round < rounds; round++) {
      if (round > 0) await this.#pause(firstPause * 2 ** (round - 1));
      if (this.#isGivenUp) return last;
      for (const host of this.#order().filter((each) => !strangers.has(each))) {
        const result = await exchangeOnce(this.#options, host.place, request, (exchange) => {
          this.#waiting = exchange;
          if (this.#isGivenUp) exchange.giveUp(); // while it was being opened
        });
        this.#waiting = undefined;
        if (this.#isGivenUp) return result;
        this.#remember(host, result);
        this.#refused = result.kind === "noAnswer" && !result.sent ? (result.refused ?? this.#refused) : undefined;
        if (result.kind !== "noAnswer" || result.sent) return result;
        // A certificate that is refused is worth telling, and does not become another one by asking again.
        if (result.refused !== undefined) strangers.add(host);
        if (result.refused !== undefined || strangers.size === 0) last = result;
      }
      if (strangers.size === this.#hosts.length || clock.monotonic() >= deadline) break;
    }
    return last;
  }

  /** In the order of the parameters, but who failed lately comes last. */
  #order(): Host[] {
    const now = this.#options.clock.monotonic();
    const rest = (host: Host): number => (host.restsUntil > now ? host.restsUntil : 0);
    return [...this.#hosts].sort((one, other) => rest(one) - rest(other));
  }

  #remember(host: Host, result: LinkResult): void {
    if (result.kind !== "noAnswer") {
      host.failures = 0;
      host.restsUntil = 0;
      return;
    }
    const rest = Math.min(longestRest, firstRest * 2 ** Math.min(host.failures, 16));
    host.failures++;
    host.restsUntil = this.#options.clock.monotonic() + this.#jittered(rest);
  }

  #pause(milliseconds: number): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const timer = clock.setTimer(resolve, this.#jittered(milliseconds));
      this.#waiting = {
        giveUp: () => {
          clock.clearTimer(timer);
          resolve();
        },
      };
    });
  }

  /** Half of it to all of it, so that terminals which lost their host together do not come back together. */
  #jittered(milliseconds: number): number {
    const [high, low] = this.#options.random.read(2);
    return Math.round((milliseconds / 2) * (1 + (high! * 256 + low!) / 65_536));
  }
}
