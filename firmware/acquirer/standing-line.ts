import type { Tcp } from "../../hal/io.ts";
import { concat } from "../codec/bytes.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import type { ConnectionOptions, HostPlace, LinkResult } from "./connection.ts";
import { cutFrame } from "./frame.ts";
import { openConnection } from "./opening.ts";

export interface StandingLineOptions extends ConnectionOptions {
  /** Another one is tried after each connection that failed. */
  readonly hosts: readonly HostPlace[];
}

/** What happens on a line that stands: the host asks something, nothing for a while, or the line is gone. */
export type LineEvent =
  | { readonly kind: "question"; readonly frame: Uint8Array }
  | { readonly kind: "nothing" | "ended" };

/** Questions that wait to be taken; a host that has more to say at once is none of ours. */
const mostQuestions = 4;
/** In a frame: the second byte of the message's type; an answer has a 1 as its third digit. */
const typePlace = 12;

/** A question of ours that is under way. */
interface Pending {
  readonly request: Uint8Array;
  readonly resolve: (result: LinkResult) => void;
  sent: boolean;
}

/**
 * One connection on which the host may speak too. The first exchange opens it, and it stands until it fails or is given
 * up. One exchange at a time; nothing is ever sent twice.
 */
export class StandingLine {
  readonly #options: StandingLineOptions;
  #host = 0;
  #connection: Tcp | undefined;
  /** Changes with each connection: what an earlier one still says is passed over. */
  #generation = 0;
  #isReady = false;
  #received: Uint8Array = new Uint8Array(0);
  #pending: Pending | undefined;
  #questions: Uint8Array[] = [];
  #listener: ((event: LineEvent) => void) | undefined;
  #timer: number | undefined;
  #isGivenUp = false;

  constructor(options: StandingLineOptions) {
    this.#options = options;
  }

  /** Sends one frame and waits for its answer. Never rejects for what a network does. */
  exchange(request: Uint8Array): Promise<LinkResult> {
    return inTurnOfItsOwn(
      () =>
        new Promise<LinkResult>((resolve) => {
          if (this.#isGivenUp) {
            resolve({ kind: "noAnswer", sent: false });
            return;
          }
          this.#pending = { request, resolve, sent: false };
          if (this.#connection === undefined) this.#open();
          else this.#send();
        }),
    );
  }

  /** What happens next within so many milliseconds. */
  next(milliseconds: number): Promise<LineEvent> {
    const frame = this.#questions.shift();
    if (frame !== undefined) return Promise.resolve({ kind: "question", frame });
    if (this.#connection === undefined) return Promise.resolve({ kind: "ended" });
    return new Promise((resolve) => {
      this.#listener = resolve;
      this.#wait(milliseconds, () => this.#tell({ kind: "nothing" }));
    });
  }

  /** Answers a question of the host. */
  answer(frame: Uint8Array): void {
    try {
      this.#connection?.write(frame);
    } catch {
      this.#fail();
    }
  }

  /** Closes the line; whoever waits hears that it has ended, and none is opened before `start`. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#end();
  }

  /** A line may be opened again. */
  start(): void {
    this.#isGivenUp = false;
  }

  #open(): void {
    const { hosts, connectTimeoutMs } = this.#options;
    const host = hosts[this.#host % hosts.length]!;
    const line = this;
    const generation = ++line.#generation;
    const whileOpen = (step: () => void): void => {
      if (generation === this.#generation) step();
    };
    this.#wait(connectTimeoutMs, () => this.#fail());
    try {
      this.#connection = openConnection(this.#options, host, {
        onWritable: () => whileOpen(() => this.#ready()),
        onReadable: () => whileOpen(() => this.#read()),
        onError: () => whileOpen(() => this.#fail()),
        onRefused: () => whileOpen(() => this.#fail()),
        get isEnded() {
          return generation !== line.#generation;
        },
      });
    } catch {
      this.#fail();
    }
  }

  #ready(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    this.#send();
  }

  /** One short message is under way at a time, so that there is always room for it. */
  #send(): void {
    const { answerTimeoutMs } = this.#options;
    const pending = this.#pending;
    if (pending === undefined || pending.sent || !this.#isReady) return;
    pending.sent = true;
    this.#wait(answerTimeoutMs, () => this.#fail());
    try {
      this.#connection?.write(pending.request);
    } catch {
      this.#fail();
    }
  }

  #read(): void {
    const bytes = this.#connection?.read();
    if (bytes === undefined) return;
    this.#received = concat([this.#received, bytes]);
    let cut = cutFrame(this.#received);
    for (; this.#isReady && cut.kind === "frame"; cut = cutFrame(this.#received)) {
      this.#received = this.#received.slice(cut.taken);
      this.#take(cut.frame);
    }
    // A host that speaks before it is asked is none of ours either.
    if (cut.kind === "bad" || (!this.#isReady && this.#received.length > 0)) this.#fail();
  }

  #take(frame: Uint8Array): void {
    if ((frame[typePlace]! & 0x10) === 0) {
      this.#takeQuestion(frame);
      return;
    }
    const pending = this.#pending;
    if (pending?.sent !== true) return; // an answer to nothing
    this.#stopWaiting();
    this.#pending = undefined;
    pending.resolve({ kind: "answer", frame });
  }

  #takeQuestion(frame: Uint8Array): void {
    if (this.#listener !== undefined) this.#tell({ kind: "question", frame });
    else if (this.#questions.length < mostQuestions) this.#questions.push(frame);
    else this.#fail();
  }

  #tell(event: LineEvent): void {
    const listener = this.#listener;
    this.#stopWaiting();
    this.#listener = undefined;
    listener?.(event);
  }

  #wait(milliseconds: number, then: () => void): void {
    this.#stopWaiting();
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      then();
    }, milliseconds);
  }

  #stopWaiting(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
  }

  #fail(): void {
    this.#host++;
    this.#end();
  }

  #end(): void {
    const pending = this.#pending;
    this.#generation++;
    this.#stopWaiting();
    this.#connection?.close();
    this.#connection = undefined;
    this.#isReady = false;
    this.#received = new Uint8Array(0);
    this.#questions = [];
    this.#pending = undefined;
    pending?.resolve({ kind: "noAnswer", sent: pending.sent });
    this.#tell({ kind: "ended" });
  }
}
