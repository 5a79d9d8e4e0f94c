import { test } from "uvu";
import * as assert from "uvu/assert";
import { cardWorkOf } from "../../simulator/commands/bench.ts";
import { instructionsOf } from "../../simulator/runtime/work.ts";
import { quickOf } from "../available.ts";

for (const name of await quickOf(["rv32"], "the count of a microcontroller's instructions")) {
  for (const [work, what, millions] of [
    ["screen", "a full screen drawn anew", 2.3],
    ["code", "a payment's code, from the amount to the drawn screen,", 20],
    ["receipt", "a receipt of 60 lines", 6.5],
    ["keys-3", "opening what keys of 1984, 1408 and 1152 bits have signed, e = 3,", 0.8],
    ["keys-65537", "opening what keys of 1984, 1408 and 1152 bits have signed, e = 65537,", 3.9],
  ] as const) {
    test(`${what} takes under ${millions} million instructions on ${name}`, async () => {
      const count = await instructionsOf(work);
      assert.ok(count > 100_000 && count < millions * 1e6, `${count}`);
    });
  }

  for (const [kind, all, kernel] of [
    ["contact sale with CDA", 48, 25],
    ["contact sale with CDA, e = 65537", 54, 30],
    ["tap, kernel 2", 16, 12.5],
    ["tap, kernel 2, e = 65537", 19, 15],
    ["tap, kernel 3", 11.2, 7.1],
    ["tap, kernel 7", 11.2, 7.1],
  ] as const) {
    test(`${kind}: ${all} million instructions while the card is there, ${kernel} of them the kernel's`, async () => {
      const work = await cardWorkOf(kind);
      assert.ok(work.kernel > 1_000_000 && work.kernel < kernel * 1e6, `${work.kernel}`);
      assert.ok(work.all > work.kernel && work.all < all * 1e6, `${work.all}`);
    });
  }
}

test.run();
