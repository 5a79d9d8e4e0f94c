import type { IncomingCall, NetworkLine, NetworkPeer, NetworkSession, SecureHandshake } from "../io/board.ts";
import type { World } from "./kernel.ts";

/** A server in the virtual world: one object a connection. */
export interface VirtualServer {
  /** What it shows a TLS client, as DER, its own first; without them TLS fails. Nothing is encrypted here. */
  readonly certificates?: readonly Uint8Array[];
  accept(send: (bytes: Uint8Array) => void, hangUp: () => void): { receive(bytes: Uint8Array): void; closed(): void };
}

/** Somebody in the virtual world who connects to the device. */
export interface VirtualCaller {
  /** An IP address. */
  readonly address: string;
  receive(bytes: Uint8Array): void;
  /** The device hung up, refused, or listens to nobody on that port. */
  closed(): void;
}
/** The caller's end of its connection. */
export interface VirtualCall {
  send(bytes: Uint8Array): void;
  hangUp(): void;
}

/**
 * What is wrong with the network. `down`, `away` (one of the host's two places) and `delay` last until the next word; the others strike once: the next
 * message in that direction is lost, cut after so many bytes (and the line with it), or has a byte changed.
 */
export type NetworkFault =
  | { readonly kind: "up" }
  | { readonly kind: "down" }
  | { readonly kind: "away"; readonly host: "first" | "second" }
  | { readonly kind: "delay"; readonly milliseconds: number }
  | { readonly kind: "lose"; readonly what: "request" | "response" }
  | { readonly kind: "cutAfter"; readonly bytes: number; readonly what: "request" | "response" }
  | { readonly kind: "corrupt"; readonly what: "request" | "response" };

const LATENCY = 20;
const LOCAL_LATENCY = 2;

