/** manifest.json against the source tree: what the SDK's tools would only say on a machine that has them. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { reachable } from "./reachable.ts";

interface Manifest {
  readonly creation: { readonly main: string };
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly preload: readonly string[];
  readonly data: { readonly "*": readonly string[] };
  readonly platforms: Readonly<Record<string, Pick<Manifest, "modules" | "preload">>>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), "utf8"));
const manifest = readJson("manifest.json") as Manifest;
const board = manifest.platforms["esp32/*"]!;
const modules = { ...manifest.modules, ...board.modules };
const preload = [...manifest.preload, ...board.preload];
const { modules: used, foreign } = await reachable(root, `${manifest.creation.main}.ts`);
const inBoards = (path: string): boolean => path.startsWith("hal/boards/");
const sourceOf = (path: string): string => readFileSync(join(root, path), "utf8");

/** The module names that `modules` gives, with our own source of each; wildcards do not recurse. */
function ownModules(): Map<string, string> {
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

test("every module that the device runs is mapped to its own path", () => {
  const own = ownModules();
  for (const path of used) assert.is(own.get(path.slice(0, -3)), path);
});

test("nothing is mapped that is not there or that the device does not run", () => {
  const folders = new Set(used.map((path) => dirname(path)));
  for (const [target, source] of Object.entries(modules)) {
    for (const path of [source].flat().filter((each) => each.startsWith("./"))) {
      const folder = path.endsWith("/*") ? path.slice(2, -2) : undefined;
      if (folder === undefined) assert.ok(existsSync(join(root, path)), path);
      else assert.ok(folders.has(folder) && target === `${folder}/*`, target);
    }
  }
});

test("no mapped folder holds JSON that the SDK would take for a module", () => {
  for (const target of Object.keys(modules).filter((each) => each.endsWith("/*"))) {
    const json = readdirSync(join(root, dirname(target))).filter((name) => name.endsWith(".json"));
    assert.equal(
      json.filter((name) => !name.startsWith("manifest")),
      [],
      target,
    );
  }
});

test("every native is its shim, by the name that an import from firmware/ gets, and all C is linked", () => {
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

test("every native's shim, twin and C agree on the functions", () => {
  for (const target of [...ownModules()].filter(([, path]) => path.endsWith(".js"))) {
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

test("no two C files have the same object file", () => {
  const names = Object.values(modules)
    .flat()
    .flatMap((path) => (path.endsWith("/*") ? readdirSync(join(root, dirname(path))) : [basename(path)]))
    .filter((name) => name.endsWith(".c"));
  assert.is(new Set(names).size, names.length);
});

test("every module that the device runs is preloaded, by its own name, and no other", () => {
  const own = ownModules();
  const names = preload.filter((name) => !name.includes(":"));
  for (const name of names) assert.ok(own.has(name), `${name} is not a module`);
  assert.is(new Set(names).size, names.length);
  const scripts = names.filter((name) => own.get(name)!.endsWith(".ts"));
  assert.equal(
    scripts.map((name) => `${name}.ts`).sort(),
    used.filter((path) => own.has(path.slice(0, -3))),
  );
});

test("preloaded modules keep nothing at module level that is written later", () => {
  const mutable =
    /^(?:export )?(?:let|var) |^(?:export )?const [^=]*= new (?:\w*Map|\w*Set|\w+Array|ArrayBuffer|DataView|Date)\b/m;
  const literal = /^export const [^=]*= (?:\[|\{)/m;
  for (const path of used) {
    assert.is(mutable.exec(sourceOf(path))?.[0], undefined, path);
    assert.is(literal.exec(sourceOf(path))?.[0], undefined, `${path}: not frozen`);
  }
});

test("what preloaded modules export is frozen, functions or plain values", async () => {
  for (const path of used.filter((each) => !inBoards(each) || each.endsWith("pins.ts"))) {
    const exported: unknown = await import(join(root, path));
    for (const [name, value] of Object.entries(exported as object)) {
      if (typeof value === "object" && value !== null) assert.ok(Object.isFrozen(value), `${path}: ${name}`);
    }
  }
});

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

test("the font is linked as the file that the board's resource() opens", () => {
  const [font] = manifest.data["*"];
  assert.is(basename(font!), "font16.bin");
  assert.ok(statSync(join(root, font!)).size > 0);
});

test("the board has the memory that the tests measure with, and the partitions that the firmware opens", () => {
  const { creation, build } = readJson("hal/boards/p1/manifest.json") as {
    creation: { chunk: { initial: number }; heap: { initial: number }; stack: number };
    build: Readonly<Record<string, string>>;
  };
  assert.equal([creation.chunk.initial, creation.heap.initial, creation.stack], [78_848, 4_928, 512]);
  const partitions = sourceOf(join("hal/boards/p1", build.PARTITIONS_FILE_FOR_TARGET!));
  const opened = used.flatMap((path) => [...sourceOf(path).matchAll(/partition: "(\w+)"/g)].map(([, name]) => name!));
  assert.ok(opened.length > 0);
  for (const name of opened) assert.match(partitions, new RegExp(`^${name}, +data, 0x\\d+, +0x\\w+, +0x\\w+,$`, "m"));
  let end = 0;
  for (const [, offset, size] of partitions.matchAll(/^\w+,[^,]+,[^,]+, *(0x\w+), *(0x\w+),/gm)) {
    assert.ok(Number(offset) >= end && Number(offset) % 0x1000 === 0, offset);
    end = Number(offset) + Number(size);
  }
  assert.ok(end <= 16 * 1024 * 1024);
});

test("secrets have names that differ in the 15 characters that NVS keeps", () => {
  const vault = sourceOf("firmware/vault/provision.ts");
  const names = [...(/const names = Object\.freeze\(\{(.*?)\}\)/s.exec(vault)?.[1] ?? "").matchAll(/: "(\w+)"/g)];
  assert.ok(names.length > 0);
  assert.is(new Set(names.map(([, name]) => name!.slice(0, 15))).size, names.length);
});

test.run();
