import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { GROUND_NAMES, type GroundName, isSerialName, type SerialName } from "../runtime/grounds.ts";

/** The command was called with words it does not understand. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

type Kind = "string" | "boolean";

/** Options and positional words; an unknown option is a `UsageError`. */
export function readArguments<const Options extends Readonly<Record<string, Kind>>>(
  args: readonly string[],
  options: Options,
): {
  readonly values: { readonly [Name in keyof Options]?: Options[Name] extends "boolean" ? boolean : string };
  readonly words: readonly string[];
} {
  const described = Object.fromEntries(Object.entries(options).map(([name, type]) => [name, { type }]));
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: described, allowPositionals: true });
    return { values: values as never, words: positionals };
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

/** A whole number option, or undefined where it was not given. */
export function wholeNumber(name: string, text: string | undefined, least = 0): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text) || Number(text) < least) throw new UsageError(`--${name} takes a whole number`);
  return Number(text);
}

/** A TCP port option; 0 takes any free one. */
export function portNumber(text: string | undefined, name = "port"): number | undefined {
  const port = wholeNumber(name, text);
  if (port !== undefined && port > 65_535) throw new UsageError(`--${name} takes a number up to 65535`);
  return port;
}

/** The ground that was asked for, `node` by default. */
export function groundName(text: string | undefined): GroundName {
  const name = GROUND_NAMES.find((known) => known === (text ?? "node"));
  if (name === undefined)
    throw new UsageError(`there is no ground "${text}" here; grounds: ${GROUND_NAMES.join(", ")}`);
  return name;
}

/** As `groundName`, or a board on a serial line: `serial:PATH[@BAUD]`. */
export function groundOrLine(text: string | undefined): GroundName | SerialName {
  return text !== undefined && isSerialName(text) ? text : groundName(text);
}

/** The text of a file that was named. */
export function readText(file: string): string {
  return orUsage(() => readFileSync(file, "utf8"));
}

/** What the file system refuses is a mistake in the words that were given. */
export function orUsage<Result>(act: () => Result): Result {
  try {
    return act();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
