import type { Board } from "../io/board.ts";
import type { SerialPeer, SerialWire } from "../io/serial-wire.ts";
import type { World } from "../world/kernel.ts";
import { ByteQueue } from "./byte-queue.ts";
import { type Command, commandAt, LONGEST_COMMAND } from "./escpos-commands.ts";
import { CUTTER_ROWS, Paper } from "./paper.ts";

/** 60 mm a second at 8 rows a millimetre; a speed level is 20 mm a second. */
const ROWS_PER_MS = 0.48;
const LEVEL_ROWS_PER_MS = 0.16;
const SPEED_LEVELS = 9;
const LINE_ROWS = 30;
const BUFFER_SIZE = 4096;
/** The printer says busy when less than this is free. */
const BUSY_AT = 256;
const CUT_MS = 200;
/** Rows printed in one event of the world. */
const BAND = 24;
/** Rows left when the near-end sensor sees the roll's core: 2 m. */
const LOW_ROWS = 16_000;
const DLE = 0x10;
const CLEAR_SEQUENCE = [DLE, 0x14, 8, 1, 3, 20, 1, 6, 2, 8];

/** What is being done: rows through the head, blank rows, or the cutter. Nothing else runs meanwhile. */
interface Motion {
  readonly start: number;
  /** Dots of whole rows of so many bytes each. */
  readonly dots: Uint8Array;
  readonly bytesPerRow: number;
  /** Blank rows after them. */
  readonly feed: number;
  readonly cut: boolean;
}

/** A motion that prints nothing. */
const NO_DOTS = { dots: new Uint8Array(0), bytesPerRow: 1 };

/** What printers of one kind differ in. */
export interface PrinterSettings {
  /** No line tells the sender to wait: what does not fit the buffer is lost. */
  readonly withoutFlowControl?: boolean;
}

/**
 * A thermal printer, as wide as its paper, that understands ESC/POS: raster, feed, cut, status in turn and at once, automatic status.
 *
 * Without paper, with the cover open or with a hot head it is offline: it stops at the row, takes bytes until its
 * buffer is full, and goes on where it stopped when the cause is gone, unless its buffer is cleared. Commands that act
 * at once are found anywhere in the stream, raster data included, as on real printers.
 */
export class EscPosPrinterChip implements SerialPeer {
  readonly paper: Paper;
  readonly #settings: PrinterSettings;
  readonly #world: World;
  readonly #wire: SerialWire;
  #cover: "closed" | "open" = "closed";
  #head: "normal" | "hot" = "normal";
  readonly #buffer = new ByteQueue(BUFFER_SIZE);
  /** The last two bytes, and how much of the clear sequence the last ones are. */
  #last = 0;
  #beforeLast = 0;
  #clearing = 0;
  /** Bytes a row and rows left of the raster that is coming in. */
  #raster = { bytes: 0, rows: 0 };
  #rowsPerMs = ROWS_PER_MS;
  #motion: Motion | undefined;
  /** What was under way when the printer went offline. */
  #suspended: Motion | undefined;
  #automatic = 0;
  /** The last report's bytes as one number; 0 after which none was sent. */
  #reported = 0;
  /** Bytes outside of any command that this printer knows, text and line feeds among them. */
  protocolErrors = 0;
  /** Bytes lost because the sender did not mind that the printer was busy. */
  overruns = 0;

