/** Sessions with spoilt answers, and what must hold for each. */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { allCards, cardDefinition, takeCard } from "../../../simulator/cards/cards.ts";
import type { ChipInterface } from "../../../simulator/cards/emv-card.ts";
import { personalise } from "../../../simulator/cards/personalise.ts";
import { SeededRandom } from "../../../simulator/world/random.ts";
import type { RunResult } from "../runs.ts";
import { services } from "./desk.ts";
import { elementIn, informationIn, sameElements } from "./judge.ts";
import { MutatedSlot, type Plan } from "./mutated-slot.ts";
import { type Ended, playContact, playTap, type Scene } from "./play.ts";

/** What is drawn for a session besides what is spoilt. */
interface Variation {
  readonly name: string;
  readonly over: ChipInterface;
  /** Minor units. */
  readonly amount: number;
}

interface Session {
  readonly ended: Ended;
  readonly slot: MutatedSlot;
  readonly problem?: string;
}

/** Under and over the limit from which a tap needs its holder's verification. */
const amounts = [1_234, 250_000] as const;
const mostMilliseconds = 20_000;
const signed = 0x10;
const kindBits = 0xc0;
const approval = 0x40;
/** Not performed; SDA, DDA, CDA failed. */
const authenticationFaults = 0xcc;

/** Plays sessions over one interface; `complete` plants a bug. */
export class Sessions {
  readonly #over: ChipInterface;
  readonly #complete: Scene["complete"];
  readonly #names: readonly string[];
  /** Unspoilt sessions by card and amount, each played once. */
  readonly #sane = new Map<string, Session>();

  constructor(over: ChipInterface, complete?: Scene["complete"]) {
    this.#over = over;
    this.#complete = complete;
    this.#names = [...allCards().values()]
      .filter(({ interfaces, applications }) => interfaces.includes(over) && applications.length > 0)
      .map(({ name }) => name);
  }

  /** One session with one to three spoilt answers. */
  async run(random: SeededRandom): Promise<RunResult> {
    const variation = {
      name: this.#names[random.below(this.#names.length)]!,
      over: this.#over,
      amount: amounts[random.below(amounts.length)]!,
    };
    const sane = await this.#saneSession(variation);
    const others = sane.slot.transcript.filter((answer) => answer.length > 0);
    const places = new Set<number>();
    for (let times = random.below(4) === 0 ? 1 + random.below(3) : 1; times > 0; times--) {
      places.add(random.below(sane.slot.transcript.length));
    }
    const { ended, slot, problem } = await this.#play(variation, random, { places, others, random });
    const wrong = sane.problem ?? problem ?? disagreement(ended, slot, sane.ended, variation.amount);
    return wrong === undefined
      ? { ending: ended.ending }
      : { ending: ended.ending, problem: `${variation.name}, ${variation.amount}: ${wrong}` };
  }

  async #saneSession(variation: Variation): Promise<Session> {
    const key = `${variation.name} ${variation.amount}`;
    const known = this.#sane.get(key);
    if (known !== undefined) {
      return known;
    }
    const session = await this.#play(variation, new SeededRandom(1, key), undefined);
    this.#sane.set(key, session);
    return session;
  }

  async #play({ name, over, amount }: Variation, random: SeededRandom, plan: Plan | undefined): Promise<Session> {
    const { chip, definition } = takeCard(name, random);
    const slot = new MutatedSlot(chip!, over, plan);
    const scene: Scene = {
      services: services(amount, random, () => slot.now),
      slot,
      amount,
      pin: definition.account.pin,
      ...(this.#complete === undefined ? {} : { complete: this.#complete }),
    };
    const started = performance.now();
    try {
      const ended = await (over === "contact" ? playContact(scene) : playTap(scene));
      const took = performance.now() - started;
      return took < mostMilliseconds ? { ended, slot } : { ended, slot, problem: `took ${Math.round(took)} ms` };
    } catch (error) {
      return { slot, ...judged(error, [definition.pan, ...definition.applications.map(({ pan }) => pan)]) };
    }
  }
}

