import type { CardFault } from "../../chip.ts";
import type { CardLine } from "./card-line.ts";

/** Block types (ISO/IEC 7816-3:2006, 11.3.2.2). */
const SEQUENCE = 0x40;
const MORE = 0x20;
const R_BLOCK = 0x80;
const R_SEQUENCE = 0x10;
const EDC_ERROR = 0x01;
const OTHER_ERROR = 0x02;
const S_IFS = 0xc1;
const S_ABORT = 0xc2;
const S_WTX = 0xc3;
const RESPONSE = 0x20;

/** Bytes before and after a block's information: node address, type, length; check byte. */
const PROLOGUE = 3;
const EPILOGUE = 1;
/** Bytes of information that this side takes in a block (EMV 4.3 Book 1, 9.2.4.2). */
const OWN_SIZE = 254;
/** Attempts of one block (Book 1, 9.2.5.1). */
const ATTEMPTS = 3;
const LONGEST_RESPONSE = 1_024;
/** Times that a card may ask for more time in one command. */
const MOST_EXTENSIONS = 60;

export interface T1Settings {
  readonly informationSize: number;
  /** Milliseconds: until a block begins, from one character to the next. */
  readonly blockTime: number;
  readonly characterTime: number;
}

type Then = (error: CardFault | undefined, response: Uint8Array) => void;

/**
 * The block protocol T=1, the interface device's side: chaining both ways, waiting times, and blocks that are asked for again
 * (ISO/IEC 7816-3:2006, 11.6; EMV 4.3 Book 1, 9.2.4 and 9.2.5).
 */
export class T1 {
  readonly #line: CardLine;
  readonly #settings: T1Settings;
  #cardSize: number;
  /** Numbers of the next block of each side. */
  #own = 0;
  #cards = 0;
  #command = new Uint8Array(0);
  #sent = 0;
  #part = 0;
  #response = new Uint8Array(0);
  #attempts = 0;
  #extensions = 0;
  #last = new Uint8Array(0);
  #then: Then = () => {};

  constructor(line: CardLine, settings: T1Settings) {
    this.#line = line;
    this.#settings = settings;
    this.#cardSize = settings.informationSize;
  }

  /** Tells the card how long blocks may be. */
  start(then: Then): void {
    this.#begin(then);
    this.#send(S_IFS, Uint8Array.of(OWN_SIZE));
  }

  transmit(command: Uint8Array, then: Then): void {
    this.#begin(then);
    this.#command = command.slice();
    this.#sendPart();
  }

