import { test } from "uvu";
import * as assert from "uvu/assert";
import { inForce, noteInForce, rulesOf } from "../../../firmware/update/in-force.ts";
import { kindNames } from "../../../firmware/update/package.ts";
import { thisBuild } from "../../../firmware/update/this-build.ts";

function memory() {
  const values = new Map<string, Uint8Array>();
  let writes = 0;
  return {
    values,
    writes: () => writes,
    read: (name: string) => values.get(name)?.slice(),
    write(name: string, value: Uint8Array) {
      writes++;
      values.set(name, value.slice());
    },
  };
}

test("firmware knows its own version, and every other kind is taken whatever its version until one was taken", () => {
  const secure = memory();
  for (const kind of kindNames) {
    const expected = kind === "firmware" ? thisBuild : { version: undefined, securityVersion: 0 };
    assert.equal(inForce(secure, kind), { ...expected }, kind);
  }
});

test("what was taken of a kind is in force for that kind alone", () => {
  const secure = memory();
  noteInForce(secure, { kind: "fonts", version: [1, 500, 65_535], securityVersion: 70_000 });
  assert.equal(inForce(secure, "fonts"), { version: [1, 500, 65_535], securityVersion: 70_000 });
  assert.is(inForce(secure, "messages").version, undefined);
  assert.is(rulesOf(secure, "p1", "fonts").securityVersion, 70_000);
});

test("a security version never goes back, whatever was taken since", () => {
  const secure = memory();
  noteInForce(secure, { kind: "caKeys", version: [2, 0, 0], securityVersion: 5 });
  noteInForce(secure, { kind: "caKeys", version: [1, 0, 0], securityVersion: 3 });
  assert.equal(inForce(secure, "caKeys"), { version: [1, 0, 0], securityVersion: 5 });
  noteInForce(secure, { kind: "firmware", version: [9, 0, 0], securityVersion: 8 });
  assert.equal(inForce(secure, "firmware"), { version: thisBuild.version, securityVersion: 8 });
});

test("what is in force already is not written again", () => {
  const secure = memory();
  const head = { kind: "parameters", version: [1, 0, 0], securityVersion: 1 } as const;
  noteInForce(secure, head);
  noteInForce(secure, head);
  assert.is(secure.writes(), 1);
});

test("names of what is noted differ in the fifteen characters that a device keeps of them", () => {
  const secure = memory();
  for (const kind of kindNames) noteInForce(secure, { kind, version: [1, 0, 0], securityVersion: 1 });
  assert.is(new Set([...secure.values.keys()].map((name) => name.slice(0, 15))).size, kindNames.length);
});

test.run();
