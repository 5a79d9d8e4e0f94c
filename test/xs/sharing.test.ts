import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { esp32Limits } from "../../simulator/runtime/xs/ground.ts";
import { grounds, runText } from "./grounds.ts";

const device = { preload: true, limits: esp32Limits };

const CHURN = "for (let i = 0; i < 3000; i++) { new Uint8Array(500 + (i % 7) * 100); ('x' + i).repeat(20); }";

for (const ground of grounds) {
  test(`${ground}: strings, numbers and big numbers made before sharing survive the collector`, async () => {
    const text = `
      import { print } from "xspos:host";
      const seed = ["a", "b", "c"];
      const names = Object.freeze(seed.map((letter, index) => letter.repeat(40 + index)));
      const big = seed.map((_, index) => 7n ** BigInt(100 + index));
      const joined = names.join("-");
      const record = { joined, nested: { big: big[1], list: [...big] } };
      const keys = new Map(names.map((name, index) => [name, big[index]]));
      const bytes = Uint8Array.from({ length: 300 }, (_, index) => index);
      const symbol = Symbol("kept " + seed[0]);
      function summary() {
        const copies = [joined, ...names, ...big, record.nested.big, keys.get(names[2])];
        ${CHURN}
        const moved = { copies, again: copies.map((value) => value + (typeof value === "bigint" ? 0n : "")) };
        ${CHURN}
        return [...moved.copies, ...moved.again, bytes.reduce((a, b) => a + b), symbol.description].join("|");
      }
      const before = summary();
      export function main() {
        for (let round = 0; round < 5; round++) print(String(summary() === before));
        print(before.length + " " + before.slice(-30));
      }`;
    const { exit, lines } = await runText(ground, text, device);
    assert.is(exit.reason, undefined);
    assert.equal(lines.slice(0, 5), ["true", "true", "true", "true", "true"]);
    assert.match(lines[5] ?? "", /\|35176\|kept a$|\|\d+\|kept a$/);
  });

  test(`${ground}: what preloaded modules made cannot change, variables can`, async () => {
    const text = `
      import { print } from "xspos:host";
      const list = [1, 2];
      const object = { a: 1 };
      const map = new Map([["a", 1]]);
      const set = new Set([1]);
      const bytes = new Uint8Array(2);
      class Cell { #value = 1; set(value) { this.#value = value; return this.#value; } }
      const cell = new Cell();
      let count = 0;
      const attempts = [
        () => list.push(3), () => { list[0] = 9; }, () => { object.a = 2; }, () => { object.b = 2; },
        () => map.set("b", 2), () => map.delete("a"), () => set.add(2), () => { bytes[0] = 1; }, () => bytes.fill(1),
        () => cell.set(2), () => { Cell.prototype.set = null; },
      ];
      export function main() {
        print(attempts.map((attempt) => { try { attempt(); return "changed"; } catch (error) { return "TypeError"; } }).join());
        count++;
        print([count, list, object.a, object.b, map.size, set.size, bytes[0], new Cell().set(5)].join());
      }`;
    const { exit, lines } = await runText(ground, text, device);
    assert.is(exit.reason, undefined);
    assert.is(lines[0], Array(11).fill("TypeError").join());
    assert.is(lines[1], "1,1,2,1,,1,1,0,5");
  });

  test(`${ground}: preloaded code and tables take no memory of the heap`, async () => {
    const functions = Array.from(
      { length: 200 },
      (_, n) => `export function f${n}(a) { return "text ${n}" + a + ${n}; }`,
    );
    const table = "export const table = Array.from({ length: 2000 }, (_, n) => ({ n, name: 'name ' + n }));";
    const text = `${functions.join("\n")}\n${table}\nexport function main() { return f7(table[3].name).length; }`;
    const { exit } = await runText(ground, text, device);
    assert.is(exit.reason, undefined);
    assert.ok((exit.metrics?.slots.peak ?? 9_999) < 100, `${exit.metrics?.slots.peak} slots`);
    assert.ok((exit.metrics?.chunks.peak ?? 9_999) < 500, `${exit.metrics?.chunks.peak} bytes`);
  });

  test(`${ground}: a resource is read in place, takes no chunk memory and cannot be written`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "xspos-resource-"));
    const path = join(folder, "font");
    writeFileSync(
      path,
      Uint8Array.from({ length: 200_000 }, (_, index) => index % 251),
    );
    const text = `
      import { print, resource } from "xspos:host";
      export function main() {
        const bytes = resource("font");
        let sum = 0;
        for (let i = 0; i < bytes.length; i += 1000) sum += bytes[i];
        const part = bytes.subarray(100_000, 100_004);
        print([bytes.length, sum, part.join(" "), bytes.slice(0, 3).join(" ")].join());
        try { bytes[0] = 1; print("written"); } catch (error) { print(error.name); }
        try { resource("none"); print("found"); } catch (error) { print(error.name); }
      }`;
    const { exit, lines } = await runText(ground, text, { ...device, resources: { font: path } });
    rmSync(folder, { recursive: true });
    let sum = 0;
    for (let i = 0; i < 200_000; i += 1000) sum += i % 251;
    const part = [0, 1, 2, 3].map((n) => (100_000 + n) % 251).join(" ");
    assert.equal(lines, [`200000,${sum},${part},0 1 2`, "TypeError", "ReferenceError"]);
    assert.ok((exit.metrics?.chunks.peak ?? 9_999) < 2_000, `${exit.metrics?.chunks.peak} bytes`);
  });
}

test.run();
