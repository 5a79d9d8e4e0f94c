import type { ClockSource, I2c, I2cConstructor, I2cOptions } from "../../io.ts";
import type { ElementCompletion, ElementFault, SecureElement } from "../../secure-element.ts";
import { checkClock, checkInteger, checkIo } from "../options.ts";
import { Timeouts } from "../timeouts.ts";
import { answerSize, decodeAnswer, type ElementCommand, encodeCommand, status, word } from "./atecc-packets.ts";

/** Commands with their modes (ATECC508A data sheet, 9.2 to 9.20) and the longest that an ATECC608 takes for them. */
const READ = Object.freeze({ code: 0x02, mode: 0x80, parameter: 0, answerLength: 32, time: 5 });
const PUBLIC_KEY = Object.freeze({ code: 0x40, mode: 0x00, answerLength: 64, time: 115 });
const PASS_THROUGH_NONCE = Object.freeze({ code: 0x16, mode: 0x03, parameter: 0, answerLength: 0, time: 20 });
const SIGN_EXTERNAL = Object.freeze({ code: 0x41, mode: 0x80, answerLength: 64, time: 115 });
const COUNTER = Object.freeze({ code: 0x24, answerLength: 4, time: 25 });
const RANDOM = Object.freeze({ code: 0x1b, mode: 0x00, parameter: 0, answerLength: 32, time: 23 });
const READ_COUNTER = 0x00;
const INCREMENT_COUNTER = 0x01;

/** Nobody has this address: it keeps the data line low for longer than 60 us at 100 kHz, which wakes the element (6.1). */
const WAKE_ADDRESS = 0x00;
const WAKE_HZ = 100_000;
/** Milliseconds from waking to the first word (1.5 ms), and between looks at a busy element. */
const WAKE_TIME = 2;
const LOOK = 5;
/** Attempts to wake it, to have a command heard, to read an answer again. */
const ATTEMPTS = 3;

export interface Atecc608Options {
  readonly i2c: I2cOptions & { readonly io: I2cConstructor };
  /** The slot of the device key, 0 to 15; its private key is made in it at manufacture, and it may sign external digests. */
  readonly keySlot: number;
  readonly clock: ClockSource;
}

type Give = (error: ElementFault | undefined, data: Uint8Array) => void;

/**
 * Secure element ATECC608 on I2C. Each operation wakes it, gives its commands, and puts it to sleep: it sleeps by itself after
 * 1.3 s. An answer that came damaged is read again from the element's buffer; a command is only given again when the element
 * says that it did not hear it, so that no counter goes up twice.
 */
export class Atecc608 implements SecureElement {
  readonly #options: Atecc608Options;
  readonly #timeouts: Timeouts;
  #i2c: I2c | undefined;
  #wake: I2c | undefined;
  #busy = false;

