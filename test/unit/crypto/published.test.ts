import { test } from "uvu";
import * as assert from "uvu/assert";
import { check } from "../../vectors/checkers/mac.ts";
import published from "../../vectors/mac.json" with { type: "json" };

for (const one of published) {
  test(`published MAC ${one.id} comes out to the byte`, () => {
    assert.is(check(one), undefined);
  });
}

/** NIST SP 800-38B, appendix D: the lengths that take the other subkey. */
const more = [
  ["AES128-CMAC", "2B7E151628AED2A6ABF7158809CF4F3C", "", "BB1D6929E95937287FA37D129B756746"],
  [
    "AES128-CMAC",
    "2B7E151628AED2A6ABF7158809CF4F3C",
    "6BC1BEE22E409F96E93D7E117393172A",
    "070A16B46B4D4144F79BDD9DD04A287C",
  ],
  ["TDES3-CMAC", "8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5", "", "B7A688E122FFAF95"],
  ["TDES3-CMAC", "8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5", "6BC1BEE22E409F96", "8E8F293136283797"],
] as const;

for (const [algorithm, key, message, mac] of more) {
  test(`${algorithm} of ${message.length / 2} bytes is the published one`, () => {
    assert.is(check({ algorithm, key, message, mac }), undefined);
    assert.type(check({ algorithm, key, message, mac: "00".repeat(mac.length / 2) }), "string");
  });
}

test("a case that nobody knows counts as failed", () => {
  assert.type(check({ algorithm: "GUESS", key: "00", message: "", mac: "" }), "string");
});

test.run();
