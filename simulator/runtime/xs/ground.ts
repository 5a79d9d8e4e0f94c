import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { FrameReader, frame } from "../frames.ts";
import { GroundUnavailable } from "../ground.ts";
import { ensureHost, HostUnavailable } from "./build.mjs";
import { type BundleOptions, bundle, type XsGround } from "./bundle.ts";

/** Fixed limits of the firmware's memory: bytes of chunks, slots of the heap, slots of the stack. */
export interface MemoryLimits {
  readonly chunks: number;
  readonly slots: number;
  readonly stack: number;
}

/** What most ESP32-S3 boards give an application in the Moddable SDK. */
export const esp32Limits: MemoryLimits = Object.freeze({ chunks: 78_848, slots: 4_928, stack: 512 });

/** How much memory a run used (host/meter.c): the most ever taken, and the most that survived a collection. */
export interface Metrics {
  readonly chunks: { readonly peak: number; readonly live: number; readonly limit: number };
  readonly slots: { readonly peak: number; readonly live: number; readonly limit: number };
  readonly stack: { readonly peak: number; readonly limit: number };
  readonly keys: number;
  readonly aliases: number;
  readonly collections: number;
  readonly slotBytes: number;
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
  /** Fixed limits; without them the heap grows. */
  readonly limits?: MemoryLimits;
  /** Files for `resource(name)`, by name. */
  readonly resources?: Readonly<Record<string, string>>;
  /** A file for what is in memory, free parts included, when the run ends by itself. */
  readonly image?: string;
  /** Called with the payload of each frame that the firmware sends. */
  readonly onFrame?: (payload: Uint8Array) => void;
  /** Called with each line that the firmware prints; standard error by default. */
  readonly onPrint?: (line: string) => void;
}

/** One XS process. Ends by itself when its standard input ends and it is idle. */
export class XsProcess {
  readonly ground: XsGround;
  /** Settles when the process is gone. */
  readonly exit: Promise<XsExit>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #print: (line: string) => void;
  #metrics: Metrics | undefined;
  #reason: string | undefined;

  constructor(host: string, bytecode: string, options: XsOptions) {
    this.ground = options.ground;
    this.#print = options.onPrint ?? ((line) => process.stderr.write(`${line}\n`));
    this.#child = spawn(host, ["run", bytecode, ...runArguments(options)], { stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdin.on("error", () => this.#child.stdin.destroy());
    this.#listen(options.onFrame ?? (() => {}));
    this.exit = this.#end();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Sends one frame to the firmware. */
  send(payload: Uint8Array): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(frame(payload));
  }

  /** Says that nothing more will come: the firmware ends when it is idle next. */
  hangUp(): void {
    this.#child.stdin.end();
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
        frames.push(chunk);
        for (let payload = frames.next(); payload !== undefined; payload = frames.next()) onFrame(payload);
      } catch (error) {
        this.kill(error instanceof Error ? error.message : String(error));
      }
    });
    let rest = "";
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) this.#line(line);
    });
  }

  #line(line: string): void {
    if (line.startsWith("metrics {")) this.#metrics = JSON.parse(line.slice("metrics ".length)) as Metrics;
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
  const { limits, resources = {}, image } = options;
  return [
    ...(options.preload === true ? ["--preload"] : []),
    ...Object.entries(limits ?? {}).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ...Object.entries(resources).flatMap(([name, path]) => ["--resource", `${name}=${path}`]),
    ...(image === undefined ? [] : ["--image", image]),
  ];
}

/**
 * Starts an entry on an XS ground; host and bytecode are made first where they are not there yet.
 * @throws GroundUnavailable with what to install; Error with esbuild's or XS's messages on wrong source
 */
export async function startXs(options: XsOptions): Promise<XsProcess> {
  const { ground, entry, alias } = options;
  const host = await ensureHost(ground).catch((error: unknown) => {
    throw error instanceof HostUnavailable ? new GroundUnavailable(error.message) : error;
  });
  const bytecode = await bundle({ ground, entry, ...(alias === undefined ? {} : { alias }) });
  return new XsProcess(host, bytecode, options);
}
