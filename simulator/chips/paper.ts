/** A torn-off piece: rows of the paper's bytes, most significant bit left, 1 = black. */
export interface Piece {
  readonly bits: Uint8Array;
  readonly rows: number;
}

/** 384 dots of 58 mm paper. */
export const BYTES_PER_ROW = 48;
/** 576 dots of 80 mm paper. */
export const WIDE_BYTES_PER_ROW = 72;
/** Rows between the print head and the cutter: 10 mm. */
export const CUTTER_ROWS = 80;
/** Rows on a fresh roll: 30 m at 8 a millimetre. */
export const ROLL_ROWS = 240_000;

/** The paper of a printer: the roll, what came out since the last cut, and the pieces cut off. */
export class Paper {
  readonly bytesPerRow: number;
  #left = 0;
  #bits: Uint8Array;
  #rows = 0;
  readonly #pieces: Piece[] = [];
  readonly #listeners: ((piece: Piece) => void)[] = [];

  constructor(rows = ROLL_ROWS, bytesPerRow = BYTES_PER_ROW) {
    this.bytesPerRow = bytesPerRow;
    this.#bits = new Uint8Array(bytesPerRow * 256);
    this.load(rows);
  }

  /** Rows left on the roll. */
  get left(): number {
    return this.#left;
  }

  /** Puts in a roll; its beginning is led past the cutter. Printed paper that still hangs out is torn off. */
  load(rows = ROLL_ROWS): void {
    if (this.#rows > CUTTER_ROWS) this.#tearAt(this.#rows);
    this.#left = Math.max(0, rows - CUTTER_ROWS);
    this.#rows = 0;
    this.#append(Math.min(rows, CUTTER_ROWS));
  }

  /** Takes the roll out, or lets it come to its end. */
  unload(): void {
    this.#left = 0;
  }

  /** Prints rows of so many bytes each, as far as there is paper under the head; what is wider than the head is lost. */
  print(dots: Uint8Array, bytesPerRow: number): void {
    const rows = Math.min(dots.length / bytesPerRow, this.#left);
    const first = this.#rows;
    this.#left -= rows;
    this.#append(rows);
    if (bytesPerRow === this.bytesPerRow)
      this.#bits.set(dots.subarray(0, rows * bytesPerRow), first * this.bytesPerRow);
    else
      for (let row = 0; row < rows; row++) {
        const from = row * bytesPerRow;
        const shown = dots.subarray(from, from + Math.min(bytesPerRow, this.bytesPerRow));
        this.#bits.set(shown, (first + row) * this.bytesPerRow);
      }
  }

  /** Moves the paper by so many blank rows; returns how many it could. */
  feed(rows: number): number {
    const moved = Math.min(rows, this.#left);
    this.#left -= moved;
    this.#append(moved);
    return moved;
  }

  /** Cuts (or tears) at the cutter: what is between head and cutter stays on the roll. */
  cut(): void {
    this.#tearAt(this.#rows - CUTTER_ROWS);
  }

  /** Everything cut off so far, oldest first. */
  pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** What hangs out of the printer now, the part under its cover included. */
  hanging(): Piece {
    return { bits: this.#bits.slice(0, this.#rows * this.bytesPerRow), rows: this.#rows };
  }

  onPiece(listener: (piece: Piece) => void): void {
    this.#listeners.push(listener);
  }

  /** Moves the paper on by so many blank rows. */
  #append(rows: number): void {
    this.#rows += rows;
    const needed = this.#rows * this.bytesPerRow;
    if (needed <= this.#bits.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bits.length * 2));
    grown.set(this.#bits);
    this.#bits = grown;
  }

  #tearAt(row: number): void {
    if (row <= 0) return;
    const at = row * this.bytesPerRow;
    const piece: Piece = { bits: this.#bits.slice(0, at), rows: row };
    const rest = this.#bits.slice(at, this.#rows * this.bytesPerRow);
    this.#bits = new Uint8Array(Math.max(rest.length, this.bytesPerRow * 256));
    this.#bits.set(rest);
    this.#rows -= row;
    this.#pieces.push(piece);
    for (const listener of [...this.#listeners]) listener(piece);
  }
}
