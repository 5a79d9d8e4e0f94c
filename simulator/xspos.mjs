#!/usr/bin/env node
// The `xspos` command: the TypeScript beside it as one bundle.

const args = process.argv.slice(2);
/** Verbs that load modules of `test/` by name, which no bundle can hold, take every module from its own file. */
const BY_FILE = ["fuzz", "vectors"];

async function command() {
  if (!BY_FILE.includes(args[0])) return import(await (await import("./bundle.mjs")).bundledCommand());
  (await import("tsx/esm/api")).register();
  return import("./cli.ts");
}

const { main } = await command();
process.exitCode = await main(args);
