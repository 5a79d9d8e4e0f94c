import type { CardCompletion, CardFault, Chip } from "../../chip.ts";
import type { ClockSource, Digital, DigitalConstructor, SerialConstructor } from "../../io.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";
import { Timeouts } from "../timeouts.ts";
import { CardLine } from "./card-line.ts";
import {
  cyclesOf,
  DEFAULT_SPEED,
  type ResetAnswer,
  rateOf,
  readResetAnswer,
  resetAnswerLength,
} from "./reset-answer.ts";
import { T0 } from "./t0.ts";
import { T1 } from "./t1.ts";

export interface Iso7816Options {
  /** A UART with even parity, its two lines both on the card's one. */
  readonly serial: { readonly io: SerialConstructor; readonly port: number };
  /** Low: supply and clock are on. */
  readonly power: { readonly io: DigitalConstructor; readonly pin: number };
  /** The card's RST. */
  readonly reset: { readonly io: DigitalConstructor; readonly pin: number };
  /** High: a card is there, and its supply has no fault. */
  readonly present: { readonly io: DigitalConstructor; readonly pin: number };
  /** The card's clock, 1 to 5 MHz. */
  readonly hz: number;
  readonly clock: ClockSource;
  readonly onStateChange?: () => void;
  /** The line has failed; only `close` may follow. */
  readonly onError?: () => void;
}

interface Operation {
  readonly done: CardCompletion;
}

/** Clock cycles (ISO/IEC 7816-3:2006, 6.2.2 and 8.1; EMV 4.3 Book 1, 6.1.3): RST low, until the answer, between its characters. */
const RESET_LOW = 42_000;
const ANSWER_WITHIN = 42_000;
const CHARACTER_WITHIN = 10_080 * 372;
/** Milliseconds without power before the next activation. */
const OFF_TIME = 10;
const LONGEST_COMMAND = 261;
/** Bits of PPS0 and its first character. */
const PPSS = 0xff;
const PPS1 = 0x10;

/**
 * A coupler made of an analogue front end (TDA8035 and its like) and a UART: power, reset, answer to reset, PPS, T=0 and T=1
 * are here. A card that allows a faster speed gets it; one that does not answer PPS is reset and spoken to as slowly as all
 * cards take. After a command that found no good answer the card has no power.
 */
export class Iso7816 implements Chip {
  readonly #options: Iso7816Options;
  readonly #timeouts: Timeouts;
  readonly #line: CardLine;
  #power: Digital | undefined;
  #reset: Digital | undefined;
  #detector: Digital | undefined;
  #present = false;
  #protocol: T0 | T1 | undefined;
  #operation: Operation | undefined;
  #step: number | undefined;

  constructor(options: Iso7816Options) {
    const { serial, power, reset, present, hz, clock, onStateChange, onError } = options;
    checkIo("serial.io", serial.io);
    checkInteger("serial.port", serial.port, 0, 255);
    for (const [name, pin] of Object.entries({ power, reset, present })) {
      checkIo(`${name}.io`, pin.io);
      checkInteger(`${name}.pin`, pin.pin, 0, 255);
    }
    checkInteger("hz", hz, 1_000_000, 5_000_000);
    checkCallback("clock.setTimer", clock.setTimer);
    checkCallback("onStateChange", onStateChange);
    checkCallback("onError", onError);
    this.#options = options;
    this.#timeouts = new Timeouts(clock);
    this.#line = new CardLine(serial, this.#timeouts, () => this.#fail());
    try {
      this.#power = new power.io({ pin: power.pin, mode: "output" });
      this.#power.write(1);
      this.#reset = new reset.io({ pin: reset.pin, mode: "output" });
      this.#reset.write(0);
      this.#detector = new present.io({
        pin: present.pin,
        mode: "inputPullUp",
        edge: "both",
        onReadable: () => this.#look(),
      });
      this.#line.open(hz / 372);
      this.#timeouts.after(0, () => this.#look());
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get present(): boolean {
    return this.#present;
  }

