import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import type { PartedKey } from "../../../firmware/vault/components.ts";
import type { VaultOptions } from "../../../firmware/vault/scheme.ts";
import { KeyVault } from "../../../firmware/vault/vault.ts";
import { deviceOf, field62, MemorySecure, masterKey } from "./secure.ts";

const session: VaultOptions = {
  keyScheme: "master-session",
  pinBlockFormat: 0,
  macMethod: "unionpay",
  encryptTracks: false,
};
/** Together with the next one the published master key of secure.ts. */
const first = "0123456789ABCDEFFEDCBA9876543210";
const second = "71D1ED2B42696369DB170A6AB47E8B33";

function keysOf(...parts: string[]): { vault: KeyVault; secure: MemorySecure; type: (what: PartedKey) => unknown[] } {
  const secure = new MemorySecure();
  const vault = new KeyVault(deviceOf(secure), session);
  return {
    vault,
    secure,
    type: (what) => parts.map((part, place) => vault.takePart(what, hexToBytes(part), place === 0)),
  };
}

test("two parts make the master key, which a sign-in's keys come under and which outlives a power cut", () => {
  const { vault, secure, type } = keysOf(first, second);
  assert.is(vault.state, "empty");
  assert.equal(type("terminalMaster"), [
    { kind: "taken", checkValue: "08D7B4" },
    { kind: "taken", checkValue: "FAAD2F" },
  ]);
  assert.is(vault.state, "empty");
  assert.equal(vault.judgeParts("terminalMaster"), { kind: "taken", checkValue: "47F816" });
  assert.equal(vault.keepParts("terminalMaster"), { kind: "loaded", place: "terminalMaster" });
  assert.ok(vault.loadSessionKeys(field62()));
  const again = new KeyVault(deviceOf(secure), session);
  assert.is(again.state, "ready");
  assert.equal(
    again.keyStates().find(({ place }) => place === "terminalMaster"),
    { place: "terminalMaster", checkValue: "47F816" },
  );
});

test("three parts make the same key as two, in any order", () => {
  const third = "A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8";
  const { vault, type } = keysOf(third, first, "D0734E8FE7CFC4C16AA5B9DE01C83C8B");
  type("terminalMaster");
  assert.equal(vault.judgeParts("terminalMaster"), { kind: "taken", checkValue: "47F816" });
});

test("a part is wiped where it was given, and what was taken is wiped when it is dropped", () => {
  const { vault } = keysOf();
  const bytes = hexToBytes(first);
  vault.takePart("terminalMaster", bytes, true);
  assert.ok(bytes.every((byte) => byte === 0));
  vault.dropParts();
  assert.equal(vault.judgeParts("terminalMaster"), { kind: "refused", why: "length" });
  assert.equal(vault.keepParts("terminalMaster"), { kind: "refused", why: "length" });
});

test("parts of a wrong length, or of different ones, are refused", () => {
  for (const [what, parts] of [
    ["terminalMaster", ["0123456789ABCDEF"]],
    ["terminalMaster", ["0123456789ABCDEFFEDC"]],
    ["transport", ["0123456789ABCDEF"]],
    ["terminalMaster", [first, `${second}0011223344556677`]],
  ] as const) {
    const { type } = keysOf(...parts);
    assert.equal(type(what).at(-1), { kind: "refused", why: "length" }, parts.join());
  }
});

test("equal parts and a key whose halves are equal are refused", () => {
  assert.equal(keysOf(first, first).type("terminalMaster").at(-1), { kind: "refused", why: "same" });
  // The halves of both together are 1111111111111111.
  const { vault, type } = keysOf(first, "10325476 98BADCFEEFCDAB89 67452301".replaceAll(" ", ""));
  type("terminalMaster");
  assert.equal(vault.judgeParts("terminalMaster"), { kind: "refused", why: "weak" });
});

test("a new master key ends the session of the old one", () => {
  const secure = new MemorySecure();
  secure.write("terminalMasterKey", masterKey);
  const vault = new KeyVault(deviceOf(secure), session);
  assert.ok(vault.loadSessionKeys(field62()));
  vault.takePart("terminalMaster", hexToBytes(first), true);
  assert.ok(vault.inSession, "nothing has changed before the parts are kept");
  vault.takePart("terminalMaster", hexToBytes("A1A2A3A4A5A6A7A8B1B2B3B4B5B6B7B8"), false);
  vault.keepParts("terminalMaster");
  assert.not.ok(vault.inSession);
});

test("a transport key in parts is AES, and its check value the beginning of a CMAC", () => {
  const { vault, type } = keysOf(`${first}${second}`, `${second}${first}`);
  type("transport");
  const whole = vault.judgeParts("transport");
  assert.is(whole.kind === "taken" ? whole.checkValue.length : 0, 10);
  assert.equal(vault.keepParts("transport"), { kind: "loaded", place: "transport" });
});

test.run();
