import { join } from "node:path";
import type { Board } from "../../io/board.ts";
import { ioClasses } from "../../io/classes.ts";
import { fileOf } from "../../replace-file.mjs";
import type { Pace } from "../../world/kernel.ts";
import { BridgeServer, type ServerEnd } from "../bridge-server.ts";
import type { Ground, LifeEnd, Metrics } from "../ground.ts";
import { entryOf } from "../slots/on-xs.ts";
import { type Entry, projectFolder, type XsGround, xsFolder } from "./bundle.ts";
import { esp32Limits, type MemoryLimits, startXs, type XsExit } from "./ground.ts";

const resourceFolder = join(projectFolder, ".cache/xs/resources");
const firmware: Entry = { path: join(xsFolder, "entry.ts") };

/** What a ground gives the firmware: the 64-bit heap grows, the 32-bit one has the limits of a board. */
const LIMITS: Readonly<Record<XsGround, MemoryLimits | undefined>> = {
  xs: undefined,
  xs32: esp32Limits,
  rv32: esp32Limits,
};

/** The grounds that have a board's limits run what a board does; what fails on the other one is told with the source's names. */
const SHRUNK: Readonly<Record<XsGround, boolean>> = { xs: false, xs32: true, rv32: true };

/** For tests and figures: another firmware, a file for what is in memory when a life ends without being cut off, other memory. */
export interface XsGroundOptions {
  readonly entry?: Entry;
  readonly image?: string;
  /** Other limits than the ground's own. */
  readonly limits?: MemoryLimits;
  readonly every?: number;
}

/** The firmware on XS: a process of its own, its IO over the bridge. */
export function xsGround(name: XsGround, options: XsGroundOptions = {}): Ground {
  return { name, live: (board, pace) => liveOnXs(name, options, board, pace) };
}

async function liveOnXs(ground: XsGround, options: XsGroundOptions, board: Board, pace?: Pace): Promise<LifeEnd> {
  const { image, limits = LIMITS[ground], every } = options;
  const entry = options.entry ?? entryAtStart(board);
  if (entry === undefined) return { kind: "powerless", metrics: {} };
  const { world } = board;
  const server = new BridgeServer({
    classes: ioClasses(board),
    wall: () => board.wall(),
    next: pace === undefined ? (until) => world.next(until) : (until) => world.nextPaced(until, pace),
    send: (payload) => xs.send(payload),
    powered: () => board.powered,
  });
  const xs = await startXs({
    ground,
    entry,
    preload: true,
    shrunk: SHRUNK[ground],
    ...(limits === undefined ? {} : { limits }),
    ...(image === undefined ? {} : { image }),
    ...(every === undefined ? {} : { every }),
    resources: resourceFiles(resourcesOf(board)),
    onFrame: (payload) => server.receive(payload),
  });
  board.instructions = () => xs.instructions;
  board.memory = () => xs.askMemory();
  try {
    xs.exit.then((exit) =>
      server.finish({ kind: "crashed", reason: exit.reason ?? `ended with status ${exit.status}` }),
    );
    server.start(world.now, {});
    const end = await server.ended;
    if (end.kind === "stopped") xs.hangUp();
    else xs.kill();
    return lifeEnd(end, metricsOf(await xs.exit, server));
  } finally {
    board.instructions = undefined;
    board.memory = undefined;
    for (const open of [...board.open]) open.close();
  }
}

/** What the boot loader starts; undefined where the power went within its choice. */
function entryAtStart(board: Board): Entry | undefined {
  try {
    const program = board.firmware?.choose();
    return program === undefined ? firmware : entryOf(program);
  } catch (error) {
    if (!board.powered) return undefined;
    throw error;
  }
}

function lifeEnd(end: ServerEnd, metrics: Metrics): LifeEnd {
  return { ...end, metrics };
}

/** The board's files, and the partitions that the firmware reads in place as they are at this start. */
function resourcesOf(board: Board): ReadonlyMap<string, Uint8Array> {
  const resources = new Map(board.resources);
  for (const partition of board.mappable) {
    const bytes = board.mapped(partition);
    if (bytes !== undefined) resources.set(`partition-${partition}`, bytes);
  }
  return resources;
}

/** The board's resources as files that the host can map. */
function resourceFiles(resources: ReadonlyMap<string, Uint8Array>): Record<string, string> {
  return Object.fromEntries(Array.from(resources, ([name, bytes]) => [name, fileOf(resourceFolder, bytes)]));
}

function metricsOf({ metrics }: XsExit, { traffic }: BridgeServer): Metrics {
  const bridge = { bridgeRoundTrips: traffic.roundTrips, bridgePosts: traffic.posts, bridgeBytes: traffic.bytes };
  if (metrics === undefined) return bridge;
  const { chunks, slots, stack, keys, collections, cStack, instructions, flash, slotBytes } = metrics;
  const { functions, environments, tables, names, variables } = flash.slots;
  const flashParts = {
    flashFunctionBytes: functions * slotBytes,
    flashEnvironmentBytes: environments * slotBytes,
    flashVariableBytes: variables * slotBytes,
    flashDataBytes: tables * slotBytes + flash.chunks + flash.texts,
    flashNameBytes: names * slotBytes + flash.names,
  };
  return {
    liveChunkBytes: chunks.live,
    peakChunkBytes: chunks.peak,
    limitChunkBytes: chunks.limit,
    liveSlots: slots.live,
    peakSlots: slots.peak,
    limitSlots: slots.limit,
    peakStackSlots: stack.peak,
    limitStackSlots: stack.limit,
    keys,
    collections,
    flashBytecodeBytes: flash.bytecode,
    flashTableBytes: Object.values(flashParts).reduce((sum, bytes) => sum + bytes),
    ...flashParts,
    ...(cStack === undefined ? {} : { peakCStackBytes: cStack }),
    ...(instructions === undefined ? {} : { instructions }),
    ...bridge,
  };
}
