import type { Board, I2cPeer } from "../io/board.ts";
import type { DigitalWire } from "../io/digital-wire.ts";
import type { Cancellable } from "../world/kernel.ts";
import type { CardPort } from "./card-port.ts";
import type { Field } from "./field.ts";
import { ACKNOWLEDGE, answerFrame, commandOf, REPEAT, SYNTAX_ERROR } from "./pn532-frames.ts";
import { type FoundCard, Poll } from "./pn532-poll.ts";

/** Status bytes (UM0701-02, 7.1). */
const OK = 0x00;
const TIMED_OUT = 0x01;
const INVALID_PARAMETER = 0x10;
const NOT_IN_THIS_STATE = 0x27;
const MORE = 0x40;

const MOST_DATA = 262;
/** Milliseconds. */
const THINKING = 1;
const BYTE_IN_THE_AIR = 0.095;
const CARD_TIMEOUT = 120;

type Handler = (data: Uint8Array) => void;

interface Target {
  readonly port: CardPort;
  /** Parts of a command that is still coming, and of an answer that the host has not fetched. */
  command: number[];
  rest: Uint8Array;
}

/** The contactless coupler PN532 on I2C with its interrupt pin, and the antenna's field. */
export class Pn532Chip implements I2cPeer {
  readonly #board: Board;
  readonly #field: Field;
  readonly #interrupt: DigitalWire;
  readonly #handlers: Readonly<Record<number, Handler>>;
  #fieldOn = false;
  #interruptDriven = true;
  /** Frames that the host has not read: the acknowledge, the answer. */
  #output: Uint8Array[] = [];
  #lastAnswer: Uint8Array | undefined;
  #code = 0;
  #running: Cancellable | undefined;
  #poll: Poll | undefined;
  #exchanging: Target | undefined;
  readonly #targets = new Map<number, Target>();
  /** Frames with wrong sums and commands that the chip has no sense for. */
  protocolErrors = 0;

