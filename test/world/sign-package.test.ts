/** The signer of updates, which shares no code with the firmware, and what the firmware makes of its packages. */
import { generateKeyPairSync } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { parsePackageHead } from "../../firmware/update/package.ts";
import { problemOf } from "../../firmware/update/package-check.ts";
import { hasContentOf } from "../../firmware/update/spare.ts";
import { type PackageDescription, publicHalf, signPackage } from "../../simulator/update/sign-package.ts";
import { NorFlash } from "../unit/journal/nor-flash.ts";

const { privateKey: key } = generateKeyPairSync("rsa", { modulusLength: 3072, publicExponent: 3 });
const { modulus, exponent } = publicHalf(key);
const description: PackageDescription = { kind: "fonts", version: "1.2.3", securityVersion: 4, signer: 7 };
const content = Buffer.from("a font");

test("a terminal takes every kind of package that was signed with its key, and finds the content in it", () => {
  const kinds = ["firmware", "parameters", "applications", "caKeys", "fonts", "messages"] as const;
  const keys = [{ signer: 7, kinds, modulus: Buffer.from(modulus, "hex"), exponent: Buffer.from(exponent, "hex") }];
  for (const kind of kinds) {
    const bytes = signPackage({ ...description, kind, board: "p1" }, content, key);
    const head = parsePackageHead(bytes);
    const rules = { keys, kind, board: "p1", version: [1, 2, 2], securityVersion: 4 } as const;
    assert.is(problemOf(head, rules), undefined, kind);
    assert.equal(head.version, [1, 2, 3]);
    const spare = { content: NorFlash.blank(1, 1024), record: NorFlash.blank(2, 1024) };
    spare.record.write(bytes.subarray(512), 1024);
    assert.ok(hasContentOf(spare, head), kind);
    spare.record.write(Uint8Array.of(0), 1024 + content.length - 1);
    assert.not(hasContentOf(spare, head), kind);
  }
});

const refused: readonly (readonly [string, Partial<PackageDescription>])[] = [
  ["a board that no terminal could name", { board: "P1" }],
  ["a board with too long a name", { board: "p".repeat(25) }],
  ["firmware for any board", { kind: "firmware" }],
  ["a version of two numbers", { version: "1.2" }],
  ["a version number above 16 bits", { version: "1.65536.0" }],
  ["a signer above 8 bits", { signer: 256 }],
  ["a security version below zero", { securityVersion: -1 }],
];

for (const [what, more] of refused) {
  test(`${what} is not signed`, () => {
    assert.throws(
      () => signPackage({ ...description, ...more }, content, key),
      (error: unknown) => error instanceof RangeError,
    );
  });
}

test("nothing is signed without content, or with a key of another length", () => {
  const { privateKey: weak } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  for (const [bytes, signer] of [
    [Buffer.alloc(0), key],
    [content, weak],
  ] as const) {
    assert.throws(
      () => signPackage(description, bytes, signer),
      (error: unknown) => error instanceof RangeError,
    );
  }
});

test.run();
