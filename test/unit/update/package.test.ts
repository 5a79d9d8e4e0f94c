import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha256 } from "#native/digest";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { compareVersions, headLength, parsePackageHead, signedLength } from "../../../firmware/update/package.ts";
import { type PackageProblem, type PackageRules, problemOf } from "../../../firmware/update/package-check.ts";
import { contentOf } from "./package-content.ts";
import { headOf, type PackageName, packageKeys, packageNames } from "./packages.ts";

const rules: PackageRules = {
  keys: packageKeys,
  board: "p1",
  kind: "firmware",
  version: [1, 0, 0],
  securityVersion: 1,
};

const problem = (name: PackageName, more: Partial<PackageRules> = {}): PackageProblem | undefined =>
  problemOf(parsePackageHead(headOf(name)), { ...rules, ...more });

test("a package says what it is", () => {
  const head = parsePackageHead(headOf("third"));
  assert.is(head.kind, "firmware");
  assert.is(head.board, "p1");
  assert.equal(head.version, [1, 1, 0]);
  assert.is(head.securityVersion, 2);
  assert.is(head.signer, 0);
  assert.not(head.mayReplaceNewer);
  assert.is(head.length, contentOf("third").length);
  assert.equal(head.digest, sha256(contentOf("third")));
  assert.equal(head.signed, headOf("third").slice(0, signedLength));
  assert.equal(head.signature, headOf("third").slice(signedLength));
  assert.is(parsePackageHead(headOf("parameters")).board, "");
  assert.ok(parsePackageHead(headOf("older, by its maker's leave")).mayReplaceNewer);
});

test("newer firmware of its maker for this board is taken", () => {
  for (const name of ["second", "third", "fourth"] as const) assert.is(problem(name), undefined, name);
  assert.is(problem("first", { version: [0, 65_535, 65_535] }), undefined);
  assert.is(problem("first", { version: undefined }), undefined);
});

test("the acquirer's parameters are for any board", () => {
  const more = { kind: "parameters", version: [2, 9, 9] } as const;
  assert.is(problem("parameters", more), undefined);
  assert.is(problem("parameters", { ...more, board: "m5stack_cores3" }), undefined);
  assert.is(problem("parameters", { ...more, version: [3, 0, 0] }), "version");
});

const refused: readonly (readonly [string, PackageName, Partial<PackageRules>, PackageProblem])[] = [
  ["the same version again", "first", {}, "version"],
  ["an older version", "first", { version: [1, 0, 1] }, "version"],
  ["a security version that went back", "second", { securityVersion: 2 }, "security version"],
  ["a security version that went back by leave", "less secure, by its maker's leave", {}, "security version"],
  ["firmware for another board", "for another board", {}, "board"],
  ["fonts for another board", "fonts for the board", { kind: "fonts", board: "m5stack_cores3" }, "board"],
  ["firmware that a stranger signed", "of a stranger", {}, "signature"],
  ["firmware that the acquirer signed", "of the acquirer", {}, "signer"],
  ["firmware whose signer nobody knows", "of nobody", {}, "signer"],
  ["parameters in the place of firmware", "parameters", {}, "kind"],
  ["fonts in the place of firmware", "fonts for the board", {}, "kind"],
];

for (const [what, name, more, expected] of refused) {
  test(`${what} is refused: ${expected}`, () => assert.is(problem(name, more), expected));
}

test("an older version is taken by its maker's leave", () => {
  assert.is(problem("older, by its maker's leave"), undefined);
});

test("a key of another length or exponent signs nothing", () => {
  const [maker] = packageKeys;
  const { modulus, exponent } = maker!;
  const longer = new Uint8Array(modulus.length + 1);
  longer.set(modulus, 1);
  const weak = modulus.slice();
  weak[0]! &= 0x7f;
  for (const key of [
    { modulus: longer, exponent },
    { modulus: weak, exponent },
    { modulus: modulus.subarray(128), exponent },
    { modulus, exponent: Uint8Array.of(1) },
    { modulus, exponent: Uint8Array.of(0, 1, 0, 1) },
    { modulus, exponent: new Uint8Array(0) },
  ]) {
    assert.is(problem("second", { keys: [{ ...maker!, ...key }] }), "signer");
  }
});

