/** The PIN that the chip checks itself, in clear or enciphered, with its try counter (EMV 4.3 Book 3, 6.5.12; Book 2, 7). */
import { equal } from "../acquirer/bytes.ts";
import { pinBlockFormat2 } from "../acquirer/issuer/script.ts";
import { type Command, type Reply, refuse, reply, status } from "./apdu.ts";
import type { Application } from "./personalise.ts";

const PIN_TRIES = 3;
const PLAIN = 0x80;
const ENCIPHERED = 0x88;
const DATA_HEADER = 0x7f;
const BLOCK_LENGTH = 8;

/** The outcome of VERIFY; `right` is undefined where no PIN was compared. */
export interface PinVerdict {
  readonly reply: Reply;
  readonly right?: boolean;
}

/** The try counter and the comparison. */
export class OfflinePin {
  #triesLeft: number;

  constructor(triesLeft = PIN_TRIES) {
    this.#triesLeft = triesLeft;
  }

  get triesLeft(): number {
    return this.#triesLeft;
  }

  /** Tries that were left when the card was kept. */
  putBack(triesLeft: number): void {
    this.#triesLeft = triesLeft;
  }

  unblock(): void {
    this.#triesLeft = PIN_TRIES;
  }

  /** VERIFY; `challenge` is what GET CHALLENGE gave just before, for an enciphered PIN. */
  verify(command: Command, application: Application, challenge: Uint8Array | undefined): PinVerdict {
    if (command.parameter1 !== 0) return { reply: refuse(status.badParameters) };
    if (command.parameter2 === PLAIN) return this.#verifyPlain(command.data, application);
    if (command.parameter2 === ENCIPHERED) return this.#verifyEnciphered(command.data, application, challenge);
    return { reply: refuse(status.badParameters) };
  }

  #verifyPlain(block: Uint8Array, application: Application): PinVerdict {
    if (block.length !== BLOCK_LENGTH) return { reply: refuse(status.wrongLength) };
    return this.#compare(block, application);
  }

  /** Book 2, 7.2: header, PIN block, the chip's unpredictable number, random filling. */
  #verifyEnciphered(data: Uint8Array, application: Application, challenge: Uint8Array | undefined): PinVerdict {
    const { pinKey } = application;
    if (data.length !== pinKey.modulus.length) return { reply: refuse(status.wrongLength) };
    if (!challenge) return { reply: refuse(status.conditions) };
    if (Buffer.compare(data, pinKey.modulus) >= 0) return { reply: refuse(status.badData) };
    const clear = pinKey.apply(data);
    if (clear[0] !== DATA_HEADER || !equal(clear.slice(9, 17), challenge)) return { reply: refuse(status.badData) };
    return this.#compare(clear.slice(1, 9), application);
  }

  #compare(block: Uint8Array, application: Application): PinVerdict {
    if (this.#triesLeft === 0) return { reply: refuse(status.blocked) };
    const right = equal(block, pinBlockFormat2(application.definition.account.pin));
    this.#triesLeft = right ? PIN_TRIES : this.#triesLeft - 1;
    return { reply: right ? reply() : refuse(0x63c0 | this.#triesLeft), right };
  }
}
