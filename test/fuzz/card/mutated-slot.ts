/** A reader with one of the simulator's cards in it, whose answers are spoilt on their way to the terminal. */
import { CardError } from "../../../firmware/emv/errors.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import { concat } from "../../../simulator/acquirer/bytes.ts";
import type { ChipInterface, EmvCard } from "../../../simulator/cards/emv-card.ts";
import type { SeededRandom } from "../../../simulator/world/random.ts";
import { mutate } from "../mutate.ts";
import { isDeciding, kindBits, placeOfInformation } from "./decision.ts";

/** APDUs of one session above which the terminal is taken to go on for ever. */
export const mostExchanges = 200;

/** The terminal goes on and on with a broken card. No error of the firmware's, so that nothing there catches it. */
export class EndlessTalk extends Error {
  override readonly name = "EndlessTalk";
}

/** Which answers are spoilt, by their number in the session, and the right answers of the unspoilt session to swap in. */
export interface Plan {
  readonly places: ReadonlySet<number>;
  readonly others: readonly Uint8Array[];
  readonly random: SeededRandom;
  /** Spoils the card's decision alone, wherever it stands: its kind, and now and then its counter. */
  readonly decisionOnly?: boolean;
}

/** A command's answer: what the card said and what the terminal heard, its parts so far, without status words. */
export interface Exchange {
  readonly instruction: number;
  said: Uint8Array;
  heard: Uint8Array;
}

/** An answer to GENERATE AC or RECOVER AC. */
export interface Cryptogram extends Exchange {
  /** Reference control parameter of GENERATE AC: what was asked, and bit 5 for a combined signature. */
  readonly asked: number;
}

const getProcessingOptions = 0xa8;
const readRecord = 0xb2;
const generateCryptogram = 0xae;
const recoverCryptogram = 0xd0;
const getResponse = 0xc0;
const moreData = 0x61;
const statusBytes = [0x61, 0x62, 0x63, 0x64, 0x69, 0x6a, 0x6c, 0x90, 0x9f] as const;

export class MutatedSlot implements CardSlot {
  /** Since the card was last activated: an earlier tap counts for nothing. */
  cryptograms: readonly Cryptogram[] = [];
  /** All of the session: a second tap of the same card may say nothing of the first one's decision. */
  readonly conversation: Exchange[] = [];
  /** Since GET PROCESSING OPTIONS: what an application is not yet started for signs nothing that counts. */
  exchanges: readonly Exchange[] = [];
  /** Records as the terminal heard them, by `SFI.record`, since GET PROCESSING OPTIONS. */
  readonly records = new Map<string, Uint8Array>();
  /** Copies of the card's true answers. */
  readonly transcript: Uint8Array[] = [];
  /** What the terminal heard, status words and all; no bytes for silence. */
  readonly heard: Uint8Array[] = [];
  readonly #chip: EmvCard;
  readonly over: ChipInterface;
  readonly #plan: Plan | undefined;
  #current: Exchange | undefined;
  #lastAsked = 0;
  /** Bytes that the card keeps for GET RESPONSE. */
  #waiting: number | undefined;
  #answered = false;
  /** Milliseconds that the card has thought. */
  now = 0;
  mutated = 0;

  constructor(chip: EmvCard, over: ChipInterface, plan: Plan | undefined) {
    this.#chip = chip;
    this.over = over;
    this.#plan = plan;
  }

  /** The card's. */
  get name(): string {
    return this.#chip.name;
  }

  get answered(): boolean {
    return this.#answered;
  }

