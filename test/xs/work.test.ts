import { test } from "uvu";
import * as assert from "uvu/assert";
import { instructionsOf } from "../../simulator/runtime/work.ts";
import { quickOf } from "../available.ts";

for (const name of await quickOf(["rv32"], "the count of a microcontroller's instructions")) {
  for (const [work, what, millions] of [
    ["screen", "a full screen drawn anew", 3],
    ["receipt", "a receipt of 60 lines", 40],
  ] as const) {
    test(`${what} takes under ${millions} million instructions on ${name}`, async () => {
      const count = await instructionsOf(work);
      assert.ok(count > 100_000 && count < millions * 1e6, `${count}`);
    });
  }
}

test.run();