  constructor(options: Atecc608Options) {
    const { i2c, keySlot, clock } = options;
    checkIo("i2c.io", i2c.io);
    checkInteger("i2c.address", i2c.address, 1, 0x7f);
    checkInteger("keySlot", keySlot, 0, 15);
    checkClock(clock);
    this.#options = options;
    this.#timeouts = new Timeouts(clock);
    try {
      const { io: Bus, ...wires } = i2c;
      this.#i2c = new Bus(wires);
      this.#wake = new Bus({ ...wires, address: WAKE_ADDRESS, hz: WAKE_HZ });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  identify(done: ElementCompletion<Uint8Array>): void {
    // Bytes 0 to 3 and 8 to 12 of the configuration are the serial number (2.2.1).
    this.#run([READ], done, (data) => Uint8Array.of(...data.subarray(0, 4), ...data.subarray(8, 13)));
  }

  publicKey(done: ElementCompletion<Uint8Array>): void {
    this.#run([{ ...PUBLIC_KEY, parameter: this.#options.keySlot }], done, (data) => data);
  }

  sign(digest: Uint8Array, done: ElementCompletion<Uint8Array>): void {
    if (digest.length !== 32) throw new RangeError("a digest is 32 bytes long");
    const message = { ...PASS_THROUGH_NONCE, data: digest.slice() };
    this.#run([message, { ...SIGN_EXTERNAL, parameter: this.#options.keySlot }], done, (data) => data);
  }

  count(counter: number, done: ElementCompletion<number>): void {
    this.#counter(READ_COUNTER, counter, done);
  }

  increment(counter: number, done: ElementCompletion<number>): void {
    this.#counter(INCREMENT_COUNTER, counter, done);
  }

  random(done: ElementCompletion<Uint8Array>): void {
    this.#run([RANDOM], done, (data) => data);
  }

  close(): void {
    this.#timeouts.cancelAll();
    this.#i2c?.close();
    this.#wake?.close();
    this.#i2c = undefined;
    this.#wake = undefined;
  }

  #counter(mode: number, counter: number, done: ElementCompletion<number>): void {
    checkInteger("counter", counter, 0, 1);
    this.#run([{ ...COUNTER, mode, parameter: counter }], done, (data) =>
      data.reduceRight((sum, byte) => sum * 256 + byte, 0),
    );
  }

  #run<Value>(
    commands: readonly ElementCommand[],
    done: ElementCompletion<Value>,
    value: (data: Uint8Array) => Value,
  ): void {
    if (this.#i2c === undefined) throw new Error("closed");
    if (this.#busy) throw new Error("busy");
    this.#busy = true;
    const end: Give = (error, data) => {
      this.#busy = false;
      this.#write(Uint8Array.of(word.sleep));
      if (error === undefined) done.call(this, undefined, value(data));
      else done.call(this, error);
    };
    const step = (index: number) => {
      this.#give(commands[index]!, ATTEMPTS, (error, data) => {
        if (error === undefined && index + 1 < commands.length) step(index + 1);
        else end(error, data);
      });
    };
    this.#rouse(ATTEMPTS, (error) => {
      if (error === undefined) step(0);
      else end(error, new Uint8Array(0));
    });
  }

  /** Wakes the element and sees that it is one. An element that is awake already is put to sleep and woken again. */
  #rouse(attempts: number, then: (error: ElementFault | undefined) => void): void {
    try {
      this.#wake?.write(new Uint8Array(1));
    } catch {
      // nobody acknowledges
    }
    this.#timeouts.after(WAKE_TIME, () => {
      const bytes = this.#read(answerSize(0));
      const answer = bytes && decodeAnswer(bytes, 0);
      if (answer?.kind === "status" && answer.status === status.awake) {
        then(undefined);
        return;
      }
      this.#write(Uint8Array.of(word.sleep));
      if (attempts > 1) this.#timeouts.after(LOOK, () => this.#rouse(attempts - 1, then));
      else then(bytes === undefined ? "silent" : "damaged");
    });
  }

  #give(command: ElementCommand, attempts: number, then: Give): void {
    const packet = encodeCommand(command);
    this.#write(packet);
    packet.fill(0);
    this.#look(command, command.time, ATTEMPTS, (error, data, heard) => {
      if (!heard && attempts > 1) this.#give(command, attempts - 1, then);
      else then(error, data);
    });
  }

  /** Reads the answer when the element, which acknowledges nothing meanwhile, is ready. */
  #look(
    command: ElementCommand,
    left: number,
    readings: number,
    then: (error: ElementFault | undefined, data: Uint8Array, heard: boolean) => void,
  ): void {
    this.#timeouts.after(LOOK, () => {
      const none = new Uint8Array(0);
      const bytes = this.#read(answerSize(command.answerLength));
      if (bytes === undefined) {
        if (left > 0) this.#look(command, left - LOOK, readings, then);
        else then("silent", none, true);
        return;
      }
      const answer = decodeAnswer(bytes, command.answerLength);
      bytes.fill(0);
      if (answer.kind === "data") {
        then(undefined, answer.data, true);
      } else if (answer.kind === "status") {
        const fine = answer.status === status.success && command.answerLength === 0;
        const heard = answer.status !== status.notHeard;
        then(fine ? undefined : heard ? "refused" : "damaged", none, heard);
      } else if (readings > 1) {
        this.#write(Uint8Array.of(word.again));
        this.#look(command, left, readings - 1, then);
      } else {
        then("damaged", none, true);
      }
    });
  }

  #read(byteLength: number): Uint8Array | undefined {
    try {
      return this.#i2c?.read(byteLength);
    } catch {
      return undefined;
    }
  }

  /** An element that does not acknowledge shows as silence. */
  #write(bytes: Uint8Array): void {
    try {
      this.#i2c?.write(bytes);
    } catch {
      // the next reading finds nothing
    }
  }
}
