import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { FrameReader, frame, frameLimit } from "../frames.ts";
import { GroundUnavailable } from "../ground.ts";
import { imageFile } from "../rv32/image.ts";
import { machineCommand } from "../rv32/machine.ts";
import { WireReader } from "../rv32/wire.ts";
import { ensureHost, HostUnavailable } from "./build.mjs";
import { type BundleOptions, bundle, COMPILERS, projectFolder, type XsGround } from "./bundle.ts";

/** Fixed limits of the firmware's memory: bytes of chunks, slots of the heap, slots of the stack. */
export interface MemoryLimits {
  readonly chunks: number;
  readonly slots: number;
  readonly stack: number;
}

/** What most ESP32-S3 boards give an application in the Moddable SDK. */
export const esp32Limits: MemoryLimits = Object.freeze({ chunks: 78_848, slots: 4_928, stack: 512 });

/**
 * What slots in flash are for (host/census.c): functions; the lists of what each function sees of variables outside of it; objects and
 * arrays; names of properties and variables; the variables.
 */
export type FlashSlots = "functions" | "environments" | "tables" | "names" | "variables";

/** How much memory a run used (host/meter.c): the most ever taken, and the most that survived a collection. */
export interface Metrics {
  readonly chunks: { readonly peak: number; readonly live: number; readonly limit: number };
  readonly slots: { readonly peak: number; readonly live: number; readonly limit: number };
  readonly stack: { readonly peak: number; readonly limit: number };
  readonly keys: number;
  readonly aliases: number;
  readonly collections: number;
  readonly slotBytes: number;
  /** What a preloaded bundle takes of the flash, in bytes of its functions' code, of its names, of the texts that its tables hold and of chunks; and slots by what they are for. */
  readonly flash: {
    readonly bytecode: number;
    readonly names: number;
    readonly texts: number;
    readonly chunks: number;
    readonly slots: Readonly<Record<FlashSlots, number>>;
  };
  /** On the emulated microcontroller: bytes of C stack at most, and instructions of the firmware. */
  readonly cStack?: number;
  readonly instructions?: number;
}

/** What a run takes of memory while it lives: bytes of chunks and slots that are alive, the deepest stack so far in slots. */
export interface MemoryGauge {
  readonly chunks: number;
  readonly slots: number;
  readonly stack: number;
}

/** How a run ended: `reason` is absent when it ended by itself. */
export interface XsExit {
  readonly status: number | undefined;
  /** "memory full: chunks ...", "stack overflow", "unhandled exception: ...", "killed" */
  readonly reason?: string;
  readonly metrics?: Metrics;
}

export interface XsOptions extends BundleOptions {
  /** Imports the bundle as the device's linker does: code and what modules make lie in flash, and cannot change. */
  readonly preload?: boolean;
  /** Fixed limits; what is 0 or not there grows. */
  readonly limits?: MemoryLimits;
  /** Collects a fixed heap whenever so many slots were made, so that what is alive is known that closely; not on the microcontroller. */
  readonly every?: number;
  /** Files for `resource(name)`, by name. */
  readonly resources?: Readonly<Record<string, string>>;
  /** A file for what is in memory, free parts included, when the run ends by itself. */
  readonly image?: string;
  /** Called with the payload of each frame that the firmware sends. */
  readonly onFrame?: (payload: Uint8Array) => void;
  /** Called with each line that the firmware prints; standard error by default. */
  readonly onPrint?: (line: string) => void;
}

/** How a host is started, and whether it has one wire for frames and lines. */
interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly oneWire: boolean;
}

const imageFolder = join(projectFolder, ".cache/xs/images");

function startOf(host: string, bytecode: string, options: XsOptions): Start {
  if (options.ground !== "rv32")
    return { command: host, args: ["run", bytecode, ...runArguments(options)], oneWire: false };
  const { limits = { chunks: 0, slots: 0, stack: 0 }, preload = false, resources = {} } = options;
  const memory = Number(options.image !== undefined);
  const settings = [limits.chunks, limits.slots, limits.stack, Number(preload), memory] as const;
  const image = imageFile(imageFolder, { settings, bytecode, resources });
  const [command, args] = machineCommand(host, image);
  return { command, args, oneWire: true };
}

/** One XS process. Ends by itself when its standard input ends and it is idle. */
export class XsProcess {
  readonly ground: XsGround;
  /** Settles when the process is gone. */
  readonly exit: Promise<XsExit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #print: (line: string) => void;
  readonly #oneWire: boolean;
  #metrics: Metrics | undefined;
  #reason: string | undefined;
  #instructions: number | undefined;
  #gauge: MemoryGauge | undefined;
  /** Whether it has said anything: before that it could not hear what it is asked. */
  #speaks = false;

