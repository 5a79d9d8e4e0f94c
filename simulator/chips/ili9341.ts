import type { Board, SpiPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import type { World } from "../world/kernel.ts";

/** The panel: columns (source lines) and pages (gate lines) of the chip's memory. */
const COLUMNS = 240;
const PAGES = 320;
/** The panel as it is mounted: pages run from left to right, columns from top to bottom. */
export const WIDTH = PAGES;
export const HEIGHT = COLUMNS;

/** MADCTL bits (datasheet, Memory Access Control). */
const MY = 0x80;
const MX = 0x40;
const MV = 0x20;
const BGR = 0x08;
const RGB565 = 0x55;
const RGB666 = 0x66;

const SETTLE_MS = 5;
const SLEEP_OUT_AFTER_RESET_MS = 120;
const SLEEP_IN_AFTER_SLEEP_OUT_MS = 120;
const RESET_PULSE_MS = 0.01;

/** Parameters of the commands that set nothing this model shows: power, timing, gamma, tearing, identity. */
const IGNORED: Readonly<Record<number, number>> = {
  0: 0, // NOP
  19: 0, // NORON
  38: 1, // GAMSET
  53: 1, // TEON
  81: 1, // WRDISBV
  83: 1, // WRCTRLD
  85: 1, // WRCABC
  177: 2, // FRMCTR1
  180: 1, // INVTR
  182: 3, // DISCTRL, its fourth parameter is optional
  192: 1, // PWCTRL1
  193: 1, // PWCTRL2
  197: 2, // VMCTRL1
  199: 1, // VMCTRL2
  224: 15, // PGAMCTRL
  225: 15, // NGAMCTRL
};

interface Command {
  readonly parameters: number;
  run(parameters: readonly number[]): void;
}

export interface Ili9341Wires {
  readonly spi: { readonly bus: number; readonly select: number; readonly hz: number };
  readonly dataCommand: number;
  readonly reset: number;
  readonly backlight: number;
}

/**
 * Display controller ILI9341 with its 320 x 240 panel (blue-green-red filter) and backlight. It decodes the SPI bytes
 * by the D/CX wire and minds the datasheet's waiting times, for which bytes on the bus take their time.
 */
export class Ili9341Chip implements SpiPeer {
  readonly #world: World;
  readonly #hz: number;
  readonly #dataCommand: DigitalWire;
  readonly #reset: DigitalWire;
  readonly #backlight: DigitalWire;
  /** Pixels as they come, two bytes each, in rows of the panel as it is mounted. */
  readonly #memory = new Uint8Array(COLUMNS * PAGES * 2);
  readonly #commands: Readonly<Record<number, Command>>;
  #current: Command | undefined;
  #writing = false;
  #half = -1;
  #parameters: number[] = [];
  #awake = false;
  #on = false;
  #inverted = false;
  #madctl = 0;
  #format = RGB666;
  #columns: Window = { first: 0, last: COLUMNS - 1 };
  #pages: Window = { first: 0, last: PAGES - 1 };
  #column = 0;
  #page = 0;
  /** The bus's own clock: at least the world's, later by the bytes sent since. */
  #time = 0;
  #resetAt = 0;
  #busyUntil = 0;
  #sleepChangedAt = Number.NEGATIVE_INFINITY;
  /** Commands, parameters and moments that the datasheet does not allow. */
  protocolErrors = 0;
  /** Grows with everything that may change the picture. */
  version = 0;

  constructor(board: Board, wires: Ili9341Wires) {
    this.#world = board.world;
    this.#hz = wires.spi.hz;
    this.#dataCommand = board.digitalWire(wires.dataCommand);
    this.#reset = board.digitalWire(wires.reset);
    this.#backlight = board.digitalWire(wires.backlight);
    this.#commands = this.#table();
    this.#backlight.drive(0);
    this.#reset.watch((level) => this.#resetPin(level));
    this.#backlight.watch(() => this.version++);
    board.onPowerCut.push(() => {
      this.#clear();
      this.#memory.fill(0);
      this.#backlight.drive(0);
    });
    board.spi.set(`${wires.spi.bus}:${wires.spi.select}`, this);
  }

  /** True when the panel shows its memory: awake, switched on, and lit. */
  get visible(): boolean {
    return this.#awake && this.#on && this.#backlight.level === 1;
  }

  /** What the eye sees, row by row, as RGB565; all black unless `visible`. */
  pixels(): Uint16Array {
    return this.visible ? this.memory() : new Uint16Array(WIDTH * HEIGHT);
  }

  /** What the panel would show when awake and lit, row by row, as RGB565. */
  memory(): Uint16Array {
    const picture = new Uint16Array(WIDTH * HEIGHT);
    const swapped = (this.#madctl & BGR) === 0;
    for (let at = 0; at < picture.length; at++) {
      let pixel = (this.#memory[2 * at]! << 8) | this.#memory[2 * at + 1]!;
      if (swapped) pixel = ((pixel & 0x1f) << 11) | (pixel & 0x7e0) | (pixel >> 11);
      picture[at] = this.#inverted ? ~pixel : pixel;
    }
    return picture;
  }

  /** The panel has nothing to say on this board: its data output is not wired. */
  transfer(bytes: Uint8Array): Uint8Array {
    this.write(bytes);
    return new Uint8Array(bytes.length);
  }

  write(bytes: Uint8Array): void {
    this.#time = Math.max(this.#time, this.#world.now) + (bytes.length * 8000) / this.#hz;
    if (this.#reset.level === 1) {
      if (this.#dataCommand.level === 0) for (const byte of bytes) this.#command(byte);
      else if (this.#writing) this.#pixels(bytes);
      else if (this.#current !== undefined) for (const byte of bytes) this.#parameter(byte);
    }
  }

  #command(byte: number): void {
    this.#finishCommand();
    const command = this.#commands[byte];
    if (command === undefined || this.#time < this.#busyUntil) {
      this.protocolErrors++;
      return;
    }
    this.#current = command;
    this.#parameters = [];
    if (command.parameters === 0) this.#run(command);
  }

  /** Parameters beyond those a command has are ignored, as on the chip. */
  #parameter(byte: number): void {
    const command = this.#current;
    if (command === undefined || this.#parameters.length >= command.parameters) return;
    this.#parameters.push(byte);
    if (this.#parameters.length === command.parameters) this.#run(command);
  }

  #run(command: Command): void {
    this.version++;
    command.run(this.#parameters);
  }

  #finishCommand(): void {
    const command = this.#current;
    const short = command !== undefined && this.#parameters.length < command.parameters;
    if (short || (this.#writing && this.#half >= 0)) this.protocolErrors++;
    this.#current = undefined;
    this.#writing = false;
    this.#half = -1;
  }

  #table(): Readonly<Record<number, Command>> {
    const table: Record<number, Command> = {};
    for (const [code, parameters] of Object.entries(IGNORED))
      table[Number(code)] = { parameters, run: () => undefined };
    return {
      ...table,
      1: { parameters: 0, run: () => this.#clear() },
      16: { parameters: 0, run: () => this.#sleep(false) },
      17: { parameters: 0, run: () => this.#sleep(true) },
      32: { parameters: 0, run: () => this.#show({ inverted: false }) },
      33: { parameters: 0, run: () => this.#show({ inverted: true }) },
      40: { parameters: 0, run: () => this.#show({ on: false }) },
      41: { parameters: 0, run: () => this.#show({ on: true }) },
      42: { parameters: 4, run: (bytes) => this.#setWindow("columns", bytes) },
      43: { parameters: 4, run: (bytes) => this.#setWindow("pages", bytes) },
      44: { parameters: 0, run: () => this.#startWriting() },
      54: { parameters: 1, run: ([value = 0]) => this.#show({ madctl: value }) },
      58: { parameters: 1, run: ([value = 0]) => this.#setFormat(value) },
    };
  }

  #show(change: { readonly on?: boolean; readonly inverted?: boolean; readonly madctl?: number }): void {
    this.#on = change.on ?? this.#on;
    this.#inverted = change.inverted ?? this.#inverted;
    this.#madctl = change.madctl ?? this.#madctl;
  }

  #setFormat(value: number): void {
    if (value !== RGB565 && value !== RGB666) this.protocolErrors++;
    this.#format = value;
  }

  #setWindow(which: "columns" | "pages", [a = 0, b = 0, c = 0, d = 0]: readonly number[]): void {
    const window = { first: (a << 8) | b, last: (c << 8) | d };
    const exchanged = (this.#madctl & MV) !== 0;
    const size = (which === "columns") !== exchanged ? COLUMNS : PAGES;
    if (window.first > window.last || window.last >= size) {
      this.protocolErrors++;
      return;
    }
    if (which === "columns") this.#columns = window;
    else this.#pages = window;
  }

  #startWriting(): void {
    if (this.#format !== RGB565) {
      this.protocolErrors++;
      return;
    }
    this.#writing = true;
    this.#column = this.#columns.first;
    this.#page = this.#pages.first;
  }

  /** Writes pixels run by run along a row of the window; after its last pixel the window begins again. */
  #pixels(bytes: Uint8Array): void {
    this.version++;
    const memory = this.#memory;
    let at = 0;
    if (this.#half >= 0 && bytes.length > 0) {
      const joined = Uint8Array.of(this.#half, bytes[0]!);
      this.#half = -1;
      at = 1;
      this.#pixels(joined);
    }
    while (at + 1 < bytes.length) {
      const run = Math.min(this.#columns.last - this.#column + 1, (bytes.length - at) >> 1);
      let index = this.#address(this.#column, this.#page);
      const step = this.#address(this.#column + 1, this.#page) - index;
      if (step === 2) memory.set(bytes.subarray(at, at + run * 2), index);
      else
        for (let pixel = at; pixel < at + run * 2; pixel += 2, index += step) {
          memory[index] = bytes[pixel]!;
          memory[index + 1] = bytes[pixel + 1]!;
        }
      at += run * 2;
      this.#column += run;
      if (this.#column > this.#columns.last) {
        this.#column = this.#columns.first;
        this.#page = this.#page === this.#pages.last ? this.#pages.first : this.#page + 1;
      }
    }
    if (at < bytes.length) this.#half = bytes[at]!;
  }

  /** Where the first byte of a column and page as the bus counts them lies in the memory (datasheet, Memory Access Control). */
  #address(column: number, page: number): number {
    const exchanged = (this.#madctl & MV) !== 0;
    const line = exchanged ? page : column;
    const row = exchanged ? column : page;
    const x = (this.#madctl & MX) !== 0 ? COLUMNS - 1 - line : line;
    const y = (this.#madctl & MY) !== 0 ? PAGES - 1 - row : row;
    return (x * PAGES + y) * 2;
  }

  #sleep(awake: boolean): void {
    const early =
      this.#time < this.#sleepChangedAt + SLEEP_IN_AFTER_SLEEP_OUT_MS ||
      this.#time < this.#resetAt + SLEEP_OUT_AFTER_RESET_MS;
    if (early) {
      this.protocolErrors++;
      return;
    }
    this.#awake = awake;
    this.#sleepChangedAt = this.#time;
    this.#busyUntil = this.#time + SETTLE_MS;
  }

  #resetPin(level: 0 | 1): void {
    const now = Math.max(this.#time, this.#world.now);
    if (level === 0) this.#clear();
    else if (now - this.#resetAt < RESET_PULSE_MS) this.protocolErrors++;
    this.#time = now;
    this.#resetAt = now;
    this.#busyUntil = now + SETTLE_MS;
  }

  /** The state after reset (datasheet, reset table); the memory keeps its contents. */
  #clear(): void {
    this.version++;
    this.#current = undefined;
    this.#writing = false;
    this.#half = -1;
    this.#awake = false;
    this.#on = false;
    this.#inverted = false;
    this.#madctl = 0;
    this.#format = RGB666;
    this.#columns = { first: 0, last: COLUMNS - 1 };
    this.#pages = { first: 0, last: PAGES - 1 };
    this.#sleepChangedAt = Number.NEGATIVE_INFINITY;
    this.#resetAt = Math.max(this.#time, this.#world.now);
    this.#busyUntil = this.#resetAt + SETTLE_MS;
  }
}

interface Window {
  readonly first: number;
  readonly last: number;
}
