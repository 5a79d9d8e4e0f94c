/** The host as a service: its books on an SQL engine, its clock the machine's, its answers sent when their group is written. */
import type { CardDefinition } from "../../cards/definition.ts";
import type { RandomBytes } from "../bytes.ts";
import { AcquirerHost, type HostAnswer } from "../host.ts";
import type { Connection } from "../news.ts";
import type { TerminalEntry } from "../terminals.ts";
import { Changes } from "./changes.ts";
import { GroupCommit } from "./group-commit.ts";
import { openBooks } from "./open.ts";
import { readKept } from "./restore.ts";
import type { BooksStore } from "./store.ts";

/** What a service is made of. */
export interface ServiceOptions {
  /** A file, `:memory:` or `postgres://...`. */
  readonly books: string;
  readonly random: RandomBytes;
  readonly cards?: Iterable<CardDefinition>;
  readonly terminals?: readonly TerminalEntry[];
  /** Called once when a group cannot be written; nothing leaves the host any more. */
  readonly failed: (error: Error) => void;
}

/** How often a service looks whether clearing is due (milliseconds). */
const LOOK = 60_000;

/** Milliseconds since 1970 as ISO 8601 in the machine's own time, without its offset. */
function localIso(wall: number): string {
  const offset = new Date(wall).getTimezoneOffset() * 60_000;
  return new Date(wall - offset).toISOString().slice(0, 19);
}

/** A running host with durable books. */
export class HostService {
  readonly host: AcquirerHost;
  readonly store: BooksStore;
  readonly #commit: GroupCommit;
  readonly #timer: NodeJS.Timeout;

  private constructor(host: AcquirerHost, store: BooksStore, commit: GroupCommit) {
    this.host = host;
    this.store = store;
    this.#commit = commit;
    this.#timer = setInterval(() => this.#look(), LOOK);
    this.#timer.unref();
  }

  /** Opens the books and goes on where they end. Throws `BooksError`. */
  static async open(options: ServiceOptions): Promise<HostService> {
    const store = await openBooks(options.books);
    const begun = Number((await store.fact("begun")) ?? Date.now());
    const startDate = (await store.fact("startDate")) ?? localIso(begun);
    const changes = new Changes();
    const { random, cards, terminals } = options;
    const host = new AcquirerHost({
      clock: () => Date.now() - begun,
      startDate,
      random,
      remembered: 0,
      changes,
      kept: await readKept(store),
      ...(cards && { cards }),
      ...(terminals && { terminals }),
    });
    await store.setFact("begun", String(begun));
    await store.setFact("startDate", startDate);
    const commit = new GroupCommit(changes, store, options.failed);
    await commit.finish();
    return new HostService(host, store, commit);
  }

  receive(frame: Uint8Array, connection?: Connection): HostAnswer {
    return this.host.receive(frame, connection);
  }

  gone(connection: Connection): void {
    this.host.gone(connection);
  }

  whenWritten(action: () => void): void {
    this.#commit.whenWritten(action);
  }

  /** Resolves when all that changed so far is written. */
  settled(): Promise<void> {
    return this.#commit.finish();
  }

  /** Writes what is left and closes the books. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#commit.finish();
    await this.store.close();
  }

  #look(): void {
    this.host.advance();
    this.whenWritten(() => {});
  }
}
