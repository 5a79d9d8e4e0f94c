import type { Board } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";

/** Contacts touch and part again for so long, in milliseconds. */
const BOUNCE = 1;

/**
 * A bare matrix of keys: each connects its row's line with its column's while it is down, and lines that are connected share a
 * level. Columns have pull-ups; a diode lets a row's pin pull its line down and nothing else. There is no diode at the keys:
 * three corners of a rectangle connect the fourth. The contacts bounce.
 */
export class KeyMatrixChip {
  readonly #board: Board;
  readonly #rows: readonly DigitalWire[];
  readonly #columns: readonly DigitalWire[];
  /** The keys that touch, as row * 256 + column. */
  readonly #touching = new Set<number>();
  readonly #held = new Set<number>();

  constructor(board: Board, wires: { readonly rows: readonly number[]; readonly columns: readonly number[] }) {
    this.#board = board;
    this.#rows = wires.rows.map((pin) => board.digitalWire(pin));
    this.#columns = wires.columns.map((pin) => board.digitalWire(pin));
    for (const row of this.#rows) row.watch(() => this.#settle());
    board.onPowerCut.push(() => {
      for (const row of this.#rows) row.drive(1);
    });
  }

  /** A finger presses the key; pressing a pressed key does nothing. */
  press(row: number, column: number): void {
    this.#move(row, column, true);
  }

  /** The finger leaves; releasing a key that is up does nothing. */
  release(row: number, column: number): void {
    this.#move(row, column, false);
  }

  #move(row: number, column: number, down: boolean): void {
    if (this.#rows[row] === undefined || this.#columns[column] === undefined)
      throw new RangeError(`no key at row ${row}, column ${column}`);
    const key = row * 256 + column;
    if (this.#held.has(key) === down) return;
    if (down) this.#held.add(key);
    else this.#held.delete(key);
    this.#touch(key, down);
    this.#board.world.after(BOUNCE, () => this.#touch(key, !this.#held.has(key)));
    this.#board.world.after(2 * BOUNCE, () => this.#touch(key, this.#held.has(key)));
  }

  #touch(key: number, together: boolean): void {
    if (together) this.#touching.add(key);
    else this.#touching.delete(key);
    this.#settle();
  }

  /** Columns are low that a chain of keys connects with a row whose pin is low. */
  #settle(): void {
    const lowRows = new Set(this.#rows.flatMap((row, number) => (row.level === 0 ? [number] : [])));
    const lowColumns = new Set<number>();
    for (let known = -1; known !== lowRows.size + lowColumns.size; ) {
      known = lowRows.size + lowColumns.size;
      for (const key of this.#touching) {
        const [row, column] = [key >> 8, key & 0xff];
        if (lowRows.has(row)) lowColumns.add(column);
        if (lowColumns.has(column)) lowRows.add(row);
      }
    }
    this.#columns.forEach((column, number) => {
      column.drive(lowColumns.has(number) ? 0 : 1);
    });
  }
}
