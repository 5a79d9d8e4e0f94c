import { test } from "uvu";
import * as assert from "uvu/assert";
import { derivedKey, stepsToPrime } from "../../simulator/cards/derived-key.ts";
import { PRIME_STEPS } from "../../simulator/cards/prime-steps.ts";
import { askedForAll } from "../everything.ts";

test("what is written down of a walk is what walking finds", () => {
  const all = Object.entries(PRIME_STEPS);
  const apart = askedForAll("most walks to the primes of the test cards' keys") ? 1 : 13;
  for (let at = 0; at < all.length; at += apart) {
    const [walk, steps] = all[at]!;
    const [, seed, bits, exponent] = /^(.+) (\d+) (\d+)$/.exec(walk)!;
    assert.is(stepsToPrime(seed!, Number(bits), BigInt(exponent!)), steps, walk);
  }
});

test("a key of a name that is not written down is found as well, and is the same each time", () => {
  const key = () => derivedKey("a card that nobody wrote down", 896, 3).export({ format: "jwk" });
  const first = key();
  assert.is(Buffer.from(first.n!, "base64url").length * 8, 896);
  assert.equal(key(), first);
});

test.run();
