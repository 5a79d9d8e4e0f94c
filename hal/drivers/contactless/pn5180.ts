import type { CardCompletion, CardFault } from "../../chip.ts";
import type { Contactless, FieldState } from "../../contactless.ts";
import type { ClockSource } from "../../io.ts";
import { checkCallback, checkInteger, checkIo } from "../options.ts";
import { Timeouts } from "../timeouts.ts";
import { IsoDep, type Radio } from "./iso-dep.ts";
import { type Activation, activateA, activateB, type Call, callA, callB, haltA } from "./iso14443.ts";
import { Pn5180Link, type Pn5180Wiring } from "./pn5180-link.ts";

export interface Pn5180Options extends Pn5180Wiring {
  readonly clock: ClockSource;
  /** `state` has changed, but for a change by `stop`. */
  readonly onStateChange?: () => void;
  /** The chip does not answer any more; only `close` may follow. */
  readonly onError?: () => void;
}

/** The pending `transmit`. */
interface Operation {
  readonly done: CardCompletion;
}

/** What the driver is about: looking for a card, serving one, waiting for one or for several to leave. */
type Mode = "off" | "looking" | "card" | "leaving" | "crowded";

/** Settings of sender and receiver for 106 kbit/s (data sheet, table of RF configurations). */
const TYPE_A = Object.freeze({ sender: 0x00, receiver: 0x80 });
const TYPE_B = Object.freeze({ sender: 0x04, receiver: 0x84 });
/** Firmware that the data sheet describes; 0 and FFFFh are a line that nobody drives. */
const LEAST_VERSION = 0x0300;
const MOST_VERSION = 0x0fff;

const LONGEST_COMMAND = 1_024;

/** Milliseconds: an unmodulated field before a call (EMV Contactless Book D, 9.2), between rounds, without a field. */
const GUARD = 6;
const ROUND_PAUSE = 80;
const FIELD_RESET = 10;
/** A byte at 106 kbit/s with its parity and guard bits; waiting times end where an answer begins, which is heard at its end. */
const BYTE_TIME = 0.1;
const LONGEST_FRAME = 256;
const PRESENCE_PERIOD = 100;
const RESTART_PAUSE = 100;
/** Failures of the chip, one after the other, until it counts as broken. */
const FAILURE_LIMIT = 3;

/**
 * The contactless front end NXP PN5180 on SPI. The chip knows bits and checksums only: calling, collisions, activation and the
 * block protocol are here and in `iso14443.ts` and `iso-dep.ts`. Each round calls cards of type A and of type B: one of each, or
 * two of one, are a collision.
 */
export class Pn5180 implements Contactless {
  readonly #onStateChange: (() => void) | undefined;
  readonly #onError: (() => void) | undefined;
  readonly #timeouts: Timeouts;
  #link: Pn5180Link | undefined;
  #mode: Mode = "off";
  #state: FieldState = "none";
  #card: IsoDep | undefined;
  #operation: Operation | undefined;
  #pause: number | undefined;
  #failures = 0;

  constructor(options: Pn5180Options) {
    const { spi, select, busy, interrupt, reset, clock, onStateChange, onError } = options;
    checkIo("spi.io", spi.io);
    checkInteger("spi.bus", spi.bus, 0, 255);
    checkInteger("spi.hz", spi.hz, 100_000, 7_000_000);
    for (const [name, pin] of Object.entries({ select, busy, interrupt, reset })) {
      checkIo(`${name}.io`, pin.io);
      checkInteger(`${name}.pin`, pin.pin, 0, 255);
    }
    checkCallback("clock.setTimer", clock.setTimer);
    checkCallback("onStateChange", onStateChange);
    checkCallback("onError", onError);
    this.#onStateChange = onStateChange;
    this.#onError = onError;
    this.#timeouts = new Timeouts(clock);
    this.#link = new Pn5180Link({ spi, select, busy, interrupt, reset }, this.#timeouts, () => this.#trouble());
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
    const link = this.#open();
    if (this.#mode === "off") return;
    const operation = this.#withdraw();
    if (operation !== undefined) this.#timeouts.after(0, () => operation.done.call(this, "removed"));
    this.#timeouts.cancel(this.#pause);
    this.#mode = "off";
    this.#state = "none";
    link.rest();
  }

  /** Throws `RangeError` for a command that is not 4 to 1024 bytes long. Without a card in state `card` it is `removed`. */
  transmit(command: Uint8Array, done: CardCompletion): void {
    this.#open();
    if (command.length < 4 || command.length > LONGEST_COMMAND) throw new RangeError("length of the command APDU");
    if (this.#operation !== undefined) throw new Error("busy");
    const operation = { done };
    this.#operation = operation;
    if (this.#mode !== "card" || this.#card === undefined) {
      this.#timeouts.after(0, () => this.#complete(operation, "removed"));
      return;
    }
    const own = command.slice();
    this.#card.transmit(own, (error, response) => {
      own.fill(0);
      if (error === undefined) this.#complete(operation, undefined, response);
      else this.#lookAgain((found) => this.#explain(operation, error, found));
    });
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
    this.#mode = "off";
    this.#state = "none";
    link.close();
    this.#timeouts.cancelAll();
  }

  // --- finding cards

