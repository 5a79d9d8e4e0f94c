/** The terminals the host knows, from `terminals.yaml`. */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { fromHex } from "./bytes.ts";
import { PLANS, type Plan } from "./funds/working-days.ts";

/** One terminal: its shop, and its TEST master key. */
export interface TerminalEntry {
  readonly terminal: string;
  readonly merchant: string;
  readonly name: string;
  readonly masterKey: Uint8Array;
  readonly makLength: 8 | 16;
  /** Offset of the MAC key's check value within the MAC key's part of field 62. */
  readonly makCheckAt: 8 | 16;
  /** How soon its shop is paid. */
  readonly plan: Plan;
}

function entry(item: unknown, index: number): TerminalEntry {
  const members = new Map<string, unknown>(typeof item === "object" && item !== null ? Object.entries(item) : []);
  const fail = (key: string): never => {
    throw new Error(`terminals.yaml: ${key} of entry ${index + 1} does not fit`);
  };
  const text = (key: string, pattern: RegExp): string => {
    const value = members.get(key);
    return typeof value === "string" && pattern.test(value) ? value : fail(key);
  };
  const eightOr16 = (key: string): 8 | 16 => {
    const value = members.get(key);
    return value === 8 || value === 16 ? value : fail(key);
  };
  const plan = PLANS.find((name) => name === members.get("plan")) ?? fail("plan");
  return {
    plan,
    terminal: text("terminal", /^[\x20-\x7e]{8}$/),
    merchant: text("merchant", /^[\x20-\x7e]{15}$/),
    name: text("name", /./),
    masterKey: fromHex(text("tmk", /^[0-9A-Fa-f]{32}$/)),
    makLength: eightOr16("makLength"),
    makCheckAt: eightOr16("makCheckAt"),
  };
}

/** All terminals of the file, read once, the default one first. Throws `Error` naming the entry and the key. */
export function readTerminals(): readonly TerminalEntry[] {
  cache ??= readFile();
  return cache;
}

let cache: readonly TerminalEntry[] | undefined;

function readFile(): TerminalEntry[] {
  const items: unknown = parse(readFileSync(new URL("terminals.yaml", import.meta.url), "utf8"));
  if (!Array.isArray(items)) throw new Error("terminals.yaml: not a list");
  return items.map(entry);
}
