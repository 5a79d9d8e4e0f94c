/** A thousand terminals at once: nothing lost, nothing booked twice. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runLoad } from "../../simulator/load/load.ts";

test("a thousand terminals sell at once, and what they were told is what host and database have", async () => {
  const { sales, differences, ...figures } = await runLoad({ terminals: 1000, sales: 5, seconds: 60 });
  assert.equal(differences, []);
  assert.is(sales, 5_000);
  console.log(`1,000 terminals: ${JSON.stringify(figures)}`);
});

test.run();
