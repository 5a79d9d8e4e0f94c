import { test } from "uvu";
import * as assert from "uvu/assert";
import { sumOf, xorOf } from "../../../hal/drivers/check-bytes.ts";
import { Seeded } from "../seeded.ts";

test("sums and exclusive ors are those of single bytes, wherever they begin and end", () => {
  const seeded = new Seeded(211);
  const all = seeded.bytes(48);
  for (let shift = 0; shift < 4; shift++) {
    const bytes = all.subarray(shift);
    for (let from = 0; from < 6; from++) {
      for (let to = from; to <= 20; to++) {
        const part = Array.from(bytes.subarray(from, to));
        const name = `${shift} ${from} ${to}`;
        assert.is(sumOf(bytes, from, to), part.reduce((sum, byte) => sum + byte, 0) & 0xff, name);
        assert.is(
          xorOf(bytes, from, to),
          part.reduce((sum, byte) => sum ^ byte, 0),
          name,
        );
      }
    }
  }
});

test("bytes above 7F carry nothing over to others", () => {
  const full = new Uint8Array(260).fill(0xff);
  assert.is(sumOf(full, 0, 260), (260 * 255) & 0xff);
  assert.is(sumOf(full, 1, 258), (257 * 255) & 0xff);
  assert.is(xorOf(full, 0, 259), 0xff);
});

test.run();
