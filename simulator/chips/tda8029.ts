import type { Board } from "../io/board.ts";
import type { SerialPeer, SerialWire } from "../io/serial-wire.ts";
import type { Cancellable } from "../world/kernel.ts";
import type { CardPort } from "./card-port.ts";

/** Status bytes of a refusal (NXP AN10207, error list). */
const refusal = {
  bufferLength: 0x08,
  shortApdu: 0x21,
  unknownCommand: 0x55,
  badParameter: 0x35,
  muteAfterReset: 0x80,
  waitingTimeExceeded: 0x81,
  noTb1: 0x93,
  badTb1: 0x94,
  cardAbsent: 0xc0,
  badFirstCharacter: 0xc4,
  badCheckByte: 0xf0,
  brokenOff: 0xff,
} as const;

const MAXIMUM_DATA = 506;
/** Milliseconds. */
const THINKING = 1;
const RESET_TIME = 20;
const NO_RESET_ANSWER = 60;
/** Two bits of guard time on top of ten at 9600 bit/s. */
const CHARACTER_TIME = 1.25;
/** Work waiting time of 10,080 elementary time units. */
const WAITING_TIME = 1_084;
const LINE_TIMEOUT = 200;

type Handler = (data: Uint8Array) => void;

/** The coupler TDA8029 with its card slot: ALPAR frames on one side, a card on the other. */
export class Tda8029Chip implements SerialPeer {
  readonly #board: Board;
  readonly #wire: SerialWire;
  readonly #handlers: Readonly<Record<number, Handler>>;
  #received: number[] = [];
  #lineTimeout: Cancellable | undefined;
  #card: CardPort | undefined;
  #powered = false;
  #command: number | undefined;
  #running: Cancellable | undefined;
  /** Commands that came while one was running: a driver that waits for its answers causes none. */
  protocolErrors = 0;

  constructor(board: Board, wires: { readonly port: number }) {
    this.#board = board;
    this.#wire = board.serialWire(wires.port);
    this.#wire.attach(this);
    board.onPowerCut.push(() => this.#reset());
    this.#handlers = {
      0: (data) => this.#cardCommand(data),
      9: () => this.#answer(Uint8Array.of(this.#card === undefined ? 0 : 1)),
      77: () => this.#powerOff(),
      110: (data) => this.#powerUp(data),
    };
  }

  // --- the world's side

  get card(): CardPort | undefined {
    return this.#card;
  }

