import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { replaceFile } from "../replace-file.mjs";
import { shortened, shrink } from "./shrink.ts";

/** What of the Moddable SDK's manifests is read here. */
interface Manifest {
  readonly build?: Readonly<Record<string, string>>;
  readonly include?: readonly string[];
  readonly creation?: Readonly<Record<string, string>>;
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly data?: Readonly<Record<string, readonly string[]>>;
  readonly defines?: object;
  readonly preload: readonly string[];
  readonly platforms?: Readonly<Record<string, Manifest>>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const sdkFolder = "hal/boards/sdk";
const read = (path: string): Manifest => JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;

/** What stays outside of the bundle: the SDK's modules, and ours whose functions are in C. */
const outside: Plugin = {
  name: "outside",
  setup(plugins) {
    plugins.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" ? undefined : { path, external: true },
    );
    plugins.onResolve({ filter: /^\.\/.*\.js$/ }, ({ path, resolveDir }) => {
      const module = relative(root, join(resolveDir, path));
      return dirname(module) === sdkFolder ? { path: module.replace(/\.js$/, ""), external: true } : undefined;
    });
  },
};

/**
 * Makes one small module of a board's firmware, drivers and provider (README.md), and a manifest that has it in the place of all their
 * modules. The SDK's own modules, and those of ours whose functions are in C, stay what they are.
 * @returns the manifest's path from the project's folder, for mcconfig
 */
export async function shrinkBoard(board: string): Promise<string> {
  const folder = `.cache/boards/${board}`;
  mkdirSync(join(root, folder), { recursive: true });
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`hal/boards/${board}/main.ts`],
    bundle: true,
    charset: "utf8",
    format: "esm",
    legalComments: "none",
    platform: "neutral",
    plugins: [outside],
    target: "es2022",
    write: false,
    ...shortened,
  });
  replaceFile(join(root, folder, "whole.js"), shrink(outputFiles[0]!.text));
  replaceFile(join(root, folder, "manifest.json"), JSON.stringify(manifestOf(board, folder), undefined, 2));
  return `${folder}/manifest.json`;
}

function manifestOf(board: string, folder: string): object {
  const whole = read("manifest.json");
  const part = whole.platforms![`esp32/${board}`]!;
  const sdk = read(`${sdkFolder}/manifest.json`);
  const back = (path: string) => (path.startsWith(".") ? `${relative(folder, ".")}/${join(path)}` : path);
  const native = readdirSync(join(root, sdkFolder)).filter((name) => name.endsWith(".js"));
  const natives = native.map((name) => name.slice(0, -".js".length));
  const shims = Object.entries(whole.modules).filter(([name]) => name.startsWith("firmware/#native/"));
  const theirs = [...Object.entries(part.modules), ...Object.entries(sdk.modules)].filter(
    ([name, path]) => !name.startsWith("hal/") && String(path).startsWith("$("),
  );
  const code = whole.modules["*"] as readonly string[];
  // `#native/...` is looked for beside the first folder of who asks.
  const main = `firmware/${board}`;
  return {
    build: { ...whole.build, ...sdk.build },
    include: [...(whole.include ?? []), ...(sdk.include ?? []), ...(part.include ?? [])].filter((path) =>
      path.startsWith("$("),
    ),
    creation: { ...part.creation, main },
    modules: {
      "*": [...code, ...natives.map((name) => `./${sdkFolder}/${name}.c`)].map(back),
      ...Object.fromEntries(shims.map(([name, path]) => [name, back(path as string)])),
      ...Object.fromEntries(natives.map((name) => [`${sdkFolder}/${name}`, back(`./${sdkFolder}/${name}.js`)])),
      ...Object.fromEntries(theirs),
      [main]: "./whole",
    },
    data: Object.fromEntries(Object.entries(whole.data ?? {}).map(([name, paths]) => [name, paths.map(back)])),
    defines: sdk.defines,
    preload: [
      ...sdk.preload.filter((name) => !name.startsWith("hal/")),
      ...shims.map(([name]) => name),
      ...natives.map((name) => `${sdkFolder}/${name}`),
      main,
    ],
  };
}
