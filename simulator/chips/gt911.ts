import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import { type Finger, Fingers } from "./fingers.ts";

/** Registers (GT911 programming guide): the chip knows 8040 to 81FF. */
const FIRST = 0x8040;
const LAST = 0x81ff;
const COMMAND = 0x8040;
const CONFIGURATION = 0x8047;
const PRODUCT_ID = 0x8140;
const STATUS = 0x814e;
const READY = 0x80;
const POINTS = 5;

/** Milliseconds: how long reset must be low, the level held after it, and the chip left alone. */
const RESET_LOW = 10;
const LEVEL_HELD = 5;
const START = 50;
const PULSE = 0.5;

export interface Gt911Wires {
  readonly bus: number;
  readonly interrupt: number;
  /** Where it is not wired, the chip is awake at address 5D. */
  readonly reset?: number;
}

/**
 * Touch controller GT911: five points, registers of two bytes, an address chosen by the interrupt's level at reset. It makes no
 * new report before the last one was fetched, but goes on pulsing.
 */
export class Gt911Chip implements I2cPeer {
  readonly #board: Board;
  readonly #wires: Gt911Wires;
  readonly #interrupt: DigitalWire;
  readonly #memory = new Uint8Array(LAST - FIRST + 1);
  readonly fingers: Fingers;
  #address: number | undefined;
  #resetAt = 0;
  #awakeAt = 0;
  #pointer = 0;
  /** What the data sheet forbids: registers that are not there, a short reset, a level let go too early. */
  protocolErrors = 0;

  constructor(board: Board, wires: Gt911Wires) {
    this.#board = board;
    this.#wires = wires;
    this.#interrupt = board.digitalWire(wires.interrupt);
    this.fingers = new Fingers(board.world, POINTS, (fingers) => this.#report(fingers));
    if (wires.reset === undefined) this.#wake(0x5d);
    else board.digitalWire(wires.reset).watch((level) => this.#resetPin(level));
    board.onPowerCut.push(() => {
      if (wires.reset === undefined) this.#wake(0x5d);
      else this.#sleep();
    });
  }

  write(bytes: Uint8Array): void {
    this.#check();
    const [high = 0, low = 0, ...values] = bytes;
    this.#pointer = (high << 8) | low;
    for (const value of values) {
      const writable = this.#pointer === STATUS || (this.#pointer >= COMMAND && this.#pointer < PRODUCT_ID);
      if (writable) this.#memory[this.#pointer - FIRST] = value;
      else this.protocolErrors++;
      this.#pointer++;
    }
  }

  read(byteLength: number): Uint8Array {
    this.#check();
    return Uint8Array.from({ length: byteLength }, () => {
      const value = this.#memory[this.#pointer++ - FIRST];
      if (value === undefined) this.protocolErrors++;
      return value ?? 0;
    });
  }

  #check(): void {
    if (this.#address === undefined || this.#board.world.now < this.#awakeAt) throw new Error("no acknowledge");
  }

  #report(fingers: readonly Finger[]): void {
    if (!this.#board.powered || this.#address === undefined || this.#board.world.now < this.#awakeAt) return;
    const memory = this.#memory;
    if ((memory[STATUS - FIRST]! & READY) === 0) {
      memory[STATUS - FIRST] = READY | fingers.length;
      fingers.forEach(({ id, x, y }, index) => {
        memory.set([id, x & 0xff, x >> 8, y & 0xff, y >> 8, 30, 0, 0], STATUS + 1 - FIRST + index * 8);
      });
    }
    this.#interrupt.drive(0);
    this.#board.world.after(PULSE, () => this.#interrupt.drive(1));
  }

  #resetPin(level: 0 | 1): void {
    const { now } = this.#board.world;
    if (level === 0) {
      this.#sleep();
      this.#resetAt = now;
      return;
    }
    if (now - this.#resetAt < RESET_LOW) this.protocolErrors++;
    const chosen = this.#interrupt.level;
    this.#board.world.after(LEVEL_HELD, () => {
      if (this.#interrupt.level !== chosen) this.protocolErrors++;
      this.#wake(chosen === 0 ? 0x5d : 0x14);
      this.#awakeAt = now + LEVEL_HELD + START;
      // From here on the line is the chip's again.
      this.#board.world.after(1, () => this.#interrupt.drive(1));
    });
  }

  #sleep(): void {
    if (this.#address !== undefined) this.#board.i2c.delete(`${this.#wires.bus}:${this.#address}`);
    this.#address = undefined;
  }

  #wake(address: number): void {
    this.#sleep();
    this.#address = address;
    this.#memory.fill(0);
    this.#memory.set([0x41, 0x40, 0x01, 0xf0, 0x00, POINTS, 0x01], CONFIGURATION - FIRST);
    this.#memory.set([0x39, 0x31, 0x31, 0x00, 0x60, 0x10], PRODUCT_ID - FIRST);
    this.#board.i2c.set(`${this.#wires.bus}:${address}`, this);
    this.#interrupt.drive(1);
  }
}
