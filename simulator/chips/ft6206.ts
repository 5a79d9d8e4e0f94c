import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import { type Finger, Fingers } from "./fingers.ts";

/** Registers that can be written (FT6x06 application note, register map). */
const WRITABLE: readonly number[] = [0x00, 0x80, 0x85, 0x86, 0x87, 0x88, 0x89, 0xa4];
const TD_STATUS = 0x02;
const G_MODE = 0xa4;
const POINTS = 2;
/** Milliseconds that the interrupt stays low in trigger mode. */
const PULSE = 0.5;

/** Event flags of a point. */
const DOWN = 0;
const CONTACT = 2;
const NONE = 3;

/** Touch controller FT6206: two points, registers of one byte, an interrupt that falls for each report. */
export class Ft6206Chip implements I2cPeer {
  readonly #board: Board;
  readonly #interrupt: DigitalWire;
  readonly #registers = new Uint8Array(256);
  readonly fingers: Fingers;
  #known: readonly number[] = [];
  #pointer = 0;
  /** Writes to what cannot be written. */
  protocolErrors = 0;

  constructor(
    board: Board,
    wires: { readonly bus: number; readonly address: number; readonly interrupt: number },
    chip = 0x06,
  ) {
    this.#board = board;
    this.#interrupt = board.digitalWire(wires.interrupt);
    this.fingers = new Fingers(board.world, POINTS, (fingers) => this.#report(fingers));
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#reset(chip));
    this.#reset(chip);
  }

  write(bytes: Uint8Array): void {
    const [register = 0, ...values] = bytes;
    this.#pointer = register;
    for (const value of values) {
      if (WRITABLE.includes(this.#pointer)) this.#registers[this.#pointer] = value;
      else this.protocolErrors++;
      this.#pointer = (this.#pointer + 1) & 0xff;
    }
  }

  read(byteLength: number): Uint8Array {
    return Uint8Array.from({ length: byteLength }, () => {
      const value = this.#registers[this.#pointer]!;
      this.#pointer = (this.#pointer + 1) & 0xff;
      return value;
    });
  }

  /** Lays the points down; places without a finger keep what they had, without an event. */
  #report(fingers: readonly Finger[]): void {
    if (!this.#board.powered) return;
    const registers = this.#registers;
    registers[TD_STATUS] = fingers.length;
    for (let index = 0; index < POINTS; index++) {
      const finger = fingers[index];
      const at = TD_STATUS + 1 + index * 6;
      if (finger === undefined) {
        registers[at]! |= NONE << 6;
        continue;
      }
      const event = this.#known.includes(finger.id) ? CONTACT : DOWN;
      registers.set(
        [(event << 6) | (finger.x >> 8), finger.x & 0xff, (finger.id << 4) | (finger.y >> 8), finger.y & 0xff],
        at,
      );
    }
    this.#known = fingers.map((finger) => finger.id);
    this.#interrupt.drive(0);
    const polled = registers[G_MODE] === 0 && fingers.length > 0;
    if (!polled) this.#board.world.after(PULSE, () => this.#interrupt.drive(1));
  }

  #reset(chip: number): void {
    this.#registers.fill(0);
    this.#registers.set([0x02, 0x00, chip], 0xa1);
    this.#registers[0xa8] = 0x11;
    this.#registers[0x80] = 0x16;
    this.#pointer = 0;
    this.#interrupt.drive(1);
  }
}
