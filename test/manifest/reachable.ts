import { build } from "esbuild";

/** What one module needs at run time. */
export interface Reachable {
  /** Our own modules, relative to the root: "firmware/main.ts". */
  readonly modules: readonly string[];
  /** Imports that are left: SDK modules, natives, shims. By the module that imports them. */
  readonly foreign: ReadonlyMap<string, readonly string[]>;
}

/** Follows the imports that stay after types are erased, from an entry point. */
export async function reachable(root: string, entry: string): Promise<Reachable> {
  const { metafile } = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    plugins: [
      {
        name: "foreign",
        setup(bundler) {
          bundler.onResolve({ filter: /^[^.]|\.js$/ }, ({ path, kind }) =>
            kind === "entry-point" ? undefined : { path, external: true },
          );
        },
      },
    ],
  });
  const foreign = new Map<string, string[]>();
  for (const [path, { imports }] of Object.entries(metafile.inputs)) {
    const left = imports.filter(({ external }) => external).map((each) => each.path);
    if (left.length > 0) foreign.set(path, left);
  }
  return { modules: Object.keys(metafile.inputs).sort(), foreign };
}