test("a bit flipped anywhere in a head is found, whatever field it lies in", () => {
  const good = headOf("second");
  // Every byte of what is signed; of the signature one in seven: each check of one is an RSA operation.
  for (let place = 0; place < headLength; place += place < signedLength ? 1 : 7) {
    const spoilt = good.slice();
    spoilt[place]! ^= 1 << (place % 8);
    let found: unknown;
    try {
      found = problemOf(parsePackageHead(spoilt), rules);
    } catch (error) {
      found = error instanceof FormatError ? "format" : error;
    }
    assert.ok(found === "format" || found === "signature" || found === "signer", `byte ${place}: ${String(found)}`);
  }
});

/** Field, its offset, the byte that is put there. */
const spoilt: readonly (readonly [string, number, number])[] = [
  ["magic", 0, 0x59],
  ["magic", 3, 0],
  ["format", 4, 2],
  ["kind", 5, 0],
  ["kind", 5, 7],
  ["flags", 6, 2],
  ["flags", 6, 0x80],
  ["board", 8, 0x50],
  ["board", 9, 0x2d],
  ["board", 11, 0x31],
  ["board", 31, 1],
  ["reserved", 38, 1],
  ["reserved", 39, 1],
  ["reserved", 80, 1],
  ["reserved", 127, 0x80],
];

for (const [field, offset, byte] of spoilt) {
  test(`${byte} at ${offset} is an error of the ${field}`, () => {
    const bytes = headOf("second");
    bytes[offset] = byte;
    const error = errorOf(bytes);
    assert.is(error.field, field);
    assert.is(error.offset, field === "magic" ? 0 : offset);
  });
}

test("firmware for no board is an error, and so is what follows the end of a board's name", () => {
  const bytes = headOf("second");
  bytes[8] = 0;
  assert.is(errorOf(bytes).offset, 9);
  bytes[9] = 0;
  assert.is(errorOf(bytes).offset, 8);
});

test("content of no length, and of more than can be counted, is an error", () => {
  const bytes = headOf("second");
  for (const length of [0, 0xffffffff, 0xffffffff - 511]) {
    new DataView(bytes.buffer).setUint32(44, length);
    assert.is(errorOf(bytes).field, "length");
    assert.is(errorOf(bytes).offset, 44);
  }
});

test("a head cut short anywhere is an error, and what follows it is not looked at", () => {
  const bytes = headOf("second");
  for (let length = 0; length < headLength; length++) assert.ok(errorOf(bytes.subarray(0, length)).offset <= length);
  const longer = new Uint8Array(headLength + 3);
  longer.set(bytes);
  assert.equal(parsePackageHead(longer), parsePackageHead(bytes));
});

test("what a head gives stays when its buffer is used again", () => {
  const bytes = headOf("second");
  const head = parsePackageHead(bytes);
  bytes.fill(0);
  assert.is(problemOf(head, rules), undefined);
});

test("versions are compared number by number", () => {
  assert.ok(compareVersions([1, 10, 0], [1, 9, 9]) > 0);
  assert.ok(compareVersions([1, 0, 9], [1, 1, 0]) < 0);
  assert.ok(compareVersions([0, 65_535, 65_535], [1, 0, 0]) < 0);
  assert.is(compareVersions([1, 2, 3], [1, 2, 3]), 0);
});

test("every package of the tests can be read", () => {
  for (const name of packageNames) assert.ok(parsePackageHead(headOf(name)).length >= 1_500, name);
});

function errorOf(bytes: Uint8Array): FormatError {
  try {
    parsePackageHead(bytes);
  } catch (error) {
    if (error instanceof FormatError) return error;
    throw error;
  }
  throw new Error("no error");
}

test.run();
