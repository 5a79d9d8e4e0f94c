/**
 * Makes a program for a slot of p1: firmware, drivers and wiring as one module, of which the ground brings natives, IO and
 * the engine. `node build-program.mjs '{"version":"1.1.0","securityVersion":1}'` writes to standard output one JSON document:
 * the module's text, and the hash of each file that went in.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { readNatives } from "../xs/natives.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));

const natives = readNatives(join(root, "firmware/native"));

/** What is started: the terminal, or something that never gets anywhere; and the natives' twins, for a ground that is no XS. */
const entries = {
  twins: natives.map(({ name }) => `export * as ${name} from "#native/${name}";`).join("\n"),
  terminal: `
    import { boot } from "./firmware/main.ts";
    import { p1 } from "./hal/boards/p1/wiring.ts";
    export const start = (io) => boot(p1(io));`,
  hangs: "export const start = () => new Promise(() => {});",
  crashes: `export const start = async () => { throw new Error("spoilt on purpose"); };`,
};

/** @param {{ version?: string, securityVersion?: number, entry?: keyof typeof entries }} wanted */
async function program({ version = "0.0.0", securityVersion = 0, entry = "terminal" }) {
  /** @type {import("esbuild").Plugin} */
  const slot = {
    name: "slot",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#native\// }, ({ path }) => ({ path, namespace: "native" }));
      onLoad({ filter: /.*/, namespace: "native" }, ({ path }) => {
        const functions = natives.find(({ name }) => `#native/${name}` === path)?.functions ?? [];
        return {
          contents: functions.map(({ name, symbol }) => `export const ${name} = globalThis.host.${symbol};`).join("\n"),
        };
      });
      onLoad({ filter: /\/firmware\/update\/this-build\.ts$/ }, () => {
        const numbers = version.split(".").map(Number);
        const built = `{ version: Object.freeze(${JSON.stringify(numbers)}), securityVersion: ${Number(securityVersion)} }`;
        return { contents: `export const thisBuild = Object.freeze(${built});` };
      });
    },
  };
  const { outputFiles, metafile } = await build({
    stdin: { contents: entries[entry], resolveDir: root, loader: "ts" },
    absWorkingDir: root,
    bundle: true,
    minify: true,
    charset: "utf8",
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    metafile: true,
    platform: "neutral",
    plugins: entry === "twins" ? [] : [slot],
    target: "es2022",
    write: false,
  });
  const inputs = Object.keys(metafile.inputs).filter((path) => existsSync(join(root, path)));
  const hashes = inputs.map((path) => [
    path,
    createHash("sha256")
      .update(readFileSync(join(root, path)))
      .digest("hex"),
  ]);
  return { text: outputFiles[0].text, inputs: Object.fromEntries(hashes) };
}

process.stdout.write(JSON.stringify(await program(JSON.parse(process.argv[2] ?? "{}"))));
