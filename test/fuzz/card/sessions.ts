/** Sessions with spoilt answers, and what must hold for each. */
import { FormatError } from "../../../firmware/codec/errors.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { allCards, takeCard } from "../../../simulator/cards/cards.ts";
import type { ChipInterface } from "../../../simulator/cards/emv-card.ts";
import { SeededRandom } from "../../../simulator/world/random.ts";
import type { RunResult } from "../runs.ts";
import { services } from "./desk.ts";
import { MutatedSlot, type Plan } from "./mutated-slot.ts";
import { type Ended, playContact, playTap, type Scene } from "./play.ts";
import { disagreement, type Host } from "./promises.ts";

/** What is drawn for a session besides what is spoilt. */
interface Variation {
  readonly name: string;
  readonly over: ChipInterface;
  /** Minor units. */
  readonly amount: number;
  readonly host: Host;
}

interface Session {
  readonly ended: Ended;
  readonly slot: MutatedSlot;
  readonly problem?: string;
}

/** What of all that can be spoilt. */
interface Choice {
  /** Only what cards decide. */
  readonly decisionOnly?: boolean;
  /** Only these cards' answers. */
  readonly cards?: readonly string[];
}

/** Under and over the limit from which a tap needs its holder's verification. */
const amounts = [1_234, 250_000] as const;
const mostMilliseconds = 20_000;
/** Half of the terminals have to ask the host; of the others half cannot reach it. */
const hosts: readonly Host[] = ["asked", "asked", "spared", "unreachable"];

/** Cards that came after the seeds which tests repeat: one more card would make every seed another session. */
const later: readonly string[] = [
  ...["bad-product-name", "bad-sequence-number", "bad-track-digits"],
  ...["mastercard-chip-long-keys", "mastercard-chip-long-keys-65537"],
  ...["mastercard-tap-long-keys", "mastercard-tap-long-keys-65537"],
];

/** Plays sessions over one interface; `complete` plants a bug. */
export class Sessions {
  readonly #over: ChipInterface;
  readonly #complete: Scene["complete"];
  readonly #names: readonly string[];
  readonly #decisionOnly: boolean;
  /** Unspoilt sessions by card and amount, each played once. */
  readonly #sane = new Map<string, Session>();

  constructor(over: ChipInterface, complete?: Scene["complete"], { decisionOnly = false, cards }: Choice = {}) {
    this.#over = over;
    this.#complete = complete;
    this.#decisionOnly = decisionOnly;
    this.#names = [...allCards().values()]
      .filter(({ interfaces, applications }) => interfaces.includes(over) && applications.length > 0)
      .map(({ name }) => name)
      .filter((name) => !later.includes(name))
      .filter((name) => cards === undefined || cards.includes(name));
  }

  /** One session with one to three spoilt answers. */
  async run(random: SeededRandom): Promise<RunResult> {
    const variation = {
      name: this.#names[random.below(this.#names.length)]!,
      over: this.#over,
      amount: amounts[random.below(amounts.length)]!,
      host: hosts[random.below(hosts.length)]!,
    };
    const sane = await this.#saneSession(variation);
    const others = sane.slot.transcript.filter((answer) => answer.length > 0);
    const places = new Set<number>();
    for (let times = random.below(4) === 0 ? 1 + random.below(3) : 1; times > 0; times--) {
      places.add(random.below(sane.slot.transcript.length));
    }
    const { ended, slot, problem } = await this.#play(variation, random, {
      places,
      others,
      random,
      decisionOnly: this.#decisionOnly,
    });
    const wrong = sane.problem ?? problem ?? disagreement(ended, slot, sane.ended, variation);
    return wrong === undefined
      ? { ending: ended.ending }
      : { ending: ended.ending, problem: `${variation.name}, ${variation.amount}, host ${variation.host}: ${wrong}` };
  }

  async #saneSession(variation: Variation): Promise<Session> {
    const key = `${variation.name} ${variation.amount} ${variation.host}`;
    const known = this.#sane.get(key);
    if (known !== undefined) {
      return known;
    }
    const session = await this.#play(variation, new SeededRandom(1, key), undefined);
    this.#sane.set(key, session);
    return session;
  }

  async #play({ name, over, amount, host }: Variation, random: SeededRandom, plan: Plan | undefined): Promise<Session> {
    const { chip, definition } = takeCard(name, random);
    const slot = new MutatedSlot(chip!, over, plan);
    const scene: Scene = {
      services: services({ amount, alone: host !== "asked", random, now: () => slot.now }),
      slot,
      amount,
      pin: definition.account.pin,
      unreachable: host === "unreachable",
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
