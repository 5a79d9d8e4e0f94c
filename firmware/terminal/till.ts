import type { KeyName } from "../../hal/keypad.ts";
import type { CardSummary } from "../screen/screens.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { enterAmount } from "./amount-entry.ts";
import type { Services } from "./services.ts";

/** The amount of one sale: typed before the card comes, or asked for once it is there. */
export class Till {
  readonly #services: Services;
  #amount: number | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Minor units; undefined until it was asked for. */
  get amount(): number | undefined {
    return this.#amount;
  }

  /**
   * Has the amount typed. Throws `UserError` when the merchant gives up, or when the card is pulled out meanwhile.
   * @param reader where the card is that must stay, if any
   */
  async ask(card?: CardSummary, reader?: "chip", firstKey?: KeyName): Promise<number> {
    this.#amount = await inTurnOfItsOwn(() =>
      enterAmount(this.#services, {
        ...(card === undefined ? {} : { card }),
        ...(reader === undefined ? {} : { chip: true }),
        ...(firstKey === undefined ? {} : { firstKey }),
      }),
    );
    return this.#amount;
  }
}
