import type {
  ClockSource,
  Digital,
  DigitalConstructor,
  DigitalOptions,
  I2cOptions,
  SmBus,
  SmBusConstructor,
} from "../../io.ts";
import { checkBus, checkClock, checkInteger, checkIo } from "../options.ts";

/** Registers (Awinic AW9523B data sheet, register list); of those for ports, P1's follows P0's. */
const Register = Object.freeze({
  INPUT: 0x00,
  OUTPUT: 0x02,
  CONFIG: 0x04,
  INTERRUPT: 0x06,
  ID: 0x10,
  CONTROL: 0x11,
  MODE: 0x12,
});
const CHIP = 0x23;
/** CONTROL: the pins of P0 drive both levels, as those of P1 always do. */
const PUSH_PULL = 0x10;
/** MODE: a pin is a GPIO where its bit is set, else the current source of a light. */
const ALL_GPIO = 0xff;
const NO_INTERRUPTS = 0xff;
const PINS = 16;
/** Reads of the inputs for one interrupt: they may change while they are read. */
const MOST_READS = 4;
/** Milliseconds until a read that failed is tried again; failures after which those who listen are to find out for themselves. */
const RETRY = 10;
const FAILURE_LIMIT = 3;

export interface Aw9523Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  /** INTN, active low. */
  readonly interrupt: { readonly io: DigitalConstructor; readonly pin: number };
  /** Pins that are inputs, P0_0 in the lowest bit and P1_7 in the highest; the others are outputs. */
  readonly inputs: number;
  /** Levels of the outputs at the start. */
  readonly levels: number;
  readonly clock: Pick<ClockSource, "setTimer" | "clearTimer">;
}

/** Somebody who waits for an edge. */
interface Listener {
  readonly pin: number;
  readonly edge: DigitalOptions["edge"];
  readonly heard: () => void;
}

/**
 * Port expander AW9523B on SMBus: 16 pins, of which the board says which are inputs. Its pins are handed to other drivers as
 * ECMA-419 Digital (`expanderPins`). What changes and changes back before it is read is told as an edge all the same: the
 * chip's interrupt says that something was, and nobody else waits for it.
 */
export class Aw9523 {
  readonly #options: Aw9523Options;
  #bus: SmBus | undefined;
  #interrupt: Digital | undefined;
  #timer: number | undefined;
  #failures = 0;
  #outputs: number;
  /** The inputs as they were last read. */
  #seen = 0;
  #listeners: readonly Listener[] = [];

