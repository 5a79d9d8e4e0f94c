import type { CardFault } from "../../chip.ts";

/** What comes back over the air: a frame without its CRC, nothing in time, or something that is no frame. */
export type RadioAnswer =
  | { readonly kind: "frame"; readonly bytes: Uint8Array }
  | { readonly kind: "silence" | "damaged" };

/** The air as the block protocol needs it; `then` is called later, once, unless the radio is broken off. */
export interface Radio {
  exchange(frame: Uint8Array, milliseconds: number, then: (answer: RadioAnswer) => void): void;
}

/** What the card has said of itself when it was activated (ISO/IEC 14443-4, 5.2 and ISO/IEC 14443-3, 7.9). */
export interface CardAbilities {
  /** Bytes of the longest frame it takes, its two bytes of CRC included. */
  readonly frameSize: number;
  /** Milliseconds that it may think. */
  readonly waitingTime: number;
}

/** Block types (ISO/IEC 14443-4, 7.1.1), without a card identifier; the lowest bit of the first three is the block's number. */
const I_BLOCK = 0x02;
const R_ACK = 0xa2;
const R_NAK = 0xb2;
const S_WTX = 0xf2;
const CHAINING = 0x10;
const NUMBER = 0x01;

/** Bytes of a frame around its information: block type and CRC. */
const OVERHEAD = 3;
/** Attempts after a block that got no good answer (EMV Contactless Book D, 10.3.4). */
const REPETITIONS = 2;
const MOST_WAITING_TIMES = 59;
/** Milliseconds of extensions until the card counts as mute; cards ask again long before what they were given is over. */
const PATIENCE = 24_000;
/** Added to every waiting time: what the card may be late by, and what the host takes. */
const MARGIN = 10;
const LONGEST_RESPONSE = 1_024;

type Then = (error: CardFault | undefined, response: Uint8Array) => void;

/**
 * The block protocol of ISO/IEC 14443-4, the reader's side: chaining both ways, waiting-time extensions, and blocks that are
 * repeated when the air swallowed one (7.5.6, rules 1 to 8; EMV Contactless Book D, 10). One command at a time.
 */
export class IsoDep {
  readonly #radio: Radio;
  readonly #abilities: CardAbilities;
  #number = 0;
  #command: Uint8Array = none();
  #sent = 0;
  /** Bytes of the command in the block that was sent last. */
  #part = 0;
  #response: Uint8Array = none();
  /** The card is in the middle of a chained answer. */
  #receiving = false;
  #failures = 0;
  #extended = 0;
  #then: Then = () => {};

  constructor(radio: Radio, abilities: CardAbilities) {
    this.#radio = radio;
    this.#abilities = abilities;
  }

  /** Exchanges one command for its response. Faults: `mute`, `protocol`. */
  transmit(command: Uint8Array, then: Then): void {
    this.#command = command;
    this.#sent = 0;
    this.#response = none();
    this.#receiving = false;
    this.#failures = 0;
    this.#extended = 0;
    this.#then = then;
    this.#sendPart();
  }

  /** Asks the card for a sign of life (7.5.5.3, presence check): it repeats no command. */
  ping(then: (alive: boolean) => void): void {
    this.#radio.exchange(Uint8Array.of(R_NAK | this.#number), this.#abilities.waitingTime + MARGIN, (answer) => {
      then(answer.kind === "frame");
    });
  }

  #sendPart(): void {
    const rest = this.#command.subarray(this.#sent, this.#sent + this.#abilities.frameSize - OVERHEAD);
    this.#part = rest.length;
    const more = this.#sent + rest.length < this.#command.length;
    const block = new Uint8Array(rest.length + 1);
    block[0] = I_BLOCK | this.#number | (more ? CHAINING : 0);
    block.set(rest, 1);
    this.#send(block);
    block.fill(0);
  }

  #send(block: Uint8Array, waitingTimes = 1): void {
    const milliseconds = this.#abilities.waitingTime * waitingTimes + MARGIN;
    this.#radio.exchange(block, milliseconds, (answer) => {
      if (answer.kind !== "frame") this.#repeat(answer.kind === "silence" ? "mute" : "protocol");
      else this.#judge(answer.bytes);
    });
  }

  #judge(block: Uint8Array): void {
    const type = block[0] ?? 0;
    if ((type & 0xee) === I_BLOCK) this.#information(block);
    else if ((type & 0xfe) === R_ACK && block.length === 1) this.#acknowledged(type & NUMBER);
    else if (type === S_WTX && block.length === 2) this.#extend(block[1]! & 0x3f);
    else this.#repeat("protocol");
    block.fill(0);
  }

  /** Rule B (7.5.4.2): a block of the number that was sent turns the number. */
  #information(block: Uint8Array): void {
    const type = block[0]!;
    const awaited = this.#sent + this.#part === this.#command.length;
    if ((type & NUMBER) !== this.#number || !awaited) {
      this.#repeat("protocol");
      return;
    }
    this.#failures = 0;
    this.#number ^= 1;
    this.#response = joined(this.#response, block.subarray(1));
    if (this.#response.length > LONGEST_RESPONSE) this.#end("protocol");
    else if ((type & CHAINING) !== 0) {
      this.#receiving = true;
      this.#send(Uint8Array.of(R_ACK | this.#number));
    } else if (this.#response.length < 2) this.#end("protocol");
    else this.#end(undefined);
  }

  /** Rules 6 and 7: the right number asks for the next part, the other one for the same again. */
  #acknowledged(number: number): void {
    const chaining = this.#sent + this.#part < this.#command.length;
    if (this.#receiving) this.#repeat("protocol");
    else if (number !== this.#number) this.#again();
    else if (!chaining) this.#repeat("protocol");
    else {
      this.#failures = 0;
      this.#number ^= 1;
      this.#sent += this.#part;
      this.#sendPart();
    }
  }

  /** The card did not get the last block. */
  #again(): void {
    if (this.#failures++ < REPETITIONS) this.#sendPart();
    else this.#end("protocol");
  }

  #extend(waitingTimes: number): void {
    this.#extended += waitingTimes * this.#abilities.waitingTime;
    if (waitingTimes < 1 || waitingTimes > MOST_WAITING_TIMES) this.#repeat("protocol");
    else if (this.#extended > PATIENCE) this.#end("mute");
    else this.#send(Uint8Array.of(S_WTX, waitingTimes), waitingTimes);
  }

  /** Rules 4 and 5: nothing, or nothing that makes sense, is answered by asking for it again. */
  #repeat(error: CardFault): void {
    if (this.#failures++ >= REPETITIONS) this.#end(error);
    else this.#send(Uint8Array.of((this.#receiving ? R_ACK : R_NAK) | this.#number));
  }

  #end(error: CardFault | undefined): void {
    const response = this.#response;
    this.#command = none();
    this.#response = none();
    if (error === undefined) {
      this.#then(undefined, response);
      return;
    }
    response.fill(0);
    this.#then(error, none());
  }
}

/** Both one after the other; the first is wiped. */
function joined(before: Uint8Array, after: Uint8Array): Uint8Array {
  const both = new Uint8Array(before.length + after.length);
  both.set(before);
  both.set(after, before.length);
  before.fill(0);
  return both;
}

function none(): Uint8Array {
  return new Uint8Array(0);
}
