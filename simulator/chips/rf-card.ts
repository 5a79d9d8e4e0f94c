import type { World } from "../world/kernel.ts";
import { type CardPort, ordinaryRadio, type PortRadio } from "./card-port.ts";

/** A frame over the air: bytes, of the last one perhaps fewer bits, and whether two bytes of CRC follow. */
export interface AirFrame {
  readonly bytes: Uint8Array;
  readonly bits: number;
  readonly crc: boolean;
}

/** How a card's answer gets out: later, and not at all when the card has been switched off meanwhile. */
export type AnswerCard = (frame: AirFrame) => void;

/** From the end of a frame to the answer: of the card's circuit, and of its processor. */
const CIRCUIT = 0.1;
const PROCESSOR = 1;
/** 256 * 16 / 13.56 MHz in milliseconds. */
const WAITING_UNIT = 0.302;
const MOST_WAITING_TIMES = 59;

/** `mute`: it works on something for ever, and hears nothing any more. */
type State = "idle" | "ready" | "active" | "halted" | "blocks" | "mute";

/** A card of ISO/IEC 14443 type A or B, frame by frame: initialisation (part 3) and the card's side of the blocks (part 4). */
export class RfCard {
  readonly port: CardPort;
  readonly #world: World;
  readonly #radio: PortRadio;
  readonly #uid: readonly number[];
  #state: State = "idle";
  #level = 0;
  #life = 0;
  // --- blocks
  #number = 1;
  #command: number[] = [];
  #answer: readonly number[] = [];
  #last: readonly number[] = [];
  #readerFrame = 256;
  #thinkingUntil: number | undefined;
  #extensions = 0;

  /** `number`: for the identifier of a card that has none of its own; different for cards that meet. */
  constructor(world: World, port: CardPort, number: number) {
    this.#world = world;
    this.port = port;
    this.#radio = port.radio ?? ordinaryRadio;
    // Cards that nobody gave an identifier have one that begins with 08: made anew each time.
    this.#uid =
      "uid" in this.#radio && port.radio !== undefined ? [...this.#radio.uid] : [8, number & 0xff, number >> 8, 0x5a];
  }

  get type(): "A" | "B" {
    return "atqb" in this.#radio ? "B" : "A";
  }

  /** The field is off, or the card has left it. */
  powerOff(): void {
    this.#life++;
    if (this.#state === "blocks" || this.#state === "mute") this.port.powerOff?.();
    this.#state = "idle";
    this.#thinkingUntil = undefined;
  }

  /** A frame of the card's own modulation reaches it. */
  hear(frame: AirFrame, answer: AnswerCard): void {
    if (this.#state === "mute") return;
    if (this.#state === "blocks" && frame.crc) this.#block([...frame.bytes], answer);
    else if (this.type === "A") this.#initialiseA(frame, answer);
    else this.#initialiseB(frame, answer);
  }

  #say(bytes: readonly number[], milliseconds: number, answer: AnswerCard, crc = true): void {
    const life = this.#life;
    this.#world.after(milliseconds, () => {
      if (life === this.#life) answer({ bytes: Uint8Array.from(bytes), bits: 0, crc });
    });
  }

  // --- ISO/IEC 14443-3, type A

  #initialiseA(frame: AirFrame, answer: AnswerCard): void {
    const radio = this.#radio as Extract<PortRadio, { readonly uid: Uint8Array }>;
    const [first = 0, second = 0] = frame.bytes;
    if (frame.bits === 7 && !frame.crc) {
      const called = first === 0x52 ? this.#state !== "blocks" : first === 0x26 && this.#state === "idle";
      if (!called) return;
      this.#state = "ready";
      this.#level = 0;
      this.#say([radio.atqa[1] ?? 0, radio.atqa[0] ?? 0], CIRCUIT, answer, false);
    } else if (this.#state === "ready" && first === [0x93, 0x95, 0x97][this.#level]) {
      const part = this.#identifierPart();
      if (second === 0x20 && !frame.crc) {
        this.#say(part, CIRCUIT, answer, false);
      } else if (second === 0x70 && frame.crc && part.every((byte, index) => byte === frame.bytes[index + 2])) {
        const last = this.#uid.length <= 4 + 3 * this.#level;
        if (last) this.#state = "active";
        else this.#level++;
        this.#say([last ? radio.sak : 0x04], CIRCUIT, answer);
      } else {
        this.#state = "idle";
      }
    } else if (this.#state === "active" && first === 0xe0 && frame.crc) {
      this.#activate(radio.ats, second >> 4, PROCESSOR, answer);
    } else if (this.#state === "active" && first === 0x50 && second === 0x00 && frame.crc) {
      this.#state = "halted";
    } else if (this.#state === "ready" && first === 0x50 && frame.crc) {
      // The standard halts active cards only; cards that were just called fall back and can be woken all the same.
      this.#state = "idle";
    } else if (this.#state !== "halted") {
      this.#state = "idle";
    }
  }

