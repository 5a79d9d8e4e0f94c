import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import type { Board } from "../../io/board.ts";
import { ioClasses } from "../../io/classes.ts";
import type { Pace } from "../../world/kernel.ts";
import { BridgeServer } from "../bridge-server.ts";
import { type Ground, GroundUnavailable, type LifeEnd, type Metrics } from "../ground.ts";
import type { SerialName } from "../grounds.ts";
import { LineLink, type Patience } from "./link.ts";
import { type OpenPort, openPort } from "./port.ts";

const DEFAULT_BAUD = 921_600;
/** What is on its way to the board at most, in bits: a frame and what answers it. */
const BITS = 2 * 255 * 10;

/** Milliseconds: a line of that speed and a USB adapter's 16 ms are given time, a board its seconds to start and to compute. */
function patienceAt(baud: number): Patience {
  return { again: 40 + Math.ceil((BITS * 1000) / baud), start: 15_000, answer: 15_000, turn: 120_000 };
}

/**
 * A board's test build on a serial line.
 * @throws GroundUnavailable when the name is wrong or there is no such line
 */
export function serialGround(name: SerialName, patience: Partial<Patience> = {}): Ground {
  const [, path = "", digits] = /^serial:(.+?)(?:@(\d{3,8}))?$/.exec(name) ?? [];
  const baud = digits === undefined ? DEFAULT_BAUD : Number(digits);
  if (path === "") throw new GroundUnavailable("serial: needs the path of a line: serial:/dev/ttyUSB0@921600.");
  if (process.platform !== "win32" && !existsSync(path)) {
    throw new GroundUnavailable(`There is no serial line ${path}: plug the board in, or name its line.`);
  }
  const line = { path, baud, patience: { ...patienceAt(baud), ...patience } };
  return { name, live: (board, pace) => liveOnLine(line, board, pace) };
}

interface Line {
  readonly path: string;
  readonly baud: number;
  readonly patience: Patience;
}

/** One life: the board starts anew with a session of its own, and is left waiting for the next one. */
async function liveOnLine({ path, baud, patience }: Line, board: Board, pace?: Pace): Promise<LifeEnd> {
  const { world } = board;
  board.firmware = undefined; // the board starts its own build, whatever a simulated slot holds
  const server = new BridgeServer({
    classes: ioClasses(board),
    wall: () => board.wall(),
    next: pace === undefined ? (until) => world.next(until) : (until) => world.nextPaced(until, pace),
    send: (payload) => link.send(payload),
    powered: () => board.powered,
  });
  const gone = (reason: string): void => server.finish({ kind: "crashed", reason });
  let port: OpenPort;
  try {
    port = await openPort(path, baud, { onBytes: (bytes) => link.receive(bytes), onGone: gone });
  } catch (error) {
    return { kind: "crashed", reason: error instanceof Error ? error.message : String(error), metrics: {} };
  }
  const link = new LineLink({
    write: (bytes) => port.write(bytes),
    onPayload: (payload) => server.receive(payload),
    onGone: (reason) => gone(`${reason} (${path} at ${baud} baud: is it the line of a board with the test build?)`),
    boardsTurn: () => !server.waiting,
    session: randomInt(1, 2 ** 32),
    patience,
    now: () => performance.now(),
  });
  const timer = setInterval(() => link.watch(), patience.again / 2);
  try {
    server.start(world.now, {});
    const end = await server.ended;
    if (end.kind === "stopped") await link.hangUp();
    return { ...end, metrics: metricsOf(server, link) };
  } finally {
    clearInterval(timer);
    link.close();
    await port.close();
    for (const open of [...board.open]) open.close();
  }
}

function metricsOf({ traffic }: BridgeServer, link: LineLink): Metrics {
  return {
    bridgeRoundTrips: traffic.roundTrips,
    bridgePosts: traffic.posts,
    bridgeBytes: traffic.bytes,
    lineFramesReceived: link.traffic.received,
    lineFramesSent: link.traffic.sent,
    lineFramesRepeated: link.traffic.repeated,
    lineSpoilt: link.traffic.spoilt,
  };
}
