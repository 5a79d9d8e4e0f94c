import type { Digital, DigitalConstructor, I2cOptions, SmBus, SmBusConstructor } from "../../io.ts";
import type { KeyEvent, KeyName, Keypad } from "../../keypad.ts";
import { checkBus, checkCallback, checkInteger, checkIo } from "../options.ts";

/** Registers (TI SCPS215, register map). */
const Register = Object.freeze({
  CFG: 0x01,
  INT_STAT: 0x02,
  KEY_EVENT_A: 0x04,
  KP_GPIO1: 0x1d,
  KP_GPIO2: 0x1e,
  KP_GPIO3: 0x1f,
});

/** Bits of CFG; AI: one read goes over registers that follow each other. */
const Configuration = Object.freeze({ KE_IEN: 0x01, OVR_FLOW_IEN: 0x08, AI: 0x80 });
/** INT_STAT, KEY_LCK_EC and KEY_EVENT_A follow each other. */
const STATUS_LENGTH = 3;
/** Bits of KEY_LCK_EC: how many events the FIFO held. */
const EVENT_COUNT = 0x0f;

/** Bits of INT_STAT; a 1 written clears. */
const Interrupt = Object.freeze({ K_INT: 0x01, OVR_FLOW_INT: 0x08, ALL: 0x1f });

const PRESSED = 0x80;
const ROWS = 8;
const COLUMNS = 10;
/** Events the chip's FIFO holds. */
const FIFO_LENGTH = 10;
/** How often one interrupt may find the chip busy again before it counts as broken. */
const ROUNDS = 8;

export interface Tca8418Options {
  readonly bus: I2cOptions & { readonly io: SmBusConstructor };
  readonly interrupt: { readonly io: DigitalConstructor; readonly pin: number };
  /** The key at each row and column; at most 8 rows of 10. */
  readonly keys: readonly (readonly KeyName[])[];
  readonly onReadable?: () => void;
  /** The chip no longer answers; only `close` may follow. */
  readonly onError?: () => void;
}

/** Keypad scanner TCA8418 on SMBus, its interrupt on a pin (active low). Keys pressed before opening are forgotten. */
export class Tca8418 implements Keypad {
  readonly #keys: readonly (readonly KeyName[])[];
  readonly #onReadable: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  #bus: SmBus | undefined;
  #interrupt: Digital | undefined;
  #events: KeyEvent[] = [];
  #held: KeyName[] = [];

  constructor(options: Tca8418Options) {
    const { bus, interrupt, keys, onReadable, onError } = options;
    checkBus(bus);
    checkIo("interrupt.io", interrupt.io);
    checkInteger("interrupt.pin", interrupt.pin, 0, 255);
    checkInteger("rows of keys", keys.length, 1, ROWS);
    const columns = Math.max(...keys.map((row) => row.length));
    checkInteger("columns of keys", columns, 1, COLUMNS);
    checkCallback("onReadable", onReadable);
    checkCallback("onError", onError);
    this.#keys = keys;
    this.#onReadable = onReadable;
    this.#onError = onError;
    try {
      const { io: Bus, ...wires } = bus;
      this.#bus = new Bus(wires);
      this.#configure(this.#bus, keys.length, columns);
      this.#interrupt = new interrupt.io({
        pin: interrupt.pin,
        mode: "inputPullUp",
        edge: "falling",
        onReadable: () => this.#interrupted(),
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  read(): KeyEvent | undefined {
    if (this.#bus === undefined) throw new Error("closed");
    return this.#events.shift();
  }

  close(): void {
    this.#bus?.close();
    this.#interrupt?.close();
    this.#bus = undefined;
    this.#interrupt = undefined;
    this.#events = [];
    this.#held = [];
  }

  #configure(bus: SmBus, rows: number, columns: number): void {
    const mask = 2 ** columns - 1;
    bus.writeUint8(Register.CFG, 0);
    bus.writeUint8(Register.KP_GPIO1, 2 ** rows - 1);
    bus.writeUint8(Register.KP_GPIO2, mask & 0xff);
    bus.writeUint8(Register.KP_GPIO3, mask >> 8);
    for (let event = 0; event < FIFO_LENGTH && bus.readUint8(Register.KEY_EVENT_A) !== 0; event++);
    bus.writeUint8(Register.INT_STAT, Interrupt.ALL);
    bus.writeUint8(Register.CFG, Configuration.KE_IEN | Configuration.OVR_FLOW_IEN | Configuration.AI);
  }

  #interrupted(): void {
    try {
      this.#drain();
    } catch {
      this.close();
      this.#onError?.call(this);
      return;
    }
    if (this.#events.length > 0) this.#onReadable?.call(this);
  }

  /** Empties the FIFO and clears the interrupt until its pin is high again: a key in between gives no new edge. */
  #drain(): void {
    const bus = this.#bus!;
    for (let round = 0; round < ROUNDS; round++) {
      const [status = 0, count = 0, first = 0] = bus.readBuffer(Register.INT_STAT, STATUS_LENGTH);
      if (first !== 0) this.#queue(first);
      for (let left = Math.min(count & EVENT_COUNT, FIFO_LENGTH) - 1; left > 0; left--) {
        this.#queue(bus.readUint8(Register.KEY_EVENT_A));
      }
      if ((status & Interrupt.OVR_FLOW_INT) !== 0) this.#releaseAll();
      bus.writeUint8(Register.INT_STAT, status | Interrupt.K_INT);
      if (this.#interrupt!.read() === 1) return;
    }
    throw new Error("interrupt does not clear");
  }

  /** Key number = row * 10 + column + 1; bit 7: pressed. Numbers without a key are noise. */
  #queue(code: number): void {
    const number = (code & ~PRESSED) - 1;
    const key = this.#keys[Math.floor(number / COLUMNS)]?.[number % COLUMNS];
    if (key === undefined) return;
    const pressed = (code & PRESSED) !== 0;
    this.#held = this.#held.filter((held) => held !== key);
    if (pressed) this.#held.push(key);
    this.#events.push({ key, pressed });
  }

  /** Events were lost, releases perhaps among them: no key may stay down for ever. */
  #releaseAll(): void {
    for (const key of this.#held) this.#events.push({ key, pressed: false });
    this.#held = [];
  }
}
