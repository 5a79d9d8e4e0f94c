import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RandomSource, SecureStorage } from "../../hal/io.ts";

/** What every ground's random source promises (hal/io.ts, RandomSource). */
export function randomContract(name: string, make: () => RandomSource): void {
  const test = suite(`random: ${name}`);

  test("1 to 256 bytes come, and no other number", () => {
    const random = make();
    for (const length of [1, 16, 256]) assert.is(random.read(length).length, length);
    for (const length of [0, -1, 257, Number.NaN]) assert.throws(() => random.read(length));
    random.close();
  });

  test("no two draws are alike, and every bit is sometimes 0 and sometimes 1", () => {
    const random = make();
    const draws = Array.from({ length: 64 }, () => random.read(8));
    assert.is(new Set(draws.map((bytes) => bytes.join(","))).size, 64);
    for (let bit = 0; bit < 64; bit++) {
      const ones = draws.filter((bytes) => ((bytes[bit >> 3]! >> (bit & 7)) & 1) === 1).length;
      assert.ok(ones > 8 && ones < 56, `bit ${bit} is 1 in ${ones} of 64 draws`);
    }
    random.close();
  });

  test("close may be called twice, and reading ends with it", () => {
    const random = make();
    random.close();
    random.close();
    assert.throws(() => random.read(1));
  });

  test.run();
}

/** What every ground's secure storage promises (hal/io.ts, SecureStorage). */
export function secureStorageContract(name: string, make: () => SecureStorage): void {
  const test = suite(`secure storage: ${name}`);

  test("what is written is read, by whoever opens it next", () => {
    const one = make();
    assert.is(one.read("key"), undefined);
    one.write("key", Uint8Array.of(1, 2, 3));
    one.close();
    const other = make();
    assert.equal([...other.read("key")!], [1, 2, 3]);
    other.erase("key");
    assert.is(other.read("key"), undefined);
    other.erase("key");
    other.close();
  });

  test("neither side can change the other's bytes afterwards", () => {
    const storage = make();
    const bytes = Uint8Array.of(7, 7);
    storage.write("key", bytes);
    bytes.fill(0);
    storage.read("key")!.fill(1);
    assert.equal([...storage.read("key")!], [7, 7]);
    storage.erase("key");
    storage.close();
  });

  test("after close every call throws but close", () => {
    const storage = make();
    storage.close();
    storage.close();
    assert.throws(() => storage.read("key"));
    assert.throws(() => storage.write("key", Uint8Array.of(1)));
    assert.throws(() => storage.erase("key"));
  });

  test.run();
}
