import type { World } from "../world/kernel.ts";
import type { CardPort, PortAnswer } from "./card-port.ts";

/** How a card speaks over its contacts. */
export interface CardManner {
  readonly protocol: 0 | 1;
  /** TA1; a card that has one takes PPS for it. */
  readonly speed?: number;
  /** TA2: its own speed and protocol at once. */
  readonly specific?: boolean;
  /** T=1: bytes of information that it takes in a block, and gives until it was told another number. */
  readonly informationSize?: number;
  /** T=1: code of the block waiting time. */
  readonly blockWaiting?: number;
  /** It says nothing to PPS. */
  readonly ignoresPps?: boolean;
  /** T=0: asks for data byte by byte. */
  readonly byteByByte?: boolean;
}

const rates: Readonly<Record<number, number>> = { 0: 372, 1: 372, 2: 558, 3: 744, 4: 1116, 9: 512, 10: 768, 11: 1024 };
const divisors: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 4: 8, 5: 16, 6: 32, 8: 12, 9: 20 };

/** Clock cycles of one elementary time unit. */
export function unitOf(speed: number): number {
  return rates[speed >> 4]! / divisors[speed & 0x0f]!;
}

const xor = (bytes: readonly number[]) => bytes.reduce((sum, byte) => sum ^ byte, 0);

/** A card's chip behind its contacts: answer to reset, PPS, T=0 or T=1 (ISO/IEC 7816-3), byte by byte. */
export class CardChip {
  readonly port: CardPort;
  readonly #manner: CardManner;
  readonly #world: World;
  readonly #send: (bytes: readonly number[]) => void;
  /** Clock cycles of its time unit now. */
  unit = 372;
  #life = 0;
  #phase: "off" | "fresh" | "speaking" = "off";
  #received: number[] = [];
  // --- T=1
  #cardNumber = 0;
  #command: number[] = [];
  #answer: number[] = [];
  #readerSize = 32;
  #last: readonly number[] = [];
  #thinkingUntil: number | undefined;
  // --- T=0
  #header: readonly number[] = [];
  #data: number[] = [];
  /** Bytes of data that it has asked for. */
  #wanted = 0;

  constructor(world: World, port: CardPort, manner: CardManner, send: (bytes: readonly number[]) => void) {
    this.#world = world;
    this.port = port;
    this.#manner = manner;
    this.#send = send;
  }

  powerOff(): void {
    if (this.#phase !== "off") this.port.powerOff?.();
    this.#phase = "off";
    this.#life++;
  }

  /** RST has risen with supply and clock on. */
  reset(): void {
    const { protocol, speed, specific = false, informationSize = 32, blockWaiting = 4 } = this.#manner;
    this.#life++;
    this.#phase = "fresh";
    this.#received = [];
    this.#cardNumber = 0;
    this.#command = [];
    this.#answer = [];
    this.#readerSize = 32;
    this.#last = [];
    this.#expected = 0;
    this.#wanted = 0;
    this.#thinkingUntil = undefined;
    this.unit = 372;
    const history = this.port.reset();
    if (history.length === 0) {
      this.#phase = "off";
      return;
    }
    if (protocol === 0 && speed === undefined && !specific) {
      this.#say([...history], 2);
      return;
    }
    // TD1 is there for T=1 and for TA2; TD2 and the third group for T=1.
    const second = protocol === 1 || specific;
    const groups = [
      (speed === undefined ? 0 : 0x10) | (second ? 0x80 : 0),
      ...(speed === undefined ? [] : [speed]),
      ...(second ? [(specific ? 0x10 : 0) | (protocol === 1 ? 0x80 : 0) | protocol] : []),
      ...(specific ? [protocol] : []),
      ...(protocol === 1 ? [0x31, informationSize, (blockWaiting << 4) | 0x05] : []),
    ];
    const checked = protocol === 1;
    this.#say([0x3b, ...groups, ...(checked ? [xor(groups)] : [])], 2);
    if (specific && speed !== undefined) this.#later(5, () => this.#speak(speed));
  }

  #say(bytes: readonly number[], milliseconds = 0.5): void {
    this.#later(milliseconds, () => this.#send(bytes));
  }

