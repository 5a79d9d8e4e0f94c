/**
 * What a thief finds in a terminal whose case was opened: nothing of its keys in flash, secure storage and the
 * engine's heap. Key memory itself lies outside of that heap and is not searched here.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { p1Partitions } from "../../simulator/chips/p1.ts";
import { xsGround } from "../../simulator/runtime/xs/live.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { grounds } from "./grounds.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-keys-"));
const readyAfter = 5_000;
const settledAfter = 10_000;

interface Find {
  readonly key: string;
  readonly place: string;
}

/** Every key that the terminal was given, or made for itself, by name. */
function keysOf(simulation: Simulation): ReadonlyMap<string, Uint8Array> {
  const { secure } = simulation.board;
  const names = ["terminalMasterKey", "transportKey", "deviceKey", "journalKey"];
  const stored = names.flatMap((name) => [...(secure.has(name) ? [[name, secure.get(name)!.slice()] as const] : [])]);
  return new Map([...simulation.bank.loadedKeys("master-session"), ...stored]);
}

/** Where a key stands: whole, or any half of it. */
function search(keys: ReadonlyMap<string, Uint8Array>, place: string, image: Uint8Array): Find[] {
  const bytes = Buffer.from(image);
  return [...keys].flatMap(([key, value]) => {
    const halves = [value.subarray(0, value.length / 2), value.subarray(value.length / 2)];
    return halves.some((half) => bytes.indexOf(half) >= 0) ? [{ key, place }] : [];
  });
}

/** Lets a terminal start and sign in, opens its case or leaves it, and searches all that it keeps. */
async function findsIn(ground: (typeof grounds)[number], open: boolean): Promise<Find[]> {
  const simulation = new Simulation({ seed: 3, parameters: { language: "en" } });
  const { world, board, chips } = simulation;
  const image = join(folder, `${ground}-${open}`);
  let keys = keysOf(simulation);
  world.after(readyAfter, () => {
    assert.is(simulation.screens.at(-1)?.screen, "idle");
    keys = keysOf(simulation);
    if (open) simulation.caseSwitch.open();
  });
  world.after(settledAfter, () => world.stop());
  const end = await xsGround(ground, { image }).live(board);
  assert.is(end.kind, "stopped");
  assert.ok(keys.has("deviceKey") && keys.has("terminalMasterKey"));
  if (open) assert.is(simulation.screens.at(-1)?.screen, "tampered");
  return [
    ...search(keys, "heap", readFileSync(image)),
    ...p1Partitions.flatMap(({ name }) => search(keys, name, chips.flash.read(name, chips.flash.size(name), 0))),
    ...[...board.secure].flatMap(([name, value]) => search(keys, `secure storage: ${name}`, value)),
  ];
}

for (const ground of grounds) {
  test(`${ground}: after the case was opened nothing of the keys is left in flash, secure storage or the heap`, async () => {
    assert.equal(await findsIn(ground, true), []);
  });

  test(`${ground}: the same search finds the device key of a terminal in use, in secure storage only`, async () => {
    const found = (await findsIn(ground, false)).map(({ key, place }) => `${key} in ${place}`);
    assert.equal(found, ["deviceKey in secure storage: deviceKey"]);
  });
}

test.after(() => rmSync(folder, { recursive: true }));
test.run();
