/** manifest.json against the source tree: what the SDK's tools would only say on a machine that has them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { reachable } from "./reachable.ts";

interface Manifest {
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly preload: readonly string[];
  readonly data: { readonly "*": readonly string[] };
  readonly platforms: Readonly<Record<string, Platform>>;
}
interface Platform extends Pick<Manifest, "modules" | "preload"> {
  readonly include: readonly string[];
  readonly creation: { readonly main: string };
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
const manifest = readJson("manifest.json") as Manifest;
/** What both boards take from the SDK; its paths are from its own folder. */
const sdkFolder = "hal/boards/sdk";
const sdk = readJson(`${sdkFolder}/manifest.json`) as Pick<Manifest, "modules" | "preload">;

/** A board's build: the firmware, the SDK's IO, and what is the board's own. */
interface Build {
  readonly board: string;
  readonly modules: Manifest["modules"];
  readonly preload: readonly string[];
  readonly used: readonly string[];
  readonly foreign: ReadonlyMap<string, readonly string[]>;
}

const fromSdkFolder = (path: string): string => (/^\.\.?\//.test(path) ? `./${join(sdkFolder, path)}` : path);

async function buildOf(board: string): Promise<Build> {
  const platform = manifest.platforms[`esp32/${board}`]!;
  const [ours, ...theirs] = platform.include;
  assert.is(ours, `./${sdkFolder}/manifest.json`);
  for (const path of theirs) assert.match(path, /^\$\((?:IO|MODDABLE)\)\/.*manifest\w*\.json$/);
  const shared = Object.fromEntries(
    Object.entries(sdk.modules).map(([name, path]) => [name, [path].flat().map(fromSdkFolder)[0]!]),
  );
  const { modules, foreign } = await reachable(root, `${platform.creation.main}.ts`);
  return {
    board,
    modules: { ...manifest.modules, ...shared, ...platform.modules },
    preload: [...manifest.preload, ...sdk.preload, ...platform.preload],
    used: modules,
    foreign,
  };
}

const boards = Object.keys(manifest.platforms).flatMap((name) => /^esp32\/(.+)$/.exec(name)?.[1] ?? []);
/** The SDK's own C files in these builds (8.2.3): object files of all lie in one folder. */
const sdkFiles: readonly string[] = [
  ...[
    "Resource",
    "_i2c",
    "_pwm",
    "audioin",
    "audioout-esp32",
    "bin",
    "builtinCommon",
    "camera",
    "chacha",
    "digitalbank",
  ],
  ...["ec", "files-posix", "fips180", "fips197", "fips46", "flash-esp32", "ghash", "modCrypt", "modInstrumentation"],
  ...["modLwipSafe", "modNet", "modPreference", "modResolve", "modSPI", "modSocket", "modTime", "modTimer", "modsntp"],
  ...["modular", "mont", "rc", "rfc1321", "rng", "screen", "serial", "spi", "storage-esp32", "tcp", "timer"],
  ...["update-esp32", "wifi-esp32", "x509", "xsBigIntEx"],
].map((name) => `${name}.c`);
const builds = await Promise.all(boards.map(buildOf));
const inBoards = (path: string): boolean => path.startsWith("hal/boards/");
const sourceOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** The module names that `modules` gives, with our own source of each; wildcards do not recurse. */
function ownModules({ modules }: Build): Map<string, string> {
  const found = new Map<string, string>();
  for (const [target, source] of Object.entries(modules)) {
    if (typeof source !== "string" || !source.startsWith("./") || source.endsWith(".d.ts")) continue;
    const path = source.slice(2);
    if (!path.endsWith("/*")) {
      found.set(target, path);
      continue;
    }
    for (const name of readdirSync(join(root, dirname(path)))) {
      const [, stem, extension] = /^(.+?)((?:\.d)?\.\w+)$/.exec(name) ?? [];
      if (extension !== ".ts" && extension !== ".js") continue;
      const module = `${target.slice(0, -1)}${stem}`;
      assert.not(found.has(module), `${module} has two sources`);
      found.set(module, join(dirname(path), name));
    }
  }
  return found;
}

for (const build of builds) {
  const { board, modules, preload, used, foreign } = build;
  const on = `: ${board}`;

  test(`every module that the device runs is mapped to its own path${on}`, () => {
    const own = ownModules(build);
    for (const path of used) assert.is(own.get(path.slice(0, -3)), path);
  });

  test(`nothing is mapped that is not there or that the device does not run${on}`, () => {
    const folders = new Set(used.map((path) => dirname(path)));
    for (const [target, source] of Object.entries(modules)) {
      for (const path of [source].flat().filter((each) => each.startsWith("./"))) {
        const folder = path.endsWith("/*") ? path.slice(2, -2) : undefined;
        if (folder === undefined) assert.ok(existsSync(join(root, path)), path);
        else assert.ok(folders.has(folder) && target === `${folder}/*`, target);
      }
    }
  });

  test(`no mapped folder holds JSON that the SDK would take for a module${on}`, () => {
    for (const target of Object.keys(modules).filter((each) => each.endsWith("/*"))) {
      const json = readdirSync(join(root, dirname(target))).filter((name) => name.endsWith(".json"));
      assert.equal(
        json.filter((name) => !name.startsWith("manifest")),
        [],
        target,
      );
    }
  });

  test(`every native is its shim, by the name that an import from firmware/ gets, and all C is linked${on}`, () => {
    const folder = "firmware/native";
    const files = readdirSync(join(root, folder));
    const imported = new Set([...foreign].flatMap(([, paths]) => paths.filter((path) => path.startsWith("#native/"))));
    for (const path of imported) {
      assert.is(modules[`firmware/${path}`], `./${folder}/${basename(path)}.js`);
      assert.ok(preload.includes(`firmware/${path}`), path);
    }
    for (const [path, paths] of foreign) {
      if (paths.some((each) => each.startsWith("#"))) assert.ok(path.startsWith("firmware/"), path);
    }
    const sources = files.filter((name) => /\.[ch]$/.test(name)).map((name) => `./${folder}/${name}`);
    assert.equal([...(modules["*"] ?? [])].sort(), sources.sort());
  });

  test(`every native's shim, twin and C agree on the functions${on}`, () => {
    for (const target of [...ownModules(build)].filter(([, path]) => path.endsWith(".js"))) {
      const path = target[1];
      const shims = [...sourceOf(path).matchAll(/^export function (\w+)\(.*\) @ "(\w+)";$/gm)];
      assert.ok(shims.length > 0, path);
      const typed = ["ts", "d.ts"].map((end) => path.replace(/js$/, end)).find((each) => existsSync(join(root, each)));
      assert.ok(typed !== undefined, path);
      const declared = [...sourceOf(typed).matchAll(/^export function (\w+)\(/gm)].map(([, name]) => name);
      assert.equal(shims.map(([, name]) => name).sort(), declared.sort(), path);
      const code = readdirSync(join(root, dirname(path))).filter((name) => name.endsWith(".c"));
      const c = code.map((name) => sourceOf(join(dirname(path), name))).join("\n");
      for (const [, , symbol] of shims) assert.match(c, new RegExp(`^void ${symbol}\\(xsMachine ?\\*`, "m"));
    }
  });

  test(`no two C files have the same object file${on}`, () => {
    const names = Object.values(modules)
      .flat()
      .flatMap((path) => (path.endsWith("/*") ? readdirSync(join(root, dirname(path))) : [basename(path)]))
      .filter((name) => name.endsWith(".c"));
    assert.is(new Set(names).size, names.length);
    assert.equal(
      names.filter((name) => sdkFiles.includes(name)),
      [],
    );
  });

  test(`every module that the device runs is preloaded, by its own name, and no other${on}`, () => {
    const own = ownModules(build);
    const names = preload.filter((name) => !name.includes(":"));
    for (const name of names) assert.ok(own.has(name), `${name} is not a module`);
    assert.is(new Set(names).size, names.length);
    const scripts = names.filter((name) => own.get(name)!.endsWith(".ts"));
    assert.equal(
      scripts.map((name) => `${name}.ts`).sort(),
      used.filter((path) => own.has(path.slice(0, -3))),
    );
  });

  test(`preloaded modules keep nothing at module level that is written later${on}`, () => {
    const mutable =
      /^(?:export )?(?:let|var) |^(?:export )?const [^=]*= new (?:\w*Map|\w*Set|\w+Array|ArrayBuffer|DataView|Date)\b/m;
    const literal = /^export const [^=]*= (?:\[|\{)/m;
    for (const path of used) {
      assert.is(mutable.exec(sourceOf(path))?.[0], undefined, path);
      assert.is(literal.exec(sourceOf(path))?.[0], undefined, `${path}: not frozen`);
    }
  });

  test(`what preloaded modules export is frozen, functions or plain values${on}`, async () => {
    for (const path of used.filter((each) => !inBoards(each) || each.endsWith("pins.ts"))) {
      const exported: unknown = await import(join(root, path));
      for (const [name, value] of Object.entries(exported as object)) {
        if (typeof value === "object" && value !== null) assert.ok(Object.isFrozen(value), `${path}: ${name}`);
      }
    }
  });
}

test("names of the SDK are used in hal/boards only", () => {
  for (const folder of ["firmware", "hal"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true }) as string[]) {
      const path = join(folder, name);
      if (!path.endsWith(".ts") || inBoards(path)) continue;
      const imports = [...sourceOf(path).matchAll(/^(?:import|export) [^;]*?from "([^"]+)"/gm)].map(
        ([, from]) => from!,
      );
      assert.equal(
        imports.filter((from) => !from.startsWith(".") && !from.startsWith("#native/")),
        [],
        path,
      );
    }
  }
});

test("font and clips are linked as the files that the board's resource() opens", () => {
  const files = manifest.data["*"];
  assert.equal(
    files.map((file) => basename(file)),
    ["font16.bin", "clips.bin"],
  );
  for (const file of files) assert.ok(statSync(join(root, file)).size > 0);
});

for (const { board, used } of builds) {
  test(`a board has the memory that the tests measure with, and its table of partitions is what the build takes: ${board}`, () => {
    const { creation, build } = readJson(`hal/boards/${board}/manifest.json`) as {
      creation: { chunk: { initial: number }; heap: { initial: number }; stack: number };
      build: Readonly<Record<string, string>>;
    };
    assert.equal([creation.chunk.initial, creation.heap.initial, creation.stack], [78_848, 4_928, 512]);
    assert.is(build.PARTITIONS_FILE_FOR_TARGET, "./sdkconfig/partitions.csv");
    assert.ok(used.includes(`hal/boards/${board}/main.ts`));
  });
}

test("secrets have names that differ in the 15 characters that NVS keeps", () => {
  const vault = sourceOf("firmware/vault/provision.ts");
  const names = [...(/const names = Object\.freeze\(\{(.*?)\}\)/s.exec(vault)?.[1] ?? "").matchAll(/: "(\w+)"/g)];
  assert.ok(names.length > 0);
  assert.is(new Set(names.map(([, name]) => name!.slice(0, 15))).size, names.length);
});

test.run();
