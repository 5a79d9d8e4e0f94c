import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { projectFolder } from "./xs/bundle.ts";

/** What a build's parts may take of the flash at most, in bytes. */
export const flashLimits = Object.freeze({
  bytecode: 520 * 1024,
  /** Functions, classes, names and tables that modules make while the SDK links them. */
  objects: 520 * 1024,
  font: 300 * 1024,
  /** What is said aloud. */
  clips: 200 * 1024,
});

/** A board's table of partitions and the size of its flash chip. */
export interface BoardFlash {
  readonly board: string;
  readonly table: string;
  readonly size: number;
}

const MB = 1024 * 1024;
export const boardFlashes: readonly BoardFlash[] = Object.freeze([
  { board: "p1", table: "hal/boards/p1/sdkconfig/partitions.csv", size: 16 * MB },
  { board: "m5stack_cores3", table: "hal/boards/m5stack_cores3/sdkconfig/partitions.csv", size: 16 * MB },
  { board: "ESP32-C3", table: "hal/boards/c3-partitions.csv", size: 4 * MB },
]);

/** What a table of partitions adds up to: `end` is the first byte behind the last one, `slot` the size of a slot of firmware. */
export interface Partitions {
  readonly end: number;
  readonly slots: number;
  readonly slot: number;
}

/** Reads a table of partitions as ESP-IDF has them: name, type, subtype, offset, size, flags. */
export function readPartitions({ table }: BoardFlash): Partitions {
  const rows = readFileSync(join(projectFolder, table), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.split(",").map((cell) => cell.trim()));
  const apps = rows.filter(([, type]) => type === "app").map(([, , , , size]) => Number(size));
  const ends = rows.map(([, , , offset, size]) => Number(offset) + Number(size));
  return { end: Math.max(...ends), slots: apps.length, slot: Math.min(...apps) };
}

/** Bytes of what is linked beside the firmware. */
export const fontBytes = (): number => statSync(join(projectFolder, "firmware/screen/fonts/font16.bin")).size;
export const clipBytes = (): number => statSync(join(projectFolder, "firmware/voice/clips.bin")).size;
