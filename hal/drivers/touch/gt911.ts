import type { Digital, DigitalConstructor, I2c, I2cConstructor, I2cOptions } from "../../io.ts";
import type { TouchPoint } from "../../touch.ts";
import { checkInteger, checkIo } from "../options.ts";
import { place } from "./orientation.ts";
import { TouchPanel, type TouchPanelOptions } from "./touch-panel.ts";

/** Registers, two bytes long (Goodix GT911 programming guide, coordinate information). */
const Register = Object.freeze({ COMMAND: 0x8040, PRODUCT_ID: 0x8140, STATUS: 0x814e });
/** The product's number as ASCII. */
const product: readonly number[] = Object.freeze([0x39, 0x31, 0x31]);
const READ_COORDINATES = 0x00;
/** Bits of STATUS: a report waits; how many fingers it tells of. */
const READY = 0x80;
const COUNT = 0x0f;
const POINT_LENGTH = 8;
const MOST_POINTS = 5;

/** At the end of reset the interrupt's level chooses the address (GT911 data sheet, I2C timing and addresses). */
const LOW_ADDRESS = 0x5d;
const HIGH_ADDRESS = 0x14;
/** Milliseconds: reset low; the level held after reset; until the chip works. */
const RESET_LOW = 11;
const LEVEL_HELD = 6;
const START = 55;

export interface Gt911Options extends TouchPanelOptions {
  readonly i2c: I2cOptions & { readonly io: I2cConstructor };
  /** Where the board has wired the chip's reset; elsewhere the chip is awake already. */
  readonly reset?: { readonly io: DigitalConstructor; readonly pin: number };
}

/** Touch controller GT911 on I2C. At most five fingers; its configuration stays as the panel's maker set it: interrupts fall. */
export class Gt911 extends TouchPanel {
  readonly #options: Gt911Options;
  #i2c: I2c | undefined;
  #reset: Digital | undefined;
  /** The interrupt's line while it chooses the address. */
  #level: Digital | undefined;

  constructor(options: Gt911Options) {
    const { i2c, reset } = options;
    checkIo("i2c.io", i2c.io);
    if (i2c.address !== LOW_ADDRESS && i2c.address !== HIGH_ADDRESS)
      throw new RangeError("i2c.address is not 5D or 14");
    if (reset !== undefined) {
      checkIo("reset.io", reset.io);
      checkInteger("reset.pin", reset.pin, 0, 255);
    }
    super(options);
    this.#options = options;
    try {
      const { io: Bus, ...wires } = i2c;
      this.#i2c = new Bus(wires);
      if (reset === undefined) this.after(0, () => this.begin());
      else this.#restart(reset);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #restart({ io: Pin, pin }: NonNullable<Gt911Options["reset"]>): void {
    const { interrupt, i2c } = this.#options;
    this.#reset = new Pin({ pin, mode: "output" });
    this.#reset.write(0);
    this.#level = new interrupt.io({ pin: interrupt.pin, mode: "output" });
    this.#level.write(i2c.address === LOW_ADDRESS ? 0 : 1);
    this.after(RESET_LOW, () => {
      this.#reset?.write(1);
      this.after(LEVEL_HELD, () => {
        this.#level?.close();
        this.#level = undefined;
        this.after(START, () => this.begin());
      });
    });
  }

  protected override setUp(): void {
    const id = this.#read(Register.PRODUCT_ID, product.length);
    if (!product.every((character, index) => id[index] === character)) throw new Error("not a GT911");
    this.#write(Register.COMMAND, READ_COORDINATES);
    this.#write(Register.STATUS, 0);
  }

  /** The report is the chip's until STATUS is cleared: it makes no other one before. */
  protected override report(): readonly TouchPoint[] | undefined {
    const status = this.#read(Register.STATUS, 1)[0]!;
    if ((status & READY) === 0) return undefined;
    const count = status & COUNT;
    const bytes = count > 0 && count <= MOST_POINTS ? this.#read(Register.STATUS + 1, count * POINT_LENGTH) : [];
    this.#write(Register.STATUS, 0);
    if (count > MOST_POINTS) return undefined;
    const points: TouchPoint[] = [];
    for (let at = 0; at < bytes.length; at += POINT_LENGTH) {
      const [id = 0, xLow = 0, xHigh = 0, yLow = 0, yHigh = 0] = bytes.slice(at, at + 5);
      const point = place(this.glass, id, (xHigh << 8) | xLow, (yHigh << 8) | yLow);
      if (point !== undefined) points.push(point);
    }
    return points;
  }

  protected override release(): void {
    for (const io of [this.#i2c, this.#reset, this.#level]) io?.close();
    this.#i2c = undefined;
    this.#reset = undefined;
    this.#level = undefined;
  }

  #read(register: number, byteLength: number): Uint8Array {
    const i2c = this.#i2c!;
    i2c.write(Uint8Array.of(register >> 8, register & 0xff));
    return i2c.read(byteLength);
  }

  #write(register: number, value: number): void {
    this.#i2c!.write(Uint8Array.of(register >> 8, register & 0xff, value));
  }
}
