import { copy, parity } from "../../../firmware/codec/bytes.ts";
import type { CardFault } from "../../chip.ts";

/**
 * ALPAR, the serial protocol of the TDA8029 (NXP AN10207): 60h for a command and its answer, or E0h for a refusal; two bytes of
 * length of the data; the command's code, which the answer repeats; the data; the XOR of all of it.
 */
export const alparStart = Object.freeze({ accepted: 0x60, refused: 0xe0 });

/** The codes of the commands that this driver uses. */
export const alparCode = Object.freeze({
  cardCommand: 0x00,
  checkCardPresence: 0x09,
  powerOff: 0x4d,
  powerUp5V: 0x6e,
  /** Sent unasked: data 01h, a card was put in; 00h, it was taken out. */
  cardEvent: 0xa0,
});

/** Parameter of power up: the answer to reset must hold to EMV Book 1, 8.3. */
export const POWER_UP_EMV = 0x01;
export const ALPAR_MAXIMUM_DATA = 506;
export const CARD_ABSENT = 0xc0;
/** Bytes outside of any frame before the line counts as babbling. */
const NOISE_LIMIT = 64;

/** What the status byte of a refusal means; every other one is the card's rubbish. */
const faults: Readonly<Record<number, CardFault>> = Object.freeze({
  8: "coupler", // answer longer than the buffer
  32: "coupler", // wrong APDU
  33: "coupler", // APDU too short
  34: "mute", // in the middle of a T=1 exchange
  53: "coupler", // bad parameter
  57: "mute", // no answer to PPS
  85: "coupler", // unknown command
  128: "mute", // no answer to reset
  129: "mute", // waiting time exceeded
  161: "coupler", // deactivated by the hardware: short circuit, over-current
  [CARD_ABSENT]: "removed",
  225: "coupler", // clock not accepted
  226: "coupler", // UART overflow
  227: "coupler", // supply dropped
  228: "coupler", // too hot
  233: "coupler", // framing error on the serial line
  240: "coupler", // wrong check byte on the serial line
  255: "coupler", // command broke off on the serial line
});

/** Refusals of a command that the coupler did not understand: their code may be any. */
const unheard: readonly number[] = Object.freeze([0xe9, 0xf0, 0xff]);

export function alparFault(status: number | undefined): CardFault {
  return (status === undefined ? undefined : faults[status]) ?? "protocol";
}

export function isUnheard(frame: AlparFrame): boolean {
  return frame.refused && frame.data.length === 1 && unheard.includes(frame.data[0]!);
}

export interface AlparFrame {
  readonly refused: boolean;
  readonly code: number;
  readonly data: Uint8Array;
}

/** A command as it goes over the line; `data` is at most `ALPAR_MAXIMUM_DATA` bytes. */
export function encodeAlpar(code: number, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(data.length + 5);
  frame[0] = alparStart.accepted;
  frame[1] = data.length >> 8;
  frame[2] = data.length;
  frame[3] = code;
  copy(data, frame, 4);
  frame[frame.length - 1] = parity(frame, 0, frame.length - 1);
  return frame;
}

/** Finds frames in what the coupler sends, however it is cut into reads; wipes what it has handed on. */
export class AlparReader {
  readonly #buffer = new Uint8Array(ALPAR_MAXIMUM_DATA + 5);
  #length = 0;
  #noise = 0;

  /** True between the first and the last byte of a frame. */
  get unfinished(): boolean {
    return this.#length > 0;
  }

  /** The frames that ended in `bytes`; "damaged" for one with a wrong length or check byte, and for babble. */
  receive(bytes: Uint8Array): (AlparFrame | "damaged")[] {
    const found: (AlparFrame | "damaged")[] = [];
    for (let at = 0; at < bytes.length; ) {
      at += this.#length < 4 ? this.#takeHead(bytes[at]!, found) : this.#takeBody(bytes, at, found);
    }
    return found;
  }

  /** Drops an unfinished frame. */
  reset(): void {
    this.#buffer.fill(0, 0, this.#length);
    this.#length = 0;
    this.#noise = 0;
  }

  #takeHead(byte: number, found: (AlparFrame | "damaged")[]): number {
    if (this.#length === 0 && byte !== alparStart.accepted && byte !== alparStart.refused) {
      if (++this.#noise >= NOISE_LIMIT) this.#damaged(found);
      return 1;
    }
    this.#buffer[this.#length++] = byte;
    if (this.#length === 4 && this.#dataLength() > ALPAR_MAXIMUM_DATA) this.#damaged(found);
    return 1;
  }

  #takeBody(bytes: Uint8Array, at: number, found: (AlparFrame | "damaged")[]): number {
    const end = this.#dataLength() + 5;
    const part = bytes.subarray(at, at + end - this.#length);
    copy(part, this.#buffer, this.#length);
    this.#length += part.length;
    if (this.#length === end) this.#finish(end, found);
    return part.length;
  }

  #finish(end: number, found: (AlparFrame | "damaged")[]): void {
    const buffer = this.#buffer;
    if (parity(buffer, 0, end) !== 0) {
      this.#damaged(found);
      return;
    }
    found.push({
      refused: buffer[0] === alparStart.refused,
      code: buffer[3]!,
      data: buffer.slice(4, end - 1),
    });
    this.reset();
  }

  #damaged(found: (AlparFrame | "damaged")[]): void {
    found.push("damaged");
    this.reset();
  }

  #dataLength(): number {
    return (this.#buffer[1]! << 8) | this.#buffer[2]!;
  }
}
