import type { CardCompletion, CardFault, Chip } from "../../chip.ts";
import type { ClockSource, Serial, SerialConstructor } from "../../io.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";
import { Timeouts } from "../timeouts.ts";
import {
  ALPAR_MAXIMUM_DATA,
  type AlparFrame,
  AlparReader,
  alparCode,
  alparFault,
  encodeAlpar,
  isUnheard,
  POWER_UP_EMV,
} from "./alpar.ts";

export interface Tda8029Options {
  readonly serial: { readonly io: SerialConstructor; readonly port: number; readonly baud: number };
  readonly clock: ClockSource;
  /** `present` has changed. */
  readonly onStateChange?: () => void;
  /** The coupler does not answer any more; only `close` may follow. */
  readonly onError?: () => void;
}

/** What the caller asked for and has not been answered yet. */
interface Operation {
  readonly done: CardCompletion;
}

interface Exchange {
  readonly code: number;
  readonly data: Uint8Array;
  readonly operation?: Operation;
}

/** Milliseconds until the coupler must have answered. It watches over the card's own waiting times. */
const timeouts: Readonly<Record<number, number>> = Object.freeze({
  [alparCode.cardCommand]: 12_000,
  [alparCode.checkCardPresence]: 500,
  [alparCode.powerOff]: 500,
  [alparCode.powerUp5V]: 3_000,
});
/** Milliseconds of silence that end a frame that has begun. */
const GAP = 100;
/** Milliseconds a command may still take after its card was pulled out. */
const AFTER_REMOVAL = 300;
/** Commands without a good answer, one after the other, until the coupler counts as broken. */
const LOST_LIMIT = 3;
const LONGEST_RESET_ANSWER = 33;

/**
 * The contact chip coupler NXP TDA8029 over its serial ALPAR protocol. The coupler speaks T=0 and T=1 with the card; this
 * driver gives it one command at a time. After a command that found no good answer the card is powered off first, so that
 * a late answer cannot be taken for that of the next command.
 */
export class Tda8029 implements Chip {
  readonly #onStateChange: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  readonly #reader = new AlparReader();
  readonly #timeouts: Timeouts;
  #serial: Serial | undefined;
  #writable = false;
  #queue: Exchange[] = [];
  #current: Exchange | undefined;
  #deadline: number | undefined;
  #gap: number | undefined;
  #operation: Operation | undefined;
  #present = false;
  #powered = false;
  #outOfStep = false;
  #lost = 0;