  #later(milliseconds: number, action: () => void): void {
    const life = this.#life;
    this.#world.after(milliseconds, () => {
      if (life === this.#life) action();
    });
  }

  #speak(speed: number): void {
    this.unit = unitOf(speed);
    this.#phase = "speaking";
  }

  /** Bytes that came at the card's own speed. */
  hear(bytes: Uint8Array): void {
    if (this.#phase === "off") return;
    this.#received.push(...bytes);
    if (this.#phase === "fresh" && this.#received[0] === 0xff) {
      this.#selectParameters();
      return;
    }
    this.#phase = "speaking";
    if (this.#manner.protocol === 1) this.#blocks();
    else this.#bytes();
  }

  #selectParameters(): void {
    const [, format = 0] = this.#received;
    const length = 3 + ((format & 0x10) === 0 ? 0 : 1);
    if (this.#received.length < Math.max(3, length)) return;
    const request = this.#received.splice(0, length);
    const { speed, protocol, ignoresPps = false } = this.#manner;
    if (ignoresPps || xor(request) !== 0 || (format & 0x0f) !== protocol) return;
    const taken = (format & 0x10) !== 0 && request[2] === speed;
    const answer = taken ? request : [0xff, protocol, 0xff ^ protocol];
    this.#say(answer, 1);
    this.#later(1 + answer.length * 1.3, () => this.#speak(taken ? speed! : 0x11));
  }

  // --- T=1

  #blocks(): void {
    const received = this.#received;
    if (received.length < 3 || received.length < 4 + received[2]!) return;
    const block = received.splice(0);
    const whole = block.length === 4 + block[2]! && xor(block) === 0;
    if (!whole || block[0] !== 0) this.#complain(whole ? 2 : 1);
    else this.#obey(block[1]!, block.slice(3, -1));
  }

  /** Number of the reader's block that comes next. */
  #expected = 0;

  #block([type = 0, ...information]: readonly number[], milliseconds = 1): void {
    const block = [0, type, information.length, ...information];
    this.#say([...block, xor(block)], milliseconds);
  }

  /** A block that the reader may ask for again: a part of the answer, or a request for time. */
  #lasting(block: readonly number[], milliseconds = 1): void {
    this.#last = block;
    this.#block(block, milliseconds);
  }

  /** Something that is no block came: a request for time is made again (11.6.3.2, rule 7.3), else the block is asked for. */
  #complain(error: number): void {
    if (this.#last[0] === 0xc3) this.#block(this.#last);
    else this.#block([0x80 | (this.#expected << 4) | error]);
  }

  #obey(type: number, information: readonly number[]): void {
    if ((type & 0x80) === 0) this.#information(type, information);
    else if ((type & 0xc0) === 0x80) this.#acknowledged(type);
    else if (type === 0xc1) {
      this.#readerSize = information[0]!;
      this.#expected = 0;
      this.#block([0xe1, ...information]);
    } else if (type === 0xe3) {
      this.#last = [];
      this.#think(information[0]!);
    }
  }

  #information(type: number, information: readonly number[]): void {
    const number = (type >> 6) & 1;
    if (number !== this.#expected || information.length > (this.#manner.informationSize ?? 32)) {
      this.#complain(2);
      return;
    }
    this.#expected ^= 1;
    this.#last = [];
    this.#command.push(...information);
    if ((type & 0x20) !== 0) {
      this.#block([0x80 | (this.#expected << 4)]);
      return;
    }
    const answer = this.port.transmit(Uint8Array.from(this.#command.splice(0)));
    if (answer === undefined) {
      this.#phase = "off";
      return;
    }
    this.#answer = [...answer.bytes];
    this.#thinkingUntil = this.#world.now + (answer.afterMs ?? 0);
    this.#think(1);
  }

  /** Milliseconds of the block waiting time at 3.57 MHz. */
  get #blockTime(): number {
    return 2 ** (this.#manner.blockWaiting ?? 4) * 100;
  }

  #think(times: number): void {
    const left = this.#thinkingUntil! - this.#world.now;
    const time = this.#blockTime * times;
    if (left < time * 0.9) this.#later(Math.max(0, left), () => this.#part());
    else this.#lasting([0xc3, Math.min(255, Math.ceil(left / this.#blockTime) + 1)], time / 2);
  }

  #part(): void {
    const part = this.#answer.splice(0, this.#readerSize);
    const more = this.#answer.length > 0 ? 0x20 : 0;
    this.#lasting([(this.#cardNumber << 6) | more, ...part]);
    this.#cardNumber ^= 1;
  }

  #acknowledged(type: number): void {
    const number = (type >> 4) & 1;
    const sent = this.#last.length > 0;
    const wanted = sent && (this.#last[0] === 0xc3 || number === (this.#cardNumber ^ 1));
    if (wanted) this.#block(this.#last);
    else if (this.#answer.length > 0 && sent) this.#part();
    else this.#block([0x80 | (this.#expected << 4)]);
  }

  // --- T=0

  #bytes(): void {
    if (this.#wanted > 0) {
      if (this.#received.length < this.#wanted) return;
      this.#data.push(...this.#received.splice(0, this.#wanted));
      this.#wanted = 0;
      this.#ask();
      return;
    }
    if (this.#received.length < 5) return;
    this.#header = this.#received.splice(0, 5);
    this.#data = [];
    if (this.#takesData()) this.#ask();
    else this.#give(this.port.transmit(Uint8Array.from(this.#header)));
  }

  /** Whether the command brings data: by its instruction, as the cards of this world know them (EMV 4.3 Book 3, 6.5; Book 1, 11). */
  #takesData(): boolean {
    return this.#header[4] !== 0 && [0xa4, 0xa8, 0xae, 0x88, 0x82, 0x20, 0xda, 0xd6].includes(this.#header[1]!);
  }

  /** Asks for the rest of the data, at once or one byte more. */
  #ask(): void {
    const left = this.#header[4]! - this.#data.length;
    if (left === 0) {
      this.#give(this.port.transmit(Uint8Array.from([...this.#header, ...this.#data])));
      return;
    }
    const instruction = this.#header[1]!;
    const count = this.#manner.byteByByte === true ? 1 : left;
    this.#say([count < left || this.#manner.byteByByte === true ? instruction ^ 0xff : instruction]);
    this.#wanted = count;
  }

  /** NULL bytes while it thinks, then data behind the instruction's code, then the status. */
  #give(answer: PortAnswer): void {
    if (answer === undefined) {
      this.#phase = "off";
      return;
    }
    const bytes = [...answer.bytes];
    const [data, status] = [bytes.slice(0, -2), bytes.slice(-2)];
    const expected = this.#header[4]! || 256;
    const thinking = answer.afterMs ?? 0;
    for (let at = 400; at < thinking; at += 400) this.#say([0x60], at);
    const instruction = this.#header[1]!;
    if (data.length === 0 || this.#takesData()) this.#say(status, thinking + 0.5);
    else if (data.length !== expected) this.#say([0x6c, data.length & 0xff], thinking + 0.5);
    else if (this.#manner.byteByByte === true)
      data.forEach((byte, index) => {
        this.#say([instruction ^ 0xff, byte], thinking + 0.5 + index);
        if (index === data.length - 1) this.#say(status, thinking + 1.5 + index);
      });
    else this.#say([instruction, ...data, ...status], thinking + 0.5);
  }
}