  constructor(board: Board, wires: { readonly port: number }, paper = new Paper(), settings: PrinterSettings = {}) {
    this.paper = paper;
    this.#settings = settings;
    this.#world = board.world;
    this.#wire = board.serialWire(wires.port);
    this.#wire.attach(this);
    board.onPowerCut.push(() => this.#powerOff());
  }

  // --- the world's side

  /** Takes the paper out, or puts a roll in. */
  setPaper(paper: "in" | "out", rows?: number): void {
    this.#stop();
    if (paper === "in") this.paper.load(rows);
    else this.paper.unload();
    this.#goOn();
  }

  get cover(): "open" | "closed" {
    return this.#cover;
  }

  get isHot(): boolean {
    return this.#head === "hot";
  }

  setCover(cover: "open" | "closed"): void {
    this.#stop();
    this.#cover = cover;
    this.#goOn();
  }

  setHot(hot: boolean): void {
    this.#stop();
    this.#head = hot ? "hot" : "normal";
    this.#goOn();
  }

  get online(): boolean {
    return this.paper.left > 0 && this.#cover === "closed" && this.#head === "normal";
  }

  /** True while rows, feeds or cuts are under way or waiting. */
  get busy(): boolean {
    return this.#motion !== undefined || this.#suspended !== undefined || this.#buffer.length > 0;
  }

  // --- the wire

  get accepting(): boolean {
    return this.#settings.withoutFlowControl === true || this.#buffer.free >= BUSY_AT;
  }

  receive(bytes: Uint8Array): void {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      if (!this.#begun) {
        at = bytes.indexOf(DLE, at);
        if (at < 0) break;
      }
      if (!this.#realTime(bytes[at]!)) continue;
      this.#stop();
      this.#forget();
      this.#send(0x37, 0x25, 0x00);
      from = at + 1;
    }
    this.overruns += this.#buffer.push(bytes.subarray(from));
    this.#goOn();
  }

  /** True when the next byte may go on with a command that acts at once; all of them begin with DLE. */
  get #begun(): boolean {
    return this.#last === DLE || this.#beforeLast === DLE || this.#clearing > 0;
  }

  /** Commands that act at once are recognised as their last byte comes in; true when the buffers are to be cleared. */
  #realTime(byte: number): boolean {
    if (this.#beforeLast === DLE && this.#last === 0x04 && byte >= 1 && byte <= 4)
      this.#send(this.#realTimeStatus(byte));
    this.#beforeLast = this.#last;
    this.#last = byte;
    if (byte === CLEAR_SEQUENCE[this.#clearing]) this.#clearing++;
    else this.#clearing = byte === CLEAR_SEQUENCE[0] ? 1 : 0;
    if (this.#clearing < CLEAR_SEQUENCE.length) return false;
    this.#clearing = 0;
    return true;
  }

  // --- what waits in the buffer

  /** Does what is in the buffer, one motion after the other, while the printer is online. */
  #advance(): void {
    while (this.#motion === undefined && this.online) {
      const suspended = this.#suspended;
      this.#suspended = undefined;
      if (suspended !== undefined) this.#move(suspended);
      else if (this.#raster.rows > 0 ? !this.#printRaster() : !this.#runCommand()) return;
    }
  }

  #take(count: number): Uint8Array {
    const busy = !this.accepting;
    const bytes = this.#buffer.take(count);
    if (busy && this.accepting) this.#world.after(0, () => this.#wire.resume());
    return bytes;
  }

  #printRaster(): boolean {
    const { bytes, rows } = this.#raster;
    const band = Math.min(rows, Math.floor(this.#buffer.length / bytes), BAND, this.paper.left);
    if (band === 0) return false;
    const dots = this.#take(band * bytes);
    this.#raster = { bytes, rows: rows - band };
    this.#move({ dots, bytesPerRow: bytes, feed: 0, cut: false });
    return true;
  }

  /** False when the buffer's first command is not yet complete. */
  #runCommand(): boolean {
    const found = commandAt(this.#buffer.peek(LONGEST_COMMAND));
    if (found === "incomplete") return false;
    if (found === "unknown") {
      this.protocolErrors++;
      this.#take(1);
      return true;
    }
    const bytes = this.#take(found.length);
    this.#execute(found.command, bytes.subarray(found.command.code.length));
    return true;
  }

  #execute(command: Command, parameters: Uint8Array): void {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = parameters;
    switch (command.name) {
      case "raster":
        if (a !== 0 && a !== 48) this.protocolErrors++;
        this.#raster = { bytes: Math.max(1, b | (c << 8)), rows: d | (e << 8) };
        if (this.#raster.bytes > this.paper.bytesPerRow) this.protocolErrors++;
        break;
      case "feedRows":
        this.#move({ ...NO_DOTS, feed: a, cut: false });
        break;
      case "feedLines":
        this.#move({ ...NO_DOTS, feed: a * LINE_ROWS, cut: false });
        break;
      case "cut":
        this.#move({ ...NO_DOTS, feed: 0, cut: true });
        break;
      case "feedAndCut":
        this.#move({ ...NO_DOTS, feed: CUTTER_ROWS + a, cut: true });
        break;
      case "status":
        this.#send(a === 1 || a === 49 ? this.#paperBits(0x0c, 0x03) : 0);
        break;
      case "automaticStatus":
        this.#automatic = a;
        this.#reported = 0;
        this.#report();
        break;
      case "initialise":
        this.#automatic = 0;
        this.#rowsPerMs = ROWS_PER_MS;
        break;
      case "printControl":
        if (a !== 2 || b !== 0 || c !== 50 || d > SPEED_LEVELS) this.protocolErrors++;
        else this.#rowsPerMs = d === 0 ? ROWS_PER_MS : d * LEVEL_ROWS_PER_MS;
        break;
      case "ignored":
        break;
    }
  }

  // --- the mechanism

  #move(motion: Omit<Motion, "start">): void {
    const current: Motion = { ...motion, start: this.#world.now };
    this.#motion = current;
    const rows = motion.dots.length / motion.bytesPerRow + motion.feed;
    const milliseconds = rows / this.#rowsPerMs + (motion.cut ? CUT_MS : 0);
    this.#world.after(milliseconds, () => {
      if (this.#motion !== current) return;
      this.#motion = undefined;
      this.paper.print(current.dots, current.bytesPerRow);
      const moved = this.paper.feed(current.feed);
      if (moved < current.feed) this.#suspended = { ...current, ...NO_DOTS, feed: current.feed - moved };
      else if (current.cut) this.paper.cut();
      this.#goOn();
    });
  }

  /** Stops at the row under the head. */
  #stop(): void {
    const motion = this.#motion;
    if (motion === undefined) return;
    this.#motion = undefined;
    const passed = Math.floor((this.#world.now - motion.start) * this.#rowsPerMs);
    const { dots, bytesPerRow } = motion;
    const printed = Math.min(passed, dots.length / bytesPerRow);
    this.paper.print(dots.subarray(0, printed * bytesPerRow), bytesPerRow);
    const fed = this.paper.feed(Math.min(passed - printed, motion.feed));
    this.#suspended = { ...motion, dots: dots.subarray(printed * bytesPerRow), feed: motion.feed - fed };
  }

  #goOn(): void {
    this.#report();
    this.#advance();
  }

  // --- what it says

  #send(...bytes: readonly number[]): void {
    this.#wire.send(Uint8Array.from(bytes));
  }

  #paperBits(out: number, low: number): number {
    return (this.paper.left === 0 ? out : 0) | (this.paper.left < LOW_ROWS ? low : 0);
  }

