import type { ClockSource, Serial, SerialConstructor } from "../../io.ts";
import type { Printer, PrinterState } from "../../printer.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";
import { realTimeState, StatusParser, sameState } from "./escpos-status.ts";

/** Commands (ESC/POS); parameters follow. */
const Command = Object.freeze({
  /** DLE DC4, function 8: clear the buffers, at once; the printer answers. */
  CLEAR: Object.freeze([0x10, 0x14, 8, 1, 3, 20, 1, 6, 2, 8]),
  /** DLE EOT 1 to 4: printer, cause of offline, cause of error, paper; answered at once. */
  STATUS: Object.freeze([0x10, 0x04, 1, 0x10, 0x04, 2, 0x10, 0x04, 3, 0x10, 0x04, 4]),
  /** ESC @; GS P 203 203: feed in rows of 203 dpi; GS a: report every change of online, error and paper. */
  INITIALISE: Object.freeze([0x1b, 0x40, 0x1d, 0x50, 203, 203, 0x1d, 0x61, 0x0e]),
  /** GS v 0, normal size: then bytes a row and rows, 16 bits each, low byte first. */
  RASTER: Object.freeze([0x1d, 0x76, 0x30, 0]),
  /** ESC J: then 0 to 255 rows. */
  FEED: Object.freeze([0x1b, 0x4a]),
  /** GS V 66 0: feed to the cutter (or tear bar) and cut. */
  CUT: Object.freeze([0x1d, 0x56, 66, 0]),
  /** GS ( K, function 50: then the speed's level. */
  SPEED: Object.freeze([0x1d, 0x28, 0x4b, 2, 0, 50]),
  /** GS r 1: answered in its turn, when all before it is on paper. */
  ASK: Object.freeze([0x1d, 0x72, 1]),
});
const STATUS_ANSWERS = 4;
const RASTER_HEADER = 8;
const LONGEST_FEED = 2400;
const FEED_STEP = 255;
/** Output kept free for feeding, cutting and asking. */
const RESERVE = 64;
const LEAST_WINDOW = 1_024;
/** Commands that wait for room on the wire. */
const QUEUE_LENGTH = 64;
/** The longest that a printer's full buffer and a long feed take, with room to spare. */
const FINISH_MILLISECONDS = 10_000;
/** A printer that does not answer at all (still starting, its cable loose) is tried again so often. */
const RETRY_MILLISECONDS = 2_000;

export interface EscPosOptions {
  readonly serial: { readonly io: SerialConstructor; readonly port: number; readonly baud: number };
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  /** Dots a row, a multiple of 8. */
  readonly width: number;
  /** 1 (slow) to 9; as the printer's maker set it where absent. */
  readonly speed?: number;
  /**
   * For printers whose "busy" is not wired to the port: bytes that the printer's buffer surely holds, 1,024 or more. No more
   * than these are on their way: after each quarter of them the printer is asked, and they count as taken when it answers.
   */
  readonly window?: number;
  readonly onWritable?: () => void;
  readonly onStateChange?: () => void;
  readonly onError?: () => void;
}

type Done = (error: "offline" | undefined, state?: PrinterState) => void;

/**
 * Thermal printer with ESC/POS commands on a serial port.
 *
 * Opening clears what the printer still holds and asks for its state: until it has answered `state.online` is false.
 * A printer that goes offline (no paper, open cover, hot head) drops what is not on paper: print it again from its
 * beginning when it is online. So does a `finish` that ends with an error. While the printer is not online `writable`
 * is 0, and `feed` and `cut` do nothing.
 */
export class EscPosPrinter implements Printer {
  readonly width: number;
  readonly #options: EscPosOptions;
  #serial: Serial | undefined;
  #phase: "clearing" | "asking" | "ready" = "clearing";
  #parser = new StatusParser();
  #answers: number[] = [];
  #state: PrinterState = { online: false, paper: "present", cover: "closed", head: "normal" };
  /** Bytes that the port takes. */
  #credit = 0;
  /** Rows that may be written: counted anew when anything changes that they hang on, for a print asks for them all the time. */
  #rows = 0;
  /** Before each write's rows; they follow it by themselves, for joining copies them. */
  readonly #header: Uint8Array;
  #queue: Uint8Array[] = [];
  /** `onWritable` is owed. */
  #full = true;
  #retry: number | undefined;
  /** `answer`: which of the answers to come says that all is on paper. */
  #finish: { readonly done: Done; readonly timer: number; answer: number | undefined } | undefined;
  /** Bytes that each answer to come will say are taken, those since the last question, and the sum of both. */
  #asked: number[] = [];
  #since = 0;
  #underWay = 0;
  /** Answers that have come. */
  #answered = 0;
  #stall: number | undefined;