  #begin(then: Then): void {
    this.#then = then;
    this.#command = new Uint8Array(0);
    this.#sent = 0;
    this.#part = 0;
    this.#response = new Uint8Array(0);
    this.#attempts = 0;
    this.#extensions = 0;
  }

  #sendPart(): void {
    const part = this.#command.subarray(this.#sent, this.#sent + this.#cardSize);
    this.#part = part.length;
    const more = this.#sent + part.length < this.#command.length;
    this.#send((this.#own === 0 ? 0 : SEQUENCE) | (more ? MORE : 0), part);
  }

  #send(type: number, information: Uint8Array, times = 1): void {
    const block = new Uint8Array(PROLOGUE + information.length + EPILOGUE);
    block.set([0, type, information.length]);
    block.set(information, PROLOGUE);
    block[block.length - 1] = block.reduce((sum, byte) => sum ^ byte, 0);
    if ((type & 0x80) === 0 || type === S_IFS) {
      this.#last.fill(0);
      this.#last = block;
    }
    this.#exchange(block, times);
  }

  #exchange(block: Uint8Array, times = 1): void {
    const { blockTime, characterTime } = this.#settings;
    this.#line.exchange(block, {
      enough: (bytes) => (bytes.length < PROLOGUE ? PROLOGUE : PROLOGUE + bytes[2]! + EPILOGUE),
      first: blockTime * times,
      next: characterTime,
      heard: (bytes) => this.#judge(bytes),
    });
  }

  #judge(block: Uint8Array | undefined): void {
    if (block === undefined) {
      this.#again("mute", OTHER_ERROR);
      return;
    }
    const whole = block.length === PROLOGUE + (block[2] ?? 0) + EPILOGUE;
    if (!whole || block.reduce((sum, byte) => sum ^ byte, 0) !== 0) {
      this.#again("protocol", EDC_ERROR);
    } else if (block[0] !== 0 || block[2] === 0xff) {
      this.#again("protocol", OTHER_ERROR);
    } else {
      const information = block.slice(PROLOGUE, -EPILOGUE);
      const type = block[1]!;
      if ((type & 0x80) === 0) this.#information(type, information);
      else if ((type & 0xc0) === R_BLOCK) this.#acknowledged(type, information.length);
      else this.#supervised(type, information);
      information.fill(0);
    }
    block.fill(0);
  }

  #information(type: number, information: Uint8Array): void {
    const whole = this.#command.length > 0 && this.#sent + this.#part === this.#command.length;
    if (((type & SEQUENCE) !== 0) !== (this.#cards === 1) || !whole) {
      this.#again("protocol", OTHER_ERROR);
      return;
    }
    if (this.#response.length === 0) this.#own ^= 1;
    this.#attempts = 0;
    this.#cards ^= 1;
    const joined = new Uint8Array(this.#response.length + information.length);
    joined.set(this.#response);
    joined.set(information, this.#response.length);
    this.#response.fill(0);
    this.#response = joined;
    if (joined.length > LONGEST_RESPONSE || (joined.length === 0 && (type & MORE) !== 0)) this.#end("protocol");
    else if ((type & MORE) !== 0) this.#acknowledge(0);
    else if (joined.length < 2) this.#end("protocol");
    else this.#end(undefined);
  }

  #acknowledge(error: number): void {
    this.#send(R_BLOCK | (this.#cards === 0 ? 0 : R_SEQUENCE) | error, new Uint8Array(0));
  }

  /** The other number acknowledges a chained part, the same one asks for the last block again. */
  #acknowledged(type: number, length: number): void {
    const number = (type & R_SEQUENCE) === 0 ? 0 : 1;
    const chaining = this.#sent + this.#part < this.#command.length;
    if (length > 0) this.#again("protocol", OTHER_ERROR);
    else if (this.#response.length === 0 && chaining && number !== this.#own && (type & 0x0f) === 0) {
      this.#attempts = 0;
      this.#own ^= 1;
      this.#sent += this.#part;
      this.#sendPart();
    } else if (this.#response.length === 0 && number === this.#own) this.#repeat("protocol");
    else if (this.#response.length > 0) this.#again("protocol", OTHER_ERROR);
    else this.#repeat("protocol");
  }

  #supervised(type: number, information: Uint8Array): void {
    const [value = 0] = information;
    if (type === (S_IFS | RESPONSE) && this.#command.length === 0 && information.length === 1 && value === OWN_SIZE)
      this.#end(undefined);
    else if (type === S_IFS && information.length === 1 && value > 0 && value < 0xff) {
      this.#cardSize = value;
      this.#send(S_IFS | RESPONSE, information);
    } else if (type === S_WTX && information.length === 1 && value > 0 && this.#extensions++ < MOST_EXTENSIONS)
      this.#send(S_WTX | RESPONSE, information, value);
    else if (type === S_ABORT) this.#end("protocol");
    else this.#again("protocol", OTHER_ERROR);
  }

  /** Says that nothing good came; before the first answer to a supervisory block that block itself is sent again. */
  #again(fault: CardFault, error: number): void {
    if (++this.#attempts >= ATTEMPTS) this.#end(fault);
    else if (this.#command.length === 0) this.#exchange(this.#last);
    else this.#acknowledge(error);
  }

  #repeat(fault: CardFault): void {
    if (++this.#attempts >= ATTEMPTS) this.#end(fault);
    else this.#exchange(this.#last);
  }

  #end(error: CardFault | undefined): void {
    const response = this.#response;
    this.#response = new Uint8Array(0);
    this.#command.fill(0);
    this.#command = new Uint8Array(0);
    this.#last.fill(0);
    this.#last = new Uint8Array(0);
    if (error === undefined) {
      this.#then(undefined, response);
      return;
    }
    response.fill(0);
    this.#then(error, new Uint8Array(0));
  }
}
