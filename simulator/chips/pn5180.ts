import type { Board, SpiPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import type { Cancellable } from "../world/kernel.ts";
import type { Field } from "./field.ts";
import { type AirFrame, RfCard } from "./rf-card.ts";

/** Registers (PN5180 data sheet, 11.9). */
const SYSTEM_CONFIG = 0x00;
const IRQ_ENABLE = 0x01;
const IRQ_STATUS = 0x02;
const IRQ_CLEAR = 0x03;
const CRC_RX_CONFIG = 0x12;
const RX_STATUS = 0x13;
const CRC_TX_CONFIG = 0x19;
const REGISTERS = 0x40;

const RECEIVED = 0x01;
const TRANSCEIVE = 0x03;
const INTEGRITY_ERROR = 0x10000;
const COLLISION = 0x40000;

/** Milliseconds: a command, loading a configuration, switching the field; reset until it works; a byte at 106 kbit/s. */
const COMMAND_TIME = 0.05;
const FIELD_TIME = 1;
const START = 2.5;
const BYTE_TIME = 0.095;

/** Bytes after the command's own; more where it takes data. */
const shapes: Readonly<Record<number, { readonly least: number; readonly most: number }>> = {
  0: { least: 5, most: 5 },
  1: { least: 5, most: 5 },
  2: { least: 5, most: 5 },
  4: { least: 1, most: 1 },
  7: { least: 2, most: 2 },
  9: { least: 2, most: 261 },
  10: { least: 1, most: 1 },
  17: { least: 2, most: 2 },
  22: { least: 1, most: 1 },
  23: { least: 1, most: 1 },
};

/** RF configurations by sender and receiver: 106 kbit/s. */
const modulations: Readonly<Record<number, "A" | "B">> = { 128: "A", 1156: "B" };

export interface Pn5180Wires {
  readonly bus: number;
  readonly select: number;
  readonly busy: number;
  readonly interrupt: number;
  readonly reset: number;
}

/** What happens to a frame on its way: nothing, or it is swallowed or damaged. */
export type Disturb = (direction: "to card" | "from card", bytes: Uint8Array) => "lost" | "damaged" | undefined;

/** The contactless front end PN5180 on SPI with its BUSY line, and the antenna's field with the cards in it. */
export class Pn5180Chip implements SpiPeer {
  readonly #board: Board;
  readonly #field: Field;
  readonly #select: DigitalWire;
  readonly #busy: DigitalWire;
  readonly #interrupt: DigitalWire;
  #registers = new Uint32Array(REGISTERS);
  #modulation: "A" | "B" | undefined;
  #fieldOn = false;
  #powered = false;
  #awake = false;
  #frame: Uint8Array | undefined;
  /** What the next frame fetches. */
  #answer: Uint8Array | undefined;
  #received: Uint8Array = new Uint8Array(0);
  #running: Cancellable | undefined;
  #cards: RfCard[] = [];
  #met = 0;
  /** Answers to the frame that is in the air, which come at once. */
  #voices: { readonly card: RfCard; readonly frame: AirFrame }[] = [];
  disturb: Disturb = () => undefined;
  /** Frames while busy, unknown commands and lengths, sending without a field or transceiver. */
  protocolErrors = 0;

  constructor(board: Board, wires: Pn5180Wires, field: Field) {
    this.#board = board;
    this.#field = field;
    this.#select = board.digitalWire(wires.select);
    this.#busy = board.digitalWire(wires.busy);
    this.#interrupt = board.digitalWire(wires.interrupt);
    const reset = board.digitalWire(wires.reset);
    board.spi.set(`${wires.bus}:by hand`, this);
    this.#select.watch((level) => {
      if (level === 1) this.#selected();
    });
    reset.watch((level) => {
      if (level === 0) this.#reset();
      else this.#start();
    });
    board.onPowerCut.push(() => {
      reset.drive(0);
      this.#reset();
    });
    field.watch(() => this.#fieldChanged());
    this.#reset();
  }

  // --- the bus

  write(bytes: Uint8Array): void {
    this.transfer(bytes);
  }

  transfer(bytes: Uint8Array): Uint8Array {
    const received = new Uint8Array(bytes.length).fill(0xff);
    if (this.#select.level === 1 || !this.#awake) return received;
    if (this.#busy.level === 1) {
      this.protocolErrors++;
      return received;
    }
    this.#busy.drive(1);
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer !== undefined) received.set(answer.subarray(0, bytes.length));
    else this.#frame = bytes.slice();
    return received;
  }

  /** The frame has ended: it is obeyed. */
  #selected(): void {
    if (this.#busy.level === 0) return;
    const frame = this.#frame;
    this.#frame = undefined;
    const time = frame === undefined ? COMMAND_TIME : this.#obey(frame);
    this.#board.world.after(time, () => this.#busy.drive(0));
  }

  #obey(frame: Uint8Array): number {
    const [code = 0xff, first = 0, second = 0] = frame;
    const shape = shapes[code];
    if (shape === undefined || frame.length - 1 < shape.least || frame.length - 1 > shape.most) {
      this.protocolErrors++;
      return COMMAND_TIME;
    }
    if (code <= 2) {
      const value = new DataView(frame.buffer).getUint32(2, true);
      this.#store(first, mask(code, this.#registers[first] ?? 0, value));
    }
    if (code === 4) this.#answer = words(this.#load(first));
    else if (code === 7) this.#answer = this.#eeprom(first, second);
    else if (code === 9) this.#send(frame.slice(2), first);
    else if (code === 10) this.#answer = this.#received.slice();
    else if (code === 17) this.#modulation = modulations[first * 256 + second];
    else if (code > 17) this.#switchField(code === 22);
    return code >= 17 ? FIELD_TIME : COMMAND_TIME;
  }

  #eeprom(address: number, length: number): Uint8Array {
    const memory = new Uint8Array(256);
    memory.set([0x05, 0x03, 0x05, 0x03, 0x05, 0x00], 0x10);
    return memory.slice(address, address + length);
  }

  #load(register: number): number {
    return this.#registers[register] ?? 0;
  }

  #store(register: number, value: number): void {
    if (register >= REGISTERS || register === IRQ_STATUS || register === RX_STATUS) {
      this.protocolErrors++;
      return;
    }
    if (register === IRQ_CLEAR) this.#registers[IRQ_STATUS]! &= ~value;
    else this.#registers[register] = value;
    this.#drive();
  }

  #drive(): void {
    const standing = (this.#registers[IRQ_STATUS]! & this.#registers[IRQ_ENABLE]!) !== 0;
    this.#interrupt.drive(standing ? 1 : 0);
  }

  // --- the air

  #switchField(on: boolean): void {
    this.#fieldOn = on;
    if (!on) this.#dropCards(() => true);
    else this.#fieldChanged();
  }

  #fieldChanged(): void {
    this.#dropCards((card) => !this.#field.cards.includes(card.port));
    if (!this.#fieldOn) return;
    for (const port of this.#field.cards)
      if (!this.#cards.some((card) => card.port === port))
        this.#cards.push(new RfCard(this.#board.world, port, ++this.#met));
  }

  #dropCards(which: (card: RfCard) => boolean): void {
    for (const card of this.#cards.filter(which)) card.powerOff();
    this.#cards = this.#cards.filter((card) => !which(card));
  }

  #send(bytes: Uint8Array, bits: number): void {
    if (!this.#fieldOn || this.#modulation === undefined || (this.#registers[SYSTEM_CONFIG]! & 7) !== TRANSCEIVE) {
      this.protocolErrors++;
      return;
    }
    this.#running?.cancel();
    this.#voices = [];
    const frame = { bytes, bits, crc: (this.#registers[CRC_TX_CONFIG]! & 1) === 1 };
    this.#running = this.#board.world.after((bytes.length + 2) * BYTE_TIME, () => {
      if (this.disturb("to card", bytes) !== undefined) return;
      for (const card of this.#cards) {
        if (card.type !== this.#modulation) continue;
        card.hear(frame, (answer) => this.#hear(card, answer));
      }
    });
  }

  /** Voices of one moment are heard as one. */
  #hear(card: RfCard, frame: AirFrame): void {
    if (!this.#fieldOn || card.type !== this.#modulation) return;
    this.#voices.push({ card, frame });
    if (this.#voices.length > 1) return;
    this.#running = this.#board.world.after(0.01 + (frame.bytes.length + 2) * BYTE_TIME, () => {
      const voices = this.#voices.filter((voice) => this.#cards.includes(voice.card));
      this.#voices = [];
      if (voices.length > 0) this.#receive(voices.map((voice) => voice.frame));
    });
  }

  #receive(frames: readonly AirFrame[]): void {
    if ((this.#registers[SYSTEM_CONFIG]! & 7) !== TRANSCEIVE) return;
    const [{ bytes, crc }] = frames as [AirFrame];
    const disturbed = this.disturb("from card", bytes);
    if (disturbed === "lost") return;
    const alike = frames.every((frame) => Buffer.from(frame.bytes).equals(bytes));
    // Type A codes bits so that two at once are seen; of type B only the checksum tells.
    const collided = !alike && this.#modulation === "A" ? COLLISION : 0;
    const checked = (this.#registers[CRC_RX_CONFIG]! & 1) === 1;
    const damaged = disturbed === "damaged" || checked !== crc || (!alike && checked) ? INTEGRITY_ERROR : 0;
    this.#received = bytes.slice();
    this.#registers[RX_STATUS] = bytes.length | collided | damaged;
    this.#registers[IRQ_STATUS]! |= RECEIVED;
    this.#drive();
  }

  // --- power

  #start(): void {
    if (!this.#board.powered) return;
    this.#powered = true;
    this.#board.world.after(START, () => {
      if (!this.#powered) return;
      this.#awake = true;
      this.#busy.drive(0);
    });
  }

  #reset(): void {
    this.#powered = false;
    this.#awake = false;
    this.#running?.cancel();
    this.#switchField(false);
    this.#registers = new Uint32Array(REGISTERS);
    this.#modulation = undefined;
    this.#frame = undefined;
    this.#answer = undefined;
    this.#voices = [];
    this.#busy.drive(0);
    this.#interrupt.drive(0);
  }
}

function mask(code: number, old: number, value: number): number {
  return [value, old | value, old & value][code]! >>> 0;
}

function words(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24);
}
