import { c3Arena, c3Limits, firmwareLimits, slotBytes, tlsShare } from "../runtime/budget.ts";
import { boardFlashes, clipBytes, flashLimits, fontBytes, readPartitions } from "../runtime/flash-budget.ts";
import type { Metrics } from "../runtime/ground.ts";
import { esp32Limits, hostOf, type MemoryLimits } from "../runtime/xs/ground.ts";
import { xsGround } from "../runtime/xs/live.ts";
import { runScenario } from "../scenario/run.ts";

/** One figure: what was measured, on which ground, and its value with its unit. */
export interface Figure {
  readonly figure: string;
  readonly ground: string;
  readonly value: number;
  readonly unit: string;
}

export interface NamedScenario {
  readonly name: string;
  readonly text: string;
}

/** What the objects in flash are, and where a run's metrics have it. */
const FLASH_PARTS = Object.freeze({
  "functions and classes": "flashFunctionBytes",
  "what functions see of variables": "flashEnvironmentBytes",
  "variables of modules": "flashVariableBytes",
  "objects, arrays, strings": "flashDataBytes",
  names: "flashNameBytes",
});

/** What is alive is known to so many slots. */
const precision = 64;

/**
 * The memory that scenarios take of what TLS leaves them of an ESP32-S3 board's heap, the flash of a build, and what each
 * board's partitions add up to. Throws where a scenario does not pass in that heap.
 */
export async function budgets(scenarios: readonly NamedScenario[]): Promise<Figure[]> {
  await hostOf("xs32");
  const figures: Figure[] = [];
  const add = (ground: string, figure: string, value: number, unit: string) =>
    figures.push({ figure, ground, value, unit });
  const { chunks, slots, stack } = esp32Limits;
  add("xs32", "heap: chunks", chunks, "B");
  add("xs32", "heap: slots", slots - 1, "slots");
  add("xs32", "heap: stack", stack, "slots");
  add("xs32", "heap left to TLS: chunks", tlsShare.chunks, "B");
  add("xs32", "heap left to TLS: slots", tlsShare.slots, "slots");
  for (const scenario of scenarios) {
    const metrics = await inHeap("xs32", firmwareLimits, scenario, precision);
    add("xs32", `${scenario.name}: slots of ${firmwareLimits.slots - 1}`, metrics.liveSlots!, "slots");
    add("xs32", `${scenario.name}: chunks of ${firmwareLimits.chunks} B`, metrics.liveChunkBytes!, "B");
    add("xs32", `${scenario.name}: stack of ${firmwareLimits.stack}`, metrics.peakStackSlots!, "slots");
    if (scenario !== scenarios[0]) continue;
    add("xs32", `flash: bytecode of ${flashLimits.bytecode} B`, metrics.flashBytecodeBytes!, "B");
    add("xs32", `flash: objects of ${flashLimits.objects} B`, metrics.flashTableBytes!, "B");
    for (const [part, metric] of Object.entries(FLASH_PARTS)) add("xs32", `flash: ${part}`, metrics[metric]!, "B");
    add("-", `flash: font of ${flashLimits.font} B`, fontBytes(), "B");
    add("-", `flash: clips of ${flashLimits.clips} B`, clipBytes(), "B");
  }
  for (const flash of boardFlashes) {
    const { end, slots: count, slot } = readPartitions(flash);
    add("-", `${flash.board}: partitions of ${flash.size} B`, end, "B");
    add("-", `${flash.board}: slots of firmware`, count, "");
    add("-", `${flash.board}: each slot`, slot, "B");
  }
  return figures;
}

/** Sales in the one block of memory of an ESP32-C3, on the emulated microcontroller. Throws where one does not pass. */
export async function c3Budgets(scenarios: readonly NamedScenario[]): Promise<Figure[]> {
  await hostOf("rv32");
  const figures: Figure[] = [];
  for (const scenario of scenarios) {
    const { liveSlots, liveChunkBytes } = await inHeap("rv32", c3Limits, scenario);
    const value = (liveSlots! + c3Limits.stack) * slotBytes + liveChunkBytes!;
    figures.push({ figure: `C3: ${scenario.name}: alive of ${c3Arena} B`, ground: "rv32", value, unit: "B" });
  }
  return figures;
}

async function inHeap(
  name: "xs32" | "rv32",
  limits: MemoryLimits,
  { name: file, text }: NamedScenario,
  every?: number,
): Promise<Metrics> {
  const ground = xsGround(name, { limits, ...(every === undefined ? {} : { every }) });
  const result = await runScenario({ file, text, ground });
  if (!result.passed)
    throw new Error(`${file} in ${limits.slots} slots and ${limits.chunks} B: ${result.failure?.message}`);
  return result.metrics;
}
