/** Updates, with the power cut here and there on the way: what a cut leaves starts, sells, and takes the update again. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { withCut, withoutCut } from "../../simulator/crash/crash.ts";
import { USUAL_WAYS } from "../../simulator/crash/ways.ts";
import { askedForAll } from "../everything.ts";
import { victimOf } from "../victim.ts";

const isWhole = askedForAll("most power cuts in updates");

/** `apart`: how far the flash operations lie apart that are cut; numbers that share no divisor with the ways. */
for (const [update, least, apart] of [
  ["update-crashes", 50, isWhole ? 1 : 29],
  ["update-parameters", 100, isWhole ? 3 : 0],
  ["update-firmware", 250, isWhole ? 11 : 0],
] as const) {
  if (apart === 0) continue;
  test(`power cuts in ${update}.yaml leave a terminal that starts and sells`, async () => {
    const victim = victimOf(update);
    const { problems, operations, disputes } = await withoutCut(victim);
    assert.equal(problems, []);
    assert.ok(operations >= least, `${operations} operations`);
    for (let first = 2, way = 1; first <= operations; first += apart, way = (way % USUAL_WAYS) + 1) {
      const outcome = await withCut({ ...victim, disputes }, { first, way });
      assert.equal(outcome.problems, [], `${update} cut at ${first}:${way}`);
    }
  });
}

test.run();
