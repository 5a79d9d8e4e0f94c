import { type ChildProcessWithoutNullStreams, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { projectFolder, type XsGround } from "../../simulator/runtime/xs/bundle.ts";
import {
  esp32Limits,
  type MemoryLimits,
  type Metrics,
  startXs,
  type XsProcess,
} from "../../simulator/runtime/xs/ground.ts";
import { type FaultRates, FaultyLine } from "./faulty-line.ts";
import { uart } from "./uart.ts";

export interface EmulatedBoardOptions {
  readonly limits?: MemoryLimits;
  /** What the line does to bytes, both ways. */
  readonly faults?: { readonly seed: number; readonly rates: FaultRates };
}

/** Slots of stack in a test build (hal/boards/p1/line/manifest.json): the line's calls lie above the firmware's. */
const STACK = 640;

/** The memory of a board with the test build, where the ground has limits. */
export function boardLimits(ground: XsGround): { readonly limits?: MemoryLimits } {
  return ground === "xs" ? {} : { limits: { ...esp32Limits, stack: STACK } };
}

const execute = promisify(execFile);
const source = join(projectFolder, "test/hil/pty.c");
const entry = { path: join(projectFolder, "test/hil/emulated-entry.ts") };
const resources = { font16: join(projectFolder, "firmware/screen/fonts/font16.bin") };

/** The program that holds a pseudo-terminal, made once. */
async function ptyProgram(): Promise<string> {
  const folder = join(projectFolder, ".cache/hil");
  const program = join(folder, `pty-${createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 16)}`);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  const unfinished = `${program}.${process.pid}`;
  await execute(process.env.CC ?? "cc", ["-O1", "-o", unfinished, source]);
  renameSync(unfinished, program);
  return program;
}

/**
 * A board with the test build on a serial line, without a board: the engine in a process of its own that is started again
 * whenever it ends, as a board's reset does, behind a pseudo-terminal that may spoil bytes.
 */
export class EmulatedBoard {
  /** The line's path. */
  readonly path: string;
  /** How often the firmware was started. */
  starts = 0;
  /** Why a process of the engine ended, where it did not end by itself and was not restarted. */
  readonly failures: string[] = [];
  /** The memory that the last life took which ended by itself. */
  metrics: Metrics | undefined;
  readonly toLaptop: FaultyLine | undefined;
  readonly toBoard: FaultyLine | undefined;
  readonly #ground: XsGround;
  readonly #limits: MemoryLimits | undefined;
  readonly #pty: ChildProcessWithoutNullStreams;
  #xs: XsProcess | undefined;
  #received: Buffer = Buffer.alloc(0);
  #asked: { readonly limit: number; readonly timer: NodeJS.Timeout } | undefined;
  #plugged = true;
  #running: Promise<void> = Promise.resolve();

  private constructor(
    ground: XsGround,
    path: string,
    pty: ChildProcessWithoutNullStreams,
    options: EmulatedBoardOptions,
  ) {
    const { faults, limits } = options;
    this.path = path;
    this.#ground = ground;
    this.#limits = limits;
    this.#pty = pty;
    if (faults !== undefined) {
      this.toLaptop = new FaultyLine(faults.seed, faults.rates);
      this.toBoard = new FaultyLine(faults.seed + 0x4000_0000, faults.rates);
    }
    pty.stdin.on("error", () => pty.stdin.destroy());
    pty.stdout.on("data", (bytes: Buffer) => this.#receive(bytes));
    this.#running = this.#live();
  }

  /** A board that waits on a line of its own. */
  static async plugIn(ground: XsGround, options: EmulatedBoardOptions = {}): Promise<EmulatedBoard> {
    const pty = spawn(await ptyProgram(), { stdio: ["pipe", "pipe", "pipe"] });
    const path = await new Promise<string>((resolve, reject) => {
      let text = "";
      pty.stderr.setEncoding("utf8").on("data", (part: string) => {
        text += part;
        if (text.endsWith("\n")) resolve(text.trim());
      });
      pty.on("close", (status) => reject(new Error(`no pseudo-terminal: status ${status}`)));
    });
    return new EmulatedBoard(ground, path, pty, options);
  }

  /** Pulls the plug: the line is gone, and the board has no power any more. */
  async unplug(): Promise<void> {
    this.#plugged = false;
    this.#pty.kill();
    this.#xs?.kill();
    await this.#running;
  }

  /** The board stops, as it stands, and says nothing more; the line stays. */
  freeze(): void {
    this.#plugged = false;
    this.#xs?.kill();
  }

  async #live(): Promise<void> {
    while (this.#plugged) {
      this.#silence();
      this.#received = Buffer.alloc(0);
      const xs = await startXs({
        ground: this.#ground,
        entry,
        preload: true,
        resources,
        ...(this.#limits === undefined ? {} : { limits: this.#limits }),
        onFrame: (message) => this.#serve(message),
      });
      this.#xs = xs;
      this.starts++;
      if (!this.#plugged) xs.kill();
      const { reason, metrics } = await xs.exit;
      this.metrics = metrics ?? this.metrics;
      if (reason !== undefined && reason !== "killed") this.failures.push(reason);
    }
  }

  #serve(message: Uint8Array): void {
    const bytes = Buffer.from(message);
    const [kind] = bytes;
    if (kind === uart.restart) this.#xs?.kill();
    else if (kind === uart.write) this.#send(bytes.subarray(1));
    else {
      const timer = setTimeout(() => this.#answer(), bytes.readUInt16LE(3));
      this.#asked = { limit: bytes.readUInt16LE(1), timer };
      if (this.#received.length > 0) this.#answer();
    }
  }

  #send(bytes: Uint8Array): void {
    const passed = this.toLaptop?.pass(bytes) ?? bytes;
    if (passed.length > 0 && this.#pty.stdin.writable) this.#pty.stdin.write(passed);
  }

  #receive(bytes: Uint8Array): void {
    const passed = this.toBoard?.pass(bytes) ?? bytes;
    this.#received = Buffer.concat([this.#received, passed]);
    if (this.#received.length > 0) this.#answer();
  }

  /** Gives the board what it has asked for, or nothing when its time is over. */
  #answer(): void {
    if (this.#asked === undefined) return;
    const { limit } = this.#asked;
    this.#silence();
    this.#xs?.send(this.#received.subarray(0, limit));
    this.#received = this.#received.subarray(limit);
  }

  #silence(): void {
    clearTimeout(this.#asked?.timer);
    this.#asked = undefined;
  }
}
