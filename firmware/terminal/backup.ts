import type { Clock } from "../../hal/device.ts";
import { type BackupHost, isWithoutKey } from "../acquirer/backup.ts";
import type { Acquirer } from "../acquirer/types.ts";
import type { JournalPort } from "../journal/types.ts";
import { inTurnOfItsOwn } from "../turn.ts";

/** How long the host is left alone after it did not answer: doubled each time. In milliseconds. */
const patience = Object.freeze({ first: 30_000, longest: 600_000 } as const);

export interface BackupOptions {
  readonly clock: Pick<Clock, "setTimer" | "clearTimer">;
  readonly journal: JournalPort;
  readonly host: Pick<BackupHost, "keep">;
  /** The host's, on which `giveUp` makes room at once. */
  readonly link: { giveUp(): void };
  /** Over links that last: a restore is the flow's own business. */
  readonly restoreHost: Pick<BackupHost, "restore">;
  readonly acquirer: Pick<Acquirer, "signedIn" | "signIn">;
  /** The host has said at a sign-in which batch it has open. */
  readonly batch: { adopt(batch: number): Promise<void> };
  /** Told how many records wait, whenever that has changed. */
  readonly bar?: { unsaved(count: number): void } | undefined;
}

/** What else goes on in the background over a link. */
export interface Neighbour {
  makeRoom(): Promise<void>;
  begin(): void;
}

/**
 * Sends journal records to the host while nobody needs the terminal. One link at a time: `pause` gives an exchange up
 * at once, because a second one would not fit the device's memory beside it; what was not acknowledged goes out again.
 */
export class BackgroundBackup {
  readonly #options: BackupOptions;
  #neighbour: Neighbour | undefined;
  #isPaused = true;
  #isUnsupported = false;
  #work: Promise<void> | undefined;
  #timer: number | undefined;
  #delay: number = patience.first;

  constructor(options: BackupOptions) {
    this.#options = options;
  }

  get host(): Pick<BackupHost, "restore"> {
    return this.#options.restoreHost;
  }

  /** True while the link is in use. */
  get isBusy(): boolean {
    return this.#work !== undefined;
  }

  /** What else uses the link in the background makes room for each backup, and may go on afterwards. */
  takeTurnsWith(neighbour: Neighbour): void {
    this.#neighbour = neighbour;
  }

  /** Nobody needs the terminal now. */
  resume(): void {
    this.#isPaused = false;
    if (this.#timer === undefined) this.#begin();
  }

  /** Somebody does: resolves when the link is free. */
  async pause(): Promise<void> {
    this.#isPaused = true;
    if (this.#work !== undefined) this.#options.link.giveUp();
    await this.#work;
  }

  #begin(): void {
    if (this.#work !== undefined || this.#isPaused || this.#isUnsupported) return;
    const end = (): void => {
      this.#work = undefined;
      this.#neighbour?.begin();
    };
    this.#work = inTurnOfItsOwn(() => this.#start()).then(end, () => {
      this.#isUnsupported = true; // a fault of ours ends the backup, not the terminal: the bar shows what waits
      end();
    });
  }

  async #start(): Promise<void> {
    await this.#neighbour?.makeRoom();
    await this.#send();
  }

  /** Sends what waits until nothing does, somebody comes, or the host does not answer. */
  async #send(): Promise<void> {
    const { journal, bar } = this.#options;
    if ((await journal.restoring()) !== undefined) return;
    // Counting goes through all that waits: once is enough while nobody else writes, and once more at the end.
    for (let waiting = await journal.unsaved(); ; waiting = waiting > 1 ? waiting - 1 : await journal.unsaved()) {
      bar?.unsaved(waiting);
      if (waiting === 0 || this.#isPaused) return;
      if (!(await this.#sendNext())) {
        if (!this.#isPaused && !this.#isUnsupported) this.#tryLater();
        return;
      }
      this.#delay = patience.first;
    }
  }

  /** True when one record less waits. */
  async #sendNext(): Promise<boolean> {
    const { journal, host, acquirer, batch } = this.#options;
    if (!acquirer.signedIn) {
      const outcome = await acquirer.signIn();
      if (outcome.kind !== "signedIn") return false;
      if (outcome.batch !== undefined) await batch.adopt(outcome.batch);
    }
    const record = await journal.nextUnsaved();
    if (record === undefined || this.#isPaused) return false;
    const { kind } = await this.#keep(() => host.keep(record));
    if (kind === "unsupported") this.#isUnsupported = true;
    if (kind !== "kept" && kind !== "refused") return false;
    await journal.saved(record.sequence);
    return true;
  }

  /** A session that has no key for card numbers is that of a host without a backup. */
  async #keep(question: () => ReturnType<BackupHost["keep"]>): ReturnType<BackupHost["keep"]> {
    try {
      return await question();
    } catch (error) {
      if (!isWithoutKey(error)) throw error;
      return { kind: "unsupported" };
    }
  }

  #tryLater(): void {
    const { clock } = this.#options;
    this.#timer = clock.setTimer(() => {
      this.#timer = undefined;
      this.#begin();
    }, this.#delay);
    this.#delay = Math.min(2 * this.#delay, patience.longest);
  }
}
