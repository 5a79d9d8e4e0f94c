import type { VirtualCall, VirtualNetwork } from "./network.ts";

/** How a caller was answered: what it was told before it was hung up on; undefined while it is connected. */
export interface CallerFate {
  readonly lines: string[];
  hungUp: boolean;
}

/** A cash register on the shop's network: connects when it has something to say, and keeps the lines that it gets. */
export class NetworkRegister {
  readonly #network: VirtualNetwork;
  readonly #port: number;
  readonly #address: string;
  readonly #onLine: () => void;
  #call: VirtualCall | undefined;
  /** Every line so far, as it came. */
  readonly lines: string[] = [];

  constructor(network: VirtualNetwork, at: { port: number; address: string }, onLine: () => void) {
    this.#network = network;
    this.#port = at.port;
    this.#address = at.address;
    this.#onLine = onLine;
  }

  /** Sends a line, whatever is in it, over a new connection where there is none. */
  send(line: string): void {
    this.sendPart(`${line}\n`);
  }

  /** Sends bytes without the end of a line. */
  sendPart(text: string): void {
    this.#call ??= this.#dial();
    this.#call.send(Buffer.from(text, "utf8"));
  }

  hangUp(): void {
    this.#call?.hangUp();
    this.#call = undefined;
  }

  /** Another one connects, from whatever address, and waits for what comes of it. */
  anotherFrom(address: string): CallerFate {
    const fate: CallerFate = { lines: [], hungUp: false };
    this.#network.dial(this.#port, {
      address,
      ...lineReader((line) => fate.lines.push(line)),
      closed: () => {
        fate.hungUp = true;
        this.#onLine();
      },
    });
    return fate;
  }

  #dial(): VirtualCall {
    const call = this.#network.dial(this.#port, {
      address: this.#address,
      ...lineReader((line) => {
        this.lines.push(line);
        this.#onLine();
      }),
      closed: () => {
        if (this.#call === call) this.#call = undefined;
        this.#onLine();
      },
    });
    return call;
  }
}

/** Cuts what comes into lines. */
function lineReader(onLine: (line: string) => void): { receive(bytes: Uint8Array): void } {
  let pending = "";
  return {
    receive: (bytes) => {
      pending += Buffer.from(bytes).toString("utf8");
      const lines = pending.split("\n");
      pending = lines.pop() ?? "";
      lines.forEach(onLine);
    },
  };
}
