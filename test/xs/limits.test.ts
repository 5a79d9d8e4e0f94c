import { test } from "uvu";
import * as assert from "uvu/assert";
import { esp32Limits } from "../../simulator/runtime/xs/ground.ts";
import { grounds, runText } from "./grounds.ts";

const device = { preload: true, limits: esp32Limits };

/** Moves, copies and clears bytes at every distance from a word, and holds each against single bytes. */
const memoryText = `
  export function main() {
    const lengths = [0, 1, 3, 4, 7, 15, 16, 17, 31, 32, 33, 50];
    const made = () => Uint8Array.from({ length: 72 }, (_, i) => i + 1);
    const same = (what, bytes, expected) => {
      if (bytes.some((byte, i) => byte !== expected[i])) throw new Error(what + ": " + bytes);
    };
    for (let from = 0; from < 8; from++) {
      for (const length of lengths) {
        for (let to = 0; to < 20; to++) {
          const [bytes, source] = [made(), made()];
          bytes.copyWithin(to, from, from + length);
          same("copyWithin", bytes, source.map((byte, i) => (i >= to && i < to + length ? source[i - to + from] : byte)));
        }
        const cut = made().slice(from, from + length);
        if (cut.length !== length) throw new Error("length");
        same("slice", cut, made().subarray(from, from + length));
      }
    }
    for (const length of lengths) same("new", new Uint8Array(length), Array(length).fill(0));
  }`;

for (const ground of grounds) {
  test(`${ground}: bytes are moved to where they shall be, whatever overlaps`, async () => {
    const { exit } = await runText(ground, memoryText, device);
    assert.is(exit.reason, undefined);
  });

  test(`${ground}: full memory ends the run and says so`, async () => {
    const text = "export function main() { const kept = []; for (;;) kept.push(new Uint8Array(1000)); }";
    const { exit } = await runText(ground, text, device);
    assert.match(exit.reason ?? "", /^memory full: chunks \d+ of 78848 bytes, slots \d+ of 4927 in \S.*$/);
    assert.is(exit.status, 11);
    assert.ok((exit.metrics?.chunks.live ?? 0) > 70_000);
  });

  test(`${ground}: too many objects end the run and say so`, async () => {
    const text = "export function main() { let list = null; for (;;) list = { list }; }";
    const { exit } = await runText(ground, text, device);
    assert.match(exit.reason ?? "", /^memory full: /);
  });

  test(`${ground}: memory that is free again can be used for ever`, async () => {
    const text = `
      export function main() {
        let sum = 0;
        for (let i = 0; i < 20_000; i++) sum += new Uint8Array(1000).length + [i, String(i)].length;
        if (sum !== 20_040_000) throw new Error(String(sum));
      }`;
    const { exit } = await runText(ground, text, device);
    assert.is(exit.reason, undefined);
    assert.ok((exit.metrics?.collections ?? 0) > 10);
    assert.ok((exit.metrics?.chunks.live ?? 78_848) < 8_000, "little of it is alive");
  });

  test(`${ground}: 20 calls deep is fine, endless recursion ends the run`, async () => {
    const text = (depth: number) =>
      `const f = (n) => (n === 0 ? 0 : 1 + f(n - 1)); export function main() { f(${depth}); }`;
    assert.is((await runText(ground, text(20), device)).exit.reason, undefined);
    const { exit } = await runText(ground, text(100_000), device);
    assert.match(exit.reason ?? "", /^stack overflow: f < f < .* < main/);
    assert.is(exit.status, 12);
  });

  test(`${ground}: an exception nobody catches ends the run with its text and where it was`, async () => {
    const text = "function openDrawer() { null.open(); }\nexport function main() { openDrawer(); }";
    const { exit } = await runText(ground, text, device);
    assert.match(exit.reason ?? "", /^unhandled exception: TypeError: .*at openDrawer \(\).*at main/);
  });

  test(`${ground}: a rejection nobody handles ends the run`, async () => {
    const text = 'export async function main() { await null; throw new RangeError("lost"); }';
    const { exit } = await runText(ground, text, device);
    assert.match(exit.reason ?? "", /^unhandled rejection: RangeError: lost/);
    const caught = "export async function main() { await Promise.reject(1).catch(() => {}); }";
    assert.is((await runText(ground, caught, device)).exit.reason, undefined);
  });
}

test("peaks are in slots and bytes of the ground", async () => {
  const text = "export function main() { const a = []; for (let i = 0; i < 500; i++) a.push({ i }); }";
  for (const ground of grounds) {
    const { exit } = await runText(ground, text, device);
    assert.is(exit.metrics?.slotBytes, ground === "xs" ? 32 : 16);
    assert.ok((exit.metrics?.slots.peak ?? 0) > 1_000);
    assert.ok((exit.metrics?.stack.peak ?? 0) > 20);
  }
});

test("the instructions of the emulated microcontroller repeat to the last one, and more work takes more", async () => {
  if (!grounds.includes("rv32")) return;
  const counted = async (count: number): Promise<number> => {
    const text = `export function main() { let sum = 0; for (let i = 0; i < ${count}; i++) sum += i; }`;
    const instructions = (await runText("rv32", text, device)).exit.metrics?.instructions ?? 0;
    assert.ok(instructions > 0);
    return instructions;
  };
  const first = await counted(1_000);
  assert.is(await counted(1_000), first);
  assert.ok((await counted(2_000)) > first);
});

test.run();