  /** The identifier's part of this level with its check byte; 88 says that it goes on. */
  #identifierPart(): number[] {
    const rest = this.#uid.slice(3 * this.#level);
    const part = rest.length > 4 ? [0x88, ...rest.slice(0, 3)] : rest.slice(0, 4);
    return [...part, part.reduce((sum, byte) => sum ^ byte, 0)];
  }

  // --- ISO/IEC 14443-3, type B

  #initialiseB(frame: AirFrame, answer: AnswerCard): void {
    const radio = this.#radio as Extract<PortRadio, { readonly atqb: Uint8Array }>;
    const [first = 0, , third = 0] = frame.bytes;
    if (!frame.crc) return;
    if (first === 0x05 && frame.bytes.length === 3) {
      if (this.#state === "halted" && (third & 0x08) === 0) return;
      this.#state = "ready";
      this.#say([...radio.atqb], CIRCUIT * 3, answer);
    } else if (this.#state === "ready" && first === 0x1d) {
      const mine = radio.atqb.subarray(1, 5).every((byte, index) => byte === frame.bytes[index + 1]);
      if (mine) this.#activate(radio.attribAnswer, frame.bytes[6]! & 0x0f, PROCESSOR, answer);
    }
  }

  // --- ISO/IEC 14443-4

  #activate(ats: Uint8Array, frameCode: number, milliseconds: number, answer: AnswerCard): void {
    if (this.port.reset().length === 0) return;
    this.#state = "blocks";
    this.#number = 1;
    this.#command = [];
    this.#answer = [];
    this.#last = [];
    this.#readerFrame = [16, 24, 32, 40, 48, 64, 96, 128, 256][frameCode] ?? 256;
    this.#say([...ats], milliseconds, answer);
  }

  /** Milliseconds of the frame waiting time that the card has announced. */
  get #waitingTime(): number {
    const radio = this.#radio;
    if ("atqb" in radio) return WAITING_UNIT * 2 ** (radio.atqb[11]! >> 4);
    const format = radio.ats[1] ?? 0;
    const timing = (format & 0x20) === 0 ? 0x40 : radio.ats[(format & 0x10) === 0 ? 2 : 3]!;
    return WAITING_UNIT * 2 ** (timing >> 4);
  }

  get #ownFrame(): number {
    const radio = this.#radio;
    const code = "atqb" in radio ? radio.atqb[10]! >> 4 : (radio.ats[1] ?? 2) & 0x0f;
    return [16, 24, 32, 40, 48, 64, 96, 128, 256][code] ?? 256;
  }

  #block(block: readonly number[], answer: AnswerCard): void {
    const [type = 0, ...information] = block;
    if (block.length + 2 > this.#ownFrame) return;
    if ((type & 0xee) === 0x02) this.#information(type, information, answer);
    else if ((type & 0xee) === 0xa2) this.#acknowledge(type, answer);
    else if (type === 0xf2 && this.#thinkingUntil !== undefined) this.#think(this.#extensions, answer);
    else if (type === 0xc2) {
      this.#state = "halted";
      this.#say([0xc2], CIRCUIT, answer);
    }
  }

  #information(type: number, information: readonly number[], answer: AnswerCard): void {
    this.#number = type & 1;
    this.#command.push(...information);
    if ((type & 0x10) !== 0) {
      this.#send([0xa2 | this.#number], CIRCUIT, answer);
      return;
    }
    const command = Uint8Array.from(this.#command);
    this.#command = [];
    const response = this.port.transmit(command);
    this.#last = [];
    if (response === undefined) {
      this.#state = "mute";
      return;
    }
    this.#answer = [...response.bytes];
    this.#thinkingUntil = this.#world.now + (response.afterMs ?? 0) + CIRCUIT;
    this.#think(1, answer);
  }

  /** Answers within so many waiting times, or asks for more. */
  #think(waitingTimes: number, answer: AnswerCard): void {
    const until = this.#thinkingUntil!;
    const left = until - this.#world.now;
    const time = this.#waitingTime * waitingTimes;
    if (left < time * 0.9) {
      const life = this.#life;
      this.#world.after(left, () => {
        if (life !== this.#life) return;
        this.#thinkingUntil = undefined;
        this.#part(answer);
      });
      return;
    }
    this.#extensions = Math.min(MOST_WAITING_TIMES, Math.ceil((left - time / 2) / this.#waitingTime) + 1);
    this.#send([0xf2, this.#extensions], time / 2, answer);
  }

  /** The next part of the answer. */
  #part(answer: AnswerCard): void {
    const part = this.#answer.slice(0, this.#readerFrame - 3);
    this.#answer = this.#answer.slice(part.length);
    const more = this.#answer.length > 0 ? 0x10 : 0;
    this.#send([0x02 | more | this.#number, ...part], 0, answer);
  }

  /** Rules 11 to 13 (7.5.4.3): the other number says that the last block was heard, the same one asks for it again. */
  #acknowledge(type: number, answer: AnswerCard): void {
    const negative = (type & 0x10) !== 0;
    const same = (type & 1) === this.#number;
    if (same && this.#last.length > 0) this.#send(this.#last, CIRCUIT, answer);
    else if (negative) this.#say([0xa2 | this.#number], CIRCUIT, answer);
    else if (this.#answer.length > 0) {
      this.#number = type & 1;
      this.#part(answer);
    }
  }

  #send(block: readonly number[], milliseconds: number, answer: AnswerCard): void {
    this.#last = block;
    this.#say(block, milliseconds, answer);
  }
}
