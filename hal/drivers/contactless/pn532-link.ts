import { wipe } from "../../../firmware/codec/bytes.ts";
import type { CardFault } from "../../chip.ts";
import type { Digital, DigitalConstructor, I2c, I2cConstructor } from "../../io.ts";
import type { Timeouts } from "../timeouts.ts";
import {
  ACKNOWLEDGE_LENGTH,
  acknowledgeFrame,
  decodePn532,
  encodePn532,
  FRAME_OVERHEAD,
  type Pn532Frame,
  repeatFrame,
} from "./pn532-frames.ts";

export interface Pn532Wiring {
  readonly i2c: { readonly io: I2cConstructor; readonly bus: number; readonly address: number; readonly hz?: number };
  readonly interrupt: { readonly io: DigitalConstructor; readonly pin: number };
}

/** A command with what its answer may be. */
export interface Pn532Request {
  readonly code: number;
  readonly data: Uint8Array;
  /** Bytes of data in the answer at most. */
  readonly answerLength: number;
  /** Milliseconds from the acknowledge to the answer at most. */
  readonly timeout: number;
}

type Then = (error: CardFault | undefined, data: Uint8Array) => void;

interface Running {
  readonly request: Pn532Request;
  readonly then: Then;
  acknowledged: boolean;
  damaged: number;
}

const ACKNOWLEDGE_TIMEOUT = 50;
const DAMAGED_LIMIT = 3;

/**
 * One command at a time to the PN532 over I2C: command, acknowledge, answer, each announced by the interrupt pin going low. A
 * command is never sent twice; a damaged answer is asked for again. Faults: `coupler` for silence and refusal, `protocol`
 * for rubbish; after either the command is broken off.
 */
export class Pn532Link {
  readonly #timeouts: Timeouts;
  readonly #i2c: I2c;
  readonly #interrupt: Digital;
  #running: Running | undefined;
  #deadline: number | undefined;

  constructor(wiring: Pn532Wiring, timeouts: Timeouts) {
    const { i2c, interrupt } = wiring;
    this.#timeouts = timeouts;
    this.#i2c = new i2c.io({ bus: i2c.bus, address: i2c.address, ...(i2c.hz === undefined ? {} : { hz: i2c.hz }) });
    try {
      this.#interrupt = new interrupt.io({
        pin: interrupt.pin,
        mode: "inputPullUp",
        edge: "falling",
        onReadable: () => this.#attend(),
      });
    } catch (error) {
      this.#i2c.close();
      throw error;
    }
  }

  /** Breaks off a running command, then sends this one. `then` is called later, never from inside; what it is given is wiped after it. */
  send(request: Pn532Request, then: Then): void {
    this.abort();
    this.#running = { request, then, acknowledged: false, damaged: 0 };
    this.#write(encodePn532(request.code, request.data));
    wipe(request.data);
    this.#arm(ACKNOWLEDGE_TIMEOUT);
  }

  /** Breaks off the running command, if any: its `then` is not called. */
  abort(): void {
    if (this.#running === undefined) return;
    this.#running = undefined;
    this.#timeouts.cancel(this.#deadline);
    this.#write(Uint8Array.from(acknowledgeFrame));
  }

  /** Breaks off the running command, sends a last one without waiting for it, and frees the pins. */
  close(last: Pick<Pn532Request, "code" | "data"> | undefined): void {
    this.abort();
    if (last !== undefined) this.#write(encodePn532(last.code, last.data));
    this.#interrupt.close();
    this.#i2c.close();
  }

  #attend(): void {
    const running = this.#running;
    if (running === undefined) return;
    const bytes = this.#read(running.acknowledged ? running.request.answerLength + FRAME_OVERHEAD : ACKNOWLEDGE_LENGTH);
    if (bytes === undefined) return;
    this.#take(running, decodePn532(bytes));
    wipe(bytes);
  }

  #take(running: Running, frame: Pn532Frame): void {
    if (frame.kind === "notReady") return;
    if (frame.kind === "acknowledge" && !running.acknowledged) {
      running.acknowledged = true;
      this.#arm(running.request.timeout);
    } else if (running.acknowledged && frame.kind === "answer" && frame.code === running.request.code + 1) {
      this.#finish(running, undefined, frame.data);
    } else if (running.acknowledged && frame.kind === "refused") {
      this.#finish(running, "coupler");
    } else if (running.acknowledged && running.damaged < DAMAGED_LIMIT) {
      running.damaged++;
      this.#write(Uint8Array.from(repeatFrame));
    } else {
      this.abort();
      this.#finish(running, "protocol");
    }
  }

  /** Looks once more, in case an edge was missed, before the command is given up. */
  #expire(): void {
    const running = this.#running;
    const acknowledged = running?.acknowledged;
    this.#attend();
    if (running === undefined || this.#running !== running || running.acknowledged !== acknowledged) return;
    this.abort();
    this.#finish(running, "coupler");
  }

  #finish(running: Running, error: CardFault | undefined, data?: Uint8Array): void {
    this.#running = undefined;
    this.#timeouts.cancel(this.#deadline);
    running.then(error, data ?? new Uint8Array(0));
  }

  #arm(milliseconds: number): void {
    this.#timeouts.cancel(this.#deadline);
    this.#deadline = this.#timeouts.after(milliseconds, () => this.#expire());
  }

  /** A chip that does not acknowledge its address shows as silence. */
  #write(frame: Uint8Array): void {
    try {
      this.#i2c.write(frame);
    } catch {
      // the deadline ends the command
    }
    wipe(frame);
  }

  #read(byteLength: number): Uint8Array | undefined {
    try {
      return this.#i2c.read(byteLength);
    } catch {
      return undefined;
    }
  }
}
