/** Nothing leaves the host before what it stands for is in the database: answers wait for the group they belong to. */
import type { Changes, Group } from "./changes.ts";

/** Where groups are written. */
export interface GroupWriter {
  write(group: Group): Promise<void>;
}

/** A group waits no longer than this for others to join it (milliseconds). */
const LONGEST_WAIT = 100;

/** Lets actions happen when all changes made before them are written, many of them with one write. */
export class GroupCommit {
  readonly #changes: Changes;
  readonly #writer: GroupWriter;
  readonly #failed: (error: Error) => void;
  #waiting: (() => void)[] = [];
  #writing: Promise<void> | undefined;
  #broken = false;
  #lastTook = 0;

  /** `failed` is called once when a group cannot be written: from then on nothing leaves the host. */
  constructor(changes: Changes, writer: GroupWriter, failed: (error: Error) => void) {
    this.#changes = changes;
    this.#writer = writer;
    this.#failed = failed;
  }

  /** Does it when everything that changed so far is written; at once where nothing waits. */
  whenWritten(action: () => void): void {
    if (this.#broken) return;
    if (this.#changes.empty && !this.#writing && this.#waiting.length === 0) {
      action();
      return;
    }
    this.#waiting.push(action);
    this.#writing ??= this.#write();
  }

  /** Writes what is left; resolves when it is written, or when nothing can be. */
  async finish(): Promise<void> {
    if (!this.#changes.empty && !this.#broken) this.#writing ??= this.#write();
    await this.#writing;
  }

  /**
   * Lets more join the group: what arrives in the same turn of the loop, and as long as the last group took to be
   * written, so that a slow disk makes groups larger and not the host idle.
   */
  #collect(): Promise<void> {
    const milliseconds = Math.min(this.#lastTook, LONGEST_WAIT);
    return new Promise((resolve) => {
      if (milliseconds < 1) setImmediate(resolve);
      else setTimeout(resolve, milliseconds);
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0 || !this.#changes.empty) {
      await this.#collect();
      const actions = this.#waiting;
      this.#waiting = [];
      try {
        const started = performance.now();
        if (!this.#changes.empty) await this.#writer.write(this.#changes.take());
        this.#lastTook = performance.now() - started;
      } catch (error) {
        this.#broken = true;
        this.#waiting = [];
        this.#failed(error as Error);
        break;
      }
      for (const action of actions) action();
    }
    this.#writing = undefined;
  }
}
