import { concat, copy } from "../../../firmware/codec/bytes.ts";
import type { CardCompletion, CardFault } from "../../chip.ts";
import type { Contactless, FieldState } from "../../contactless.ts";
import type { ClockSource } from "../../io.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";
import { Timeouts } from "../timeouts.ts";
import { pn532Command } from "./pn532-frames.ts";
import { Pn532Link, type Pn532Wiring } from "./pn532-link.ts";

export interface Pn532Options extends Pn532Wiring {
  readonly clock: ClockSource;
  /** `state` has changed, but for a change by `stop`. */
  readonly onStateChange?: () => void;
  /** The chip does not answer any more; only `close` may follow. */
  readonly onError?: () => void;
}

/** The pending `transmit`. */
interface Operation {
  readonly done: CardCompletion;
  readonly command: Uint8Array;
  sent: number;
  answer: Uint8Array;
}

/** What the driver is about: polling for a card, serving one, waiting for one or for several to leave. */
type Mode = "off" | "looking" | "card" | "leaving" | "crowded";

const CHIP_VERSION = 0x32;
const DIAGNOSE_CARD_PRESENCE = 0x06;
/** Polling: 150 ms for each kind of card in turn. ISO/IEC 14443-4 type A and type B. */
const PERIOD = 1;
const PERIOD_MILLISECONDS = 150;
const kindsOfCard: readonly number[] = Object.freeze([0x20, 0x23]);
/** Rounds of polling before the chip answers "no card": long enough to spare the bus, short enough to notice a dead chip. */
const ROUNDS = 20;

const fieldOn: readonly number[] = Object.freeze([0x01, 0x01]);
const fieldOff: readonly number[] = Object.freeze([0x01, 0x00]);
/** Normal mode without a security module, the interrupt pin driven; no endless tries to activate a card. */
const setUp: readonly (readonly [code: number, data: readonly number[]])[] = Object.freeze([
  Object.freeze([pn532Command.samConfiguration, Object.freeze([0x01, 0x14, 0x01])] as const),
  Object.freeze([pn532Command.rfConfiguration, Object.freeze([0x05, 0xff, 0x01, 0x02])] as const),
  Object.freeze([pn532Command.rfConfiguration, fieldOn] as const),
]);

const MORE = 0x40;
const STATUS_ERROR = 0x3f;
const STATUS_TIMEOUT = 0x01;
/** Status codes that blame the chip or this driver, not the card (UM0701-02, 7.1). */
const chipFaults: readonly number[] = Object.freeze([0x07, 0x09, 0x0a, 0x0d, 0x0e, 0x10, 0x26, 0x27, 0x2d]);

/** Data of one exchange that fit a normal frame, and those that the chip may give in one answer. */
const CHUNK = 252;
const LONGEST_ANSWER = 263;
const LONGEST_TARGETS = 160;
const LONGEST_COMMAND = 1024;
const LONGEST_RESPONSE = 1024;

/** Milliseconds. */
const QUICK = 300;
const EXCHANGE = 12_000;
const FIELD_RESET = 10;
const PRESENCE_PERIOD = 100;
const RESTART_PAUSE = 100;
/** Failures of the chip, one after the other, until it counts as broken. */
const FAILURE_LIMIT = 3;

/**
 * The contactless coupler NXP PN532 on I2C. The chip polls for cards of type A and B by itself and speaks ISO/IEC 14443-4 with
 * the card, chaining and waiting-time extensions included; this driver gives it one command at a time. A card that was
 * released counts as gone when the field, switched off and on again, finds none.
 */
export class Pn532 implements Contactless {
  readonly #onStateChange: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  readonly #timeouts: Timeouts;
  #link: Pn532Link | undefined;
  #mode: Mode = "off";
  #state: FieldState = "none";
  #target = 0;
  #operation: Operation | undefined;
  #pause: number | undefined;
  #failures = 0;

  constructor(options: Pn532Options) {
    const { i2c, interrupt, clock, onStateChange, onError } = options;
    checkIo("i2c.io", i2c.io);
    checkInteger("i2c.bus", i2c.bus, 0, 255);
    checkInteger("i2c.address", i2c.address, 1, 0x7f);
    checkIo("interrupt.io", interrupt.io);
    checkInteger("interrupt.pin", interrupt.pin, 0, 255);
    checkCallback("clock.setTimer", clock.setTimer);
    checkCallback("onStateChange", onStateChange);
    checkCallback("onError", onError);
    this.#onStateChange = onStateChange;
    this.#onError = onError;
    this.#timeouts = new Timeouts(clock);
    this.#link = new Pn532Link({ i2c, interrupt }, this.#timeouts);
  }

