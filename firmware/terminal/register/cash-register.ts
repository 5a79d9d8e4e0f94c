import type { Device, Random } from "../../../hal/device.ts";
import type { RegisterLine, RegisterNetwork } from "../../../hal/register.ts";
import { FormatError } from "../../codec/errors.ts";
import { bytesToUtf8, utf8ToBytes } from "../../codec/text.ts";
import type { RegisterKey } from "../../vault/register-key.ts";
import { answerLine, longestLine, type RegisterAnswer, type RegisterRequest, readRequest } from "./messages.ts";
import { PairedLines } from "./paired-lines.ts";

const lineEnd = 0x0a;
/** `,"mac":"` and 32 digits and a quotation mark. */
const macPart = 41;

/** Who waits for requests, told when there is one more. */
export interface Noticing {
  notice(): void;
}

/** What a terminal needs that shares a key with its register. */
export interface Pairing {
  readonly key: RegisterKey;
  readonly random: Random;
}

/**
 * The line to the cash register: lines in, of which the bad ones are answered at once and the others wait until the
 * terminal is idle; lines out. Of a line that is too long everything up to its end is dropped.
 */
export class CashRegister {
  readonly #line: RegisterLine | undefined;
  readonly #peripherals: Noticing;
  #bytes: number[] = [];
  #isTooLong = false;
  /** Of a register that shares a key with the terminal; undefined: lines come as they are. */
  readonly #paired: PairedLines | undefined;
  readonly #pairing: Pairing | undefined;
  /** At most so many wait: more are answered as busy. */
  readonly #requests: RegisterRequest[] = [];

  /**
   * @param peripherals told when one more request waits
   * @param network where a register on the network finds us; undefined: the board's own line
   * @param pairing lines count with the MAC of a shared key only
   */
  constructor(
    device: Pick<Device, "register">,
    peripherals: Noticing,
    network?: Omit<RegisterNetwork, "refusal">,
    pairing?: Pairing,
  ) {
    this.#peripherals = peripherals;
    this.#pairing = pairing;
    this.#paired = pairing === undefined ? undefined : new PairedLines(pairing.key, pairing.random);
    this.#line = this.#open(device, network);
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

  /** A new key with the register: what it is made of, to be typed there; undefined on a line that has none. */
  pair(): string | undefined {
    this.#paired?.end();
    return this.#pairing?.key.pair();
  }

  /** What the line does not take now is lost: the register asks again by the order's id. */
  tell(answer: RegisterAnswer): void {
    const line = answerLine(answer);
    const sealed = this.#paired === undefined ? line : this.#paired.seal(line);
    if (sealed !== undefined) this.#write(sealed);
  }

  #write(line: string): void {
    try {
      this.#line?.write(utf8ToBytes(line));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }

  /** A register that is not there, or whose port cannot be opened, is none. */
  #open(device: Pick<Device, "register">, network?: Omit<RegisterNetwork, "refusal">): RegisterLine | undefined {
    const onReadable = (): void => this.#receive();
    try {
      if (network === undefined) return device.register?.({ onReadable });
      return device.register?.(
        { onReadable, onBreak: () => this.#broken(), onRefused: () => this.tell({ type: "error", reason: "second" }) },
        { ...network, refusal: utf8ToBytes(answerLine({ type: "error", reason: "taken" })) },
      );
    } catch {
      return undefined;
    }
  }

  #broken(): void {
    this.#begin();
    this.#paired?.end();
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
      if (this.#bytes.length >= longestLine + (this.#paired === undefined ? 0 : macPart)) this.#isTooLong = true;
      else this.#bytes.push(byte);
      return;
    }
    const bytes = Uint8Array.from(this.#bytes);
    const isTooLong = this.#isTooLong;
    this.#begin();
    if (isTooLong) this.tell({ type: "error", reason: "line", field: "length" });
    else this.#read(bytes);
  }

  /** What a line says whose MAC is right, where there has to be one; the rest is answered here. */
  #opened(text: string): string | undefined {
    const opened = this.#paired?.open(text) ?? { kind: "line", text };
    if (opened.kind === "line") return opened.text;
    // To one that shares no key with us there is nothing else to say, and nothing to prove it with.
    this.#write(opened.kind === "hello" ? opened.answer : answerLine({ type: "error", reason: "mac" }));
    return undefined;
  }

  #read(bytes: Uint8Array): void {
    try {
      const text = this.#opened(bytesToUtf8(bytes));
      if (text === undefined) return;
      const request = readRequest(text);
      if (this.#requests.length >= mostWaiting) {
        this.tell({ type: "error", reason: "busy" });
        return;
      }
      this.#requests.push(request);
      this.#peripherals.notice();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.tell({ type: "error", reason: "line", field: error.field });
    }
  }
}

const mostWaiting = 4;
