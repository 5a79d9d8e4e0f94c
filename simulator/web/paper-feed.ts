import type { Simulation } from "../world/simulation.ts";
import { base64 } from "./base64.ts";
import type { PageEvent } from "./protocol.ts";

const BYTES_PER_ROW = 48;

/** Tells what came out of the printer, row by row, and where it was cut. */
export class PaperFeed {
  readonly #simulation: Simulation;
  #rows = 0;
  #pieces = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
  }

  /** The rows that came out since the last time, and the cuts between them. */
  next(): PageEvent[] {
    const { paper } = this.#simulation.chips;
    const events: PageEvent[] = [];
    const pieces = paper.pieces();
    for (; this.#pieces < pieces.length; this.#pieces++) {
      const piece = pieces[this.#pieces]!;
      events.push(rowsEvent(piece.bits.subarray(this.#rows * BYTES_PER_ROW)));
      events.push(this.#cut(this.#pieces));
      this.#rows = 0;
    }
    const hanging = paper.hanging();
    if (hanging.rows > this.#rows) {
      events.push(rowsEvent(hanging.bits.subarray(this.#rows * BYTES_PER_ROW)));
      this.#rows = hanging.rows;
    }
    return events;
  }

  /** All that has been told, for a page that has just been opened. */
  all(): PageEvent[] {
    const { paper } = this.#simulation.chips;
    const old = paper.pieces().slice(0, this.#pieces);
    return [
      ...old.flatMap((piece, place) => [rowsEvent(piece.bits), this.#cut(place)]),
      rowsEvent(paper.hanging().bits.subarray(0, this.#rows * BYTES_PER_ROW)),
    ];
  }

  /** The end of that piece, with what can be read on it. */
  #cut(piece: number): PageEvent {
    return { name: "cut", data: { text: this.#simulation.papers()[piece]?.text ?? [] } };
  }
}

function rowsEvent(rows: Uint8Array): PageEvent {
  return { name: "paper", data: { rows: base64(rows) } };
}
