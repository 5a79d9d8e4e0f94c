import type { Swipe } from "../../magstripe.ts";

/** How a decoder spells a swipe; character codes. */
export interface StripeFormat {
  /** Sent in place of the data of a track that could not be read. */
  readonly damaged: number;
  /** Sent after the last track. */
  readonly terminator: number;
  /** Whether the check character (LRC) follows the end sentinel. */
  readonly checkCharacter: boolean;
}

/** `%B...?;6228...?` and a carriage return, `E` for a track that could not be read: what most decoders send as they come. */
export const asciiWithSentinels: StripeFormat = Object.freeze({
  damaged: 0x45,
  terminator: 0x0d,
  checkCharacter: false,
});

interface TrackRule {
  readonly name: "track1" | "track2" | "track3";
  /** Start sentinel, ISO/IEC 7811-6. */
  readonly start: number;
  /** ASCII code of the coded character with all bits 0. */
  readonly base: number;
  /** Mask of the data bits of a coded character. */
  readonly mask: number;
  /** Characters between the sentinels. */
  readonly maximum: number;
}

const END_SENTINEL = 0x3f;
const LONGEST = 104;
const rules: readonly TrackRule[] = Object.freeze([
  Object.freeze({ name: "track1", start: 0x25, base: 0x20, mask: 0x3f, maximum: 76 }),
  Object.freeze({ name: "track2", start: 0x3b, base: 0x30, mask: 0x0f, maximum: 37 }),
  Object.freeze({ name: "track3", start: 0x2b, base: 0x30, mask: 0x0f, maximum: LONGEST }),
]);

/**
 * Finds swipes in a decoder's stream of characters, however it is cut into reads. Whatever is not between sentinels is
 * dropped; a track that is too long, has a character outside of its alphabet, a wrong check character or no end is
 * damaged; track 1 begins a swipe, whatever came before. Holds one track's characters at most and wipes them as soon as they are handed on.
 */
export class TrackReader {
  readonly #format: StripeFormat;
  readonly #characters = new Uint8Array(LONGEST);
  #length = 0;
  #check = 0;
  #wrong = false;
  #rule: TrackRule | undefined;
  #checking = false;
  #track1: Uint8Array | undefined;
  #track2: Uint8Array | undefined;
  #damaged = false;

  constructor(format: StripeFormat) {
    this.#format = format;
  }

  /** Takes what was received; gives the last swipe that ended in it. The caller wipes `bytes` and the swipe. */
  receive(bytes: Uint8Array): Swipe | undefined {
    let last: Swipe | undefined;
    for (let i = 0; i < bytes.length; i++) {
      const swipe = this.#take(bytes[i]!);
      if (swipe === undefined) continue;
      wipeSwipe(last);
      last = swipe;
    }
    return last;
  }

  /** Forgets everything. */
  wipe(): void {
    this.#drop();
    this.#track1?.fill(0);
    this.#track2?.fill(0);
    this.#track1 = undefined;
    this.#track2 = undefined;
    this.#damaged = false;
  }

  #take(character: number): Swipe | undefined {
    const rule = this.#rule;
    if (this.#checking && rule !== undefined) {
      if (character !== this.#check + rule.base) this.#wrong = true;
      this.#keep(rule);
    } else if (character === this.#format.terminator) {
      return this.#end();
    } else if (rule === undefined || character === rules[0]!.start || character === rules[1]!.start) {
      this.#begin(character);
    } else {
      this.#add(rule, character);
    }
    return undefined;
  }

  #begin(character: number): void {
    const next = rules.find((rule) => rule.start === character);
    if (next === undefined) return;
    if (next.name === "track1") this.wipe();
    else if (this.#rule !== undefined && this.#rule.name !== "track3") this.#damaged = true;
    this.#drop();
    this.#rule = next;
    this.#check = character - next.base;
  }

  #add(rule: TrackRule, character: number): void {
    const code = character - rule.base;
    if (code < 0 || code > rule.mask) this.#wrong = true;
    this.#check = (this.#check ^ code) & rule.mask;
    if (character === END_SENTINEL) {
      if (this.#format.checkCharacter) this.#checking = true;
      else this.#keep(rule);
    } else if (this.#length < rule.maximum) {
      this.#characters[this.#length++] = character;
    } else {
      this.#wrong = true;
    }
  }

  #keep(rule: TrackRule): void {
    const refused = this.#length === 1 && this.#characters[0] === this.#format.damaged;
    if (rule.name !== "track3") {
      if (refused || this.#wrong) this.#damaged = true;
      else if (this.#length > 0) this.#store(rule.name, this.#characters.slice(0, this.#length));
    }
    this.#drop();
  }

  #store(name: "track1" | "track2", characters: Uint8Array): void {
    if (name === "track1") {
      this.#track1?.fill(0);
      this.#track1 = characters;
    } else {
      this.#track2?.fill(0);
      this.#track2 = characters;
    }
  }

  #end(): Swipe | undefined {
    if (this.#rule !== undefined && this.#rule.name !== "track3") this.#damaged = true;
    this.#drop();
    const [track1, track2, damaged] = [this.#track1, this.#track2, this.#damaged];
    this.#track1 = undefined;
    this.#track2 = undefined;
    this.#damaged = false;
    if (track1 === undefined && track2 === undefined && !damaged) return undefined;
    return { ...(track1 && { track1 }), ...(track2 && { track2 }), damaged };
  }

  #drop(): void {
    this.#characters.fill(0);
    this.#length = 0;
    this.#rule = undefined;
    this.#wrong = false;
    this.#checking = false;
  }
}

/** Overwrites the tracks of a swipe. */
export function wipeSwipe(swipe: Swipe | undefined): void {
  swipe?.track1?.fill(0);
  swipe?.track2?.fill(0);
}
