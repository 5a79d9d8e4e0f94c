import { fileURLToPath, pathToFileURL } from "node:url";
import * as bytes from "#native/bytes";
import * as cbor from "#native/cbor";
import * as derive from "#native/derive";
import * as digest from "#native/digest";
import * as raster from "#native/raster";
import * as vault from "#native/vault";
import type { IoProvider } from "../../../hal/io.ts";
import { readNatives } from "../xs/natives.mjs";
import { moduleFile } from "./program.ts";

/** What a program in a slot exports. */
type Program = { readonly start: (io: IoProvider) => Promise<never> };

const twins: Readonly<Record<string, object>> = { bytes, cbor, derive, digest, raster, vault };

/** The natives' twins under the names that a program knows the host's functions by. */
function host(): Readonly<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const { name, functions } of readNatives(fileURLToPath(new URL("../../../firmware/native", import.meta.url)))) {
    const twin = twins[name] as Record<string, unknown> | undefined;
    for (const one of functions) {
      found[one.symbol] = twin?.[one.name];
      if (found[one.symbol] === undefined) throw new Error(`#native/${name} has no twin here of ${one.name}`);
    }
  }
  return found;
}

/** Loads a program into this process; the same program is the same module. */
export async function startOf(program: Uint8Array): Promise<Program["start"]> {
  const place = globalThis as { host?: unknown };
  place.host ??= host();
  const module = (await import(pathToFileURL(moduleFile(program)).href)) as Program;
  return module.start;
}
