/**
 * The natives of firmware/native: their functions are listed by the shims (`export function f(a, b) @ "xspos_f"`, one a
 * line), their code is the C file beside each shim.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const DECLARATION = /^export (?:default )?function (\w+)\(([^)]*)\) @ "(\w+)";?\s*$/;

/**
 * The functions of one shim.
 * @param {string} text
 * @returns {{ name: string, symbol: string, length: number }[]}
 */
export function parseShim(text) {
  const functions = [];
  for (const line of text.split("\n")) {
    const found = DECLARATION.exec(line);
    if (found === null) continue;
    const [, name = "", parameters = "", symbol = ""] = found;
    functions.push({ name, symbol, length: parameters.split(",").filter((part) => part.trim() !== "").length });
  }
  return functions;
}

/**
 * All natives, sorted by name.
 * @param {string} folder firmware/native
 */
export function readNatives(folder) {
  if (!existsSync(folder)) return [];
  const shims = readdirSync(folder).filter((name) => name.endsWith(".js"));
  return shims.sort().map((file) => ({
    name: file.slice(0, -3),
    functions: parseShim(readFileSync(join(folder, file), "utf8")),
  }));
}

/**
 * The C table of all natives that host/main.c gives to the firmware.
 * @param {ReturnType<typeof readNatives>} natives
 */
export function nativesTable(natives) {
  const functions = natives.flatMap((native) => native.functions);
  return [
    '#include "host.h"',
    ...functions.map(({ symbol }) => `extern void ${symbol}(txMachine* the);`),
    "const NativeFunction nativeFunctions[] = {",
    ...functions.map(({ symbol, length }) => `\t{ "${symbol}", ${symbol}, ${length} },`),
    "\t{ C_NULL, C_NULL, 0 },",
    "};",
    "",
  ].join("\n");
}
