/** The manifest of the build for the SDK's desktop simulator against the source tree. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { reachable } from "./reachable.ts";

interface Manifest {
  readonly creation?: { readonly main: string };
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly preload: readonly string[];
  readonly platforms?: Readonly<Record<string, { readonly include?: readonly string[] }>>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = "hal/boards/lin";
const read = (path: string): Manifest => JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
const lin = read(`${folder}/manifest.json`);
const whole = read("manifest.json");
const { modules: used, foreign } = await reachable(root, `${folder}/main.ts`);

/** What takes the place of the ESP32's: its own name in the build, and the path that its importers see. */
const replaced: Readonly<Record<string, string>> = { "hal/boards/sdk/storage": `${folder}/storage.ts` };

/** Our own modules by their names in the build. */
function mapped(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [base, { modules }] of [
    ["", whole],
    [folder, lin],
  ] as const) {
    for (const [target, source] of Object.entries(modules)) {
      if (typeof source !== "string" || !source.startsWith(".") || source.endsWith(".d.ts")) continue;
      const path = relative(root, join(root, base, source));
      if (!path.endsWith("/*")) {
        found.set(target, [path, `${path}.ts`].find((each) => existsSync(join(root, each)))!);
        continue;
      }
      for (const name of readdirSync(join(root, dirname(path))).filter((each) => /\.(ts|js)$/.test(each)))
        found.set(`${dirname(target)}/${name.replace(/(\.d)?\.\w+$/, "")}`, join(dirname(path), name));
    }
  }
  return found;
}

const own = mapped();

test("the SDK's desktop simulator is built from the same manifest", () => {
  assert.equal(whole.platforms?.["lin/*"]?.include, [`./${folder}/manifest.json`]);
  assert.is(own.get(lin.creation!.main), `${folder}/main.ts`);
});

test("every module that the desktop runs is mapped to its own path, or to what the desktop has in its place", () => {
  for (const path of used) {
    const name = path.replace(/\.ts$/, "");
    assert.is(own.get(name), replaced[name] ?? path);
  }
});

test("what a module in another's place imports is there under the name that it has from that place", async () => {
  for (const [name, path] of Object.entries(replaced)) {
    const imports = [...readFileSync(join(root, path), "utf8").matchAll(/^import (?!type).* from "(\.[^"]+)\.ts";$/gm)];
    assert.ok(imports.length > 0);
    for (const [, from] of imports) assert.ok(own.has(join(dirname(name), from!)), `${path}: ${from}`);
  }
});

test("what takes a module's place exports what that one does", () => {
  const exportsOf = (path: string): readonly string[] =>
    [...readFileSync(join(root, path), "utf8").matchAll(/^export (?:class|function|const) (\w+)/gm)].map(
      ([, name]) => name!,
    );
  for (const [name, path] of Object.entries(replaced)) assert.equal(exportsOf(path), exportsOf(`${name}.ts`));
});

test("natives of the desktop have their shims' functions in C", () => {
  const c = readFileSync(join(root, folder, "desk.c"), "utf8");
  const shims = [...foreign].flatMap(([path, names]) =>
    names.filter((name) => name.endsWith(".js")).map((name) => join(dirname(path), name)),
  );
  assert.ok(shims.length > 0);
  for (const shim of shims) {
    assert.is(own.get(shim.replace(/\.js$/, "")), shim);
    for (const [, symbol] of readFileSync(join(root, shim), "utf8").matchAll(/@ "(\w+)"/g))
      assert.match(c, new RegExp(`^void ${symbol}\\(xsMachine\\*`, "m"));
  }
});

test("what the desktop preloads is there, once, and opens no file when it is", () => {
  assert.is(new Set(lin.preload).size, lin.preload.length);
  for (const name of lin.preload.filter((each) => !each.includes(":"))) {
    assert.ok(own.has(name), name);
    const text = readFileSync(join(root, own.get(name)!), "utf8");
    assert.not.match(text, /embedded:storage|\.\/storage\.ts|sdk\/storage\.ts/, name);
  }
});

test.run();
