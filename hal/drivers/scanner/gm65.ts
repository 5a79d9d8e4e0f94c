import type { ClockSource, Serial, SerialConstructor } from "../../io.ts";
import type { Scanner } from "../../scanner.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";
import { Timeouts } from "../timeouts.ts";
import { decodeReceived, encodeWrite, zone } from "./gm65-frames.ts";

/** Light and aim as usual, sound and lamp for success, looking on command (GM65 user manual, 3.1). */
const COMMAND_MODE = 0xd5;
/** A carriage return ends each code. */
const TAIL_CARRIAGE_RETURN = 0x01;
/** The module looks until it is stopped. */
const WITHOUT_END = 0x00;
const setUp: readonly (readonly [address: number, value: number])[] = Object.freeze([
  Object.freeze([zone.mode, COMMAND_MODE] as const),
  Object.freeze([zone.tail, TAIL_CARRIAGE_RETURN] as const),
  Object.freeze([zone.scanTime, WITHOUT_END] as const),
]);

/** The longest code that is taken: what a QR code of version 20 holds (ISO/IEC 18004, table 7); payment codes are far shorter. */
const LONGEST_CODE = 858;
/** Codes that wait to be read. */
const QUEUE_LENGTH = 4;
/** Milliseconds until the module must have answered, and of silence within a code or an answer that end it. */
const ANSWER_TIMEOUT = 300;
const GAP = 100;
/** Attempts of one command. */
const ATTEMPTS = 3;

export interface Gm65Options {
  readonly serial: { readonly io: SerialConstructor; readonly port: number; readonly baud: number };
  readonly clock: ClockSource;
  readonly onReadable?: () => void;
  /** The module does not answer; only `close` may follow. */
  readonly onError?: () => void;
}

/** Barcode scanner module GM65 (and its sisters GM805, GM812) on a UART. Codes that come while it should not look are dropped. */
export class Gm65 implements Scanner {
  readonly #onReadable: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  readonly #timeouts: Timeouts;
  readonly #buffer = new Uint8Array(LONGEST_CODE + 1);
  #serial: Serial | undefined;
  #writable = false;
  #length = 0;
  /** A code that is too long goes on; nothing of it is kept. */
  #flooded = false;
  #gap: number | undefined;
  /** Commands that wait, the first of them sent. */
  #commands: (readonly [address: number, value: number])[] = [...setUp];
  #sent = 0;
  #deadline: number | undefined;
  #looking = false;
  #codes: Uint8Array[] = [];

  constructor(options: Gm65Options) {
    const { serial, clock, onReadable, onError } = options;
    checkIo("serial.io", serial.io);
    checkInteger("serial.port", serial.port, 0, 255);
    checkInteger("serial.baud", serial.baud, 300, 4_000_000);
    checkClock(clock);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#timeouts = new Timeouts(clock);
    this.#onReadable = onReadable;
    this.#onError = onError;
    this.#serial = new serial.io({
      port: serial.port,
      baud: serial.baud,
      onReadable: () => this.#receive(),
      onWritable: () => {
        if (this.#writable) return;
        this.#writable = true;
        this.#send();
      },
      onError: () => this.#fail(),
    });
  }

  start(): void {
    this.#check();
    if (this.#looking) return;
    this.#looking = true;
    this.#command(zone.trigger, 1);
  }

  stop(): void {
    this.#check();
    if (!this.#looking) return;
    this.#looking = false;
    this.#command(zone.trigger, 0);
  }

  read(): Uint8Array | undefined {
    this.#check();
    return this.#codes.shift();
  }

  close(): void {
    const serial = this.#serial;
    if (serial === undefined) return;
    this.#serial = undefined;
    this.#timeouts.cancelAll();
    this.#forget();
    for (const code of this.#codes) code.fill(0);
    this.#codes = [];
    this.#commands = [];
    serial.close();
  }

  #check(): void {
    if (this.#serial === undefined) throw new Error("closed");
  }

  // --- commands, one after the other

  /** Of triggers that have not been sent only the last one counts. */
  #command(address: number, value: number): void {
    const [running, ...waiting] = this.#commands;
    this.#commands = [...(running === undefined ? [] : [running]), ...waiting.filter(([other]) => other !== address)];
    this.#commands.push([address, value]);
    if (this.#commands.length === 1) this.#send();
  }

  #send(): void {
    const first = this.#commands[0];
    if (first === undefined || !this.#writable || this.#serial === undefined) return;
    this.#sent++;
    this.#timeouts.cancel(this.#deadline);
    this.#deadline = this.#timeouts.after(ANSWER_TIMEOUT, () => this.#again());
    try {
      this.#serial.write(encodeWrite(...first));
    } catch {
      // the deadline sends it again
    }
  }

  #again(): void {
    if (this.#sent < ATTEMPTS) this.#send();
    else this.#fail();
  }

  #answered(good: boolean): void {
    if (!good || this.#sent === 0) return;
    this.#timeouts.cancel(this.#deadline);
    this.#sent = 0;
    this.#commands.shift();
    this.#send();
  }

  // --- what the module sends

  #receive(): void {
    const bytes = this.#serial?.read();
    if (bytes === undefined) return;
    this.#timeouts.cancel(this.#gap);
    const before = this.#codes.length;
    for (const byte of bytes) this.#take(byte);
    bytes.fill(0);
    if (this.#length > 0 || this.#flooded) this.#gap = this.#timeouts.after(GAP, () => this.#forget());
    if (this.#codes.length > before) this.#onReadable?.call(this);
  }

  #take(byte: number): void {
    if (this.#length === this.#buffer.length) {
      this.#forget();
      this.#flooded = true;
    }
    this.#buffer[this.#length++] = byte;
    const received = decodeReceived(this.#buffer.subarray(0, this.#length));
    if (received.kind === "incomplete") return;
    if (received.kind === "answer") this.#answered(received.good);
    else this.#found(received.code);
    this.#forget();
  }

  #found(code: Uint8Array): void {
    if (!this.#looking || this.#flooded || code.length === 0 || this.#codes.length === QUEUE_LENGTH) {
      code.fill(0);
      return;
    }
    this.#looking = false;
    this.#codes.push(code);
  }

  #forget(): void {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    this.#flooded = false;
  }

  #fail(): void {
    if (this.#serial === undefined) return;
    this.close();
    this.#onError?.call(this);
  }
}