  activate(): Promise<Uint8Array> {
    this.#chip.reset(this.over);
    this.#answered = false;
    this.#current = undefined;
    this.cryptograms = [];
    this.exchanges = [];
    return Promise.resolve(this.over === "contact" ? this.#chip.atr.slice() : new Uint8Array(0));
  }

  async transmit(command: Uint8Array): Promise<Uint8Array> {
    const place = this.transcript.length;
    if (place >= mostExchanges) {
      throw new EndlessTalk(`more than ${mostExchanges} exchanges`);
    }
    this.fetchDecision(command);
    this.#follow(command);
    const said = this.#chip.transmit(command);
    this.now += said?.afterMs ?? 0;
    const right = said?.bytes ?? new Uint8Array(0);
    this.transcript.push(right.slice());
    this.#waiting = right.at(-2) === moreData ? right.at(-1) : undefined;
    const heard = this.#heard(place, right);
    this.heard.push(heard.slice());
    if (heard.length === 0) {
      throw new CardError("mute", "transmit");
    }
    if (command[1] === readRecord && heard.length > 2) {
      this.records.set(`${command[3]! >> 3}.${command[2]}`, heard.slice(0, -2));
    }
    if (this.#current !== undefined) {
      this.#current.said = concat(this.#current.said, right.slice(0, -2));
      this.#current.heard = concat(this.#current.heard, heard.slice(0, -2));
    }
    this.#answered = true;
    return heard;
  }

  deactivate(): void {}

  /**
   * A decision that waits for GET RESPONSE is the card's all the same, though a terminal that heard something else does not
   * fetch it. Called before the next command and at the end of a session.
   */
  fetchDecision(next?: Uint8Array): void {
    const current = this.#current;
    const length = this.#waiting;
    if (
      length === undefined ||
      next?.[1] === getResponse ||
      current === undefined ||
      !isDeciding(current.instruction)
    ) {
      return;
    }
    this.#waiting = undefined;
    const answer = this.#chip.transmit(Uint8Array.of(0x00, getResponse, 0x00, 0x00, length));
    current.said = concat(current.said, answer?.bytes.slice(0, -2) ?? new Uint8Array(0));
  }

  /** GET RESPONSE belongs to the command before it. */
  #follow(command: Uint8Array): void {
    const instruction = command[1]!;
    if (instruction === getProcessingOptions) {
      this.records.clear();
      this.exchanges = [];
    }
    if (instruction === getResponse) {
      return;
    }
    const exchange = { instruction, said: new Uint8Array(0), heard: new Uint8Array(0) };
    if (instruction === generateCryptogram || instruction === recoverCryptogram) {
      this.#lastAsked = instruction === generateCryptogram ? command[2]! : this.#lastAsked;
      const cryptogram = Object.assign(exchange, { asked: this.#lastAsked });
      this.cryptograms = [...this.cryptograms, cryptogram];
    }
    this.#current = exchange;
    this.conversation.push(exchange);
    this.exchanges = [...this.exchanges, exchange];
  }

  #heard(place: number, right: Uint8Array): Uint8Array {
    const plan = this.#plan;
    if (plan?.decisionOnly === true) {
      const wrong = withOtherDecision(this.#current?.instruction ?? 0, right, plan.random);
      this.mutated += wrong === undefined ? 0 : 1;
      return wrong ?? right.slice();
    }
    return plan?.places.has(place) === true ? this.#spoil(right, plan) : right.slice();
  }

  #spoil(right: Uint8Array, { others, random }: Plan): Uint8Array {
    const wrong = spoilt(right, others, random);
    if (wrong.length !== right.length || wrong.some((byte, at) => byte !== right[at])) {
      this.mutated += 1;
    }
    return wrong;
  }
}

/** The answer with another kind of cryptogram, or with its kind and another counter; undefined where it has none, or stays. */
function withOtherDecision(instruction: number, right: Uint8Array, random: SeededRandom): Uint8Array | undefined {
  const place = placeOfInformation(instruction, right.subarray(0, -2));
  if (place === undefined || random.below(3) === 0) {
    return undefined;
  }
  const wrong = right.slice();
  if (random.below(8) > 0) {
    wrong[place] = (right[place]! & ~kindBits) | (random.below(4) << 6);
  }
  const counter = wrong[0] === 0x80 ? place + 1 : counterIn(wrong);
  if (random.below(4) === 0 && counter !== undefined) {
    wrong[counter + 1]! ^= 1 << random.below(8);
  }
  return wrong.some((byte, at) => byte !== right[at]) ? wrong : undefined;
}

/** The place of the counter's value (9F36) in an answer of format 2. */
function counterIn(answer: Uint8Array): number | undefined {
  const at = answer.findIndex((byte, i) => byte === 0x9f && answer[i + 1] === 0x36 && answer[i + 2] === 0x02);
  return at < 0 ? undefined : at + 3;
}

/** Data and status spoilt apart, so that more than the status survives; or another answer; or a status; or silence (no bytes). */
function spoilt(right: Uint8Array, others: readonly Uint8Array[], random: SeededRandom): Uint8Array {
  const data = right.subarray(0, -2);
  const word = right.subarray(-2);
  switch (random.below(12)) {
    case 0:
      return new Uint8Array(0);
    case 1:
      return mutate(right, random);
    case 2:
      return Uint8Array.of(...data, statusBytes[random.below(statusBytes.length)]!, random.below(256));
    case 3:
      return Uint8Array.of(statusBytes[random.below(statusBytes.length)]!, random.below(256));
    case 4:
    case 5:
      return (others[random.below(others.length)] ?? right).slice();
    default:
      return Uint8Array.of(...mutate(data, random), ...word);
  }
}
