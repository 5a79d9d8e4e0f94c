/** Strict reading of the mappings in a card's file: every error names the place and the key, never the value. */

/** A tag as files write it. */
export const TAG = /^([0-9A-F]{2}){1,3}$/;

/** Reads one mapping and remembers which keys were asked for, so that the others can be refused. */
export class Mapping {
  readonly #where: string;
  readonly #members: Map<string, unknown>;
  readonly #asked = new Set<string>();

  constructor(where: string, value: unknown) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error(`${where}: not a mapping`);
    this.#where = where;
    this.#members = new Map(Object.entries(value));
  }

  #fail(key: string, expected: string): never {
    throw new Error(`${this.#where}: ${key} must be ${expected}`);
  }

  raw(key: string): unknown {
    this.#asked.add(key);
    return this.#members.get(key);
  }

  text(key: string, pattern: RegExp, fallback?: string): string {
    const value = this.raw(key) ?? fallback;
    if (typeof value !== "string" || !pattern.test(value)) this.#fail(key, `text like ${pattern.source}`);
    return value;
  }

  oneOf<T extends string>(key: string, choices: readonly T[], fallback?: T): T {
    const value = this.raw(key) ?? fallback;
    return choices.find((choice) => choice === value) ?? this.#fail(key, `one of ${choices.join(", ")}`);
  }

  money(key: string): number {
    const value = this.raw(key);
    const minor = typeof value === "number" ? Math.round(value * 100) : Number.NaN;
    if (!Number.isSafeInteger(minor) || minor < 0) this.#fail(key, "an amount");
    return minor;
  }

  /** A data element's tag in upper-case hex. */
  tags(key: string): string[] {
    return this.list(key).map((tag) => {
      return typeof tag === "string" && TAG.test(tag) ? tag : this.#fail(key, "a list of tags");
    });
  }

  has(key: string): boolean {
    return this.raw(key) !== undefined;
  }

  count(key: string, fallback: number): number {
    const value = this.raw(key) ?? fallback;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 0) this.#fail(key, "a whole number");
    return value;
  }

  flag(key: string): boolean {
    const value = this.raw(key) ?? false;
    return typeof value === "boolean" ? value : this.#fail(key, "true or false");
  }

  /** The members of a mapping of its own, empty where it is not there. */
  entries(key: string): [string, unknown][] {
    const value = this.raw(key) ?? {};
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.entries(value)
      : this.#fail(key, "a mapping");
  }

  list(key: string): unknown[] {
    const value = this.raw(key) ?? [];
    return Array.isArray(value) ? value : this.#fail(key, "a list");
  }

  /** To be called last. */
  refuseOthers(): void {
    const other = [...this.#members.keys()].find((key) => !this.#asked.has(key));
    if (other !== undefined) throw new Error(`${this.#where}: unknown key ${other}`);
  }
}
