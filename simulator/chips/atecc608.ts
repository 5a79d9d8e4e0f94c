import type { Board, I2cPeer } from "../io/board.ts";
import type { SeededRandom } from "../world/random.ts";
import { privateKey, publicKey, signDigest } from "./p256.ts";

/** Status codes (ATECC508A data sheet, 9.1.2). */
const SUCCESS = 0x00;
const PARSE_ERROR = 0x03;
const EXECUTION_ERROR = 0x0f;
const AWAKE = 0x11;
const COMMUNICATION_ERROR = 0xff;
/** Milliseconds: until it answers after waking, until its watchdog puts it to sleep, and what commands take. */
const WAKE_TIME = 1.5;
const WATCHDOG = 1_300;
const times: Readonly<Record<number, number>> = { 2: 1, 22: 7, 27: 15, 36: 20, 48: 1, 64: 90, 65: 75 };
const MOST_COUNT = 2_097_151;

/** Secure element ATECC608: an element with its configuration locked and a private key in one slot. */
export class Atecc608Chip implements I2cPeer {
  readonly #board: Board;
  readonly #random: SeededRandom;
  readonly #keys = new Map<number, bigint>();
  readonly serial: Uint8Array;
  readonly counters = [0, 0];
  #awakeAt: number | undefined;
  #readyAt = 0;
  #output: Uint8Array = new Uint8Array(0);
  #at = 0;
  #temporaryKey: Uint8Array | undefined;
  /** Transfers with a wrong word, commands the element was too busy or asleep for. */
  protocolErrors = 0;

  constructor(
    board: Board,
    wires: { readonly bus: number; readonly address: number },
    settings: { readonly keySlot?: number } = {},
  ) {
    this.#board = board;
    this.#random = board.random;
    this.serial = Uint8Array.of(0x01, 0x23, ...this.#random.bytes(6), 0xee);
    if (settings.keySlot !== undefined) this.#keys.set(settings.keySlot, privateKey(this.#random.bytes(40)));
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.i2c.set(`${wires.bus}:0`, {
      write: () => this.#wake(),
      read: () => this.#wake(),
    });
    board.onPowerCut.push(() => this.#sleep());
  }

  /** The data line was low for long: nobody acknowledges that. */
  #wake(): never {
    const { now } = this.#board.world;
    if (!this.#awake) {
      this.#awakeAt = now;
      this.#readyAt = now + WAKE_TIME;
      this.#say(Uint8Array.of(AWAKE));
    }
    throw new Error("no acknowledge");
  }

  get #awake(): boolean {
    return this.#awakeAt !== undefined && this.#board.world.now < this.#awakeAt + WATCHDOG;
  }

  #sleep(): void {
    this.#awakeAt = undefined;
    this.#temporaryKey?.fill(0);
    this.#temporaryKey = undefined;
  }

  #check(): void {
    if (this.#awakeAt !== undefined && !this.#awake) this.#sleep();
    if (!this.#awake || this.#board.world.now < this.#readyAt) throw new Error("no acknowledge");
  }

  write(bytes: Uint8Array): void {
    this.#check();
    const [meaning, ...packet] = bytes;
    if (meaning === 0x00) this.#at = 0;
    else if (meaning === 0x01) this.#sleep();
    else if (meaning === 0x02) this.#awakeAt = undefined;
    else if (meaning === 0x03) this.#take(Uint8Array.from(packet));
    else this.protocolErrors++;
  }

  read(byteLength: number): Uint8Array {
    this.#check();
    return Uint8Array.from({ length: byteLength }, () => this.#output[this.#at++] ?? 0xff);
  }

  #take(packet: Uint8Array): void {
    const body = packet.subarray(0, -2);
    const good =
      packet.length >= 7 && packet[0] === packet.length && Buffer.from(crc(body)).equals(packet.subarray(-2));
    if (!good) {
      this.#say(Uint8Array.of(COMMUNICATION_ERROR));
      return;
    }
    const [, code = 0, mode = 0, low = 0, high = 0] = body;
    const answer = this.#obey(code, mode, low | (high << 8), body.slice(5));
    this.#readyAt = this.#board.world.now + (times[code] ?? 1);
    this.#say(answer);
  }

  #obey(code: number, mode: number, parameter: number, data: Uint8Array): Uint8Array {
    switch (code) {
      case 0x02:
        return mode === 0x80 && parameter === 0 ? this.#configuration() : Uint8Array.of(PARSE_ERROR);
      case 0x16:
        if (mode !== 0x03 || data.length !== 32) return Uint8Array.of(PARSE_ERROR);
        this.#temporaryKey = data;
        return Uint8Array.of(SUCCESS);
      case 0x1b:
        return this.#random.bytes(32);
      case 0x24:
        return this.#count(mode, parameter);
      case 0x30:
        return Uint8Array.of(0x00, 0x00, 0x60, 0x03);
      case 0x40: {
        const key = this.#keys.get(parameter);
        return mode === 0x00 && key !== undefined ? publicKey(key) : Uint8Array.of(EXECUTION_ERROR);
      }
      case 0x41: {
        const [key, digest] = [this.#keys.get(parameter), this.#temporaryKey];
        if (mode !== 0x80 || key === undefined || digest === undefined) return Uint8Array.of(EXECUTION_ERROR);
        this.#temporaryKey = undefined;
        return signDigest(key, digest, this.#random.bytes(40));
      }
      default:
        return Uint8Array.of(PARSE_ERROR);
    }
  }

  #configuration(): Uint8Array {
    const bytes = new Uint8Array(32);
    bytes.set(this.serial.subarray(0, 4));
    bytes.set([0x00, 0x00, 0x60, 0x03], 4);
    bytes.set(this.serial.subarray(4), 8);
    return bytes;
  }

  #count(mode: number, counter: number): Uint8Array {
    const value = this.counters[counter];
    if (value === undefined || mode > 1) return Uint8Array.of(PARSE_ERROR);
    if (mode === 1 && value === MOST_COUNT) return Uint8Array.of(EXECUTION_ERROR);
    this.counters[counter] = value + mode;
    return Uint8Array.from([0, 8, 16, 24], (shift) => (value + mode) >> shift);
  }

  #say(data: Uint8Array): void {
    const body = Uint8Array.of(data.length + 3, ...data);
    this.#output = Uint8Array.of(...body, ...crc(body));
    this.#at = 0;
  }
}

/** CRC-16 with polynomial 8005h over bits from the lowest, low byte first. */
function crc(bytes: Uint8Array): Uint8Array {
  let value = 0;
  for (const byte of bytes)
    for (let mask = 1; mask < 0x100; mask *= 2) {
      const differs = ((byte & mask) !== 0) !== value >= 0x8000;
      value = (value * 2) % 0x10000;
      if (differs) value ^= 0x8005;
    }
  return Uint8Array.of(value & 0xff, value >> 8);
}