  constructor(
    board: Board,
    wires: { readonly bus: number; readonly address: number; readonly interrupt: number },
    field: Field,
  ) {
    this.#board = board;
    this.#field = field;
    this.#interrupt = board.digitalWire(wires.interrupt);
    board.i2c.set(`${wires.bus}:${wires.address}`, this);
    board.onPowerCut.push(() => this.#reset());
    field.watch(() => this.#fieldChanged());
    this.#handlers = {
      0: (data) => this.#diagnose(data),
      2: () => this.#answer(Uint8Array.of(0x32, 0x01, 0x06, 0x07)),
      20: (data) => this.#configureSecurityModule(data),
      50: (data) => this.#configureField(data),
      64: (data) => this.#exchange(data),
      96: (data) => this.#autoPoll(data),
    };
  }

  // --- the bus

  write(bytes: Uint8Array): void {
    if (startsWith(bytes, ACKNOWLEDGE)) this.#breakOff();
    else if (startsWith(bytes, REPEAT)) this.#repeat();
    else this.#take(commandOf(bytes));
  }

  /** A read takes the whole frame: what does not fit is lost. */
  read(byteLength: number): Uint8Array {
    const bytes = new Uint8Array(byteLength);
    const output = this.#output.shift();
    if (output === undefined) return bytes;
    bytes[0] = 1;
    bytes.set(output.subarray(0, byteLength - 1), 1);
    this.#interrupt.drive(1);
    this.#drive();
    return bytes;
  }

  /** Frames with wrong sums are not heard at all. */
  #take(command: Uint8Array | undefined): void {
    if (command === undefined) {
      this.protocolErrors++;
      return;
    }
    this.#breakOff();
    this.#later(THINKING, () => {
      this.#offer(ACKNOWLEDGE);
      this.#code = command[0]!;
      const handler = this.#handlers[this.#code];
      if (handler === undefined) this.#refuse();
      else handler(command.subarray(1));
    });
  }

  #repeat(): void {
    if (this.#lastAnswer !== undefined) this.#offer(this.#lastAnswer);
  }

  #breakOff(): void {
    this.#running?.cancel();
    this.#poll?.cancel();
    this.#poll = undefined;
    this.#exchanging = undefined;
    this.#output = [];
    this.#drive();
  }

  #offer(frame: Uint8Array): void {
    this.#output.push(frame);
    this.#drive();
  }

  #drive(): void {
    this.#interrupt.drive(this.#output.length > 0 && this.#interruptDriven ? 0 : 1);
  }

  #refuse(): void {
    this.protocolErrors++;
    this.#later(THINKING, () => this.#offer(SYNTAX_ERROR));
  }

  #answer(data: Uint8Array, milliseconds = THINKING): void {
    this.#later(milliseconds, () => {
      this.#exchanging = undefined;
      this.#lastAnswer = answerFrame(this.#code + 1, data);
      this.#offer(this.#lastAnswer);
    });
  }

  #later(milliseconds: number, action: () => void): void {
    this.#running = this.#board.world.after(milliseconds, action);
  }

  // --- the commands

  #diagnose(data: Uint8Array): void {
    if (data[0] !== 0x06) this.#refuse();
    else if (this.#targets.size > 0) this.#answer(Uint8Array.of(OK), 3);
    else this.#answer(Uint8Array.of(TIMED_OUT), CARD_TIMEOUT);
  }

  #configureSecurityModule(data: Uint8Array): void {
    this.#interruptDriven = data[2] !== 0;
    this.#answer(new Uint8Array(0));
  }

  #configureField(data: Uint8Array): void {
    if (data[0] === 0x01) {
      this.#fieldOn = ((data[1] ?? 0) & 1) === 1;
      if (!this.#fieldOn) this.#dropTargets(() => true);
    }
    this.#answer(new Uint8Array(0));
  }

  #autoPoll(data: Uint8Array): void {
    const [rounds = 0, period = 0, ...types] = data;
    if (rounds === 0 || period === 0 || types.length === 0) {
      this.#refuse();
      return;
    }
    this.#fieldOn = true;
    this.#dropTargets(() => true);
    this.#poll = new Poll(this.#board.world, this.#field, { rounds, period, types }, (found) => this.#introduce(found));
  }

  #introduce(found: readonly FoundCard[]): void {
    this.#poll = undefined;
    const told = [found.length];
    found.forEach(({ port, type, data }, index) => {
      this.#targets.set(index + 1, { port, command: [], rest: new Uint8Array(0) });
      told.push(type, data.length + 1, index + 1, ...data);
    });
    this.#dropTargets((port) => !this.#field.cards.includes(port));
    this.#answer(Uint8Array.from(told));
  }

  #exchange(data: Uint8Array): void {
    const [head = 0] = data;
    const target = this.#targets.get(head & 0x3f);
    if (data.length > MOST_DATA + 1) this.#answer(Uint8Array.of(INVALID_PARAMETER));
    else if (target === undefined && (head & 0x3f) > 2) this.#answer(Uint8Array.of(NOT_IN_THIS_STATE));
    else if (target === undefined) this.#answer(Uint8Array.of(TIMED_OUT), CARD_TIMEOUT);
    else if (data.length === 1) this.#give(target, 0);
    else this.#pass(target, data.subarray(1), (head & MORE) !== 0);
  }

  #pass(target: Target, part: Uint8Array, more: boolean): void {
    target.command.push(...part);
    const flight = part.length * BYTE_IN_THE_AIR;
    if (more) {
      this.#answer(Uint8Array.of(OK), flight);
      return;
    }
    const command = Uint8Array.from(target.command.splice(0));
    this.#exchanging = target;
    this.#later(flight, () => {
      const answer = target.port.transmit(command);
      if (answer === undefined) {
        this.#answer(Uint8Array.of(TIMED_OUT), CARD_TIMEOUT);
        return;
      }
      target.rest = answer.bytes.slice();
      this.#give(target, answer.afterMs ?? 0);
    });
  }

  /** The next part of the card's answer. */
  #give(target: Target, milliseconds: number): void {
    const part = target.rest.slice(0, MOST_DATA);
    target.rest = target.rest.slice(part.length);
    const status = target.rest.length > 0 ? OK | MORE : OK;
    this.#answer(Uint8Array.of(status, ...part), milliseconds + THINKING + part.length * BYTE_IN_THE_AIR);
  }

  // --- the air

  #fieldChanged(): void {
    this.#dropTargets((port) => !this.#field.cards.includes(port));
    this.#poll?.fieldChanged();
    const exchanging = this.#exchanging;
    if (exchanging === undefined || this.#field.cards.includes(exchanging.port)) return;
    this.#running?.cancel();
    this.#answer(Uint8Array.of(TIMED_OUT), CARD_TIMEOUT);
  }

  #dropTargets(which: (port: CardPort) => boolean): void {
    for (const [number, target] of this.#targets) {
      if (!which(target.port)) continue;
      this.#targets.delete(number);
      target.port.powerOff?.();
    }
  }

  #reset(): void {
    this.#breakOff();
    this.#dropTargets(() => true);
    this.#fieldOn = false;
    this.#interruptDriven = true;
    this.#lastAnswer = undefined;
  }
}

function startsWith(bytes: Uint8Array, head: Uint8Array): boolean {
  return bytes.length >= head.length && head.every((byte, index) => bytes[index] === byte);
}