  /** Throws where the chip does not answer or is another one. */
  constructor(options: Aw9523Options) {
    const { bus, interrupt, inputs, levels, clock } = options;
    checkBus(bus);
    checkIo("interrupt.io", interrupt.io);
    checkInteger("interrupt.pin", interrupt.pin, 0, 255);
    checkInteger("inputs", inputs, 0, 0xffff);
    checkInteger("levels", levels, 0, 0xffff);
    checkClock(clock);
    this.#options = options;
    this.#outputs = levels;
    try {
      const { io: Bus, ...wires } = bus;
      this.#bus = new Bus(wires);
      this.#setUp(this.#bus);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** The level of a pin: an input's now, an output's as it was set. Throws where the chip does not answer. */
  read(pin: number): 0 | 1 {
    const bus = this.#open();
    if (!this.isInput(pin)) return bit(this.#outputs, pin);
    const now = this.#take(bus);
    // Reading ends the interrupt: whoever waits for an edge hears of it after this call.
    if (now !== this.#seen && this.#listeners.length > 0) this.#later(0);
    return bit(now, pin);
  }

  /** Sets an output. Throws where the chip does not answer. */
  write(pin: number, level: 0 | 1): void {
    const bus = this.#open();
    const outputs = level === 0 ? this.#outputs & ~(1 << pin) : this.#outputs | (1 << pin);
    const port = pin >> 3;
    bus.writeUint8(Register.OUTPUT + port, (outputs >> (8 * port)) & 0xff);
    this.#outputs = outputs;
  }

  isInput(pin: number): boolean {
    checkInteger("pin", pin, 0, PINS - 1);
    return bit(this.#options.inputs, pin) === 1;
  }

  /** Calls `heard` at an input's edges, from the interrupt; gives what ends it. */
  listen(pin: number, edge: DigitalOptions["edge"], heard: () => void): () => void {
    const bus = this.#open();
    const listener = { pin, edge, heard };
    const { io: Pin, pin: number } = this.#options.interrupt;
    this.#interrupt ??= new Pin({
      pin: number,
      mode: "inputPullUp",
      edge: "falling",
      onReadable: () => this.#look(),
    });
    this.#listeners = [...this.#listeners, listener];
    this.#enable(bus);
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== listener);
      if (this.#bus !== undefined) this.#enable(this.#bus);
    };
  }

  close(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = undefined;
    this.#interrupt?.close();
    this.#bus?.close();
    this.#interrupt = undefined;
    this.#bus = undefined;
    this.#listeners = [];
  }

  #open(): SmBus {
    if (this.#bus === undefined) throw new Error("closed");
    return this.#bus;
  }

  /** Levels before directions, so that no output shows another level first. */
  #setUp(bus: SmBus): void {
    if (bus.readUint8(Register.ID) !== CHIP) throw new Error("not an AW9523B");
    const { inputs, levels } = this.#options;
    bus.writeUint8(Register.CONTROL, PUSH_PULL);
    for (const port of [0, 1]) {
      bus.writeUint8(Register.OUTPUT + port, (levels >> (8 * port)) & 0xff);
      bus.writeUint8(Register.CONFIG + port, (inputs >> (8 * port)) & 0xff);
      bus.writeUint8(Register.INTERRUPT + port, NO_INTERRUPTS);
      bus.writeUint8(Register.MODE + port, ALL_GPIO);
    }
    this.#seen = this.#take(bus);
  }

  /** Interrupts of those inputs that somebody listens to; what was before the first of them is forgotten. */
  #enable(bus: SmBus): void {
    let off = 0xffff;
    for (const { pin } of this.#listeners) off &= ~(1 << pin);
    for (const port of [0, 1]) bus.writeUint8(Register.INTERRUPT + port, (off >> (8 * port)) & 0xff);
    const now = this.#take(bus);
    if (this.#listeners.length < 2) this.#seen = now;
    else if (now !== this.#seen) this.#later(0);
  }

  /** Reads both ports, which ends the interrupt. */
  #take(bus: SmBus): number {
    return bus.readUint8(Register.INPUT) | (bus.readUint8(Register.INPUT + 1) << 8);
  }

  #look(): void {
    let moved = false;
    try {
      for (let reads = 0; reads < MOST_READS && this.#bus !== undefined; reads++) {
        moved = this.#tell(this.#take(this.#bus)) || moved;
        if (this.#interrupt?.read() !== 0) break;
      }
      this.#failures = 0;
    } catch {
      this.#failed();
      return;
    }
    if (!moved) this.#tellAll();
  }

  /** Calls those who wait for what has changed since; says whether anything has. */
  #tell(now: number): boolean {
    const changed = this.#seen ^ now;
    this.#seen = now;
    for (const { pin, edge, heard } of this.#listeners) {
      const level = bit(now, pin);
      if (bit(changed, pin) === 1 && (edge === "both" || (edge === "rising") === (level === 1))) heard();
    }
    return changed !== 0;
  }

  #tellAll(): void {
    for (const { heard } of this.#listeners) heard();
  }

  /** The interrupt stands until the chip was read: where it does not answer, those who listen ask their own chips. */
  #failed(): void {
    if (this.#bus === undefined) return;
    this.#failures++;
    if (this.#failures < FAILURE_LIMIT) {
      this.#later(RETRY);
      return;
    }
    this.#failures = 0;
    this.#tellAll();
  }

  #later(milliseconds: number): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimer(this.#timer);
    this.#timer = this.#options.clock.setTimer(() => {
      this.#timer = undefined;
      this.#look();
    }, milliseconds);
  }
}

const bit = (bits: number, pin: number): 0 | 1 => (((bits >> pin) & 1) === 1 ? 1 : 0);

/** The expander's pins, 0 to 15, as ECMA-419 Digital. An output keeps its level when it is opened and when it is closed. */
export function expanderPins(expander: Aw9523): DigitalConstructor {
  return class extends ExpanderPin {
    constructor(options: DigitalOptions) {
      super(expander, options);
    }
  };
}

class ExpanderPin implements Digital {
  readonly #pin: number;
  readonly #output: boolean;
  #expander: Aw9523 | undefined;
  #end: (() => void) | undefined;

  /** Throws `RangeError` where the board has the pin the other way round: a level would stand against a level. */
  constructor(expander: Aw9523, { pin, mode, edge, onReadable }: DigitalOptions) {
    this.#output = mode === "output";
    if (expander.isInput(pin) === this.#output) throw new RangeError(`pin ${pin} is no ${mode} on this board`);
    this.#pin = pin;
    this.#expander = expander;
    if (onReadable !== undefined && !this.#output) {
      this.#end = expander.listen(pin, edge, () => {
        if (this.#expander !== undefined) onReadable.call(this);
      });
    }
  }

  read(): 0 | 1 {
    return this.#open().read(this.#pin);
  }

  write(level: 0 | 1): void {
    const expander = this.#open();
    if (!this.#output) throw new Error("not an output");
    expander.write(this.#pin, level);
  }

  close(): void {
    this.#end?.();
    this.#end = undefined;
    this.#expander = undefined;
  }

  #open(): Aw9523 {
    if (this.#expander === undefined) throw new Error("closed");
    return this.#expander;
  }
}
