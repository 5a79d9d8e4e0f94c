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

/** Milliseconds: the shortest reset, and from its end until the chip answers. */
const RESET_PULSE = 5;
const START = 300;

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
  #asleep = false;
  #loweredAt = Number.NEGATIVE_INFINITY;
  /** Writes to what cannot be written. */
  protocolErrors = 0;

  constructor(
    board: Board,
    wires: {
      readonly bus: number;
      readonly address: number;
      readonly interrupt: number;
      /** The pin that resets the chip; without one it works from the start. */
      readonly reset?: number;
    },
    chip = 0x06,
  ) {
    this.#board = board;
    this.#interrupt = board.digitalWire(wires.interrupt);
    this.fingers = new Fingers(board.world, POINTS, (fingers) => this.#report(fingers));
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#reset(chip));
    this.#reset(chip);
    if (wires.reset !== undefined) {
      const reset = board.digitalWire(wires.reset);
      this.#asleep = reset.level === 0;
      reset.watch((level) => this.#resetPin(level, chip));
    }
  }

  #resetPin(level: 0 | 1, chip: number): void {
    const { world } = this.#board;
    if (level === 0) {
      this.#asleep = true;
      this.#loweredAt = world.now;
      this.#reset(chip);
      return;
    }
    if (world.now - this.#loweredAt < RESET_PULSE) this.protocolErrors++;
    const lowered = this.#loweredAt;
    world.after(START, () => {
      if (this.#loweredAt === lowered) this.#asleep = false;
    });
  }

  /** In reset and for a while after it the chip acknowledges nothing. */
  #awake(): void {
    if (this.#asleep) throw new Error("no acknowledge");
  }

  write(bytes: Uint8Array): void {
    this.#awake();
    const [register = 0, ...values] = bytes;
    this.#pointer = register;
    for (const value of values) {
      if (WRITABLE.includes(this.#pointer)) this.#registers[this.#pointer] = value;
      else this.protocolErrors++;
      this.#pointer = (this.#pointer + 1) & 0xff;
    }
  }

  read(byteLength: number): Uint8Array {
    this.#awake();
    return Uint8Array.from({ length: byteLength }, () => {
      const value = this.#registers[this.#pointer]!;
      this.#pointer = (this.#pointer + 1) & 0xff;
      return value;
    });
  }

  /** Lays the points down; places without a finger keep what they had, without an event. */
  #report(fingers: readonly Finger[]): void {
    if (!this.#board.powered || this.#asleep) return;
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
