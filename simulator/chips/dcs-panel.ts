import type { Board, SpiPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import type { World } from "../world/kernel.ts";

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

/** A first line and how many follow it. */
interface Span {
  readonly first: number;
  readonly count: number;
}

/** Numbers of parameters of MIPI's commands without a picture as most of these chips have them. */
export const usuallyIgnored: Readonly<Record<number, number>> = Object.freeze({
  0: 0, // NOP
  19: 0, // NORON
  38: 1, // GAMSET
  53: 1, // TEON
  81: 1, // WRDISBV
  83: 1, // WRCTRLD
});

/** A controller with its glass. */
export interface DcsPanelFacts {
  /** The chip's memory: columns (source lines) and pages (gate lines). */
  readonly columns: number;
  readonly pages: number;
  /** The part of the memory that has glass over it. */
  readonly glass: { readonly columns: Span; readonly pages: Span };
  /** How the glass is mounted: pages from left to right instead of columns, and which of the two run backwards. */
  readonly mount: { readonly exchanged: boolean; readonly mirrorColumns: boolean; readonly mirrorPages: boolean };
  /** Order of the colours in the glass's filter. */
  readonly filter: "red-green-blue" | "blue-green-red";
  /** The glass shows the complement of its memory unless the chip inverts it (IPS). */
  readonly complement: boolean;
  /** Numbers of parameters of the commands that set nothing this model shows: power, timing, gamma, tearing. */
  readonly ignored: Readonly<Record<number, number>>;
}

interface Command {
  readonly parameters: number;
  run(parameters: readonly number[]): void;
}

export interface DcsPanelWires {
  readonly spi: { readonly bus: number; readonly select: number; readonly hz: number };
  readonly dataCommand: number;
  readonly reset: number;
  readonly backlight: number;
}

/**
 * A display controller of MIPI's display command set on 4-wire SPI, with its panel and backlight. It decodes the bytes by the
 * D/CX wire and minds the data sheet's waiting times, for which bytes on the bus take their time.
 */
export class DcsPanelChip implements SpiPeer {
  /** Pixels as they are seen. */
  readonly width: number;
  readonly height: number;
  readonly #facts: DcsPanelFacts;
  readonly #world: World;
  readonly #hz: number;
  readonly #dataCommand: DigitalWire;
  readonly #reset: DigitalWire;
  readonly #backlight: DigitalWire;
  /** Pixels as they come, two bytes each, column by column. */
  readonly #memory: Uint8Array;
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
  #columns: Window = { first: 0, last: 0 };
  #pages: Window = { first: 0, last: 0 };
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

  constructor(board: Board, wires: DcsPanelWires, facts: DcsPanelFacts) {
    const { glass, mount } = facts;
    this.#facts = facts;
    this.width = mount.exchanged ? glass.pages.count : glass.columns.count;
    this.height = mount.exchanged ? glass.columns.count : glass.pages.count;
    this.#memory = new Uint8Array(facts.columns * facts.pages * 2);
    this.#columns = { first: 0, last: facts.columns - 1 };
    this.#pages = { first: 0, last: facts.pages - 1 };
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
    return this.visible ? this.memory() : new Uint16Array(this.width * this.height);
  }

  /** What the panel would show when awake and lit, row by row, as RGB565. */
  memory(): Uint16Array {
    const { filter, complement } = this.#facts;
    const { width, height } = this;
    const picture = new Uint16Array(width * height);
    const swapped = ((this.#madctl & BGR) !== 0) !== (filter === "blue-green-red");
    const inverted = this.#inverted !== complement;
    const start = this.#seen(0, 0);
    const [right, down] = [this.#seen(1, 0) - start, this.#seen(0, 1) - start];
    for (let at = 0, y = 0; y < height; y++) {
      for (let place = start + y * down, x = 0; x < width; x++, place += right, at++) {
        let pixel = (this.#memory[place]! << 8) | this.#memory[place + 1]!;
        if (swapped) pixel = ((pixel & 0x1f) << 11) | (pixel & 0x7e0) | (pixel >> 11);
        picture[at] = inverted ? ~pixel : pixel;
      }
    }
    return picture;
  }

  /** Where in the memory lies what is seen at x, y. */
  #seen(x: number, y: number): number {
    const { glass, mount, pages } = this.#facts;
    const [across, along] = mount.exchanged ? [y, x] : [x, y];
    const column = glass.columns.first + (mount.mirrorColumns ? glass.columns.count - 1 - across : across);
    const page = glass.pages.first + (mount.mirrorPages ? glass.pages.count - 1 - along : along);
    return (column * pages + page) * 2;
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
    for (const [code, parameters] of Object.entries(this.#facts.ignored))
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
    const size = (which === "columns") !== exchanged ? this.#facts.columns : this.#facts.pages;
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
    const { columns, pages } = this.#facts;
    const x = (this.#madctl & MX) !== 0 ? columns - 1 - line : line;
    const y = (this.#madctl & MY) !== 0 ? pages - 1 - row : row;
    return (x * pages + y) * 2;
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
    this.#columns = { first: 0, last: this.#facts.columns - 1 };
    this.#pages = { first: 0, last: this.#facts.pages - 1 };
    this.#sleepChangedAt = Number.NEGATIVE_INFINITY;
    this.#resetAt = Math.max(this.#time, this.#world.now);
    this.#busyUntil = this.#resetAt + SETTLE_MS;
  }
}

interface Window {
  readonly first: number;
  readonly last: number;
}
