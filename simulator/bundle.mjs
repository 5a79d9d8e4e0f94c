/**
 * Makes one module of the command and all that it imports. It loads in half of the time that a loader of single files
 * takes, and runs faster: the loader gives every function its name by a call, each time the function is made.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { replaceFile } from "./replace-file.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, ".cache/xspos");
/** The newest bundle: the checkout it is of, its file, and each source it was made of with the time and size it had. */
const record = join(folder, "made-of.json");
/** What decides about the bundle besides the sources that are in it. */
const SETTINGS = ["simulator/bundle.mjs", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.base.json"];
/** Bundles of other versions of the sources are removed when they are so old, in milliseconds. */
const OLD = 24 * 3_600_000;
/** A source written so shortly before its bundle is not trusted to show a later change by its time, in milliseconds. */
const CLOCK_GRAIN = 1_000;

/** A plugin of esbuild: a module of a bundle still finds the files that lie beside its source. */
export const ownPlaces = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /\/(simulator|firmware|hal|test)\/.*\.m?[jt]s$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: path.endsWith("ts") ? "ts" : "js",
    }));
  },
};

/** The address of a module with all of `simulator/cli.ts`, of the sources as they are now. */
export async function bundledCommand() {
  const file = lastBundle() ?? (await newBundle());
  process.setSourceMapsEnabled(true);
  return pathToFileURL(file).href;
}

/** The newest bundle, if each source still has the time and size it had then. */
function lastBundle() {
  try {
    const { root: place, file, sources } = JSON.parse(readFileSync(record, "utf8"));
    const unchanged = place === root && Object.entries(sources).every(([name, stamp]) => stampOf(name) === stamp);
    return unchanged && existsSync(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function stampOf(name) {
  const stats = statSync(join(root, name), { throwIfNoEntry: false });
  return stats === undefined ? "" : `${stats.mtimeMs} ${stats.size}`;
}

async function newBundle() {
  const settings = SETTINGS.map((name) => [name, stampOf(name)]);
  const started = Date.now();
  const { build } = await import("esbuild");
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: ["simulator/cli.ts"],
    outfile: join(folder, "command.mjs"),
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    sourcemap: "inline",
    sourcesContent: false,
    metafile: true,
    plugins: [ownPlaces],
    write: false,
    logLevel: "error",
  });
  const code = outputFiles[0].contents;
  const file = join(folder, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
  mkdirSync(folder, { recursive: true });
  if (!existsSync(file)) {
    removeOld();
    replaceFile(file, code);
  }
  const sources = Object.keys(metafile.inputs).map((name) => [name, stampOf(name)]);
  const touched = Object.keys(metafile.inputs).some((name) => changedAfter(name, started));
  if (!touched)
    replaceFile(record, JSON.stringify({ root, file, sources: Object.fromEntries([...settings, ...sources]) }));
  return file;
}

/** Whether a source may have been written while the bundle was made of it: its time would then hide the change. */
function changedAfter(name, time) {
  const stats = statSync(join(root, name), { throwIfNoEntry: false });
  return stats === undefined || stats.mtimeMs >= time - CLOCK_GRAIN;
}

function removeOld() {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > OLD) rmSync(path, { force: true });
  }
}