  #setUp(): void {
    this.#link?.start((version) => {
      if (version >= LEAST_VERSION && version <= MOST_VERSION) this.#round((found) => this.#meet(found));
      else this.#trouble();
    });
  }

  /** Calls both types; brings the one card to work that has answered. */
  #round(then: (found: Activation) => void): void {
    const link = this.#link;
    if (link === undefined) return;
    link.configure(TYPE_A.sender, TYPE_A.receiver, GUARD, () => {
      callA(link, (a) => {
        if (a === "nobody") this.#callB(link, a, then);
        else haltA(link, () => this.#callB(link, a, then));
      });
    });
  }

  #callB(link: Pn5180Link, a: Call, then: (found: Activation) => void): void {
    link.configure(TYPE_B.sender, TYPE_B.receiver, GUARD, () => {
      callB(link, (b, answer) => {
        this.#failures = 0;
        if (a === "nobody" && b === "nobody") then({ kind: "none" });
        else if (b === "several" || (a !== "nobody" && b !== "nobody")) then({ kind: "several" });
        else if (b === "one") activateB(link, answer, then);
        else
          link.configure(TYPE_A.sender, TYPE_A.receiver, GUARD, () => {
            callA(link, () => activateA(link, then));
          });
      });
    });
  }

  /** What a round found while nobody is served. */
  #meet(found: Activation): void {
    if (found.kind === "card") this.#begin(found, () => this.#welcome());
    else if (found.kind === "several") this.#refuse();
    else if (this.#mode === "looking") this.#wait(ROUND_PAUSE, () => this.#round((next) => this.#meet(next)));
    else this.#farewell();
  }

  #begin({ abilities, pause }: Extract<Activation, { kind: "card" }>, then: () => void): void {
    const link = this.#link;
    if (link === undefined) return;
    const radio: Radio = {
      exchange: (frame, milliseconds, heard) => {
        const limit = Math.ceil(milliseconds + (frame.length + LONGEST_FRAME) * BYTE_TIME);
        link.exchange(frame, { bits: 0, crc: true }, limit, (answer) => {
          heard(answer.kind === "collision" ? { kind: "damaged" } : answer);
        });
      },
    };
    this.#card = new IsoDep(radio, abilities);
    if (pause === 0) then();
    else this.#wait(pause, then);
  }

  /** Takes the cards' power for a moment: who is still there? */
  #lookAgain(then: (found: Activation) => void): void {
    this.#card = undefined;
    this.#link?.fieldOff(() => this.#wait(FIELD_RESET, () => this.#round(then)));
  }

  #welcome(): void {
    this.#mode = "card";
    this.#show("card");
  }

  #refuse(): void {
    this.#mode = "crowded";
    this.#card = undefined;
    this.#wait(PRESENCE_PERIOD, () => this.#lookAgain((found) => this.#meet(found)));
    this.#show("collision");
  }

  /** The card is gone: a pending `transmit` ends, and looking goes on. */
  #farewell(): void {
    const changed = this.#state !== "none";
    this.#mode = "looking";
    this.#state = "none";
    this.#card = undefined;
    this.#wait(0, () => this.#round((found) => this.#meet(found)));
    this.#complete(this.#operation, "removed");
    if (changed && this.#running()) this.#onStateChange?.call(this);
  }

  #running(): boolean {
    return this.#mode !== "off";
  }

  #show(state: FieldState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onStateChange?.call(this);
  }

  // --- a card that is served, and one that is to leave

  /** An exchange failed: is it the card, or is the card gone? One that is there has lost its state, and is at its beginning. */
  #explain(operation: Operation, fault: CardFault, found: Activation): void {
    if (found.kind === "card") this.#begin(found, () => this.#complete(operation, fault));
    else if (found.kind === "none") this.#farewell();
    else {
      this.#complete(operation, "removed");
      if (this.#running()) this.#refuse();
    }
  }

  #watch(): void {
    this.#card?.ping((alive) => {
      if (alive) this.#wait(PRESENCE_PERIOD, () => this.#watch());
      else this.#lookAgain((found) => this.#stillThere(found));
    });
  }

  #stillThere(found: Activation): void {
    if (found.kind === "none") this.#farewell();
    else if (found.kind === "card") this.#begin(found, () => this.#wait(PRESENCE_PERIOD, () => this.#watch()));
    else this.#wait(PRESENCE_PERIOD, () => this.#lookAgain((next) => this.#stillThere(next)));
  }

  #withdraw(): Operation | undefined {
    const operation = this.#operation;
    this.#operation = undefined;
    this.#card = undefined;
    return operation;
  }

  /** Answers the caller, unless the operation has been withdrawn meanwhile. */
  #complete(operation: Operation | undefined, error: CardFault | undefined, response?: Uint8Array): void {
    if (operation === undefined || operation !== this.#operation) {
      response?.fill(0);
      return;
    }
    this.#operation = undefined;
    if (error === undefined) operation.done.call(this, undefined, response);
    else operation.done.call(this, error);
  }

  // --- the chip

  #open(): Pn5180Link {
    if (this.#link === undefined) throw new Error("closed");
    return this.#link;
  }

  #wait(milliseconds: number, action: () => void): void {
    this.#timeouts.cancel(this.#pause);
    this.#pause = this.#timeouts.after(milliseconds, action);
  }

  /** The chip did not answer as it should: it is reset, and given up after a few times. */
  #trouble(): void {
    if (this.#link === undefined || this.#mode === "off") return;
    this.#failures++;
    const operation = this.#withdraw();
    if (this.#failures >= FAILURE_LIMIT) {
      this.close();
      operation?.done.call(this, "coupler");
      this.#onError?.call(this);
      return;
    }
    const lost = this.#state !== "none";
    this.#mode = "looking";
    this.#state = "none";
    this.#link.rest();
    this.#wait(RESTART_PAUSE, () => this.#setUp());
    operation?.done.call(this, "coupler");
    if (lost && this.#running()) this.#onStateChange?.call(this);
  }
}
