/** The manifest of p1's test build (a laptop's IO over a serial line) against the source tree. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { reachable } from "./reachable.ts";

interface Manifest {
  readonly include?: readonly string[];
  readonly creation?: { readonly main: string };
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly preload: readonly string[];
  readonly platforms?: Readonly<Record<string, Pick<Manifest, "creation" | "modules" | "preload">>>;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = "hal/boards/p1/line";
const read = (path: string): Manifest => JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
const line = read(`${folder}/manifest.json`);
const whole = read("manifest.json");
const board = whole.platforms!["esp32/p1"]!;
const sdk = read("hal/boards/sdk/manifest.json");
const main = line.platforms!["esp32/p1"]!.creation!.main;

/** Our own modules by their names in the build, wherever one of the manifests maps them. */
function mapped(): Map<string, string> {
  const found = new Map<string, string>();
  for (const [base, modules] of [
    ["", whole.modules],
    ["", board.modules],
    ["hal/boards/sdk", sdk.modules],
    [folder, line.modules],
  ] as const) {
    for (const [target, source] of Object.entries(modules)) {
      if (typeof source !== "string" || !source.startsWith(".")) continue;
      const path = relative(root, join(root, base, source));
      if (!path.endsWith("/*")) found.set(target, path);
      else {
        for (const name of readdirSync(join(root, dirname(path))).filter((each) => /\.(ts|js)$/.test(each))) {
          found.set(`${dirname(target)}/${name.replace(/(\.d)?\.\w+$/, "")}`, join(dirname(path), name));
        }
      }
    }
  }
  return found;
}

const { modules: used } = await reachable(root, `${main}.ts`);
const own = mapped();

test("the test build is the whole build with another start", () => {
  assert.equal(
    line.include?.map((path) => relative(root, join(root, folder, path))),
    ["manifest.json"],
  );
  assert.is(own.get(main), `${folder}/main.ts`);
});

test("every module that the test build runs is mapped to its own path and preloaded", () => {
  const preload = new Set([...whole.preload, ...board.preload, ...sdk.preload, ...line.preload]);
  for (const path of used) {
    const name = path.replace(/\.ts$/, "");
    assert.is(own.get(name), path);
    assert.ok(preload.has(name), `${name} is not preloaded`);
  }
});

test("the test build preloads nothing of its own that is not there or that is preloaded already", () => {
  const already = new Set([...whole.preload, ...board.preload, ...sdk.preload]);
  for (const name of line.preload) {
    assert.ok(own.has(name), `${name} is not a module`);
    assert.not(already.has(name), name);
  }
});

test.run();
