/** Tables of partitions against the chips they are for, and against what the firmware and the update need of flash. */
import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { linPartitions } from "../../hal/boards/lin/partitions.ts";
import { p1Partitions } from "../../simulator/chips/p1.ts";
import { reachable } from "./reachable.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const KB = 1024;
const MB = KB * KB;
/** Flash is erased in sectors; a slot of firmware begins where the processor's memory map can (ESP-IDF, partition tables). */
const SECTOR = 4 * KB;
const SLOT_ALIGNMENT = 64 * KB;
/** The second stage boot loader and the table of partitions lie before this. */
const FIRST_OFFSET = 0x9000;
/** What a slot holds at most: engine, ESP-IDF, Wi-Fi and TLS; bytecode and tables; fonts; clips. */
const ENGINE = 1_400 * KB;
const BYTECODE = 900 * KB;
const FONTS = 300 * KB;
const CLIPS = 200 * KB;
/** A font as it is now, and the sector of its record. */
const FONT = statSync(`${root}firmware/screen/fonts/font16.bin`).size + SECTOR;

interface Partition {
  readonly name: string;
  readonly type: string;
  readonly subtype: string;
  readonly offset: number;
  readonly size: number;
  readonly flags: string;
}

function table(file: string): readonly Partition[] {
  const lines = readFileSync(`${root}${file}`, "utf8").split("\n");
  return lines.flatMap((line): Partition[] => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const [name = "", type = "", subtype = "", offset = "", size = "", flags = ""] = line
      .split(",")
      .map((cell) => cell.trim());
    return [{ name, type, subtype, offset: Number(offset), size: Number(size), flags }];
  });
}

/** `history`: the books of how many bytes; a smaller chip keeps fewer days. */
const tables = [
  {
    board: "p1",
    file: "hal/boards/p1/sdkconfig/partitions.csv",
    flash: 16 * MB,
    slots: 2,
    history: 4 * MB,
    media: true,
  },
  {
    board: "m5stack_cores3",
    file: "hal/boards/m5stack_cores3/sdkconfig/partitions.csv",
    flash: 16 * MB,
    slots: 2,
    history: 4 * MB,
    media: true,
  },
  {
    board: "a C3 of 4 MB",
    file: "hal/boards/c3-partitions.csv",
    flash: 4 * MB,
    slots: 1,
    history: 512 * KB,
    media: false,
  },
] as const;

const { modules } = await reachable(root, "firmware/main.ts");
const opened = new Set(
  modules.flatMap((path) =>
    [...readFileSync(`${root}${path}`, "utf8").matchAll(/partition: "(\w+)"/g)].map(([, name]) => name!),
  ),
);

test("every partition that the firmware opens is there, as large as p1's: the SDK's desktop simulator", () => {
  const needed = [...opened].filter((name) => name !== "nextota").sort();
  assert.equal(Object.keys(linPartitions).sort(), needed);
  for (const { name, size } of table("hal/boards/p1/sdkconfig/partitions.csv"))
    assert.is(linPartitions[name] ?? size, size, name);
});

for (const { board, file, flash, slots, history, media } of tables) {
  const partitions = table(file);
  const sizeOf = (name: string): number => partitions.find((each) => each.name === name)?.size ?? 0;

  test(`partitions lie one after the other, on whole sectors, inside of the chip: ${board}`, () => {
    let end = FIRST_OFFSET;
    for (const { name, type, offset, size } of partitions) {
      assert.ok(offset >= end, `${name} begins before the one above it ends`);
      assert.is(offset % (type === "app" ? SLOT_ALIGNMENT : SECTOR), 0, name);
      assert.ok(size > 0 && size % SECTOR === 0, name);
      end = offset + size;
    }
    assert.ok(end <= flash, `${end} of ${flash}`);
    const names = partitions.map(({ name }) => name);
    assert.is(new Set(names).size, names.length);
    for (const name of names) assert.ok(name.length < 16, `${name}: the table holds 16 characters`);
    const numbers = partitions.filter(({ subtype }) => subtype.startsWith("0x")).map(({ subtype }) => subtype);
    assert.is(new Set(numbers).size, numbers.length);
  });

  test(`each slot holds engine, ESP-IDF, bytecode, fonts and clips, and a second slot has a record of which one counts: ${board}`, () => {
    const apps = partitions.filter(({ type }) => type === "app");
    assert.is(apps.length, slots);
    for (const { name, size } of apps) assert.ok(size >= ENGINE + BYTECODE + FONTS + CLIPS, name);
    assert.is(new Set(apps.map(({ size }) => size)).size, 1);
    assert.equal(
      apps.map(({ subtype }) => subtype),
      slots === 1 ? ["factory"] : ["ota_0", "ota_1"],
    );
    assert.is(partitions.find(({ subtype }) => subtype === "ota")?.size, slots === 1 ? undefined : 0x2000);
    assert.ok(statSync(`${root}firmware/screen/fonts/font16.bin`).size <= FONTS);
    assert.ok(statSync(`${root}firmware/voice/clips.bin`).size <= CLIPS);
  });

  test(`every partition that the firmware opens is there, as large as the simulator's, and not encrypted: ${board}`, () => {
    assert.ok(opened.size >= 9);
    for (const name of opened) {
      // What comes stands in the second slot, and where there is none in a place of its own.
      if (name === (slots === 2 ? "incoming" : "nextota")) continue;
      if (name === "nextota") {
        assert.is(partitions.filter(({ type }) => type === "app").length, 2);
        continue;
      }
      const partition = partitions.find((each) => each.name === name);
      assert.is(partition?.type, "data", name);
      assert.is(partition?.flags, "", name);
    }
    for (const { name, size } of p1Partitions) {
      if (slots === 1 && /^ota/.test(name)) continue;
      const least = { history, fonts: FONT, incoming: FONT }[name] ?? size;
      assert.ok(sizeOf(name) >= least, name);
    }
  });

  test(`face, voice and clips have their room where the board has ears and eyes: ${board}`, () => {
    // The face's cascade is 239,632 bytes, the voice's weights 20 KB; 22 clips are 63 KB.
    assert.is(sizeOf("models"), media ? MB : 0);
    assert.is(sizeOf("clips"), media ? MB : 0);
  });
}

test.run();
