/** The manifest of a shrunk build: one module in the place of all of ours, and what that module needs. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { shrinkBoard } from "../../simulator/shrink/board.ts";

interface Manifest {
  readonly include: readonly string[];
  readonly creation: { readonly main: string };
  readonly modules: Readonly<Record<string, string | readonly string[]>>;
  readonly data: Readonly<Record<string, readonly string[]>>;
  readonly preload: readonly string[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const whole = JSON.parse(readFileSync(join(root, "manifest.json"), "utf8")) as Manifest & {
  readonly platforms: Readonly<Record<string, { readonly include: readonly string[] }>>;
};

for (const board of ["p1", "m5stack_cores3"]) {
  const path = await shrinkBoard(board);
  const folder = join(root, dirname(path));
  const manifest = JSON.parse(readFileSync(join(root, path), "utf8")) as Manifest;
  const { main } = manifest.creation;
  const text = readFileSync(join(folder, "whole.js"), "utf8");
  const program = parse(text, { ecmaVersion: 2022, sourceType: "module" });
  const imports = program.body.flatMap((node) =>
    node.type === "ImportDeclaration" ? [String(node.source.value)] : [],
  );

  test(`${board}: the one module is what the SDK starts, with our own sources in it and no other module of them`, () => {
    assert.is(manifest.modules[main], "./whole");
    assert.ok(program.body.some((node) => node.type === "ExportNamedDeclaration" && node.specifiers.length === 1));
    const own = Object.keys(manifest.modules).filter((name) => name.startsWith("hal/") || name.startsWith("firmware/"));
    assert.equal(
      own.filter((name) => !/^(firmware\/#native|hal\/boards\/sdk)\//.test(name)),
      [main],
    );
  });

  test(`${board}: what the one module imports of ours is mapped, and linked into flash with it`, () => {
    assert.ok(imports.length > 20, `${imports.length} imports`);
    for (const name of new Set(imports)) {
      assert.not.match(name, /^\./);
      const mapped = name.startsWith("#native/") ? `firmware/${name}` : name;
      if (!/^(firmware|hal)\//.test(mapped)) continue;
      assert.ok(mapped in manifest.modules, mapped);
      assert.ok(manifest.preload.includes(mapped), mapped);
    }
    assert.ok(manifest.preload.includes(main));
  });

  test(`${board}: every file that the manifest names is there`, () => {
    const paths = [...Object.values(manifest.modules), ...Object.values(manifest.data)].flat();
    const files = paths.filter((file) => file.startsWith("."));
    assert.ok(files.some((file) => file.endsWith("vault.c")) && files.some((file) => file.endsWith("font16.bin")));
    for (const file of files) assert.ok(existsSync(join(folder, file === "./whole" ? "whole.js" : file)), file);
  });

  test(`${board}: the SDK's own manifests are those of the whole build`, () => {
    const sdk = JSON.parse(readFileSync(join(root, "hal/boards/sdk/manifest.json"), "utf8")) as Manifest;
    const theirs = [...whole.include, ...sdk.include, ...whole.platforms[`esp32/${board}`]!.include];
    assert.equal(
      manifest.include,
      theirs.filter((one) => one.startsWith("$(")),
    );
  });
}

test.run();
