/** One pin's wire. The device drives it as an output, or a chip does. */
export class DigitalWire {
  #level: 0 | 1 = 1;
  readonly #watchers = new Set<(level: 0 | 1) => void>();

  get level(): 0 | 1 {
    return this.#level;
  }

  /** Drives the wire; watchers hear of changes only. */
  drive(level: 0 | 1): void {
    if (level === this.#level) return;
    this.#level = level;
    for (const watcher of [...this.#watchers]) watcher(level);
  }

  /** Calls `watcher` at every change until the returned function is called. */
  watch(watcher: (level: 0 | 1) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