  constructor(options: Tda8029Options) {
    const { serial, clock, onStateChange, onError } = options;
    checkIo("serial.io", serial.io);
    checkInteger("serial.port", serial.port, 0, 255);
    checkInteger("serial.baud", serial.baud, 300, 4_000_000);
    checkCallback("clock.setTimer", clock.setTimer);
    checkCallback("onStateChange", onStateChange);
    checkCallback("onError", onError);
    this.#timeouts = new Timeouts(clock);
    this.#onStateChange = onStateChange;
    this.#onError = onError;
    this.#queue.push(bare(alparCode.checkCardPresence));
    this.#serial = new serial.io({
      port: serial.port,
      baud: serial.baud,
      onReadable: () => this.#receive(),
      onWritable: () => {
        this.#writable = true;
        this.#next();
      },
      onError: () => this.#fail("coupler"),
    });
  }

  get present(): boolean {
    return this.#present;
  }

  activate(done: CardCompletion): void {
    const operation = this.#begin(done);
    this.#enqueue({ code: alparCode.powerUp5V, data: Uint8Array.of(POWER_UP_EMV), operation });
  }

  /** Throws `RangeError` for a command that is not 4 to 506 bytes long. A card without power is mute. */
  transmit(command: Uint8Array, done: CardCompletion): void {
    if (command.length < 4 || command.length > ALPAR_MAXIMUM_DATA) throw new RangeError("length of the command APDU");
    const operation = this.#begin(done);
    if (this.#powered) this.#enqueue({ code: alparCode.cardCommand, data: command.slice(), operation });
    else this.#timeouts.after(0, () => this.#complete(operation, this.#present ? "mute" : "removed"));
  }

  deactivate(): void {
    this.#open();
    const operation = this.#withdraw();
    if (operation !== undefined) this.#timeouts.after(0, () => operation.done.call(this, "removed"));
    const powering = this.#current?.code === alparCode.powerUp5V || this.#current?.code === alparCode.cardCommand;
    if (!this.#powered && !powering) return;
    this.#powered = false;
    this.#enqueue(bare(alparCode.powerOff));
  }

  close(): void {
    const serial = this.#serial;
    if (serial === undefined) return;
    this.#serial = undefined;
    this.#withdraw();
    this.#timeouts.cancelAll();
    this.#queue = [];
    this.#current = undefined;
    this.#reader.reset();
    serial.close();
  }

  // --- the caller's operation

  #open(): void {
    if (this.#serial === undefined) throw new Error("closed");
  }

  #begin(done: CardCompletion): Operation {
    this.#open();
    if (this.#operation !== undefined) throw new Error("busy");
    this.#operation = { done };
    return this.#operation;
  }

  /** Answers the caller, unless the operation has been withdrawn meanwhile. */
  #complete(operation: Operation | undefined, error: CardFault | undefined, bytes?: Uint8Array): void {
    if (operation === undefined || operation !== this.#operation) {
      bytes?.fill(0);
      return;
    }
    this.#operation = undefined;
    if (error === undefined) operation.done.call(this, undefined, bytes);
    else operation.done.call(this, error);
  }

  /** Takes the pending operation away from the coupler, for the caller to be answered otherwise. */
  #withdraw(): Operation | undefined {
    const operation = this.#operation;
    this.#operation = undefined;
    for (const waiting of this.#queue) if (waiting.operation !== undefined) waiting.data.fill(0);
    this.#queue = this.#queue.filter((waiting) => waiting.operation === undefined);
    return operation;
  }

  // --- one exchange with the coupler after the other

  #enqueue(exchange: Exchange): void {
    this.#queue.push(exchange);
    this.#next();
  }

  #next(): void {
    if (this.#serial === undefined || !this.#writable || this.#current !== undefined) return;
    if (this.#outOfStep && this.#queue[0]?.code !== alparCode.powerOff) this.#queue.unshift(bare(alparCode.powerOff));
    const exchange = this.#queue.shift();
    if (exchange === undefined) return;
    this.#current = exchange;
    const frame = encodeAlpar(exchange.code, exchange.data);
    let patience = timeouts[exchange.code]!;
    try {
      this.#serial.write(frame);
    } catch {
      patience = 0;
    }
    this.#deadline = this.#timeouts.after(patience, () => this.#lose("coupler"));
    frame.fill(0);
    exchange.data.fill(0);
  }

  /** The current exchange has found no good answer: the card loses its power and the coupler is brought into step. */
  #lose(error: CardFault): void {
    if (this.#current === undefined) return;
    this.#outOfStep = true;
    this.#powered = false;
    this.#lost++;
    if (this.#lost >= LOST_LIMIT) this.#fail(error);
    else this.#settle(error);
  }

  /** Ends the current exchange, and goes on with the next one when the caller has heard of it. */
  #settle(error: CardFault | undefined, bytes?: Uint8Array): void {
    const exchange = this.#current;
    if (exchange === undefined) return;
    this.#current = undefined;
    this.#timeouts.cancel(this.#deadline);
    if (error !== undefined && exchange.code === alparCode.checkCardPresence) this.#queue.push(bare(exchange.code));
    const gone = error === "removed" && this.#present;
    if (gone) this.#present = false;
    if (error === "removed") this.#powered = false;
    this.#complete(exchange.operation, error, bytes);
    if (gone && this.#serial !== undefined) this.#onStateChange?.call(this);
    this.#next();
  }

  // --- what the coupler sends

  #receive(): void {
    const bytes = this.#serial?.read();
    if (bytes === undefined) return;
    this.#timeouts.cancel(this.#gap);
    const frames = this.#reader.receive(bytes);
    bytes.fill(0);
    if (this.#reader.unfinished) this.#gap = this.#timeouts.after(GAP, () => this.#breakOff());
    for (const frame of frames) {
      if (frame === "damaged") this.#lose("protocol");
      else this.#take(frame);
    }
  }

  #breakOff(): void {
    this.#reader.reset();
    this.#lose("protocol");
  }

  #take(frame: AlparFrame): void {
    if (frame.code === alparCode.cardEvent && !frame.refused && frame.data.length === 1) {
      this.#changed(frame.data[0] === 1);
    } else if (this.#current !== undefined && (frame.code === this.#current.code || isUnheard(frame))) {
      this.#judge(this.#current, frame);
    } else {
      frame.data.fill(0);
    }
  }

  #judge(exchange: Exchange, frame: AlparFrame): void {
    const { data, refused } = frame;
    const first = data[0];
    if (refused ? data.length !== 1 : !isAnswer(exchange.code, data)) {
      data.fill(0);
      this.#lose("protocol");
      return;
    }
    this.#lost = 0;
    const live = exchange.operation !== undefined && exchange.operation === this.#operation;
    if (exchange.code === alparCode.powerOff && !refused) this.#outOfStep = false;
    if (exchange.code === alparCode.powerUp5V && live) this.#powered = !refused;
    if (refused) this.#settle(alparFault(first));
    else this.#settle(undefined, data);
    if (exchange.code === alparCode.checkCardPresence && !refused) this.#changed(first === 1);
  }

  /** The card was put in or taken out. */
  #changed(present: boolean): void {
    if (this.#serial === undefined || present === this.#present) return;
    this.#present = present;
    if (!present) {
      this.#powered = false;
      if (this.#current?.operation !== undefined) {
        this.#timeouts.cancel(this.#deadline);
        this.#deadline = this.#timeouts.after(AFTER_REMOVAL, () => this.#lose("removed"));
      }
      this.#withdraw()?.done.call(this, "removed");
      if (this.#serial === undefined) return;
    }
    this.#onStateChange?.call(this);
  }

  #fail(error: CardFault): void {
    if (this.#serial === undefined) return;
    const operation = this.#withdraw();
    this.close();
    operation?.done.call(this, error);
    this.#onError?.call(this);
  }
}

/** A command without data. */
function bare(code: number): Exchange {
  return { code, data: new Uint8Array(0) };
}

/** Whether these can be the data of an answer to that command. */
function isAnswer(code: number, data: Uint8Array): boolean {
  switch (code) {
    case alparCode.powerUp5V:
      // TS, T0 and at most 32 characters after TS: ISO/IEC 7816-3, 8.2
      return data.length >= 2 && data.length <= LONGEST_RESET_ANSWER && (data[0] === 0x3b || data[0] === 0x3f);
    case alparCode.cardCommand:
      return data.length >= 2;
    case alparCode.checkCardPresence:
      return data.length === 1 && data[0]! <= 1;
    default:
      return true;
  }
}
