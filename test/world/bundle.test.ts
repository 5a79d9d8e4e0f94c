import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";

const project = fileURLToPath(new URL("../..", import.meta.url));
const test = suite<{ root: string }>("the bundle of the command");

test.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), "xspos-bundle-"));
  symlinkSync(join(project, "node_modules"), join(context.root, "node_modules"));
  mkdirSync(join(context.root, "simulator"));
  for (const name of ["simulator/bundle.mjs", "simulator/replace-file.mjs"])
    copyFileSync(join(project, name), join(context.root, name));
  write(context.root, "simulator/cli.ts", 'import { word } from "./word.ts";\nexport const said: string = word;\n');
  write(context.root, "simulator/word.ts", 'export const word = "one";\n');
});

test.after.each(({ root }) => rmSync(root, { recursive: true }));

/** Writes a source as of a while ago, each a second after the one before. */
let age = 3_600;
function write(root: string, name: string, text: string): void {
  const path = join(root, name);
  writeFileSync(path, text);
  age--;
  utimesSync(path, Date.now() / 1000 - age, Date.now() / 1000 - age);
}

async function bundled(root: string): Promise<string> {
  const { bundledCommand } = await import(pathToFileURL(join(root, "simulator/bundle.mjs")).href);
  return fileURLToPath(await bundledCommand());
}

async function said(file: string): Promise<string> {
  return (await import(pathToFileURL(file).href)).said;
}

test("is made once while the sources stay as they are", async ({ root }) => {
  const file = await bundled(root);
  assert.is(await said(file), "one");
  // Were the bundle made anew, it would find no source.
  const { sources } = JSON.parse(readFileSync(join(dirname(file), "made-of.json"), "utf8"));
  assert.ok("simulator/word.ts" in sources);
  rmSync(join(root, "node_modules"));
  assert.is(await bundled(root), file);
});

test("is made anew when a source that it imports has changed, were it by one letter", async ({ root }) => {
  const first = await bundled(root);
  write(root, "simulator/word.ts", 'export const word = "two";\n');
  const second = await bundled(root);
  assert.is.not(second, first);
  assert.is(await said(second), "two");
});

test("is made anew when its file is gone", async ({ root }) => {
  const file = await bundled(root);
  rmSync(file);
  assert.is(await said(await bundled(root)), "one");
});

test("is not remembered when a source was written while it was made", async ({ root }) => {
  writeFileSync(join(root, "simulator/word.ts"), 'export const word = "new";\n');
  const file = await bundled(root);
  assert.is(await said(file), "new");
  assert.not.ok(readdirSync(dirname(file)).includes("made-of.json"));
});

test.run();
