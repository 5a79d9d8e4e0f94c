import type { Device } from "../../../hal/device.ts";
import type { RegisterLine, RegisterNetwork } from "../../../hal/register.ts";
import { FormatError } from "../../codec/errors.ts";
import { bytesToUtf8, utf8ToBytes } from "../../codec/text.ts";
import { answerLine, longestLine, type RegisterAnswer, type RegisterRequest, readRequest } from "./messages.ts";

const lineEnd = 0x0a;

/**
 * The line to the cash register: lines in, of which the bad ones are answered at once and the others wait until the
 * terminal is idle; lines out. Of a line that is too long everything up to its end is dropped.
 */
export class CashRegister {
  readonly #line: RegisterLine | undefined;
  readonly #onRequest: () => void;
  #bytes: number[] = [];
  #isTooLong = false;
  /** At most so many wait: more are answered as busy. */
  readonly #requests: RegisterRequest[] = [];

  /**
   * @param onRequest called when one more request waits
   * @param network where a register on the network finds us; undefined: the board's own line
   */
  constructor(open: Device["register"], onRequest: () => void, network?: Omit<RegisterNetwork, "refusal">) {
    this.#onRequest = onRequest;
    this.#line = this.#open(open, network);
  }

  /** True while a request waits. */
  get isAsked(): boolean {
    return this.#requests.length > 0;
  }

  /** The request that waits longest. */
  next(): RegisterRequest | undefined {
    return this.#requests.shift();
  }

  /** True when the register wants this order stopped; its request is taken. */
  takeCancel(id: string): boolean {
    const place = this.#requests.findIndex((request) => request.type === "cancel" && request.id === id);
    if (place < 0) return false;
    this.#requests.splice(place, 1);
    return true;
  }

  /** What the line does not take now is lost: the register asks again by the order's id. */
  tell(answer: RegisterAnswer): void {
    try {
      this.#line?.write(utf8ToBytes(answerLine(answer)));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** A register that is not there, or whose port cannot be opened, is none. */
  #open(open: Device["register"], network?: Omit<RegisterNetwork, "refusal">): RegisterLine | undefined {
    const onReadable = (): void => this.#receive();
    try {
      if (network === undefined) return open?.({ onReadable });
      return open?.(
        { onReadable, onBreak: () => this.#begin(), onRefused: () => this.tell({ type: "error", reason: "second" }) },
        { ...network, refusal: utf8ToBytes(answerLine({ type: "error", reason: "taken" })) },
      );
    } catch {
      return undefined;
    }
  }

  /** Half a line of a connection that broke belongs to nothing that comes on the next one. */
  #begin(): void {
    this.#bytes = [];
    this.#isTooLong = false;
  }

  #receive(): void {
    for (let bytes = this.#line?.read(); bytes !== undefined; bytes = this.#line?.read()) {
      for (const byte of bytes) this.#take(byte);
    }
  }

  #take(byte: number): void {
    if (byte !== lineEnd) {
      if (this.#bytes.length >= longestLine) this.#isTooLong = true;
      else this.#bytes.push(byte);
      return;
    }
    const bytes = Uint8Array.from(this.#bytes);
    const isTooLong = this.#isTooLong;
    this.#begin();
    if (isTooLong) this.tell({ type: "error", reason: "line", field: "length" });
    else this.#read(bytes);
  }

  #read(bytes: Uint8Array): void {
    try {
      const request = readRequest(bytesToUtf8(bytes));
      if (this.#requests.length >= mostWaiting) {
        this.tell({ type: "error", reason: "busy" });
        return;
      }
      this.#requests.push(request);
      this.#onRequest();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.tell({ type: "error", reason: "line", field: error.field });
    }
  }
}

const mostWaiting = 4;