  constructor(host: string, bytecode: string, options: XsOptions) {
    this.ground = options.ground;
    this.#print = options.onPrint ?? ((line) => process.stderr.write(`${line}\n`));
    const { command, args, oneWire } = startOf(host, bytecode, options);
    this.#oneWire = oneWire;
    this.#child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin.on("error", () => this.#child.stdin.destroy());
    const onFrame = options.onFrame ?? (() => {});
    const lines = this.#lines();
    this.#child.stderr.setEncoding("utf8").on("data", lines);
    if (oneWire) this.#listenOnWire(onFrame, lines, options.image);
    else this.#listen(onFrame);
    this.exit = this.#end();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Instructions that the firmware took before it spoke to the world last; undefined where the ground cannot tell. */
  get instructions(): number | undefined {
    return this.#instructions;
  }

  /**
   * What it took of memory when it was asked last; asks anew, which it answers when it waits for the world next. Undefined as long as
   * nothing was told, and where the ground cannot tell.
   */
  askMemory(): MemoryGauge | undefined {
    if (this.#speaks && !this.#oneWire && process.platform !== "win32") this.#child.kill("SIGUSR1");
    return this.#gauge;
  }

  /** Sends one frame to the firmware. */
  send(payload: Uint8Array): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(frame(payload));
  }

  /** Says that nothing more will come: the firmware ends when it is idle next. */
  hangUp(): void {
    // A UART has no end: the mark of one (host/pipe.c) says it on any wire. QEMU would lose the wire's other way with it.
    const mark = Uint8Array.of(255, 255, 255, 255);
    if (!this.#child.stdin.writable) return;
    if (this.#oneWire) this.#child.stdin.write(mark);
    else this.#child.stdin.end(mark);
  }

  /** Ends the process at once, as a power cut does. */
  kill(reason = "killed"): void {
    this.#reason ??= reason;
    this.#child.kill("SIGKILL");
  }

  #listen(onFrame: (payload: Uint8Array) => void): void {
    const frames = new FrameReader();
    this.#child.stdout.on("data", (chunk: Buffer) => {
      try {
        this.#speaks = true;
        frames.push(chunk);
        for (let payload = frames.next(); payload !== undefined; payload = frames.next()) onFrame(payload);
      } catch (error) {
        this.kill(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** The microcontroller's one wire, for frames, lines, counts and the memory at the end. */
  #listenOnWire(onFrame: (payload: Uint8Array) => void, text: (text: string) => void, image = ""): void {
    if (image !== "") writeFileSync(image, "");
    const memory = (part: Uint8Array) => appendFileSync(image, part);
    const count = (instructions: number) => {
      this.#instructions = instructions;
    };
    const reader = new WireReader({ frame: onFrame, text, count, memory });
    this.#child.stdout.on("data", (chunk: Buffer) => {
      try {
        reader.push(chunk, frameLimit);
      } catch (error) {
        this.kill(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** Cuts text that comes in pieces into lines. */
  #lines(): (text: string) => void {
    let rest = "";
    return (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#line(line);
    };
  }

  #line(line: string): void {
    if (line.startsWith("metrics {")) this.#metrics = JSON.parse(line.slice("metrics ".length)) as Metrics;
    else if (line.startsWith("gauge {")) this.#gauge = JSON.parse(line.slice("gauge ".length)) as MemoryGauge;
    else if (line.startsWith("abort ")) this.#reason ??= line.slice("abort ".length);
    else this.#print(line);
  }

  #end(): Promise<XsExit> {
    return new Promise((resolve) => {
      this.#child.on("error", (error) => resolve({ status: undefined, reason: error.message }));
      this.#child.on("close", (status, signal) => {
        const reason = this.#reason ?? (signal === null ? undefined : `signal ${signal}`);
        resolve({
          status: status ?? undefined,
          ...(reason === undefined ? {} : { reason }),
          ...(this.#metrics === undefined ? {} : { metrics: this.#metrics }),
        });
      });
    });
  }
}

function runArguments(options: XsOptions): string[] {
  const { limits, every, resources = {}, image } = options;
  return [
    ...(options.preload === true ? ["--preload"] : []),
    ...Object.entries({ ...limits, every }).flatMap(([name, value]) => (value ? [`--${name}`, String(value)] : [])),
    ...Object.entries(resources).flatMap(([name, path]) => ["--resource", `${name}=${path}`]),
    ...(image === undefined ? [] : ["--image", image]),
  ];
}

/**
 * The path of a ground's host, built if need be, as is the host that compiles for it. Throws `GroundUnavailable` with
 * what to install.
 */
export async function hostOf(ground: XsGround): Promise<string> {
  try {
    await ensureHost(COMPILERS[ground]);
    return await ensureHost(ground);
  } catch (error) {
    throw error instanceof HostUnavailable ? new GroundUnavailable(error.message) : error;
  }
}

/** Whether the processor does not run the ground's programs by itself. Throws `GroundUnavailable`. */
export async function isEmulated(ground: XsGround): Promise<boolean> {
  return ground === "rv32" || existsSync(`${await hostOf(ground)}.bin`);
}

/**
 * Starts an entry on an XS ground; host and bytecode are made first where they are not there yet.
 * @throws GroundUnavailable with what to install; Error with esbuild's or XS's messages on wrong source
 */
export async function startXs(options: XsOptions): Promise<XsProcess> {
  const { ground, entry, alias, shrunk } = options;
  const host = await hostOf(ground);
  const bytecode = await bundle({
    ground,
    entry,
    ...(alias === undefined ? {} : { alias }),
    ...(shrunk === true ? { shrunk } : {}),
  });
  return new XsProcess(host, bytecode, options);
}
