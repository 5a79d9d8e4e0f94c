/** `xspos package`: what it signs is what the firmware takes, and a running terminal's host is given it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parsePackageHead } from "../../firmware/update/package.ts";
import { problemOf } from "../../firmware/update/package-check.ts";
import { packageKeys } from "../../firmware/update/package-keys.ts";
import { UsageError } from "../../simulator/commands/arguments.ts";
import { run } from "../../simulator/commands/package.ts";
import { PageServer } from "../../simulator/web/server.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-package-"));
const told = join(folder, "told.json");
writeFileSync(told, '{"en":{"idle.title":"Hello"}}');
const image = join(folder, "image.bin");
writeFileSync(image, "an image of a real board");
const out = join(folder, "out.xpkg");

const kinds = [
  ["firmware", "--content", image, "--board", "m5stack_cores3"],
  ["parameters", "--content", told],
  ["applications", "--content", told],
  ["caKeys", "--content", told],
  ["fonts", "--font", "latin"],
  ["messages", "--content", told],
] as const;

test("each kind is signed with the key that the firmware believes for it", async () => {
  for (const [kind, ...more] of kinds) {
    assert.is(await run([kind, "--version", "1.2.3", ...more, "--out", out]), 0);
    const head = parsePackageHead(new Uint8Array(readFileSync(out)));
    assert.equal(head.version, [1, 2, 3]);
    const board = kind === "firmware" ? "m5stack_cores3" : "p1";
    const rules = { keys: packageKeys(), board, kind, version: undefined, securityVersion: 1 };
    assert.is(problemOf(head, rules), undefined, kind);
  }
});

test("a package of another's key is not believed", async () => {
  await run(["fonts", "--version", "1.2.3", "--font", "latin", "--signed-by", "acquirer", "--out", out]);
  const head = parsePackageHead(new Uint8Array(readFileSync(out)));
  const rules = { keys: packageKeys(), board: "p1", kind: "fonts", version: undefined, securityVersion: 1 } as const;
  assert.is(problemOf(head, rules), "signature");
});

test("a running terminal's host is given the package, and says where it does not take it", async () => {
  const given: Uint8Array[] = [];
  let isRefused = false;
  const offer = (bytes: Uint8Array): void => {
    if (isRefused) throw new RangeError("no package");
    given.push(bytes);
  };
  const server = new PageServer({ port: 0, snapshot: () => [], act: () => {}, offer });
  const port = new URL(await server.start()).port;
  const words = ["messages", "--version", "1.0.0", "--content", told, "--offer", port, "--out", out];
  assert.is(await run(words), 0);
  assert.equal(given, [new Uint8Array(readFileSync(out))]);
  isRefused = true;
  assert.is(await run(words), 1);
  await server.stop();
  assert.is(await run(words), 1, "nobody is there");
});

test("what makes no package is a mistake of usage", async () => {
  for (const words of [
    [],
    ["firmwares", "--version", "1.0.0"],
    ["messages", "--version", "1.0.0"],
    ["messages", "--version", "1.0", "--content", told],
    ["messages", "--version", "1.0.0", "--content", image],
    ["messages", "--version", "1.0.0", "--content", join(folder, "none")],
    ["fonts", "--version", "1.0.0", "--font", "gothic"],
    ["firmware"],
  ]) {
    const mistake = await run([...words, "--out", out]).then(
      (status) => status,
      (error: unknown) => error,
    );
    assert.instance(mistake, UsageError, words.join(" "));
  }
});

test.after(() => rmSync(folder, { recursive: true }));
test.run();
