import type { Board } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";

/** Contacts touch and part again for so long, in milliseconds. */
const BOUNCE = 1;

/** The switch under the case: closed it pulls its wire down. Its contacts bounce; it needs no power and keeps its place without. */
export class CaseSwitchChip {
  readonly #board: Board;
  readonly #wire: DigitalWire;
  #open = false;

  constructor(board: Board, wires: { readonly pin: number }) {
    this.#board = board;
    this.#wire = board.digitalWire(wires.pin);
    this.#wire.drive(0);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#move(true);
  }

  close(): void {
    this.#move(false);
  }

  #move(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    this.#touch(open);
    this.#board.world.after(BOUNCE, () => this.#touch(!this.#open));
    this.#board.world.after(2 * BOUNCE, () => this.#touch(this.#open));
  }

  #touch(apart: boolean): void {
    this.#wire.drive(apart ? 1 : 0);
  }
}
