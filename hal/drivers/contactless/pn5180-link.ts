import type { Digital, DigitalConstructor, Spi, SpiConstructor } from "../../io.ts";
import type { Timeouts } from "../timeouts.ts";
import type { RadioAnswer } from "./iso-dep.ts";

/** Host commands (NXP PN5180 data sheet, 11.4.3.3). */
const Command = Object.freeze({
  WRITE_REGISTER: 0x00,
  WRITE_REGISTER_OR_MASK: 0x01,
  WRITE_REGISTER_AND_MASK: 0x02,
  READ_REGISTER: 0x04,
  READ_EEPROM: 0x07,
  SEND_DATA: 0x09,
  READ_DATA: 0x0a,
  LOAD_RF_CONFIG: 0x11,
  RF_ON: 0x16,
  RF_OFF: 0x17,
});

/** Registers (data sheet, 11.9). */
const Register = Object.freeze({
  SYSTEM_CONFIG: 0x00,
  IRQ_ENABLE: 0x01,
  IRQ_CLEAR: 0x03,
  CRC_RX_CONFIG: 0x12,
  RX_STATUS: 0x13,
  CRC_TX_CONFIG: 0x19,
});

/** SYSTEM_CONFIG: the command that runs; it must be idle before it is to send and receive. */
const NO_COMMAND = 0xfffffff8;
const TRANSCEIVE = 0x03;
/** CRC_RX_CONFIG and CRC_TX_CONFIG: the chip checks and adds it. */
const CRC_ON = 0x01;
/** IRQ_ENABLE: a reception has ended. IRQ_CLEAR: every interrupt that there is. */
const RECEIVED = 0x01;
const ALL_INTERRUPTS = 0x000fffff;
/** RX_STATUS: bytes received, wrong CRC or parity, wrong framing, two cards at once. */
const BYTES = 0x1ff;
const DAMAGED = 0x30000;
const COLLISION = 0x40000;
/** EEPROM: the firmware's version, minor first. */
const FIRMWARE_VERSION = 0x12;

/** Milliseconds: reset low, until the chip works, until it has taken a command. */
const RESET_LOW = 10;
const START = 15;
const BUSY_TIMEOUT = 50;
/** Looks at BUSY while a frame ends: it rises within microseconds. */
const BUSY_LOOKS = 200;
const LONGEST_FRAME = 260;

export interface Pn5180Wiring {
  /** Without `select`: that pin is this driver's, as it must stay low until BUSY has risen. */
  readonly spi: { readonly io: SpiConstructor; readonly bus: number; readonly hz: number };
  readonly select: { readonly io: DigitalConstructor; readonly pin: number };
  readonly busy: { readonly io: DigitalConstructor; readonly pin: number };
  /** High while an interrupt stands. */
  readonly interrupt: { readonly io: DigitalConstructor; readonly pin: number };
  readonly reset: { readonly io: DigitalConstructor; readonly pin: number };
}

/** As of the air, and beside it two cards that answered with different bits. */
export type AirAnswer = RadioAnswer | { readonly kind: "collision" };

interface Task {
  readonly frame: Uint8Array;
  /** Bytes that the chip answers; none for a command without an answer. */
  readonly answerLength: number;
  readonly give: (answer: Uint8Array) => void;
  /** Which asking it belongs to: `abort` ends one and begins the next. */
  readonly asking: number;
}

/**
 * One command after the other to the PN5180: select low, the bytes, until BUSY rises; select high, until BUSY falls; where the
 * command has an answer the same once more to fetch it (data sheet, 11.4.1). A chip whose BUSY does not fall is in `trouble`.
 */
export class Pn5180Link {
  readonly #timeouts: Timeouts;
  readonly #trouble: () => void;
  readonly #spi: Spi;
  readonly #pins: Digital[] = [];
  readonly #select: Digital;
  readonly #busy: Digital;
  readonly #interrupt: Digital;
  readonly #reset: Digital;
  #queue: Task[] = [];
  #asking = 0;
  /** What goes on when BUSY has fallen. */
  #ready: (() => void) | undefined;
  #deadline: number | undefined;
  /** What goes on when a reception has ended, or its time. */
  #heard: ((received: boolean) => void) | undefined;
  #silence: number | undefined;
  /** Which CRC the chip adds and checks: unknown until it was set. */
  #crc: boolean | undefined;