  constructor(options: EscPosOptions) {
    const { serial, clock, width, speed, window, onWritable, onStateChange, onError } = options;
    checkIo("serial.io", serial.io);
    checkInteger("serial.port", serial.port, 0, 255);
    checkInteger("serial.baud", serial.baud, 300, 4_000_000);
    checkInteger("width in bytes", width / 8, 1, 255);
    if (speed !== undefined) checkInteger("speed", speed, 1, 9);
    if (window !== undefined) checkInteger("window", window, LEAST_WINDOW, 0x10000);
    checkCallback("onWritable", onWritable);
    checkCallback("onStateChange", onStateChange);
    checkCallback("onError", onError);
    checkClock(clock);
    this.width = width;
    this.#options = options;
    this.#header = Uint8Array.of(...Command.RASTER, width / 8, 0, 0, 0);
    this.#connect();
  }

  get state(): PrinterState {
    this.#check();
    return this.#state;
  }

  get writable(): number {
    this.#check();
    return this.#rows;
  }

  write(rows: Uint8Array): void {
    this.#check();
    const count = rows.length / (this.width >> 3);
    if (!Number.isInteger(count) || count === 0) throw new RangeError("not whole rows");
    if (count > this.#rows) throw new RangeError("more rows than the printer takes");
    const header = this.#header;
    header[6] = count;
    header[7] = count >> 8;
    this.#serial!.write(header);
    this.#serial!.write(rows);
    this.#sent(RASTER_HEADER + rows.length);
    const { window } = this.#options;
    if (window !== undefined && this.#since >= window / 4) this.#question();
    this.#full = this.#rows === 0;
  }

  feed(rows: number): void {
    this.#check();
    checkInteger("rows", rows, 0, LONGEST_FEED);
    const command: number[] = [];
    for (let left = rows; left > 0; left -= FEED_STEP) command.push(...Command.FEED, Math.min(left, FEED_STEP));
    if (command.length > 0) this.#post(command);
  }

  cut(): void {
    this.#check();
    this.#post(Command.CUT);
  }

  finish(done: Done): void {
    this.#check();
    if (this.#finish !== undefined) throw new Error("finish inside finish");
    const stopped = this.#phase === "ready" && !this.#state.online;
    const { clock } = this.#options;
    const timer = stopped
      ? clock.setTimer(() => this.#ended(undefined), 0)
      : clock.setTimer(() => this.#silent(), FINISH_MILLISECONDS);
    this.#finish = { done, timer, answer: undefined };
    this.#ask();
  }

  close(): void {
    if (this.#finish !== undefined) this.#options.clock.clearTimer(this.#finish.timer);
    this.#finish = undefined;
    this.#disconnect();
  }

  #check(): void {
    if (this.#serial === undefined) throw new Error("closed");
  }

  /** Opens the port anew, which also forgets bytes that wait in it, and begins with clearing the printer. */
  #connect(): void {
    this.#disconnect();
    this.#phase = "clearing";
    this.#rows = 0;
    this.#parser = new StatusParser();
    this.#answers = [];
    this.#credit = 0;
    this.#full = true;
    this.#asked = [];
    this.#since = 0;
    this.#underWay = 0;
    this.#answered = 0;
    const { io: Port, port, baud } = this.#options.serial;
    this.#serial = new Port({
      port,
      baud,
      onReadable: () => this.#readable(),
      onWritable: (bytes) => this.#drained(bytes),
      onError: () => this.#fail(),
    });
    this.#retry = this.#options.clock.setTimer(() => this.#reconnect(), RETRY_MILLISECONDS);
  }

  #disconnect(): void {
    if (this.#retry !== undefined) this.#options.clock.clearTimer(this.#retry);
    this.#retry = undefined;
    this.#watch(false);
    this.#queue = [];
    this.#serial?.close();
    this.#serial = undefined;
  }

  #count(): void {
    if (this.#phase !== "ready" || !this.#state.online || this.#queue.length > 0) {
      this.#rows = 0;
      return;
    }
    const { window } = this.#options;
    const credit = this.#credit;
    const free = window === undefined ? credit : Math.min(credit, window - this.#underWay);
    const bytes = free - RESERVE - RASTER_HEADER;
    this.#rows = bytes > 0 ? Math.floor(bytes / (this.width >> 3)) : 0;
  }

  #send(bytes: Uint8Array): void {
    this.#serial!.write(bytes);
    this.#sent(bytes.length);
  }

  #sent(bytes: number): void {
    this.#credit -= bytes;
    this.#since += bytes;
    this.#underWay += bytes;
    this.#count();
  }

  /** Sends a command after everything written before it, as soon as there is room. */
  #post(command: readonly number[]): void {
    if (this.#phase !== "ready" || !this.#state.online) return;
    if (this.#queue.length >= QUEUE_LENGTH) throw new RangeError("too many commands wait");
    this.#queue.push(Uint8Array.from(command));
    this.#flush();
    if (this.#rows === 0) this.#full = true;
  }

  #flush(): void {
    for (let first = this.#queue[0]; first !== undefined && first.length <= this.#credit; first = this.#queue[0]) {
      this.#queue.shift();
      this.#send(first);
    }
    this.#count();
  }

  #drained(bytes: number): void {
    const opened = this.#credit === 0 && this.#phase === "clearing";
    this.#credit = bytes;
    if (opened) this.#send(Uint8Array.from(Command.CLEAR));
    this.#flush();
    this.#announce();
  }

  #announce(): void {
    if (!this.#full || this.#serial === undefined || this.#rows === 0) return;
    this.#full = false;
    this.#options.onWritable?.call(this);
  }

  #readable(): void {
    const port = this.#serial;
    const bytes = port?.read();
    for (const byte of bytes ?? []) {
      if (this.#serial !== port) return;
      const message = this.#parser.next(byte);
      if (message?.kind === "state") this.#changed(message.state);
      else if (message?.kind === "cleared") this.#cleared();
      else if (message?.kind === "realTime") this.#told(message.byte);
      else if (message?.kind === "reply") this.#taken();
    }
  }

  #cleared(): void {
    if (this.#phase !== "clearing") return;
    this.#phase = "asking";
    this.#send(Uint8Array.from(Command.STATUS));
  }

  #told(byte: number): void {
    if (this.#phase !== "asking") return;
    this.#answers.push(byte);
    if (this.#answers.length < STATUS_ANSWERS) return;
    this.#phase = "ready";
    if (this.#retry !== undefined) this.#options.clock.clearTimer(this.#retry);
    this.#retry = undefined;
    this.#send(Uint8Array.from(Command.INITIALISE));
    const { speed } = this.#options;
    if (speed !== undefined) this.#send(Uint8Array.of(...Command.SPEED, speed));
    const port = this.#serial;
    this.#changed(realTimeState(this.#answers));
    if (this.#serial === port) this.#ask();
  }

  #changed(state: PrinterState): void {
    if (this.#phase !== "ready") return;
    const before = this.#state;
    this.#state = state;
    this.#count();
    if (!state.online) this.#full = true;
    if (before.online && !state.online) this.#reconnect();
    const port = this.#serial;
    if (port !== undefined && !sameState(state, before)) this.#options.onStateChange?.call(this);
    if (this.#serial !== port) return;
    if (!state.online) this.#ended(undefined);
    else this.#announce();
  }

  /** Asks whether all is on paper, once the printer is known to be online. */
  #ask(): void {
    const finish = this.#finish;
    if (finish === undefined || finish.answer !== undefined || this.#phase !== "ready" || !this.#state.online) return;
    finish.answer = this.#answered + this.#asked.length;
    this.#question();
  }

  /** Asks for an answer in its turn, for all that has been sent since the last question. */
  #question(): void {
    this.#asked.push(this.#since);
    this.#since = 0;
    this.#watch(true);
    this.#post(Command.ASK);
  }

  #taken(): void {
    const bytes = this.#asked.shift();
    if (this.#phase !== "ready" || bytes === undefined) return;
    this.#underWay -= bytes;
    this.#count();
    this.#watch(this.#asked.length > 0);
    if (this.#answered++ === this.#finish?.answer) this.#ended(undefined);
    this.#announce();
  }

  /** A printer that leaves a question open for too long has lost its answer, or worse: it counts as offline, and is found anew. */
  #watch(on: boolean): void {
    const { clock, window } = this.#options;
    if (this.#stall !== undefined) clock.clearTimer(this.#stall);
    this.#stall = undefined;
    if (!on || window === undefined) return;
    this.#stall = clock.setTimer(() => this.#changed({ ...this.#state, online: false }), FINISH_MILLISECONDS);
  }

  #silent(): void {
    this.#state = { ...this.#state, online: false };
    this.#reconnect();
    this.#ended("offline");
  }

  #ended(error: "offline" | undefined): void {
    const finish = this.#finish;
    if (finish === undefined) return;
    this.#finish = undefined;
    this.#options.clock.clearTimer(finish.timer);
    if (error === undefined) finish.done(undefined, this.#state);
    else finish.done(error);
  }

  #reconnect(): void {
    try {
      this.#connect();
    } catch {
      this.#fail();
    }
  }

  #fail(): void {
    this.#disconnect();
    this.#ended("offline");
    this.#options.onError?.call(this);
  }
}