  activate(done: CardCompletion): void {
    const operation = this.#begin(done);
    this.#powerOff();
    this.#later(OFF_TIME, () => {
      if (this.#present) this.#coldReset(operation, true);
      else this.#complete(operation, "removed");
    });
  }

  /** Throws `RangeError` for a command that is not 4 to 261 bytes long, or, over T=0, whose data are not as long as it says. */
  transmit(command: Uint8Array, done: CardCompletion): void {
    const { length } = command;
    const data = length > 5 ? command[4]! : 0;
    const counted = !(this.#protocol instanceof T0) || length <= 5 || length === 5 + data || length === 6 + data;
    if (length < 4 || length > LONGEST_COMMAND || !counted) throw new RangeError("length of the command APDU");
    const operation = this.#begin(done);
    if (this.#protocol === undefined) {
      this.#later(0, () => this.#complete(operation, this.#present ? "mute" : "removed"));
      return;
    }
    const own = command.slice();
    this.#protocol.transmit(own, (error, response) => {
      own.fill(0);
      if (error !== undefined) this.#powerOff();
      this.#complete(operation, error, response);
    });
  }

  deactivate(): void {
    this.#open();
    const operation = this.#operation;
    this.#operation = undefined;
    this.#powerOff();
    if (operation !== undefined) this.#timeouts.after(0, () => operation.done.call(this, "removed"));
  }

  close(): void {
    this.#operation = undefined;
    this.#powerOff();
    this.#line.close();
    this.#timeouts.cancelAll();
    for (const pin of [this.#power, this.#reset, this.#detector]) pin?.close();
    this.#power = undefined;
    this.#reset = undefined;
    this.#detector = undefined;
  }

  #open(): void {
    if (this.#detector === undefined) throw new Error("closed");
  }

  #begin(done: CardCompletion): Operation {
    this.#open();
    if (this.#operation !== undefined) throw new Error("busy");
    this.#operation = { done };
    return this.#operation;
  }

  #complete(operation: Operation, error: CardFault | undefined, bytes?: Uint8Array): void {
    if (operation !== this.#operation) {
      bytes?.fill(0);
      return;
    }
    this.#operation = undefined;
    if (error === undefined) operation.done.call(this, undefined, bytes);
    else operation.done.call(this, error);
  }

  #later(milliseconds: number, action: () => void): void {
    this.#timeouts.cancel(this.#step);
    this.#step = this.#timeouts.after(milliseconds, action);
  }

  /** ISO/IEC 7816-3, 6.4: RST low, then clock and supply off. */
  #powerOff(): void {
    this.#protocol = undefined;
    this.#timeouts.cancel(this.#step);
    this.#line.forget();
    this.#reset?.write(0);
    this.#power?.write(1);
  }

  // --- bringing a card to work

  #cycles(count: number): number {
    return (count * 1_000) / this.#options.hz;
  }

  #coldReset(operation: Operation, negotiate: boolean): void {
    this.#line.open(this.#options.hz / 372);
    this.#reset?.write(0);
    this.#power?.write(0);
    this.#later(Math.ceil(this.#cycles(RESET_LOW)), () => {
      this.#reset?.write(1);
      this.#line.exchange(new Uint8Array(0), {
        enough: resetAnswerLength,
        first: this.#cycles(ANSWER_WITHIN),
        next: this.#cycles(CHARACTER_WITHIN),
        heard: (bytes) => this.#answered(operation, bytes, negotiate),
      });
    });
  }

  #answered(operation: Operation, bytes: Uint8Array | undefined, negotiate: boolean): void {
    const answer = bytes === undefined ? undefined : readResetAnswer(bytes);
    if (bytes === undefined || answer === undefined) {
      this.#powerOff();
      this.#complete(operation, bytes === undefined ? "mute" : "protocol");
      return;
    }
    const speak = (speed: number) => this.#speak(operation, bytes, answer, speed);
    const faster = answer.speed !== DEFAULT_SPEED && cyclesOf(answer.speed) !== undefined;
    if (answer.specific) {
      if (cyclesOf(answer.speed) !== undefined) speak(answer.speed);
      else this.#answered(operation, new Uint8Array(1), false);
    } else if (faster && negotiate) this.#negotiate(operation, answer, speak);
    else speak(DEFAULT_SPEED);
  }

  /** Protocol and parameters selection (ISO/IEC 7816-3:2006, 9): the card repeats what it takes of it. */
  #negotiate(operation: Operation, { protocol, speed }: ResetAnswer, speak: (speed: number) => void): void {
    const request = Uint8Array.of(PPSS, PPS1 | protocol, speed, PPSS ^ (PPS1 | protocol) ^ speed);
    this.#line.exchange(request, {
      enough: (bytes) => (bytes.length < 2 ? 2 : (bytes[1]! & PPS1) === 0 ? 3 : 4),
      first: this.#cycles(CHARACTER_WITHIN),
      next: this.#cycles(CHARACTER_WITHIN),
      heard: (bytes) => {
        const same = bytes !== undefined && bytes.length === 4 && bytes.every((byte, at) => byte === request[at]);
        const slow =
          bytes?.length === 3 && bytes[0] === PPSS && bytes[1] === protocol && bytes[2] === (PPSS ^ protocol);
        if (same) speak(speed);
        else if (slow) speak(DEFAULT_SPEED);
        else {
          this.#powerOff();
          this.#later(OFF_TIME, () => this.#coldReset(operation, false));
        }
      },
    });
  }

  #speak(operation: Operation, bytes: Uint8Array, answer: ResetAnswer, speed: number): void {
    const unit = cyclesOf(speed)!;
    if (speed !== DEFAULT_SPEED) this.#line.open(this.#options.hz / unit);
    if (answer.protocol === 0) {
      this.#protocol = new T0(this.#line, this.#cycles(960 * answer.waitingInteger * rateOf(speed)));
      this.#complete(operation, undefined, bytes);
      return;
    }
    const protocol = new T1(this.#line, {
      informationSize: answer.informationSize,
      blockTime: this.#cycles(11 * unit + 2 ** answer.blockWaiting * 960 * 372),
      characterTime: this.#cycles((11 + 2 ** answer.characterWaiting) * unit),
    });
    protocol.start((error) => {
      if (error === undefined) this.#protocol = protocol;
      else this.#powerOff();
      this.#complete(operation, error, bytes);
    });
  }

  // --- what the front end says

  #look(): void {
    const detector = this.#detector;
    if (detector === undefined) return;
    const present = detector.read() === 1;
    if (present === this.#present) return;
    this.#present = present;
    if (!present) {
      this.#powerOff();
      const operation = this.#operation;
      this.#operation = undefined;
      operation?.done.call(this, "removed");
      if (this.#detector === undefined) return;
    }
    this.#options.onStateChange?.call(this);
  }

  #fail(): void {
    const operation = this.#operation;
    this.close();
    operation?.done.call(this, "coupler");
    this.#options.onError?.call(this);
  }
}
