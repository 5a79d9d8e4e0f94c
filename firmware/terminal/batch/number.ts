import type { Journal } from "../../journal/types.ts";
import { inTurnOfItsOwn } from "../../turn.ts";

/** The number of the batch that is open, which is the journal's. */
export class BatchNumber {
  readonly #journal: Pick<Journal, "batch" | "closeBatch" | "totals" | "inDoubt" | "owed">;

  constructor(journal: Pick<Journal, "batch" | "closeBatch" | "totals" | "inDoubt" | "owed">) {
    this.#journal = journal;
  }

  /** 1 to 999999. */
  get number(): number {
    return this.#journal.batch();
  }

  /** Six digits. */
  get text(): string {
    return String(this.number).padStart(6, "0");
  }

  /** Takes the host's word for the open batch where nothing stands in this one: the numbers may have come apart. */
  async adopt(number: number): Promise<void> {
    if (number === this.number) return;
    await inTurnOfItsOwn(() => {
      const journal = this.#journal;
      const isEmpty = journal.totals().length === 0 && journal.inDoubt().length === 0 && journal.owed().length === 0;
      if (isEmpty) journal.closeBatch(number);
    });
  }
}
