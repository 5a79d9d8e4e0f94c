import { boot } from "../../firmware/main.ts";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import type { Device } from "../../hal/device.ts";
import type { IoProvider } from "../../hal/io.ts";
import { Timers } from "../../hal/timers.ts";
import type { SimulatedIo } from "../io/base.ts";
import type { Board } from "../io/board.ts";
import { ioClasses } from "../io/classes.ts";
import type { Pace } from "../world/kernel.ts";
import type { Ground, LifeEnd } from "./ground.ts";
import { startOf } from "./slots/on-node.ts";

/** The firmware in this very process: fast, and open to the debugger. */
export const nodeGround: Ground = nodeGroundOn(p1);

/** The firmware in this process on a board of its own wiring. */
export function nodeGroundOn(wiring: (io: IoProvider) => Device): Ground {
  return { name: "node", live: (board, pace) => liveOnNode(board, wiring, pace) };
}

async function liveOnNode(board: Board, wiring: (io: IoProvider) => Device, pace?: Pace): Promise<LifeEnd> {
  const { world } = board;
  const timers = new Timers();
  const startedAt = world.now;
  const io: IoProvider = {
    ...ioClasses(board),
    clock: {
      monotonic: () => world.now - startedAt,
      wall: () => board.wall(),
      setTimer: (callback, milliseconds) => timers.set(callback, milliseconds, world.now),
      clearTimer: (id) => timers.clear(id),
    },
    mapped: (partition) => board.mapped(partition),
    resource: (name) => {
      const bytes = board.resources.get(name);
      if (bytes === undefined) throw new Error(`no resource ${name}`);
      return bytes;
    },
  };
  const microtasksDone = promiseJobs();
  const life: { failure?: { readonly error: unknown } } = {};
  try {
    const program = board.firmware?.choose();
    const started = program === undefined ? boot(wiring(io)) : (await startOf(program))(io);
    started.catch((error: unknown) => {
      life.failure = { error };
    });
    await microtasksDone();
    for (;;) {
      if (life.failure !== undefined && board.powered) throw life.failure.error;
      const deadline = timers.nextDeadline();
      const wake = pace === undefined ? world.next(deadline) : await world.nextPaced(deadline, pace);
      if (wake.kind === "stopped" || wake.kind === "powerless") return { kind: wake.kind, metrics: {} };
      if (wake.kind === "signal") (wake.signal.io as SimulatedIo).deliver(wake.signal.callback, wake.signal.args);
      else timers.fireNext(wake.now);
      await microtasksDone();
    }
  } catch (error) {
    if (!board.powered) return { kind: "powerless", metrics: {} };
    return {
      kind: "crashed",
      reason: error instanceof Error ? (error.stack ?? error.message) : String(error),
      metrics: {},
    };
  } finally {
    for (const open of [...board.open]) open.close();
  }
}

/** So many wakes in a row leave Node's own events waiting. */
const WAKES_A_TURN = 64;

/**
 * Gives a function whose promise resolves when every promise job of the firmware has run. Awaited from within a promise
 * job, as the life above does, `process.nextTick` runs when the queue of promise jobs is empty; it is much cheaper than
 * a turn of Node's event loop, which is taken now and then so that timers, signals and sockets are not starved.
 */
function promiseJobs(): () => Promise<void> {
  let wakes = 0;
  return () =>
    new Promise((resolve) => {
      if (wakes++ % WAKES_A_TURN === 0) setImmediate(resolve);
      else process.nextTick(resolve);
    });
}
