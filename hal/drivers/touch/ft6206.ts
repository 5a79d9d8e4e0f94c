import type { Digital, DigitalConstructor, I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import type { TouchPoint } from "../../touch.ts";
import { checkBus, checkInteger, checkIo } from "../options.ts";
import { place } from "./orientation.ts";
import { TouchPanel, type TouchPanelOptions } from "./touch-panel.ts";

/** Registers (FocalTech FT6x06 application note, register map); two points follow TD_STATUS, six bytes each. */
const Register = Object.freeze({
  DEV_MODE: 0x00,
  TD_STATUS: 0x02,
  G_CIPHER: 0xa3,
  G_MODE: 0xa4,
  G_FOCALTECH_ID: 0xa8,
});
const POINT_LENGTH = 6;
const MOST_POINTS = 2;
const FOCALTECH = 0x11;
/** FT6206, FT6236, FT6336G, FT6336U. */
const chips: readonly number[] = Object.freeze([0x06, 0x36, 0x33, 0x64]);
/** Working mode; an interrupt pulse for each report. */
const WORKING = 0x00;
const TRIGGER = 0x01;
/** Event flag of a point, the two highest bits of its first byte: lifted, and no event. */
const LIFTED = 0x40;

/** Milliseconds: reset low at least 5; until the chip works (FT6336 data sheet, power-on and reset timing). */
const RESET_LOW = 6;
const START = 300;

export interface Ft6206Options extends TouchPanelOptions {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** Where the board has wired the chip's reset, active low; elsewhere the chip is awake already. */
  readonly reset?: { readonly io: DigitalConstructor; readonly pin: number };
}

/** Touch controller FT6206 and its relatives (FT6236, FT6336) on SMBus, its interrupt active low. At most two fingers. */
export class Ft6206 extends TouchPanel {
  #bus: SmBus | undefined;
  #reset: Digital | undefined;

  constructor(options: Ft6206Options) {
    const { io: Bus, ...wires } = options.bus;
    checkBus({ io: Bus, address: wires.address });
    const { reset } = options;
    if (reset !== undefined) {
      checkIo("reset.io", reset.io);
      checkInteger("reset.pin", reset.pin, 0, 255);
    }
    super(options);
    try {
      this.#bus = new Bus(wires);
      if (reset === undefined) this.after(0, () => this.begin());
      else this.#restart(reset);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #restart({ io: Pin, pin }: NonNullable<Ft6206Options["reset"]>): void {
    this.#reset = new Pin({ pin, mode: "output" });
    this.#reset.write(0);
    this.after(RESET_LOW, () => {
      this.#reset?.write(1);
      this.after(START, () => this.begin());
    });
  }

  protected override setUp(): void {
    const bus = this.#bus!;
    if (bus.readUint8(Register.G_FOCALTECH_ID) !== FOCALTECH || !chips.includes(bus.readUint8(Register.G_CIPHER)))
      throw new Error("not an FT6206");
    bus.writeUint8(Register.DEV_MODE, WORKING);
    bus.writeUint8(Register.G_MODE, TRIGGER);
  }

  protected override report(): readonly TouchPoint[] | undefined {
    const bytes = this.#bus!.readBuffer(Register.TD_STATUS, 1 + MOST_POINTS * POINT_LENGTH);
    const count = bytes[0]! & 0x0f;
    if (count > MOST_POINTS) return undefined;
    const points: TouchPoint[] = [];
    for (let at = 1; at < 1 + count * POINT_LENGTH; at += POINT_LENGTH) {
      const [xHigh = 0, xLow = 0, yHigh = 0, yLow = 0] = bytes.subarray(at, at + 4);
      const point = place(this.glass, yHigh >> 4, ((xHigh & 0x0f) << 8) | xLow, ((yHigh & 0x0f) << 8) | yLow);
      if ((xHigh & LIFTED) === 0 && point !== undefined) points.push(point);
    }
    return points;
  }

  protected override release(): void {
    this.#bus?.close();
    this.#bus = undefined;
    this.#reset?.close();
    this.#reset = undefined;
  }
}