  /** Puts a card into the slot; throws when there is one. */
  insert(card: CardPort): void {
    if (this.#card !== undefined) throw new Error("there is a card in the slot");
    this.#card = card;
    this.#send(0x60, 0xa0, Uint8Array.of(1));
  }

  /** Pulls the card out, whatever it is doing; false when there was none. */
  remove(): boolean {
    if (this.#card === undefined) return false;
    this.#dropPower();
    this.#card = undefined;
    if (this.#command === 0x00 || this.#command === 0x6e) this.#refuse(refusal.cardAbsent);
    this.#send(0x60, 0xa0, Uint8Array.of(0));
    return true;
  }

  // --- the line

  receive(bytes: Uint8Array): void {
    this.#lineTimeout?.cancel();
    this.#received.push(...bytes);
    const [start, high = 0, low = 0, code = 0] = this.#received;
    if (this.#received.length < 4) {
      this.#awaitMore(code);
      return;
    }
    const length = (high << 8) | low;
    const whole = this.#received.length >= length + 5;
    if (start === 0x60 && length <= MAXIMUM_DATA && !whole) {
      this.#awaitMore(code);
      return;
    }
    const frame = Uint8Array.from(this.#received.splice(0, whole ? length + 5 : this.#received.length));
    if (this.#command !== undefined) {
      this.protocolErrors++;
      return;
    }
    this.#command = code;
    if (start !== 0x60 || !whole || frame.reduce((sum, byte) => sum ^ byte, 0) !== 0)
      this.#refuse(refusal.badCheckByte);
    else this.#obey(code, frame.subarray(4, -1));
  }

  #awaitMore(code: number): void {
    this.#lineTimeout = this.#board.world.after(LINE_TIMEOUT, () => {
      this.#received = [];
      this.#send(0xe0, code, Uint8Array.of(refusal.brokenOff));
    });
  }

  #obey(code: number, data: Uint8Array): void {
    const handler = this.#handlers[code];
    this.#later(THINKING, () => {
      if (handler === undefined) this.#refuse(refusal.unknownCommand);
      else handler(data);
    });
  }

  // --- the commands

  #powerUp(data: Uint8Array): void {
    if (data.length !== 1 || data[0]! > 1) {
      this.#refuse(refusal.badParameter);
      return;
    }
    const card = this.#card;
    if (card === undefined) {
      this.#refuse(refusal.cardAbsent);
      return;
    }
    const atr = card.reset().slice();
    const problem = data[0] === 1 ? emvProblem(atr) : isoProblem(atr);
    const time = atr.length === 0 ? NO_RESET_ANSWER : RESET_TIME + atr.length * CHARACTER_TIME;
    this.#powered = true;
    this.#later(time, () => {
      if (problem === undefined) {
        this.#answer(atr);
        return;
      }
      this.#dropPower();
      this.#refuse(problem);
    });
  }

  #powerOff(): void {
    this.#dropPower();
    this.#answer(new Uint8Array(0));
  }

  #cardCommand(apdu: Uint8Array): void {
    const card = this.#card;
    if (card === undefined || !this.#powered) this.#refuse(refusal.cardAbsent);
    else if (apdu.length < 4) this.#refuse(refusal.shortApdu);
    else this.#later(apdu.length * CHARACTER_TIME, () => this.#hear(card.transmit(apdu.slice())));
  }

  #hear(answer: ReturnType<CardPort["transmit"]>): void {
    if (answer === undefined) {
      this.#later(WAITING_TIME, () => this.#refuse(refusal.waitingTimeExceeded));
      return;
    }
    const bytes = answer.bytes.slice();
    this.#later((answer.afterMs ?? 0) + (bytes.length + 1) * CHARACTER_TIME, () => {
      if (bytes.length > MAXIMUM_DATA) this.#refuse(refusal.bufferLength);
      else this.#answer(bytes);
    });
  }

  // --- what they have in common

  #later(milliseconds: number, action: () => void): void {
    this.#running = this.#board.world.after(milliseconds, action);
  }

  #answer(data: Uint8Array): void {
    this.#finish(0x60, data);
  }

  #refuse(status: number): void {
    this.#finish(0xe0, Uint8Array.of(status));
  }

  #finish(start: number, data: Uint8Array): void {
    const code = this.#command ?? 0;
    this.#running?.cancel();
    this.#command = undefined;
    this.#send(start, code, data);
  }

  #send(start: number, code: number, data: Uint8Array): void {
    if (!this.#board.powered) return;
    const frame = Uint8Array.of(start, data.length >> 8, data.length, code, ...data, 0);
    frame[frame.length - 1] = frame.reduce((sum, byte) => sum ^ byte, 0);
    this.#wire.send(frame);
  }

  #dropPower(): void {
    if (this.#powered) this.#card?.powerOff?.();
    this.#powered = false;
  }

  #reset(): void {
    this.#dropPower();
    this.#running?.cancel();
    this.#lineTimeout?.cancel();
    this.#received = [];
    this.#command = undefined;
  }
}

/** ISO/IEC 7816-3, 8.2.1: the first character is 3B or 3F. */
function isoProblem(atr: Uint8Array): number | undefined {
  if (atr.length === 0) return refusal.muteAfterReset;
  return atr[0] === 0x3b || atr[0] === 0x3f ? undefined : refusal.badFirstCharacter;
}

/** EMV 4.3 Book 1, 8.3.3.2: TB1 is there and 00. */
function emvProblem(atr: Uint8Array): number | undefined {
  const problem = isoProblem(atr);
  if (problem !== undefined) return problem;
  const formats = atr[1] ?? 0;
  if ((formats & 0x20) === 0) return refusal.noTb1;
  const place = (formats & 0x10) === 0 ? 2 : 3;
  return atr[place] === 0 ? undefined : refusal.badTb1;
}
