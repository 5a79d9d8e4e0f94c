import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { ownPlaces } from "../simulator/bundle.mjs";

/**
 * Files of tests as modules that share their parts: a loader of single files takes two seconds in each process, and makes
 * slower code. Gives the folder that they lie in, each at its place under the project, and a way to remove it.
 */
export async function bundledTests(
  root: string,
  files: readonly string[],
): Promise<[folder: string, remove: () => void]> {
  const cache = join(root, ".cache/tests");
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, "run-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await build({
      absWorkingDir: root,
      entryPoints: files.map((file) => relative(root, file)),
      outdir: folder,
      outbase: root,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      packages: "external",
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "linked",
      sourcesContent: false,
      plugins: [ownPlaces],
      logLevel: "error",
    });
  } catch (error) {
    remove();
    throw error;
  }
  return [folder, remove];
}
