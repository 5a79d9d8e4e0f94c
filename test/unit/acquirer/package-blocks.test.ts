import { test } from "uvu";
import * as assert from "uvu/assert";
import { longestPackageBlock, packageBlockOf } from "../../../firmware/acquirer/package-blocks.ts";
import type { CborValue } from "../../../firmware/codec/cbor.ts";

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const asked = { name: "fonts 1.0.0", offset: 1_408 };
const good = { name: "fonts 1.0.0", size: 4_000, bytes: bytes(896) };

test("a block of the package that was asked for is taken as it is", () => {
  assert.equal(packageBlockOf(good, asked), { kind: "block", block: good });
  const last = { ...good, size: 1_408 + 5, bytes: bytes(5) };
  assert.equal(packageBlockOf(last, asked), { kind: "block", block: last });
});

test("another package than the one that was asked for begins at its beginning", () => {
  const other = { name: "fonts 1.1.0", size: 600, bytes: bytes(600) };
  assert.equal(packageBlockOf(other, asked), { kind: "block", block: other });
});

test("a package without a name is none, whatever else is said", () => {
  const none = { kind: "block", block: { name: "", size: 0, bytes: bytes(0) } };
  assert.equal(packageBlockOf({ name: "", size: 9, bytes: bytes(3) }, asked), none);
});

const wrong: readonly (readonly [string, CborValue])[] = [
  ["no map", 3],
  ["no name", { size: 4_000, bytes: bytes(896) }],
  ["a name of other characters", { ...good, name: "字" }],
  ["a name that is too long", { ...good, name: "x".repeat(49) }],
  ["a size that is no number", { ...good, size: "4000" }],
  ["a size below zero", { ...good, size: -1 }],
  ["a size that is no whole number", { ...good, size: 4_000.5 }],
  ["bytes that are text", { ...good, bytes: "00" }],
  ["nothing, before the end", { ...good, bytes: bytes(0) }],
  ["a block that ends within sixteen bytes", { ...good, bytes: bytes(890) }],
  ["more than a block", { ...good, bytes: bytes(longestPackageBlock + 16) }],
  ["more than there is", { ...good, size: 1_408 + 16, bytes: bytes(32) }],
  ["an offset behind the end", { ...good, size: 1_000, bytes: bytes(16) }],
];
for (const [what, value] of wrong) {
  test(`${what} is a mismatch`, () => {
    assert.equal(packageBlockOf(value, asked), { kind: "mismatch" });
  });
}

test.run();
