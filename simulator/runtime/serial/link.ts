import { FrameReader, frame } from "../frames.ts";
import { encodeLine, KINDS, LineDecoder, type LineFrame } from "./line-codec.ts";

/** Content of a frame to the board: with the rest of the frame and an acknowledgement less than its UART holds. */
const CONTENT = 96;
const ENDINGS = 5;

export interface LinkOptions {
  /** Sends bytes on the line. */
  readonly write: (bytes: Uint8Array) => void;
  readonly onPayload: (payload: Uint8Array) => void;
  /** The board is there no more, or has failed: one sentence. Called once. */
  readonly onGone: (reason: string) => void;
  /** Whether the board is to say something: its silence then has a limit. */
  readonly boardsTurn: () => boolean;
  /** A number of 32 bits that no board has from before, not 0. */
  readonly session: number;
  readonly patience: Patience;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Milliseconds. */
export interface Patience {
  /** Without an answer a frame is sent again. */
  readonly again: number;
  /** A board that has never answered is not there. */
  readonly start: number;
  /** A board that leaves frames unanswered is gone. */
  readonly answer: number;
  /** A board whose turn it is may compute for so long. */
  readonly turn: number;
}

/** What the line did. */
export interface LineTraffic {
  sent: number;
  repeated: number;
  received: number;
  spoilt: number;
}

type State = "starting" | "open" | "ending" | "over";

/**
 * The laptop's end of a serial line (hal/bridge/line-frame.ts): payloads in both directions, each once and in order,
 * whatever the line does to their bytes. Sends one frame at a time, and again until the board has it.
 */
export class LineLink {
  readonly traffic: LineTraffic = { sent: 0, repeated: 0, received: 0, spoilt: 0 };
  readonly #options: LinkOptions;
  readonly #decoder: LineDecoder;
  readonly #payloads = new FrameReader();
  /** Bytes of the stream that were not sent yet. */
  #waiting: Buffer = Buffer.alloc(0);
  #state: State = "starting";
  /** The frame that waits for its answer. */
  #unanswered: Buffer | undefined;
  #number = 0;
  #expected = 0;
  #owed = false;
  #askedAgain = false;
  #endings = 0;
  #ended: () => void = () => {};
  #spoken: number;
  #heard: number;
  #since: number;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#decoder = new LineDecoder(options.session);
    const now = options.now();
    this.#spoken = now;
    this.#heard = now;
    this.#since = now;
    this.#start();
  }

  /** Sends a payload; before the board has started it waits. */
  send(payload: Uint8Array): void {
    this.#waiting = Buffer.concat([this.#waiting, frame(payload)]);
    this.#sendNext();
  }