/** The network between the terminal and its host, with its faults. */
export class VirtualNetwork implements NetworkPeer {
  readonly #world: World;
  readonly #servers = new Map<number, VirtualServer>();
  #fault: NetworkFault = { kind: "up" };
  readonly #lines = new Set<{ cut(): void }>();
  readonly #listeners = new Map<number, (call: IncomingCall) => void>();
  /** Called when the network goes down, for lines that are not of this world. */
  readonly onDown: (() => void)[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  /** A server that answers on that port, whatever the address. */
  serve(port: number, server: VirtualServer): void {
    this.#servers.set(port, server);
  }

  get isDown(): boolean {
    return this.#fault.kind === "down";
  }

  /** What is wrong now. */
  get fault(): NetworkFault {
    return this.#fault;
  }

  listen(port: number, incoming: (call: IncomingCall) => void): () => void {
    if (this.#listeners.has(port)) throw new Error("the port is taken");
    this.#listeners.set(port, incoming);
    return () => {
      this.#listeners.delete(port);
    };
  }

  /** A connection to a port of the device, over the shop's own network: the faults of the way to the host are not its. */
  dial(port: number, caller: VirtualCaller): VirtualCall {
    return new LocalCall(this.#world, caller, () => this.#listeners.get(port)).ends;
  }

  set(fault: NetworkFault): void {
    this.#fault = fault;
    if (fault.kind !== "down") return;
    for (const line of [...this.#lines]) line.cut();
    for (const listener of this.onDown) listener();
  }

  /** All standing connections break: the host went away. */
  breakConnections(): void {
    for (const line of [...this.#lines]) line.cut();
  }

  connect(line: NetworkLine, _address: string, port: number, secure?: SecureHandshake): NetworkSession {
    const world = this.#world;
    const server = this.#servers.get(port);
    let open = true;
    let session: ReturnType<VirtualServer["accept"]> | undefined;
    const cut = (): void => {
      if (!open) return;
      open = false;
      this.#lines.delete(entry);
      session?.closed();
      world.after(this.#latency(), () => line.failed());
    };
    const entry = { cut };
    this.#lines.add(entry);
    const carry = (bytes: Uint8Array, what: "request" | "response", deliver: (part: Uint8Array) => void): void => {
      if (!open || this.#fault.kind === "down") return;
      const part = this.#strike(bytes, what);
      if (part === undefined) return;
      const broken = part.length < bytes.length;
      world.after(this.#latency(), () => {
        if (!open) return;
        deliver(part);
        if (broken) cut();
      });
    };
    world.after(this.#latency() * 2, () => {
      if (!open) return;
      if (server === undefined || this.#fault.kind === "down" || this.#isAway(port)) {
        cut();
        return;
      }
      session = server.accept(
        (bytes) => carry(bytes.slice(), "response", (part) => line.deliver(part)),
        () => cut(),
      );
      if (secure === undefined) line.opened();
      else if (server.certificates === undefined) cut();
      else line.certificates(server.certificates);
    });
    return {
      receive: (bytes) => carry(bytes, "request", (part) => session?.receive(part)),
      accept: () => {
        if (open) line.opened();
      },
      close: () => {
        if (!open) return;
        open = false;
        this.#lines.delete(entry);
        session?.closed();
      },
    };
  }

  #isAway(port: number): boolean {
    const fault = this.#fault;
    const [first, second] = this.#servers.keys();
    return fault.kind === "away" && port === (fault.host === "first" ? first : second);
  }

  /** What arrives of a message: all, a part, something else, or nothing. */
  #strike(bytes: Uint8Array, what: "request" | "response"): Uint8Array | undefined {
    const fault = this.#fault;
    if (!("what" in fault) || fault.what !== what) return bytes;
    this.#fault = { kind: "up" };
    if (fault.kind === "lose") return undefined;
    if (fault.kind === "cutAfter") return bytes.slice(0, fault.bytes);
    const changed = bytes.slice();
    const place = changed.length >> 1;
    changed[place] = changed[place]! ^ 0x01;
    return changed;
  }

  #latency(): number {
    return this.#fault.kind === "delay" ? this.#fault.milliseconds : LATENCY;
  }
}

/** A caller and the device, as soon as it takes the call: both ends of one connection. */
class LocalCall {
  readonly #world: World;
  readonly #caller: VirtualCaller;
  /** What came before the device had taken the call; undefined from then on. */
  #early: Uint8Array[] | undefined = [];
  #line: NetworkLine | undefined;
  #open = true;

  constructor(world: World, caller: VirtualCaller, listener: () => ((call: IncomingCall) => void) | undefined) {
    this.#world = world;
    this.#caller = caller;
    this.#later(() => {
      const incoming = listener();
      if (incoming === undefined) this.#end("device");
      else incoming({ address: caller.address, take: (line) => this.#take(line), drop: () => this.#end("device") });
    });
  }

  readonly ends: VirtualCall = {
    send: (bytes) => {
      const copy = bytes.slice();
      this.#later(() => (this.#early === undefined ? this.#line?.deliver(copy) : this.#early.push(copy)));
    },
    hangUp: () => this.#end("caller"),
  };

  #take(line: NetworkLine): NetworkSession {
    this.#line = line;
    this.#later(() => {
      line.opened();
      for (const bytes of this.#early ?? []) line.deliver(bytes);
      this.#early = undefined;
    });
    return {
      receive: (bytes) => {
        const copy = bytes.slice();
        if (this.#open) this.#world.after(LOCAL_LATENCY, () => this.#caller.receive(copy));
      },
      accept: () => {},
      close: () => this.#end("device"),
    };
  }

  /** What is under way still arrives; then the other end hears of it. */
  #end(by: "device" | "caller"): void {
    if (!this.#open) return;
    this.#open = false;
    this.#world.after(LOCAL_LATENCY, () => (by === "device" ? this.#caller.closed() : this.#line?.failed()));
  }

  #later(action: () => void): void {
    this.#world.after(LOCAL_LATENCY, () => {
      if (this.#open) action();
    });
  }
}
