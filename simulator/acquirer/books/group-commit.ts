/** Nothing leaves the host before what it stands for is in the database: answers wait for the group they belong to. */
import type { Changes, Group } from "./changes.ts";

/** Where groups are written. */
export interface GroupWriter {
  write(group: Group): Promise<void>;
}

/** Lets actions happen when all changes made before them are written, many of them with one write. */
export class GroupCommit {
  readonly #changes: Changes;
  readonly #writer: GroupWriter;
  readonly #failed: (error: Error) => void;
  #waiting: (() => void)[] = [];
  #writing: Promise<void> | undefined;
  #broken = false;

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

  async #write(): Promise<void> {
    // What arrives in the same turn of the loop joins the group.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 || !this.#changes.empty) {
      const actions = this.#waiting;
      this.#waiting = [];
      try {
        if (!this.#changes.empty) await this.#writer.write(this.#changes.take());
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
