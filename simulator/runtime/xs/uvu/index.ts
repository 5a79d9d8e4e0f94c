/**
 * What test files need of uvu, for engines with frozen built-ins and no timers: `test`, `suite`, their hooks, and a
 * runner that prints one line for each failure and one line of JSON at the end.
 */
import { print } from "xspos:host";

type Handler = (context: Record<string, unknown>) => void | Promise<void>;
interface Hook {
  (handler: Handler): void;
  each(handler: Handler): void;
}
interface Test {
  (name: string, handler: Handler): void;
  only(name: string, handler: Handler): void;
  skip(name?: string, handler?: Handler): void;
  before: Hook;
  after: Hook;
  run(): void;
}
interface Suite {
  readonly name: string;
  readonly context: Record<string, unknown>;
  readonly tests: { readonly name: string; readonly handler: Handler; readonly only: boolean }[];
  readonly hooks: Readonly<Record<"before" | "after" | "beforeEach" | "afterEach", Handler[]>>;
}

const queue: Suite[] = [];

function hook(once: Handler[], each: Handler[]): Hook {
  const add = (handler: Handler): void => {
    once.push(handler);
  };
  return Object.assign(add, {
    each(handler: Handler): void {
      each.push(handler);
    },
  });
}

export function suite(name = "", context: Record<string, unknown> = {}): Test {
  const hooks: Suite["hooks"] = { before: [], after: [], beforeEach: [], afterEach: [] };
  const tests: Suite["tests"] = [];
  const test = (title: string, handler: Handler): void => {
    tests.push({ name: title, handler, only: false });
  };
  return Object.assign(test, {
    only(title: string, handler: Handler): void {
      tests.push({ name: title, handler, only: true });
    },
    skip(): void {},
    before: hook(hooks.before, hooks.beforeEach),
    after: hook(hooks.after, hooks.afterEach),
    run(): void {
      queue.push({ name, context, tests: tests.splice(0), hooks });
    },
  });
}

export const test = suite();

async function callAll(handlers: readonly Handler[], context: Record<string, unknown>): Promise<void> {
  for (const handler of handlers) await handler(context);
}

async function runTest({ name, hooks, context }: Suite, title: string, handler: Handler): Promise<boolean> {
  try {
    await callAll(hooks.beforeEach, context);
    await handler(context);
    await callAll(hooks.afterEach, context);
    return true;
  } catch (error) {
    const text = error instanceof Error ? `${error}\n${error.stack ?? ""}` : String(error);
    print(`FAIL ${name}"${title}"\n${text}`);
    return false;
  }
}

/** Runs every suite that asked for it; called by the host as the bundle's `main`. */
export async function runQueue(): Promise<void> {
  const counts = { passed: 0, failed: 0 };
  for (const one of queue) {
    const chosen = one.tests.some((candidate) => candidate.only) ? one.tests.filter((item) => item.only) : one.tests;
    await callAll(one.hooks.before, one.context);
    for (const { name, handler } of chosen) {
      if (await runTest(one, name, handler)) counts.passed++;
      else counts.failed++;
    }
    await callAll(one.hooks.after, one.context);
  }
  print(`results ${JSON.stringify(counts)}`);
}
