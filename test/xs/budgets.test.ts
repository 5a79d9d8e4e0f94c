/** What the firmware may take of a board: the heap beside TLS, the one block of a C3, the flash. Scenarios in that heap: ../flow. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { c3Arena, c3Limits, firmwareLimits, slotBytes } from "../../simulator/runtime/budget.ts";
import {
  boardFlashes,
  clipBytes,
  flashLimits,
  fontBytes,
  readPartitions,
} from "../../simulator/runtime/flash-budget.ts";
import type { Metrics } from "../../simulator/runtime/ground.ts";
import { esp32Limits } from "../../simulator/runtime/xs/ground.ts";
import { xsGround } from "../../simulator/runtime/xs/live.ts";
import { runScenario } from "../../simulator/scenario/run.ts";
import { available } from "../available.ts";
import { grounds, runText } from "./grounds.ts";

const KB = 1024;
/** Engine, ESP-IDF, Wi-Fi and TLS, of which the engine and our natives are 470 KB: what a slot must have beside our own (hal/boards/README.md). */
const engine = 1_400 * KB;

test("24 KB of chunks and 1,000 slots of a board's heap are nobody's but TLS's", () => {
  assert.ok(esp32Limits.chunks - firmwareLimits.chunks >= 24 * KB);
  assert.ok(esp32Limits.slots - firmwareLimits.slots >= 1_000);
  assert.is(esp32Limits.stack, firmwareLimits.stack);
});

test("what a C3 is given fills its one block of memory, and no more", () => {
  assert.is((c3Limits.slots + c3Limits.stack) * slotBytes + c3Limits.chunks, c3Arena);
});

for (const ground of grounds) {
  test(`${ground}: memory that is collected often is the same memory`, async () => {
    const text = `
      export function main() {
        let list = null;
        for (let i = 0; i < 1000; i++) { list = { list }; ({ i }); }
        let count = 0;
        for (let at = list; at !== null; at = at.list) count++;
        if (count !== 1000) throw new Error(String(count));
      }`;
    const seldom = await runText(ground, text, { preload: true, limits: esp32Limits });
    const often = await runText(ground, text, { preload: true, limits: esp32Limits, every: 10 });
    assert.is(often.exit.reason, undefined);
    assert.is(seldom.exit.reason, undefined);
    if (ground === "rv32") return; // the microcontroller has no such setting
    assert.ok(often.exit.metrics!.collections > seldom.exit.metrics!.collections + 100);
    assert.ok(often.exit.metrics!.slots.live >= 2_000);
    assert.ok(often.exit.metrics!.slots.live < 2_100, `${often.exit.metrics!.slots.live}`);
  });
}

if ((await available("rv32", "the budgets of a C3")) !== undefined) {
  const passed: Metrics[] = [];
  for (const file of ["sale-chip.yaml", "sale-tap.yaml"]) {
    test(`a C3's 94 KB hold the firmware: ${file}`, async () => {
      const text = readFileSync(new URL(`../flow/${file}`, import.meta.url), "utf8");
      const result = await runScenario({ file, text, ground: xsGround("rv32", { limits: c3Limits }) });
      assert.ok(result.passed, result.failure?.message);
      assert.is(result.metrics.limitSlots, c3Limits.slots - 1);
      passed.push(result.metrics);
    });
  }

  test("bytecode, what the modules make of it, the font and the clips keep to their part of the flash", () => {
    const [metrics] = passed;
    assert.ok(metrics !== undefined, "no sale passed");
    const { flashBytecodeBytes: bytecode = 0, flashTableBytes: objects = 0 } = metrics;
    assert.ok(bytecode > 400 * KB && bytecode <= flashLimits.bytecode, `${bytecode} bytes of bytecode`);
    assert.ok(objects > 400 * KB && objects <= flashLimits.objects, `${objects} bytes of objects`);
    assert.ok(fontBytes() <= flashLimits.font, `${fontBytes()} bytes of font`);
    assert.ok(clipBytes() <= flashLimits.clips, `${clipBytes()} bytes of clips`);
    for (const flash of boardFlashes) {
      const { slot } = readPartitions(flash);
      const left = slot - bytecode - objects - fontBytes() - clipBytes();
      assert.ok(left >= engine, `${flash.board}: a slot leaves ${left} bytes to the engine and ESP-IDF`);
    }
  });
}

test("each board's partitions end inside of its flash", () => {
  for (const flash of boardFlashes) {
    const { end, slots } = readPartitions(flash);
    assert.ok(end <= flash.size && end > flash.size / 2, `${flash.board}: ${end}`);
    assert.is(slots, flash.board === "ESP32-C3" ? 1 : 2);
  }
});

test.run();
