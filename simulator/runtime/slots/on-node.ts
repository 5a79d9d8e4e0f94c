import { fileURLToPath, pathToFileURL } from "node:url";
import type { IoProvider } from "../../../hal/io.ts";
import { readNatives } from "../xs/natives.mjs";
import { moduleFile, twinsFile } from "./program.ts";

/** What a program in a slot exports. */
type Program = { readonly start: (io: IoProvider) => Promise<never> };
type Twins = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const nativeFolder = fileURLToPath(new URL("../../../firmware/native", import.meta.url));

/** The natives' twins under the names that a program knows the host's functions by. */
async function host(): Promise<Readonly<Record<string, unknown>>> {
  const twins = (await import(pathToFileURL(twinsFile()).href)) as Twins;
  const found: Record<string, unknown> = {};
  for (const { name, functions } of readNatives(nativeFolder)) {
    for (const one of functions) found[one.symbol] = twins[name]?.[one.name];
  }
  return found;
}

/** Loads a program into this process; the same program is the same module. */
export async function startOf(program: Uint8Array): Promise<Program["start"]> {
  const place = globalThis as { host?: unknown };
  place.host ??= await host();
  const module = (await import(pathToFileURL(moduleFile(program)).href)) as Program;
  return module.start;
}
