import type { CardFault } from "../../hal/chip.ts";

/** What a card did that ends its session, by what the terminal can do about it. */
export type CardProblem =
  /** The reader's faults: the card was pulled out, fell silent, talked rubbish, or the coupler failed. */
  | CardFault
  /** An answer that the standard does not allow at this step. */
  | "refusal"
  /** The whole card is blocked (6A81 to the first SELECT). */
  | "cardBlocked"
  /** Every application that both sides know is blocked (6283). */
  | "applicationBlocked"
  /** Nothing that both sides know. */
  | "noApplication"
  /** The same element twice, or one that must be there is not. */
  | "data";

/** A card that cannot go on. The text says at which step, never what the card said. */
export class CardError extends Error {
  override readonly name = "CardError";
  readonly problem: CardProblem;

  constructor(problem: CardProblem, step: string) {
    super(`${step}: ${problem}`);
    this.problem = problem;
  }
}
