/**
 * Makes one module of the command and all that it imports. It loads in half of the time that a loader of single files
 * takes, and runs faster: the loader gives every function its name by a call, each time the function is made.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, ".cache/xspos");
/** Bundles of other versions of the sources are removed when they are so old, in milliseconds. */
const OLD = 24 * 3_600_000;

/** A module of a bundle still finds the files that lie beside its source. */
const ownPlaces = {
  name: "own-places",
  setup({ onLoad }) {
    onLoad({ filter: /\/(simulator|firmware|hal)\/.*\.m?[jt]s$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
      loader: path.endsWith("ts") ? "ts" : "js",
    }));
  },
};

/** The address of a module with all of `simulator/cli.ts`, made anew from the sources as they are now. */
export async function bundledCommand() {
  const { outputFiles } = await build({
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
    plugins: [ownPlaces],
    write: false,
    logLevel: "error",
  });
  const code = outputFiles[0].contents;
  const file = join(folder, `${createHash("sha256").update(code).digest("hex").slice(0, 16)}.mjs`);
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    removeOld();
    const unfinished = `${file}.${process.pid}.tmp`;
    writeFileSync(unfinished, code);
    renameSync(unfinished, file);
  }
  process.setSourceMapsEnabled(true);
  return pathToFileURL(file).href;
}

function removeOld() {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > OLD) rmSync(path, { force: true });
  }
}
