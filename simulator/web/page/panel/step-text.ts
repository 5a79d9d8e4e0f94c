/** A value as a scenario file writes it on one line. */
export type StepValue = string | number | boolean | readonly StepValue[] | { readonly [name: string]: StepValue };

/** Reads one step of a scenario, such as `network: { delay: 5s }`; undefined where it is none. */
export function readStepText(text: string): Readonly<Record<string, StepValue>> | undefined {
  const match = /^-?\s*([A-Za-z]+)\s*:\s*(.+)$/.exec(text.trim());
  if (match === null) return undefined;
  const [, name = "", rest = ""] = match;
  const reader = new FlowReader(rest);
  const value = /^[[{"']/.test(rest) ? reader.value() : scalar(rest.trim());
  return value === undefined || (/^[[{"']/.test(rest) && !reader.atEnd) ? undefined : { [name]: value };
}

/** YAML's flow style: maps in braces, lists in brackets, quoted and plain words. */
class FlowReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    this.#space();
    return this.#at === this.#text.length;
  }

  value(): StepValue | undefined {
    this.#space();
    const open = this.#text[this.#at];
    if (open === "{") return this.#map();
    if (open === "[") return this.#list();
    if (open === '"' || open === "'") return this.#quoted();
    const plain = this.#take(/[^,{}[\]]*/y).trim();
    return plain === "" ? undefined : scalar(plain);
  }

  #map(): StepValue | undefined {
    const map: Record<string, StepValue> = {};
    this.#at += 1;
    while (!this.#closes("}")) {
      const name = this.#name();
      const value = name === undefined ? undefined : this.value();
      if (name === undefined || value === undefined || !this.#goesOn("}")) return undefined;
      map[name] = value;
    }
    return map;
  }

  /** A name, plain or in quotes, and its colon. */
  #name(): string | undefined {
    this.#space();
    const name = this.#quoted() ?? this.#take(/[A-Za-z]+/y);
    return name === "" || this.#take(/\s*:/y) === "" ? undefined : name;
  }

  #list(): StepValue | undefined {
    const list: StepValue[] = [];
    this.#at += 1;
    while (!this.#closes("]")) {
      const value = this.value();
      if (value === undefined || !this.#goesOn("]")) return undefined;
      list.push(value);
    }
    return list;
  }

  /** In double quotes as JSON writes it, in single ones as it stands. */
  #quoted(): string | undefined {
    const text = this.#take(/"(?:[^"\\]|\\["\\/bfnrt])*"|'[^']*'/y);
    if (text === "") return undefined;
    return text.startsWith("'") ? text.slice(1, -1) : (JSON.parse(text) as string);
  }

  /** Whether the map or list ends here; the bracket is taken. */
  #closes(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  /** Whether a comma, which is taken, or the end follows. */
  #goesOn(bracket: string): boolean {
    this.#space();
    if (this.#text[this.#at] === bracket) return true;
    if (this.#text[this.#at] !== ",") return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    this.#take(/\s*/y);
  }

  #take(what: RegExp): string {
    what.lastIndex = this.#at;
    const taken = what.exec(this.#text)?.[0] ?? "";
    this.#at += taken.length;
    return taken;
  }
}

function scalar(text: string): StepValue {
  if (text === "true" || text === "false") return text === "true";
  return /^-?(0|[1-9]\d*)(\.\d+)?$/.test(text) ? Number(text) : text.replace(/^(["'])(.*)\1$/, "$2");
}
