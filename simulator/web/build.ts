import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ENTRIES = ["page.ts", "style.css"];

/** The page's script and style, by the paths under which they are served. */
export async function buildPage(): Promise<Map<string, string>> {
  const bundle = await build({
    entryPoints: ENTRIES.map((name) => fileURLToPath(new URL(`./page/${name}`, import.meta.url))),
    outdir: "/",
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    logLevel: "silent",
  });
  return new Map(bundle.outputFiles.map(({ path, text }) => [path, text]));
}
