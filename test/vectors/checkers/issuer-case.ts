/** Reads a case of published test values and says what did not hold. */
import { fromHex, hex } from "../../../simulator/acquirer/bytes.ts";

/** A case lacks something that its check needs: the case is not understood, whatever `valid` says. */
export class CaseError extends Error {}

/** The members of one case, by the type a check expects. */
export class CaseReader {
  #members: Record<string, unknown>;

  constructor(testCase: unknown) {
    if (typeof testCase !== "object" || testCase === null) throw new CaseError("the case is not an object");
    this.#members = testCase as Record<string, unknown>;
  }

  has(name: string): boolean {
    return this.#members[name] !== undefined;
  }

  text(name: string): string {
    const value = this.#members[name];
    if (typeof value !== "string") throw new CaseError(`${name} is not a string`);
    return value;
  }

  number(name: string): number {
    const value = this.#members[name];
    if (typeof value !== "number") throw new CaseError(`${name} is not a number`);
    return value;
  }

  bytes(name: string): Uint8Array {
    return fromHex(this.text(name));
  }

  /** An optional byte string; `fallback` when the case does not give it. */
  bytesOr(name: string, fallback: Uint8Array): Uint8Array {
    return this.has(name) ? this.bytes(name) : fallback;
  }

  list(name: string): CaseReader[] {
    const value = this.#members[name];
    if (!Array.isArray(value)) throw new CaseError(`${name} is not a list`);
    return value.map((item) => new CaseReader(item));
  }

  group(name: string): CaseReader {
    return new CaseReader(this.#members[name]);
  }

  get isValid(): boolean {
    return this.#members.valid !== false;
  }

  /** Undefined when the case does not give `name` or gives this value; hex letters may have either case. */
  expect(name: string, actual: string | Uint8Array): string | undefined {
    if (!this.has(name)) return undefined;
    const expected = this.text(name).toUpperCase();
    const got = typeof actual === "string" ? actual.toUpperCase() : hex(actual);
    return got === expected ? undefined : `${name}: expected ${expected}, got ${got}`;
  }
}

/** Computes and compares; throws where the input must be refused. */
export type Operation = (read: CaseReader) => string | undefined;

/** Runs the operation that `op` names, and turns `valid: false` round: there only a refusal holds. */
export function checkByOperation(testCase: unknown, operations: Record<string, Operation>): string | undefined {
  try {
    const read = new CaseReader(testCase);
    const name = read.text("op");
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (!operation) return `unknown operation ${name}`;
    return read.isValid ? operation(read) : mustRefuse(operation, read);
  } catch (error) {
    return error instanceof Error ? error.message : "failed";
  }
}

function mustRefuse(operation: Operation, read: CaseReader): string | undefined {
  try {
    operation(read);
  } catch (error) {
    if (error instanceof CaseError) return error.message;
    return undefined;
  }
  return "was accepted but must be refused";
}
