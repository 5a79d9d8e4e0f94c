import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build, type Plugin } from "esbuild";
import { replaceFile } from "../../replace-file.mjs";
import { shortened, shrink } from "../../shrink/shrink.ts";
import { ensureHost } from "./build.mjs";
import { readNatives } from "./natives.mjs";

/** The XS grounds: 64 bits, 32 bits as on the device, and an emulated microcontroller. */
export type XsGround = "xs" | "xs32" | "rv32";

/** The grounds whose host compiles source: a microcontroller's bytecode is that of another 32-bit host. */
export const COMPILERS: Readonly<Record<XsGround, XsGround>> = { xs: "xs", xs32: "xs32", rv32: "xs32" };

/** What to bundle: a module's path, or the text of a module that imports others. */
export type Entry = { readonly path: string } | { readonly text: string };

export interface BundleOptions {
  readonly ground: XsGround;
  readonly entry: Entry;
  /** Other modules in the place of named ones: `{ uvu: "/path/of/uvu.ts" }`. */
  readonly alias?: Readonly<Record<string, string>>;
  /** As a device has it in its flash: short names, shared slots. What fails in it is told with names that no source has. */
  readonly shrunk?: boolean;
}

export const projectFolder = fileURLToPath(new URL("../../../", import.meta.url));
const bundleFolder = join(projectFolder, ".cache/xs/bundles");
const nativeFolder = join(projectFolder, "firmware/native");
const execute = promisify(execFile);
const inProgress = new Map<string, Promise<string>>();

/** The natives' shims and the host's own functions as modules whose exports come from the C host. */
const hostModules: Plugin = {
  name: "host-modules",
  setup(plugins) {
    plugins.onResolve({ filter: /^(#native\/|xspos:host$)/ }, ({ path }) => ({ path, namespace: "host" }));
    plugins.onLoad({ filter: /.*/, namespace: "host" }, ({ path }) => ({ contents: hostModule(path), loader: "js" }));
  },
};

function hostModule(path: string): string {
  if (path === "xspos:host") {
    return [
      "export const { read, write, request, reply, receive, print } = globalThis.host;",
      "const { resource: map } = globalThis.host;",
      "export const resource = (name) => new Uint8Array(map(name));",
    ].join("\n");
  }
  const name = path.slice("#native/".length);
  const native = readNatives(nativeFolder).find((candidate) => candidate.name === name);
  if (native === undefined) throw new Error(`firmware/native/${name}.js does not exist`);
  return native.functions.map((one) => `export const ${one.name} = globalThis.host.${one.symbol};`).join("\n");
}

/**
 * The bytecode of one entry with all that it imports, for one ground's host. Cached by the content of every file that
 * went in; asking again in the same process costs nothing.
 * @returns the path of the bytecode file
 */
export function bundle(options: BundleOptions): Promise<string> {
  const key = hash(JSON.stringify(options));
  let result = inProgress.get(key);
  if (result === undefined) {
    result = makeBundle(options, key);
    inProgress.set(key, result);
    result.catch(() => inProgress.delete(key));
  }
  return result;
}

/** What is remembered of a bundle: the files that went in, with the hash of each, and the bytecode that came out. */
interface Remembered {
  readonly host: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly bytecode: string;
}

async function makeBundle(options: BundleOptions, key: string): Promise<string> {
  const host = await ensureHost(COMPILERS[options.ground]);
  const record = join(bundleFolder, `${key}.json`);
  const known = recall(record, host);
  if (known !== undefined) return known;
  const { text, inputs } = await bundleText(options);
  mkdirSync(bundleFolder, { recursive: true });
  const name = join(bundleFolder, hash(host + text));
  const bytecode = `${name}.${options.ground}`;
  if (!existsSync(bytecode)) {
    replaceFile(`${name}.js`, text);
    const unfinished = `${bytecode}.${process.pid}.tmp`;
    await execute(host, ["compile", `${name}.js`, unfinished]);
    renameSync(unfinished, bytecode);
  }
  const remembered: Remembered = { host, inputs, bytecode };
  replaceFile(record, JSON.stringify(remembered));
  return bytecode;
}

function recall(record: string, host: string): string | undefined {
  if (!existsSync(record)) return undefined;
  const known = JSON.parse(readFileSync(record, "utf8")) as Remembered;
  if (known.host !== host || !existsSync(known.bytecode)) return undefined;
  const same = Object.entries(known.inputs).every(([path, digest]) => existsSync(path) && hashFile(path) === digest);
  return same ? known.bytecode : undefined;
}

async function bundleText(options: BundleOptions): Promise<{ text: string; inputs: Record<string, string> }> {
  const { entry } = options;
  const result = await build({
    ...("path" in entry
      ? { entryPoints: [entry.path] }
      : { stdin: { contents: entry.text, resolveDir: projectFolder, loader: "ts" as const } }),
    absWorkingDir: projectFolder,
    alias: { ...options.alias },
    bundle: true,
    charset: "utf8",
    format: "esm",
    legalComments: "none",
    logLevel: "silent",
    mainFields: ["module", "main"],
    metafile: true,
    platform: "neutral",
    plugins: [hostModules],
    target: "es2022",
    write: false,
    ...(options.shrunk === true ? shortened : {}),
  });
  const made = result.outputFiles[0]?.text ?? "";
  const text = options.shrunk === true ? shrunkText(made) : made;
  const inputs: Record<string, string> = {};
  for (const path of [...Object.keys(result.metafile.inputs), ...(options.shrunk === true ? shrinking : [])]) {
    const absolute = join(projectFolder, path);
    if (existsSync(absolute)) inputs[absolute] = hashFile(absolute);
  }
  return { text, inputs };
}

/** The same text is shrunk once, for whatever ground. */
function shrunkText(text: string): string {
  const sources = shrinking.map((path) => hashFile(join(projectFolder, path)));
  const path = join(bundleFolder, `${hash(`${sources.join()}\n${text}`)}.small.js`);
  if (existsSync(path)) return readFileSync(path, "utf8");
  const small = shrink(text);
  mkdirSync(bundleFolder, { recursive: true });
  replaceFile(path, small);
  return small;
}

/** The sources of the step that shrinks: another one makes another bundle of the same modules. */
const shrinking = readdirSync(join(projectFolder, "simulator/shrink"))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `simulator/shrink/${name}`);

const hash = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex").slice(0, 24);
const hashFile = (path: string): string => hash(readFileSync(path));

/** The folder of this module, for entries that live beside it. */
export const xsFolder = dirname(fileURLToPath(import.meta.url));