  get state(): FieldState {
    return this.#state;
  }

  start(): void {
    this.#open();
    if (this.#mode !== "off") return;
    this.#mode = "looking";
    this.#failures = 0;
    this.#setUp();
  }

  stop(): void {
    this.#open();
    if (this.#mode === "off") return;
    const operation = this.#withdraw();
    if (operation !== undefined) this.#timeouts.after(0, () => operation.done.call(this, "removed"));
    this.#timeouts.cancel(this.#pause);
    this.#mode = "off";
    this.#state = "none";
    const data = Uint8Array.from(fieldOff);
    this.#link?.send({ code: pn532Command.rfConfiguration, data, answerLength: 0, timeout: QUICK }, () => {});
  }

  /** Throws `RangeError` for a command that is not 4 to 1024 bytes long. Without a card in state `card` it is `removed`. */
  transmit(command: Uint8Array, done: CardCompletion): void {
    this.#open();
    if (command.length < 4 || command.length > LONGEST_COMMAND) throw new RangeError("length of the command APDU");
    if (this.#operation !== undefined) throw new Error("busy");
    const operation = { done, command: command.slice(), sent: 0, answer: new Uint8Array(0) };
    this.#operation = operation;
    if (this.#mode === "card") this.#exchange(operation);
    else this.#timeouts.after(0, () => this.#complete(operation, "removed"));
  }

  release(): void {
    this.#open();
    if (this.#operation !== undefined) throw new Error("busy");
    if (this.#mode !== "card") return;
    this.#mode = "leaving";
    this.#wait(PRESENCE_PERIOD, () => this.#watch());
  }

  close(): void {
    const link = this.#link;
    if (link === undefined) return;
    this.#link = undefined;
    this.#withdraw();
    const data = Uint8Array.from(fieldOff);
    link.close(this.#mode === "off" ? undefined : { code: pn532Command.rfConfiguration, data });
    this.#mode = "off";
    this.#state = "none";
    this.#timeouts.cancelAll();
  }

  // --- finding cards

  #setUp(step = 0): void {
    if (step === 0) {
      this.#ask(pn532Command.getFirmwareVersion, new Uint8Array(0), 4, QUICK, (version) => {
        if (version[0] === CHIP_VERSION) this.#setUp(1);
        else this.#trouble("protocol");
      });
      return;
    }
    const next = setUp[step - 1];
    if (next !== undefined) this.#ask(next[0], Uint8Array.from(next[1]), 0, QUICK, () => this.#setUp(step + 1));
    else if (this.#mode === "looking") this.#look();
    else this.#lookAgain();
  }

  #look(): void {
    this.#poll(ROUNDS, (count) => {
      if (count === 0) this.#look();
      else if (count === 1) this.#welcome();
      else this.#refuse();
    });
  }

  /** One round with cards that have just lost their power: who is still there? */
  #lookAgain(): void {
    this.#ask(pn532Command.rfConfiguration, Uint8Array.from(fieldOff), 0, QUICK, () => {
      this.#wait(FIELD_RESET, () => {
        this.#ask(pn532Command.rfConfiguration, Uint8Array.from(fieldOn), 0, QUICK, () => {
          this.#poll(1, (count) => this.#stillThere(count));
        });
      });
    });
  }

  #stillThere(count: number): void {
    if (count === 0) this.#farewell();
    else if (this.#mode === "leaving") this.#wait(PRESENCE_PERIOD, () => this.#watch());
    else if (count === 1) this.#welcome();
    else this.#refuse();
  }

  /** Asks the released card whether it is there. */
  #watch(): void {
    this.#ask(pn532Command.diagnose, Uint8Array.of(DIAGNOSE_CARD_PRESENCE), 1, QUICK, (status) => {
      if (status[0] === 0) this.#wait(PRESENCE_PERIOD, () => this.#watch());
      else this.#lookAgain();
    });
  }

  #poll(rounds: number, then: (count: number) => void): void {
    const timeout = rounds * kindsOfCard.length * PERIOD * PERIOD_MILLISECONDS + QUICK;
    this.#ask(
      pn532Command.inAutoPoll,
      Uint8Array.of(rounds, PERIOD, ...kindsOfCard),
      LONGEST_TARGETS,
      timeout,
      (found) => {
        const count = found[0];
        const target = found[3];
        const whole =
          count === 0 || (found.length > 3 && found.length >= 3 + found[2]! && (target === 1 || target === 2));
        if (count === undefined || count > 2 || !whole) {
          this.#trouble("protocol");
          return;
        }
        this.#failures = 0;
        this.#target = target ?? 0;
        then(count);
      },
    );
  }

  #welcome(): void {
    this.#mode = "card";
    this.#show("card");
  }

  #refuse(): void {
    this.#mode = "crowded";
    this.#wait(PRESENCE_PERIOD, () => this.#lookAgain());
    this.#show("collision");
  }

  /** The card is gone: a pending `transmit` ends, and polling goes on. */
  #farewell(): void {
    const changed = this.#state !== "none";
    this.#mode = "looking";
    this.#state = "none";
    this.#look();
    this.#complete(this.#operation, "removed");
    if (changed && this.#polling()) this.#onStateChange?.call(this);
  }

  #polling(): boolean {
    return this.#mode !== "off";
  }

  #show(state: FieldState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onStateChange?.call(this);
  }

  // --- speaking with the card

  #exchange(operation: Operation): void {
    const chunk = operation.command.subarray(operation.sent, operation.sent + CHUNK);
    operation.sent += chunk.length;
    const more = operation.sent < operation.command.length;
    const data = new Uint8Array(chunk.length + 1);
    data[0] = this.#target | (more ? MORE : 0);
    copy(chunk, data, 1);
    this.#ask(pn532Command.inDataExchange, data, LONGEST_ANSWER, EXCHANGE, (answer) => {
      const status = answer[0];
      if (status === undefined) this.#trouble("protocol");
      else if ((status & STATUS_ERROR) !== 0) this.#explain(operation, status & STATUS_ERROR);
      else if (more) this.#exchange(operation);
      else this.#gather(operation, answer, (status & MORE) !== 0);
    });
  }

  /** Joins the parts of a response that the chip gives in several answers. */
  #gather(operation: Operation, answer: Uint8Array, more: boolean): void {
    const before = operation.answer;
    const joined = concat([before, answer.subarray(1)]);
    before.fill(0);
    operation.answer = joined;
    if (joined.length > LONGEST_RESPONSE || (more && answer.length === 1)) this.#trouble("protocol");
    else if (more) this.#exchange(operation);
    else if (joined.length < 2) this.#complete(operation, "protocol");
    else this.#complete(operation, undefined, joined);
  }

  /** The chip says that the exchange failed: is it the chip, the card, or is the card gone? */
  #explain(operation: Operation, status: number): void {
    if (chipFaults.includes(status)) {
      this.#complete(operation, "coupler");
      return;
    }
    this.#ask(pn532Command.diagnose, Uint8Array.of(DIAGNOSE_CARD_PRESENCE), 1, QUICK, (presence) => {
      if (presence[0] === 0) this.#complete(operation, status === STATUS_TIMEOUT ? "mute" : "protocol");
      else this.#farewell();
    });
  }

  #withdraw(): Operation | undefined {
    const operation = this.#operation;
    this.#operation = undefined;
    operation?.command.fill(0);
    operation?.answer.fill(0);
    return operation;
  }

  /** Answers the caller, unless the operation has been withdrawn meanwhile. */
  #complete(operation: Operation | undefined, error: CardFault | undefined, response?: Uint8Array): void {
    if (operation === undefined || operation !== this.#operation) return;
    this.#operation = undefined;
    operation.command.fill(0);
    if (error === undefined) {
      operation.done.call(this, undefined, response);
    } else {
      operation.answer.fill(0);
      operation.done.call(this, error);
    }
  }

  // --- the chip

  #open(): void {
    if (this.#link === undefined) throw new Error("closed");
  }

  /** The link wipes `data` when it has sent it. */
  #ask(code: number, data: Uint8Array, answerLength: number, timeout: number, then: (data: Uint8Array) => void): void {
    this.#link?.send({ code, data, answerLength, timeout }, (error, answer) => {
      if (error === undefined) then(answer);
      else this.#trouble(error);
    });
  }

  #wait(milliseconds: number, action: () => void): void {
    this.#timeouts.cancel(this.#pause);
    this.#pause = this.#timeouts.after(milliseconds, action);
  }

  /** The chip did not answer as it should: it is set up anew, and given up after a few times. */
  #trouble(fault: CardFault): void {
    this.#failures++;
    const operation = this.#withdraw();
    if (this.#failures >= FAILURE_LIMIT) {
      this.close();
      operation?.done.call(this, fault);
      this.#onError?.call(this);
      return;
    }
    const lost = this.#mode === "card";
    if (lost) {
      this.#mode = "looking";
      this.#state = "none";
    }
    this.#wait(RESTART_PAUSE, () => this.#setUp());
    operation?.done.call(this, fault);
    if (lost && this.#polling()) this.#onStateChange?.call(this);
  }
}
