import type { ClockSource, Digital, DigitalConstructor } from "../../io.ts";
import type { KeyEvent, KeyName, Keypad } from "../../keypad.ts";
import { checkCallback, checkClock, checkInteger, checkIo } from "../options.ts";

/** Milliseconds from one look at all keys to the next while one is down: longer than contacts bounce. */
const SCAN_MILLISECONDS = 8;
const MOST_LINES = 16;
/** In so many rows at once nobody presses all keys of a column. */
const SHORT_ROWS = 3;

export interface MatrixKeypadOptions {
  readonly io: DigitalConstructor;
  /** Pins that are pulled low one by one; a diode in each line keeps two keys of a column from shorting two pins. */
  readonly rows: readonly number[];
  /** Pins with pull-ups that are read. */
  readonly columns: readonly number[];
  /** The key at each row and column. */
  readonly keys: readonly (readonly KeyName[])[];
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
  readonly onReadable?: () => void;
}

/**
 * A plain matrix of keys between pins. At rest all rows are low and any key pulls its column down; then rows are looked at one
 * by one until all keys are up again. A key counts when two looks agree. Three keys at the corners of a rectangle close the
 * fourth one's contact too, so while a rectangle shows nothing is believed; a column that is low in every row is shorted, and
 * its keys are up. A key that is held while the keypad is opened is
 * heard from its next press on.
 */
export class MatrixKeypad implements Keypad {
  readonly #keys: readonly (readonly KeyName[])[];
  readonly #clock: MatrixKeypadOptions["clock"];
  readonly #onReadable: (() => void) | undefined;
  #rows: Digital[] = [];
  #columns: Digital[] = [];
  /** Columns that are low, a bit each, a row a number: this look, the one before, and what is believed. */
  #look: Uint16Array;
  #before: Uint16Array;
  #down: Uint16Array;
  /** Keys whose press was told. */
  #told: Uint16Array;
  #timer: number | undefined;
  #closed = false;
  #events: KeyEvent[] = [];

  constructor(options: MatrixKeypadOptions) {
    const { io, rows, columns, keys, clock, onReadable } = options;
    checkIo("io", io);
    checkInteger("rows", rows.length, 1, MOST_LINES);
    checkInteger("columns", columns.length, 1, MOST_LINES);
    for (const pin of [...rows, ...columns]) checkInteger("pin", pin, 0, 255);
    checkInteger("pins that are used twice", rows.length + columns.length - new Set([...rows, ...columns]).size, 0, 0);
    checkInteger("rows of keys", keys.length, 1, rows.length);
    for (const row of keys) checkInteger("columns of keys", row.length, 0, columns.length);
    checkCallback("onReadable", onReadable);
    checkClock(clock);
    this.#keys = keys;
    this.#clock = clock;
    this.#onReadable = onReadable;
    this.#look = new Uint16Array(rows.length);
    this.#before = new Uint16Array(rows.length);
    this.#down = new Uint16Array(rows.length);
    this.#told = new Uint16Array(rows.length);
    try {
      for (const pin of columns)
        this.#columns.push(new io({ pin, mode: "inputPullUp", edge: "falling", onReadable: () => this.#wake() }));
      for (const pin of rows) {
        const row = new io({ pin, mode: "output" });
        this.#rows.push(row);
        row.write(1);
      }
      this.#readRows();
      this.#down.set(this.#look);
      this.#before.set(this.#look);
      this.#rest();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  read(): KeyEvent | undefined {
    if (this.#closed) throw new Error("closed");
    return this.#events.shift();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== undefined) this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    for (const pin of [...this.#rows, ...this.#columns]) pin.close();
    this.#rows = [];
    this.#columns = [];
    this.#events = [];
  }

  /** A column fell: by a key at rest, by looking while keys are looked at. */
  #wake(): void {
    if (this.#closed || this.#timer !== undefined) return;
    for (const row of this.#rows) row.write(1);
    this.#scan();
  }

  #scan(): void {
    this.#timer = undefined;
    this.#readRows();
    const same = this.#look.every((columns, row) => columns === this.#before[row]);
    const before = this.#events.length;
    if (same && !isAmbiguous(this.#look)) this.#believe();
    [this.#look, this.#before] = [this.#before, this.#look];
    this.#rest();
    if (this.#events.length > before) this.#onReadable?.call(this);
  }

  #readRows(): void {
    this.#rows.forEach((row, number) => {
      row.write(0);
      this.#look[number] = this.#columns.reduce((low, column, bit) => low | ((1 - column.read()) << bit), 0);
      row.write(1);
    });
    if (this.#look.length < SHORT_ROWS) return;
    const shorted = this.#look.reduce((all, columns) => all & columns, 0xffff);
    this.#look.forEach((columns, row) => {
      this.#look[row] = columns & ~shorted;
    });
  }

  /** Waits for the next key, or looks again where one is down or has just been. */
  #rest(): void {
    if (![this.#before, this.#down].some((lines) => lines.some((columns) => columns !== 0))) {
      for (const row of this.#rows) row.write(0);
      // The edges are watched before the levels are read: a key in between is seen by one of them.
      if (this.#columns.every((column) => column.read() === 1)) return;
      for (const row of this.#rows) row.write(1);
    }
    this.#timer = this.#clock.setTimer(() => this.#scan(), SCAN_MILLISECONDS);
  }

  /** Tells what has changed: keys that went up first. */
  #believe(): void {
    for (const pressed of [false, true]) {
      this.#look.forEach((now, row) => {
        const changed = pressed ? now & ~this.#down[row]! : this.#down[row]! & ~now;
        for (let column = 0; changed >> column !== 0; column++)
          if (((changed >> column) & 1) === 1) this.#move(row, column, pressed);
      });
    }
    this.#down.set(this.#look);
  }

  /** A contact without a key is noise; a key that was held from the start is not told going up. */
  #move(row: number, column: number, pressed: boolean): void {
    const key = this.#keys[row]?.[column];
    const bit = 1 << column;
    const told = (this.#told[row]! & bit) !== 0;
    if (key === undefined || told === pressed) return;
    this.#told[row]! ^= bit;
    this.#events.push({ key, pressed });
  }
}

/** Whether two rows have two columns in common: with three of these keys down the fourth seems to be. */
function isAmbiguous(lines: Uint16Array): boolean {
  return lines.some((columns, row) =>
    lines.subarray(row + 1).some((others) => {
      const common = columns & others;
      return (common & (common - 1)) !== 0;
    }),
  );
}
