import type { Cancellable, World } from "../world/kernel.ts";
import type { CardPort } from "./card-port.ts";
import type { Field } from "./field.ts";

/** Kinds of card that InAutoPoll can be asked for (UM0701-02, 7.3.13). */
const TYPE_A = 0x20;
const TYPE_B = 0x23;
/** Milliseconds a card needs in the field before it answers, and those that bringing it to work takes. */
const POWER_UP = 10;
const ACTIVATION = 10;
const UNIT = 150;
const ENDLESS = 0xff;
const MOST_CARDS = 2;

export interface PollRequest {
  readonly rounds: number;
  readonly period: number;
  readonly types: readonly number[];
}

/** A card that answered: its kind and the data that InAutoPoll tells about it, without the target's number. */
export interface FoundCard {
  readonly port: CardPort;
  readonly type: number;
  readonly data: Uint8Array;
}

/**
 * The chip's own polling: in turn for each kind of card, one kind a period. Instead of ticking it works out the period in which a card
 * in the field will be found.
 */
export class Poll {
  readonly #world: World;
  readonly #field: Field;
  readonly #request: PollRequest;
  readonly #done: (found: readonly FoundCard[]) => void;
  readonly #start: number;
  readonly #slot: number;
  #next: Cancellable | undefined;

  /** `done` is called once, unless the poll is cancelled. */
  constructor(world: World, field: Field, request: PollRequest, done: (found: readonly FoundCard[]) => void) {
    this.#world = world;
    this.#field = field;
    this.#request = request;
    this.#done = done;
    this.#start = world.now + POWER_UP;
    this.#slot = request.period * UNIT;
    this.#plan(0);
  }

  /** Other cards are in the field now. */
  fieldChanged(): void {
    this.#next?.cancel();
    this.#plan(Math.max(0, Math.ceil((this.#world.now + POWER_UP - this.#start) / this.#slot)));
  }

  cancel(): void {
    this.#next?.cancel();
  }

  /** Waits for the first period from `first` on in which a card of its kind is there, or for the end. */
  #plan(first: number): void {
    const { types, rounds } = this.#request;
    const last = rounds === ENDLESS ? Number.POSITIVE_INFINITY : rounds * types.length;
    for (let slot = first; slot < Math.min(last, first + types.length); slot++) {
      const type = types[slot % types.length]!;
      if (!this.#field.cards.some((port) => kindOf(port) === type)) continue;
      this.#at(this.#start + slot * this.#slot, () => this.#meet(type, slot));
      return;
    }
    if (Number.isFinite(last)) this.#at(this.#start + last * this.#slot, () => this.#done([]));
  }

  #meet(type: number, slot: number): void {
    const found = this.#field.cards
      .filter((port) => kindOf(port) === type)
      .slice(0, MOST_CARDS)
      .map((port) => ({ port, type, data: introduce(port) }))
      .filter((card) => card.data.length > 0);
    if (found.length === 0) this.#plan(slot + 1);
    else this.#at(this.#world.now + found.length * ACTIVATION, () => this.#done(found));
  }

  #at(time: number, action: () => void): void {
    this.#next = this.#world.after(time - this.#world.now, action);
  }
}

function kindOf(port: CardPort): number {
  return port.radio !== undefined && "atqb" in port.radio ? TYPE_B : TYPE_A;
}

/** Activates the card; what the chip tells of it, or nothing when it is mute. */
function introduce(port: CardPort): Uint8Array {
  const answer = port.reset();
  if (answer.length === 0) return answer;
  const radio = port.radio;
  if (radio === undefined)
    return Uint8Array.of(0x00, 0x04, 0x20, 4, 0x08, 0x11, 0x22, 0x33, answer.length + 1, ...answer);
  if ("atqb" in radio) return Uint8Array.of(...radio.atqb, answer.length, ...answer);
  return Uint8Array.of(...radio.atqa, radio.sak, radio.uid.length, ...radio.uid, ...answer);
}
