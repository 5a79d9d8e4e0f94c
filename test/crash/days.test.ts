/** Days of business with power cuts here and there; `npx xspos crash` makes every one of them, in each way. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withCut, withoutCut } from "../../simulator/crash/crash.ts";
import { USUAL_WAYS } from "../../simulator/crash/ways.ts";
import { askedForAll } from "../everything.ts";
import { victimOf } from "../victim.ts";

/** How far the flash operations lie apart that are cut: a number that shares no divisor with the ways. */
const apart = askedForAll("most power cuts in days of business") ? 7 : 197;

for (const [day, least] of [
  ["day", 550],
  ["day-two", 280],
] as const) {
  test(`power cuts here and there in ${day}.yaml leave equal books and a terminal that sells`, async () => {
    const victim = victimOf(day);
    const { problems, operations, disputes } = await withoutCut(victim);
    assert.equal(problems, []);
    assert.ok(operations >= least, `${operations} operations`);
    for (let first = 3, way = 1; first <= operations; first += apart, way = (way % USUAL_WAYS) + 1) {
      const outcome = await withCut({ ...victim, disputes }, { first, way });
      assert.equal(outcome.problems, [], `${day} cut at ${first}:${way}`);
    }
  });
}

test.run();