  /** Takes what came over the line. */
  receive(bytes: Uint8Array): void {
    if (this.#state === "over") return;
    this.#take(this.#decoder.push(bytes));
  }

  /** Tells the board that the run is over, until it has heard it or is not there to hear it. */
  hangUp(): Promise<void> {
    if (this.#state !== "open") {
      this.close();
      return Promise.resolve();
    }
    this.#state = "ending";
    this.#unanswered = undefined;
    return new Promise((resolve) => {
      this.#ended = resolve;
      this.#sayEnd();
    });
  }

  /** Says nothing more, and hears nothing. */
  close(): void {
    this.#state = "over";
    this.#ended();
  }

  /** To be called some times in each `patience.again`: what silence means. */
  watch(): void {
    const now = this.#options.now();
    const lost = this.#lost(now);
    if (lost !== undefined) this.#gone(lost);
    if (now - Math.max(this.#heard, this.#spoken) < this.#options.patience.again) return;
    this.#askedAgain = false;
    if (this.#decoder.unfinished) this.#take(this.#decoder.giveUp());
    if (this.#state === "starting") this.#start();
    else if (this.#state === "ending") this.#sayEnd();
    else if (this.#state === "open") this.#repeat();
  }

  /** Why the board must be taken for gone. */
  #lost(now: number): string | undefined {
    const { patience, boardsTurn } = this.#options;
    const silent = now - this.#heard;
    if (this.#state === "starting") return silent > patience.start ? "the board does not answer" : undefined;
    if (this.#state !== "open") return undefined;
    if (this.#unanswered !== undefined && now - this.#since > patience.answer) return "the board answers no more";
    if (!boardsTurn() || silent <= patience.turn) return undefined;
    return `the board has said nothing for ${Math.round(silent / 1000)} s`;
  }

  #take({ frames, spoilt }: { readonly frames: readonly LineFrame[]; readonly spoilt: boolean }): void {
    if (spoilt) this.traffic.spoilt++;
    for (const one of frames) {
      if (this.#state === "over") return;
      this.#heard = this.#options.now();
      this.#takeFrame(one);
    }
    if (this.#state !== "open") return;
    if (spoilt) this.#askAgain();
    if (this.#owed) this.#say(KINDS.acknowledge);
  }

  #takeFrame({ kind, number, expected, content }: LineFrame): void {
    if (kind === KINDS.started && this.#state === "starting") this.#state = "open";
    if (this.#state === "starting") return;
    if (kind === KINDS.failed) this.#gone(`the firmware failed: ${content.toString("utf8")}`);
    else if (kind === KINDS.ended && this.#state === "ending") this.close();
    else if (this.#state === "open") {
      this.#confirm(expected);
      if (kind === KINDS.data) this.#takeData(number, content);
      else if (kind === KINDS.again) this.#repeat();
    }
  }

  #confirm(expected: number): void {
    if (this.#unanswered !== undefined && expected === ((this.#number + 1) & 0xff)) {
      this.#unanswered = undefined;
      this.#number = expected;
    }
    this.#sendNext();
  }

  #takeData(number: number, content: Buffer): void {
    const ahead = (number - this.#expected) & 0xff;
    if (ahead !== 0) {
      if (ahead < 128) this.#askAgain();
      else this.#owed = true;
      return;
    }
    this.traffic.received++;
    this.#expected = (this.#expected + 1) & 0xff;
    this.#owed = true;
    this.#askedAgain = false;
    try {
      this.#payloads.push(content);
      for (let payload = this.#payloads.next(); payload !== undefined; payload = this.#payloads.next()) {
        this.#options.onPayload(payload);
      }
    } catch (error) {
      this.#gone(error instanceof Error ? error.message : String(error));
    }
  }

  #sendNext(): void {
    if (this.#state !== "open" || this.#unanswered !== undefined || this.#waiting.length === 0) return;
    const content = this.#waiting.subarray(0, CONTENT);
    this.#waiting = this.#waiting.subarray(content.length);
    this.traffic.sent++;
    this.#since = this.#options.now();
    this.#unanswered = this.#say(KINDS.data, content);
  }

  #repeat(): void {
    if (this.#unanswered === undefined) return;
    this.traffic.repeated++;
    this.#write(this.#unanswered);
  }

  /** Once, until something right comes or the line is silent. */
  #askAgain(): void {
    if (this.#askedAgain) return;
    this.#askedAgain = true;
    this.#say(KINDS.again);
  }

  #start(): void {
    const content = Buffer.alloc(4);
    content.writeUInt32LE(this.#options.session);
    this.#say(KINDS.start, content);
  }

  #sayEnd(): void {
    if (++this.#endings > ENDINGS) this.close();
    else this.#say(KINDS.end);
  }

  #say(kind: number, content: Buffer = Buffer.alloc(0)): Buffer {
    const number = kind === KINDS.data ? this.#number : 0;
    const bytes = encodeLine({ kind, number, expected: this.#expected, content }, this.#options.session);
    this.#owed = false;
    this.#write(bytes);
    return bytes;
  }

  #write(bytes: Buffer): void {
    this.#spoken = this.#options.now();
    this.#options.write(bytes);
  }

  #gone(reason: string): void {
    if (this.#state === "over") return;
    this.close();
    this.#options.onGone(reason);
  }
}
