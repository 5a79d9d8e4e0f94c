/** Copies of terminals' journal records: the newest of each transaction, until its batch is closed. */

/** One transaction of a terminal's journal as it last stood. */
export interface BackupRecord {
  /** The host's own number, in the order in which it first saw the transactions. */
  readonly number: number;
  readonly batch: number;
  readonly stan: number;
  readonly sequence: number;
  readonly state: number;
  /** The record's CBOR payload; its card number is a token under the host's own key. */
  readonly payload: Uint8Array;
}

/** All terminals' records. */
export class Backup {
  readonly #records = new Map<string, Map<string, BackupRecord>>();
  readonly #highest = new Map<string, number>();
  readonly #kept: (terminal: string, record: BackupRecord) => void;
  #last = 0;

  constructor(kept: (terminal: string, record: BackupRecord) => void) {
    this.#kept = kept;
  }

  /**
   * Keeps a record unless a newer one is kept, or its batch is not the open one; gives the highest sequence that the
   * terminal need not send again.
   */
  keep(terminal: string, record: Omit<BackupRecord, "number">, openBatch: number): number {
    const records = this.#ofTerminal(terminal);
    if (record.batch !== openBatch) {
      this.#highest.set(terminal, Math.max(this.#highest.get(terminal) ?? 0, record.sequence));
      return this.#highest.get(terminal)!;
    }
    const name = `${record.batch}/${record.stan}`;
    const known = records.get(name);
    if (!known || known.sequence <= record.sequence) {
      const kept = { ...record, number: known?.number ?? this.#last + 1 };
      this.restore(terminal, kept);
      this.#kept(terminal, kept);
    }
    return this.#highest.get(terminal)!;
  }

  /** Puts a record back as it was kept. */
  restore(terminal: string, record: BackupRecord): void {
    this.#last = Math.max(this.#last, record.number);
    this.#ofTerminal(terminal).set(`${record.batch}/${record.stan}`, record);
    this.#highest.set(terminal, Math.max(this.#highest.get(terminal) ?? 0, record.sequence));
  }

  /** The records that follow a number, in order. */
  after(terminal: string, number: number): BackupRecord[] {
    return [...this.#ofTerminal(terminal).values()]
      .filter((record) => record.number > number)
      .sort((left, right) => left.number - right.number);
  }

  /** The terminal was replaced: its sequences count anew. */
  replaced(terminal: string): void {
    this.#highest.set(terminal, 0);
    for (const record of [...this.#ofTerminal(terminal).values()]) {
      if (record.sequence === 0) continue;
      const kept = { ...record, sequence: 0 };
      this.restore(terminal, kept);
      this.#kept(terminal, kept);
    }
  }

  /** A closed batch needs no copy. */
  forget(terminal: string, batch: number): void {
    const records = this.#ofTerminal(terminal);
    for (const [name, record] of records) {
      if (record.batch !== batch) continue;
      records.delete(name);
    }
  }

  #ofTerminal(terminal: string): Map<string, BackupRecord> {
    const known = this.#records.get(terminal) ?? new Map<string, BackupRecord>();
    this.#records.set(terminal, known);
    return known;
  }
}