/** An error as an ending: a card's or a format's, without a card number in its text, is none of the terminal's. */
function judged(error: unknown, numbers: readonly string[]): { readonly ended: Ended; readonly problem?: string } {
  const ending = error instanceof CardError ? `card error: ${error.problem}` : "format error";
  if (!(error instanceof CardError || error instanceof FormatError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ended: { ending: "thrown" }, problem: text.split("\n").slice(0, 4).join(" ") };
  }
  return numbers.some((number) => error.message.includes(number))
    ? { ended: { ending }, problem: "a card number in an error's text" }
    : { ended: { ending } };
}

/**
 * An approval stands only on the issuer's word for a cryptogram that it can make itself and for the amount typed; where
 * a combined signature was asked for, on the elements of that answer as the card gave them; and on contacts on a TC as the last word that
 * was heard. Nothing protects one without a signature (EMV 4.3 Book 2, 6.6): spoilt into a TC it is a TC.
 * On contacts, data whose authenticity the terminal vouches for are the card's. A session in which nothing was spoilt
 * after all ends as it always does.
 */
function disagreement(ended: Ended, slot: MutatedSlot, sane: Ended, amount: number): string | undefined {
  if (ended.request !== undefined && elementIn(ended.request, "9F02") !== String(amount).padStart(12, "0")) {
    return "the issuer heard another amount";
  }
  if (ended.request !== undefined && !/^.{16}$/.test(elementIn(ended.request, "9F26"))) {
    return "the issuer was sent a cryptogram that is none";
  }
  if (
    slot.over === "contact" &&
    ended.request !== undefined &&
    isCalledAuthentic(ended.request) &&
    hasSpoiltRecord(slot)
  ) {
    return "the card's data are called authentic, and a signed record was spoilt";
  }
  if (slot.mutated === 0 && ended.ending !== sane.ending) {
    return `${ended.ending}, but ${sane.ending} with the same answers`;
  }
  if (ended.ending !== "approved") {
    return undefined;
  }
  if (ended.issuer?.approved !== true) {
    return "approved without the issuer";
  }
  if (slot.cryptograms.some(({ asked, said, heard }) => (asked & signed) !== 0 && !sameElements(said, heard))) {
    return "approved with a combined signature that was spoilt";
  }
  return slot.over === "contact" ? lastWord(slot) : undefined;
}

/** Offline data authentication was performed and nothing of it failed (TVR, byte 1; Book 3, annex C5). */
function isCalledAuthentic(request: Uint8Array): boolean {
  return (Number.parseInt(elementIn(request, "95").slice(0, 2), 16) & authenticationFaults) === 0;
}

/** A record under the signature, by the card's own file locator, was heard otherwise. Not for several applications. */
function hasSpoiltRecord({ name, records }: MutatedSlot): boolean {
  const applications = personalise(cardDefinition(name));
  const [application] = applications;
  if (application === undefined || applications.length > 1) {
    return false;
  }
  const { fileLocator } = application;
  for (let at = 0; at + 4 <= fileLocator.length; at += 4) {
    for (let place = 0; place < fileLocator[at + 3]!; place++) {
      const key = `${fileLocator[at]! >> 3}.${fileLocator[at + 1]! + place}`;
      const [right, heard] = [application.records.get(key), records.get(key)];
      if (right !== undefined && heard !== undefined && !sameElements(right, heard)) {
        return true;
      }
    }
  }
  return false;
}

function lastWord({ cryptograms }: MutatedSlot): string | undefined {
  const last = cryptograms.at(-1);
  if (cryptograms.length !== 2 || last === undefined) {
    return `approved after ${cryptograms.length} cryptograms`;
  }
  const information = informationIn(last.heard);
  return information !== undefined && (information & kindBits) === approval
    ? undefined
    : "approved, but the card's last word was no TC";
}