  constructor(wiring: Pn5180Wiring, timeouts: Timeouts, trouble: () => void) {
    this.#timeouts = timeouts;
    this.#trouble = trouble;
    const { io: Bus, ...wires } = wiring.spi;
    this.#spi = new Bus(wires);
    try {
      const { reset, select, busy, interrupt } = wiring;
      this.#reset = this.#pin(new reset.io({ pin: reset.pin, mode: "output" }));
      this.#reset.write(0);
      this.#select = this.#pin(new select.io({ pin: select.pin, mode: "output" }));
      this.#select.write(1);
      this.#busy = this.#pin(
        new busy.io({ pin: busy.pin, mode: "input", edge: "falling", onReadable: () => this.#fell() }),
      );
      this.#interrupt = this.#pin(
        new interrupt.io({ pin: interrupt.pin, mode: "input", edge: "rising", onReadable: () => this.#rose() }),
      );
    } catch (error) {
      for (const pin of this.#pins) pin.close();
      this.#spi.close();
      throw error;
    }
  }

  /** Resets the chip and gives its firmware's version, major * 256 + minor. */
  start(then: (version: number) => void): void {
    this.abort();
    this.#ready = undefined;
    this.#crc = undefined;
    this.#timeouts.cancel(this.#deadline);
    this.#reset.write(0);
    this.#deadline = this.#timeouts.after(RESET_LOW, () => {
      this.#reset.write(1);
      this.#deadline = this.#timeouts.after(START, () => {
        this.#write(Command.WRITE_REGISTER, Register.IRQ_CLEAR, ALL_INTERRUPTS);
        this.#write(Command.WRITE_REGISTER, Register.IRQ_ENABLE, RECEIVED);
        this.#ask([Command.READ_EEPROM, FIRMWARE_VERSION, 2], 2, ([minor = 0, major = 0]) => then(major * 256 + minor));
      });
    });
  }

  /** Takes the chip's power of speech: the field is off until the next `start`. */
  rest(): void {
    this.abort();
    this.#ready = undefined;
    this.#timeouts.cancel(this.#deadline);
    this.#reset.write(0);
  }

  /** Loads the settings of sender and receiver, and gives the field so many milliseconds. */
  configure(sender: number, receiver: number, milliseconds: number, then: () => void): void {
    this.#ask([Command.LOAD_RF_CONFIG, sender, receiver], 0, () => {});
    this.#ask([Command.RF_ON, 0x00], 0, () => {
      this.#crc = undefined;
      this.#timeouts.after(milliseconds, then);
    });
  }

  fieldOff(then: () => void): void {
    this.#ask([Command.RF_OFF, 0x00], 0, then);
  }

  /** Sends a frame, its last byte perhaps of fewer bits, with a CRC or without, and waits for an answer. */
  exchange(
    frame: Uint8Array,
    { bits, crc }: { readonly bits: number; readonly crc: boolean },
    milliseconds: number,
    then: (answer: AirAnswer) => void,
  ): void {
    if (frame.length > LONGEST_FRAME) throw new RangeError("frame too long");
    if (crc !== this.#crc) {
      for (const register of [Register.CRC_TX_CONFIG, Register.CRC_RX_CONFIG])
        if (crc) this.#write(Command.WRITE_REGISTER_OR_MASK, register, CRC_ON);
        else this.#write(Command.WRITE_REGISTER_AND_MASK, register, ~CRC_ON);
      this.#crc = crc;
    }
    this.#write(Command.WRITE_REGISTER, Register.IRQ_CLEAR, ALL_INTERRUPTS);
    this.#write(Command.WRITE_REGISTER_AND_MASK, Register.SYSTEM_CONFIG, NO_COMMAND);
    this.#write(Command.WRITE_REGISTER_OR_MASK, Register.SYSTEM_CONFIG, TRANSCEIVE);
    const data = new Uint8Array(frame.length + 2);
    data.set([Command.SEND_DATA, bits]);
    data.set(frame, 2);
    this.#give({ frame: data, answerLength: 0, give: () => this.#listen(milliseconds, then), asking: this.#asking });
  }

  /** Drops what was asked and has not been answered: nothing of it is called back. */
  abort(): void {
    for (const { frame } of this.#queue) frame.fill(0);
    this.#queue = [];
    this.#asking++;
    this.#heard = undefined;
    this.#timeouts.cancel(this.#silence);
  }

  /** Frees the pins; the chip stays in reset, its field off. */
  close(): void {
    this.rest();
    for (const pin of this.#pins) pin.close();
    this.#spi.close();
  }

  #pin(pin: Digital): Digital {
    this.#pins.push(pin);
    return pin;
  }

  // --- what is heard

  #listen(milliseconds: number, then: (answer: AirAnswer) => void): void {
    this.#heard = (received) => {
      this.#heard = undefined;
      this.#timeouts.cancel(this.#silence);
      if (received) this.#fetch(then);
      else then({ kind: "silence" });
    };
    this.#silence = this.#timeouts.after(milliseconds, () => this.#heard?.(this.#interrupt.read() === 1));
    if (this.#interrupt.read() === 1) this.#silence = this.#timeouts.after(0, () => this.#rose());
  }

  #rose(): void {
    if (this.#interrupt.read() === 1) this.#heard?.(true);
  }

  #fetch(then: (answer: AirAnswer) => void): void {
    this.#ask([Command.READ_REGISTER, Register.RX_STATUS], 4, (bytes) => {
      const status = bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16);
      const length = status & BYTES;
      if ((status & COLLISION) !== 0) then({ kind: "collision" });
      else if ((status & DAMAGED) !== 0 || length === 0 || length > LONGEST_FRAME) then({ kind: "damaged" });
      else this.#ask([Command.READ_DATA, 0x00], length, (frame) => then({ kind: "frame", bytes: frame }));
    });
  }

  // --- commands

  #write(code: number, register: number, value: number): void {
    this.#ask([code, register, value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24], 0, () => {});
  }

  #ask(frame: readonly number[], answerLength: number, then: (answer: Uint8Array) => void): void {
    this.#give({ frame: Uint8Array.from(frame), answerLength, give: then, asking: this.#asking });
  }

  #give(task: Task): void {
    this.#queue.push(task);
    this.#next();
  }

  #next(): void {
    if (this.#ready !== undefined) return;
    const task = this.#queue.shift();
    if (task === undefined) return;
    this.#frame(task.frame, () => {
      if (task.answerLength === 0) this.#done(task, task.frame);
      else {
        const answer = this.#frame(new Uint8Array(task.answerLength).fill(0xff), () => this.#done(task, answer));
      }
    });
    task.frame.fill(0);
  }

  #done(task: Task, answer: Uint8Array): void {
    if (task.asking === this.#asking) task.give(answer);
    else answer.fill(0);
    this.#next();
  }

  /** One frame over SPI; `then` when the chip is ready for the next. */
  #frame(bytes: Uint8Array, then: () => void): Uint8Array {
    this.#ready = then;
    this.#deadline = this.#timeouts.after(BUSY_TIMEOUT, () => this.#late());
    this.#select.write(0);
    const received = this.#spi.transfer(bytes);
    for (let looks = 0; looks < BUSY_LOOKS && this.#busy.read() === 0; looks++);
    this.#select.write(1);
    if (this.#busy.read() === 0) {
      this.#timeouts.cancel(this.#deadline);
      this.#deadline = this.#timeouts.after(0, () => this.#fell());
    }
    return received;
  }

  #fell(): void {
    const ready = this.#ready;
    if (ready === undefined || this.#busy.read() === 1) return;
    this.#ready = undefined;
    this.#timeouts.cancel(this.#deadline);
    ready();
  }

  /** Looks once more, in case an edge was missed. */
  #late(): void {
    if (this.#busy.read() === 0) {
      this.#fell();
      return;
    }
    this.#ready = undefined;
    this.abort();
    this.#trouble();
  }
}
