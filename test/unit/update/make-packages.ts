/**
 * Makes packages.json for the tests of updates, which also run where nothing can be signed:
 * `node --import tsx test/unit/update/make-packages.ts`. Keys are thrown away.
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type PackageDescription, publicHalf, signPackage } from "../../../simulator/update/sign-package.ts";
import { contentOf } from "./package-content.ts";

const newKey = (publicExponent: number): KeyObject =>
  generateKeyPairSync("rsa", { modulusLength: 3072, publicExponent }).privateKey;
const maker = newKey(3);
const acquirer = newKey(65537);
const stranger = newKey(3);

const firmware = { kind: "firmware", board: "p1", version: "1.0.0", securityVersion: 1, signer: 0 } as const;
const made: Readonly<Record<string, readonly [PackageDescription, KeyObject?]>> = {
  first: [firmware],
  second: [{ ...firmware, version: "1.0.1" }],
  third: [{ ...firmware, version: "1.1.0", securityVersion: 2 }],
  fourth: [{ ...firmware, version: "2.0.0", securityVersion: 2 }],
  "older, by its maker's leave": [{ ...firmware, version: "0.9.9", mayReplaceNewer: true }],
  "less secure, by its maker's leave": [{ ...firmware, version: "9.0.0", securityVersion: 0, mayReplaceNewer: true }],
  "for another board": [{ ...firmware, board: "m5stack_cores3", version: "1.0.1" }],
  "of a stranger": [{ ...firmware, version: "1.0.1" }, stranger],
  "of the acquirer": [{ ...firmware, version: "1.0.1", signer: 1 }, acquirer],
  "of nobody": [{ ...firmware, version: "1.0.1", signer: 2 }],
  parameters: [{ kind: "parameters", version: "3.0.0", securityVersion: 1, signer: 1 }, acquirer],
  "fonts for the board": [{ ...firmware, kind: "fonts", version: "1.0.65535" }],
};

const heads = Object.entries(made).map(([name, [description, key = maker]]) => {
  const bytes = signPackage(description, contentOf(name), key);
  return [name, bytes.subarray(0, 512).toString("hex").toUpperCase()] as const;
});
const fixture = {
  keys: { maker: publicHalf(maker), acquirer: publicHalf(acquirer) },
  heads: Object.fromEntries(heads),
};
writeFileSync(new URL("packages.json", import.meta.url), `${JSON.stringify(fixture, undefined, 2)}\n`);
