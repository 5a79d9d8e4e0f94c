/** What test files need of uvu/assert, for engines with frozen built-ins. */
import { deepEqual, show } from "./compare.ts";

type Expected = string | RegExp | ((error: Error) => boolean);
type Constructor = abstract new (...args: never) => unknown;

export class Assertion extends Error {
  override readonly name = "Assertion";
  readonly code = "ERR_ASSERTION";
}

/** `message` is the test's own text; an Error of its own is thrown as it is. */
function assert(held: boolean, backup: string, message: string | Error | undefined): asserts held {
  if (held) return;
  if (message instanceof Error) throw message;
  throw new Assertion(message === undefined ? backup : `${message} (${backup})`);
}

function compared(actual: unknown, expected: unknown): string {
  return `expected ${show(expected)}, got ${show(actual)}`;
}

export function ok(value: unknown, message?: string | Error): asserts value {
  assert(Boolean(value), `${show(value)} is not truthy`, message);
}

export function unreachable(message?: string | Error): void {
  assert(false, "expected not to be reached", message);
}

export function type(value: unknown, expected: string, message?: string | Error): void {
  assert(typeof value === expected, `${typeof value} is not ${expected}`, message);
}

export function instance(value: unknown, expected: Constructor, message?: string | Error): void {
  assert(value instanceof expected, `${show(value)} is not a ${expected.name}`, message);
}

function matches(value: string, expected: string | RegExp): boolean {
  return typeof expected === "string" ? value.includes(expected) : expected.test(value);
}

export function match(value: string, expected: string | RegExp, message?: string | Error): void {
  assert(matches(value, expected), `${show(value)} does not match ${expected}`, message);
}

function notEqual(value: unknown, expected: unknown, message?: string | Error): void {
  assert(!deepEqual(value, expected), `both are ${show(value)}`, message);
}

function notIs(value: unknown, expected: unknown, message?: string | Error): void {
  assert(value !== expected, `both are ${show(value)}`, message);
}

export const is = Object.assign(
  (value: unknown, expected: unknown, message?: string | Error): void => {
    assert(value === expected, compared(value, expected), message);
  },
  { not: notIs },
);

export function equal(value: unknown, expected: unknown, message?: string | Error): void {
  assert(deepEqual(value, expected), compared(value, expected), message);
}

function errorOf(block: () => unknown): { readonly error: unknown } | undefined {
  try {
    block();
    return undefined;
  } catch (error) {
    return { error };
  }
}

function fits(error: unknown, expected: Exclude<Expected, string>): boolean {
  return typeof expected === "function" ? expected(error as Error) : expected.test((error as Error).message);
}

export function throws(block: () => unknown, expected?: Expected, message?: string | Error): void {
  const thrown = errorOf(block);
  const text = typeof expected === "string" ? expected : message;
  assert(thrown !== undefined, "expected function to throw", text);
  if (thrown.error instanceof Assertion) throw thrown.error;
  if (expected === undefined || typeof expected === "string") return;
  assert(fits(thrown.error, expected), `${thrown.error} is not the error that was expected`, message);
}

function notThrows(block: () => unknown, expected?: Expected, message?: string | Error): void {
  const thrown = errorOf(block);
  if (thrown === undefined) return;
  const fitting = expected === undefined || typeof expected === "string" || fits(thrown.error, expected);
  assert(!fitting, `expected function not to throw, but it threw ${thrown.error}`, message);
}

export const not = Object.assign(
  (value: unknown, message?: string | Error): void => assert(!value, `${show(value)} is not falsy`, message),
  {
    ok: (value: unknown, message?: string | Error): void => assert(!value, `${show(value)} is not falsy`, message),
    is: notIs,
    equal: notEqual,
    throws: notThrows,
    type(value: unknown, expected: string, message?: string | Error): void {
      assert(typeof value !== expected, `it is a ${expected}`, message);
    },
    instance(value: unknown, expected: Constructor, message?: string | Error): void {
      assert(!(value instanceof expected), `it is a ${expected.name}`, message);
    },
    match(value: string, expected: string | RegExp, message?: string | Error): void {
      assert(!matches(value, expected), `${show(value)} matches ${expected}`, message);
    },
  },
);
