import { test } from "uvu";
import * as assert from "uvu/assert";
import { leaves, MOST_WAYS } from "../../simulator/crash/ways.ts";
import { Simulation } from "../../simulator/world/simulation.ts";

const blockLength = 4096;
const { flash } = new Simulation({ seed: 1, parameters: {} }).chips;
const bytes = Uint8Array.from({ length: 40 }, (_, at) => at * 5);

/** The partition's first block after a cut in the program of some bytes, or in its erasing. */
function after(kind: "program" | "erase", way: number): Uint8Array {
  flash.manufacture("journal", kind === "erase" ? bytes : new Uint8Array(0));
  const operation =
    kind === "program"
      ? ({ kind, partition: "journal", bytes, offset: 0 } as const)
      : ({ kind, partition: "journal", block: 0 } as const);
  leaves(flash, operation, way, 7);
  return flash.read("journal", blockLength, 0);
}

const blank = new Uint8Array(blockLength).fill(0xff);
const whole = blank.slice();
whole.set(bytes);

test("a cut leaves a program undone, done, or its first bytes and some bits of the next", () => {
  assert.equal(after("program", 2), blank);
  assert.equal(after("program", 3), whole);
  const ends = new Set<number>();
  for (let way = 4; way <= MOST_WAYS; way++) {
    const left = after("program", way);
    const end = left.findIndex((byte, at) => byte !== whole[at]);
    if (end < 0) continue;
    assert.is(left[end]! & whole[end]!, whole[end], "what is not programmed yet is a one");
    assert.equal(left.subarray(end + 1), blank.subarray(end + 1));
    ends.add(end);
  }
  assert.ok(ends.size > 20, `${ends.size} places`);
});

test("a cut leaves an erase undone, done, or any part of its bytes blank", () => {
  assert.equal(after("erase", 2), whole);
  assert.equal(after("erase", 3), blank);
  let halves = 0;
  for (let way = 4; way <= 20; way++) {
    const left = after("erase", way);
    assert.ok(
      left.every((byte, at) => (byte & whole[at]!) === whole[at]),
      "an erase clears no bit",
    );
    if (left.some((byte, at) => byte !== whole[at]) && left.some((byte) => byte !== 0xff)) halves++;
  }
  assert.ok(halves > 10, `${halves} of 17 are neither`);
});

test("the same way leaves the same bits", () => {
  assert.equal(after("program", 9), after("program", 9));
  assert.equal(after("erase", 9), after("erase", 9));
  assert.not.equal(after("erase", 9), after("erase", 10));
});

test.run();
