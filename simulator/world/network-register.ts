import { createHash, createHmac, timingSafeEqual } from "node:crypto";
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
  #pairing: PairedTalk | undefined;
  /** Every line so far, as it came. */
  readonly lines: string[] = [];
  #last = "";

  constructor(network: VirtualNetwork, at: { port: number; address: string }, onLine: () => void) {
    this.#network = network;
    this.#port = at.port;
    this.#address = at.address;
    this.#onLine = onLine;
  }

  /** Somebody types the code that the terminal shows: from now on lines go out, and count, with a MAC alone. */
  pair(code: string): void {
    this.hangUp();
    this.#pairing = new PairedTalk(code);
  }

  /** Sends a line, whatever is in it, over a new connection where there is none; of a pair once both have greeted. */
  send(line: string): void {
    if (this.#pairing === undefined) {
      this.sendPart(`${line}\n`);
      return;
    }
    if (this.#call === undefined) this.sendPart(`${this.#pairing.greeting()}\n`);
    for (const sealed of this.#pairing.say(line)) this.sendPart(`${sealed}\n`);
  }

  /** Sends once more, to the byte, what was sent last. */
  sendAgain(): void {
    this.#call?.send(Buffer.from(this.#last, "utf8"));
  }

  /** Sends bytes without the end of a line. */
  sendPart(text: string): void {
    this.#call ??= this.#dial();
    this.#last = text;
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

  #heard(line: string): void {
    const { text, due } = this.#pairing?.hear(line) ?? { text: line, due: [] };
    if (text !== undefined) this.lines.push(text);
    for (const sealed of due) this.sendPart(`${sealed}\n`);
    this.#onLine();
  }

  #dial(): VirtualCall {
    const call = this.#network.dial(this.#port, {
      address: this.#address,
      ...lineReader((line) => this.#heard(line)),
      closed: () => {
        if (this.#call === call) this.#call = undefined;
        this.#onLine();
      },
    });
    return call;
  }
}

/** What a register does that shares a key with the terminal: firmware/terminal/README.md says how, in other words than these. */
class PairedTalk {
  readonly #shared: Buffer;
  #nonce = "";
  #greetings = 0;
  #session: Buffer | undefined;
  #said = 0;
  #heard = 0;
  #waiting: string[] = [];

  constructor(code: string) {
    this.#shared = createHash("sha256").update(`xspos register ${code}`).digest();
  }

  greeting(): string {
    this.#session = undefined;
    this.#nonce = createHash("sha256")
      .update(`nonce ${++this.#greetings}`)
      .digest("hex")
      .slice(0, 32)
      .toUpperCase();
    return JSON.stringify({ type: "hello", nonce: this.#nonce });
  }

  /** What may go out now of this line and of those that waited for the greeting. */
  say(line: string): string[] {
    this.#waiting.push(line);
    return this.#session === undefined ? [] : this.#sealAll(this.#session);
  }

  /** What a line of the terminal says, and what may go out after it. A line that is not the terminal's says that. */
  hear(line: string): { readonly text?: string; readonly due: string[] } {
    const parts = /^(.*),"mac":"([0-9A-F]{32})"}$/.exec(line);
    if (parts === null) return { text: line, due: [] };
    const [, said = "", mac = ""] = parts;
    const nonce = /^{"type":"hello","nonce":"([0-9A-F]{32})"$/.exec(said)?.[1];
    if (nonce !== undefined) {
      this.#session = createHmac("sha256", this.#shared)
        .update(this.#nonce + nonce, "hex")
        .digest();
      this.#said = 0;
      this.#heard = 0;
    }
    const session = this.#session;
    const isGenuine =
      session !== undefined && timingSafeEqual(Buffer.from(mac, "hex"), macOf(session, "T", this.#heard, said));
    if (!isGenuine) {
      this.#session = undefined;
      return { text: '{"type":"error","reason":"not the terminal"}', due: [] };
    }
    this.#heard += 1;
    return nonce === undefined ? { text: `${said}}`, due: [] } : { due: this.#sealAll(session) };
  }

  #sealAll(session: Buffer): string[] {
    const lines = this.#waiting.map((line) => {
      const said = line.slice(0, -1);
      return `${said},"mac":"${macOf(session, "R", this.#said++, said)
        .toString("hex")
        .toUpperCase()}"}`;
    });
    this.#waiting = [];
    return lines;
  }
}

function macOf(session: Buffer, whose: "R" | "T", number: number, said: string): Buffer {
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(number);
  return createHmac("sha256", session).update(whose).update(counter).update(said, "utf8").digest().subarray(0, 16);
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