  #realTimeStatus(which: number): number {
    const closed = this.#cover === "closed";
    const bits = [
      this.online ? 0 : 0x08,
      (closed ? 0 : 0x04) | (this.paper.left === 0 ? 0x20 : 0) | (this.#head === "hot" ? 0x40 : 0),
      this.#head === "hot" ? 0x40 : 0,
      this.#paperBits(0x60, 0x0c),
    ];
    return 0x12 | bits[which - 1]!;
  }

  /** Automatic status back, when it is on and something has changed. */
  #report(): void {
    const printer = 0x10 | (this.online ? 0 : 0x08) | (this.#cover === "open" ? 0x20 : 0);
    const error = this.#head === "hot" ? 0x40 : 0;
    const paper = this.#paperBits(0x0c, 0x03);
    const report = this.#automatic === 0 ? 0 : (printer << 16) | (error << 8) | paper;
    if (report === this.#reported) return;
    this.#reported = report;
    if (report !== 0) this.#send(printer, error, paper, 0x0f);
  }

  #forget(): void {
    const busy = !this.accepting;
    this.#buffer.clear();
    this.#suspended = undefined;
    if (busy) this.#world.after(0, () => this.#wire.resume());
    this.#raster = { bytes: 0, rows: 0 };
  }

  #powerOff(): void {
    this.#stop();
    this.#forget();
    this.#last = 0;
    this.#beforeLast = 0;
    this.#clearing = 0;
    this.#rowsPerMs = ROWS_PER_MS;
    this.#automatic = 0;
    this.#reported = 0;
  }
}
