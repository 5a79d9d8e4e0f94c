import { BridgeServer, type ServerEnd } from "../../simulator/runtime/bridge-server.ts";
import type { Wake } from "../../simulator/world/kernel.ts";

interface Options {
  readonly port?: number;
  readonly onReadable?: (bytes: number) => void;
}

/** A small world for the bridge: a serial line that echoes, a recorder of posts, a clock chip, a power switch. */
export class FakeWorld {
  now = 1000;
  powered = true;
  readonly recorded: unknown[] = [];
  readonly opened: string[] = [];
  readonly server: BridgeServer;
  readonly #wakes: Wake[] = [];

  constructor(send: (payload: Uint8Array) => void) {
    const world = this;
    class Io {
      closed = false;
      constructor(_options: Options) {
        world.opened.push(new.target.name);
      }
      close(): void {
        this.closed = true;
      }
    }
    class Serial extends Io {
      #input: Uint8Array[] = [];
      readonly #callback: boolean;
      constructor(options: Options) {
        if (!Number.isInteger(options.port)) throw new RangeError("serial port");
        super(options);
        this.#callback = typeof options.onReadable === "function";
      }
      write(bytes: Uint8Array): void {
        if (bytes.length > 16) throw new RangeError("output full");
        this.#input.push(bytes.slice());
        if (this.#callback) world.signal(this, "onReadable", bytes.length);
      }
      read(): Uint8Array | undefined {
        return this.#input.shift();
      }
    }
    class Recorder extends Io {
      write(entry: unknown): void {
        world.recorded.push(entry);
      }
    }
    class System extends Io {
      restart(): void {
        world.powered = false;
      }
      alive(): void {}
    }
    class SecureStorage extends Io {
      erase(): void {
        world.powered = false;
      }
    }
    this.server = new BridgeServer({
      classes: { Serial, Recorder, SecureStorage, System },
      wall: () => 1_700_000_000_000 + world.now,
      next: (until) => this.#next(until),
      send,
      powered: () => this.powered,
    });
  }

  get ended(): Promise<ServerEnd> {
    return this.server.ended;
  }

  signal(io: { readonly closed: boolean }, callback: string, ...args: readonly unknown[]): void {
    this.#wakes.push({ now: this.now, kind: "signal", signal: { io, callback, args } });
  }

  #next(until: number | undefined): Wake {
    const wake = this.#wakes.shift();
    if (wake !== undefined) return wake;
    if (until === undefined) return { now: this.now, kind: "stopped" };
    this.now = Math.max(this.now, until);
    return { now: this.now, kind: "time" };
  }
}
