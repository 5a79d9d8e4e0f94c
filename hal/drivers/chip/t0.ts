import type { CardFault } from "../../chip.ts";
import type { CardLine } from "./card-line.ts";

/** Procedure bytes (ISO/IEC 7816-3:2006, 10.3.3). */
const NULL = 0x60;
/** NULL bytes of one command: each is a whole waiting time. */
const MOST_NULLS = 60;

type Then = (error: CardFault | undefined, response: Uint8Array) => void;

/**
 * The byte protocol T=0, the interface device's side (ISO/IEC 7816-3:2006, 10): a header, then as the card's procedure bytes say.
 * GET RESPONSE and a length that the card wants otherwise are the caller's.
 */
export class T0 {
  readonly #line: CardLine;
  readonly #waitingTime: number;
  #header = new Uint8Array(5);
  /** What the card still gets, or what it still gives. */
  #outgoing = new Uint8Array(0);
  #incoming = 0;
  #response = new Uint8Array(0);
  #nulls = 0;
  #then: Then = () => {};

  /** `waitingTime`: milliseconds from one character to the next at most. */
  constructor(line: CardLine, waitingTime: number) {
    this.#line = line;
    this.#waitingTime = waitingTime;
  }

  /** A command of case 1 to 4; of case 4 the expected length is left out (10.3.3 and annex B of ISO/IEC 7816-3). */
  transmit(command: Uint8Array, then: Then): void {
    this.#then = then;
    this.#nulls = 0;
    this.#header = Uint8Array.of(...command.subarray(0, 5), 0).slice(0, 5);
    this.#outgoing = command.slice(5, 5 + (command.length > 5 ? command[4]! : 0));
    this.#incoming = command.length === 5 ? command[4]! || 256 : 0;
    this.#response = new Uint8Array(0);
    this.#send(this.#header);
  }

  #send(bytes: Uint8Array): void {
    this.#line.exchange(bytes, {
      enough: (heard) => this.#expected(heard),
      first: this.#waitingTime,
      next: this.#waitingTime,
      heard: (heard) => {
        if (heard === undefined) this.#end("mute");
        else this.#obey(heard);
      },
    });
  }

  /** A procedure byte alone, with the data that it announces, or the two status bytes. */
  #expected(heard: Uint8Array): number {
    const first = heard[0]!;
    if (first === NULL || heard.length === 0) return 1;
    if (this.#isStatus(first)) return 2;
    const data = this.#announced(first);
    return 1 + (data === undefined || this.#outgoing.length > 0 ? 0 : data);
  }

  #isStatus(byte: number): boolean {
    const high = byte >> 4;
    return (high === 6 || high === 9) && byte !== this.#header[1] && byte !== (this.#header[1]! ^ 0xff);
  }

  /** Bytes of data that go next: all for the instruction's code, one for its complement; `undefined` for anything else. */
  #announced(procedure: number): number | undefined {
    const left = this.#outgoing.length > 0 ? this.#outgoing.length : this.#incoming;
    if (procedure === this.#header[1]) return left;
    return procedure === (this.#header[1]! ^ 0xff) ? Math.min(1, left) : undefined;
  }

  #obey(heard: Uint8Array): void {
    const first = heard[0]!;
    if (first === NULL && heard.length === 1) {
      if (this.#nulls++ < MOST_NULLS) this.#send(new Uint8Array(0));
      else this.#end("mute");
      return;
    }
    const whole = heard.length === this.#expected(heard);
    if (!whole) this.#end("protocol");
    else if (this.#isStatus(first)) this.#finish(heard);
    else this.#goOn(first, heard.subarray(1));
  }

  #goOn(procedure: number, data: Uint8Array): void {
    const count = this.#announced(procedure);
    if (count === undefined || count === 0) {
      this.#end("protocol");
      return;
    }
    if (this.#outgoing.length > 0) {
      const next = this.#outgoing.slice(0, count);
      this.#outgoing = this.#outgoing.slice(count);
      this.#send(next);
      next.fill(0);
      return;
    }
    this.#incoming -= data.length;
    this.#append(data);
    this.#send(new Uint8Array(0));
  }

  #append(data: Uint8Array): void {
    const joined = new Uint8Array(this.#response.length + data.length);
    joined.set(this.#response);
    joined.set(data, this.#response.length);
    this.#response.fill(0);
    this.#response = joined;
  }

  #finish(status: Uint8Array): void {
    this.#append(status);
    this.#end(undefined);
  }

  #end(error: CardFault | undefined): void {
    const response = this.#response;
    this.#response = new Uint8Array(0);
    this.#outgoing.fill(0);
    this.#outgoing = new Uint8Array(0);
    this.#header.fill(0);
    if (error === undefined) {
      this.#then(undefined, response);
      return;
    }
    response.fill(0);
    this.#then(error, new Uint8Array(0));
  }
}
