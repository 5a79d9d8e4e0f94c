import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap } from "yaml";
import { LineError } from "../line-error.ts";

/** A scenario file that cannot be read, with the line where. */
export class ScenarioError extends LineError {
  override readonly name = "ScenarioError";
}

/** A place in the file: the value and where it stands. Numbers keep the text a person wrote, so that 12.30 stays 12.30. */
export class Place {
  readonly #node: unknown;
  readonly #lines: LineCounter;
  readonly #inherited: number;

  constructor(node: unknown, lines: LineCounter, inherited: number) {
    this.#node = node;
    this.#lines = lines;
    this.#inherited = inherited;
  }

  get line(): number {
    const range = (this.#node as Node | null)?.range;
    return range === undefined || range === null ? this.#inherited : this.#lines.linePos(range[0]).line;
  }

  fail(message: string): never {
    throw new ScenarioError(this.line, message);
  }

  /** The text of a scalar as it is written. */
  text(what: string): string {
    const scalar = this.#scalar(what);
    if (scalar.value === null || scalar.value === "") this.fail(`${what} is missing`);
    return scalar.source ?? String(scalar.value);
  }

  /** One of the words that there are. */
  word(what: string, words: readonly string[]): string {
    const text = this.text(what);
    if (!words.includes(text)) this.fail(`there is no ${what} "${text}" (known: ${words.join(", ")})`);
    return text;
  }

  boolean(what: string): boolean {
    const { value } = this.#scalar(what);
    if (typeof value !== "boolean") this.fail(`${what} must be true or false`);
    return value as boolean;
  }

  integer(what: string): number {
    const text = this.text(what);
    if (!/^-?\d{1,15}$/.test(text)) this.fail(`${what} must be a whole number`);
    return Number(text);
  }

  /** An amount as people write it, in minor units; `digits` is the number of decimals of the currency. */
  amount(what: string, digits = 2): number {
    const text = this.text(what);
    const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(text);
    const decimals = match?.[2] ?? "";
    if (match === null || decimals.length > digits) this.fail(`${what} must be an amount such as 12.34`);
    return Number(match?.[1]) * 10 ** digits + Number(decimals.padEnd(digits, "0"));
  }

  /** A duration such as `30s`, `500ms`, `2m`, in milliseconds. */
  duration(what: string): number {
    const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/.exec(this.text(what));
    if (match === null) this.fail(`${what} must be a duration such as 30s`);
    return Number(match?.[1]) * { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[match?.[2] as "ms" | "s" | "m" | "h"];
  }

  isMap(): boolean {
    return isMap(this.#node);
  }

  isList(): boolean {
    return isSeq(this.#node);
  }

  list(what: string): Place[] {
    const node = this.#node;
    if (!isSeq(node)) this.fail(`${what} must be a list`);
    return (node as { items: unknown[] }).items.map((item) => new Place(item, this.#lines, this.line));
  }

  /** The entries of a map whose keys are all in `allowed` (any key where `allowed` is undefined). */
  map(what: string, allowed?: readonly string[]): Map<string, Place> {
    const node = this.#node;
    if (!isMap(node)) this.fail(`${what} must be a map`);
    const result = new Map<string, Place>();
    for (const pair of (node as YAMLMap).items) {
      const key = new Place(pair.key, this.#lines, this.line);
      const name = key.text("key");
      if (allowed !== undefined && !allowed.includes(name)) {
        key.fail(`unknown key "${name}" in ${what} (known: ${allowed.join(", ")})`);
      }
      result.set(name, new Place(pair.value, this.#lines, key.line));
    }
    return result;
  }

  /** The plain value: what parameters take. */
  plain(): unknown {
    return (this.#node as Node | null)?.toJSON?.() ?? (isScalar(this.#node) ? this.#node.value : this.#node);
  }

  #scalar(what: string): { value: unknown; source?: string } {
    const node = this.#node;
    if (!isScalar(node)) this.fail(`${what} must be a single value`);
    return node as { value: unknown; source?: string };
  }
}

/** Reads YAML text; the first place of the document. */
export function readYaml(text: string): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const error = document.errors[0];
  if (error !== undefined) {
    throw new ScenarioError(lines.linePos(error.pos[0]).line, error.message.split("\n")[0] ?? "not YAML");
  }
  return new Place(document.contents, lines, 1);
}
