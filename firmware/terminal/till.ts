import type { KeyName } from "../../hal/keypad.ts";
import type { Money } from "../screen/money.ts";
import type { CardSummary, Operation } from "../screen/screens.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { enterAmount } from "./amount-entry.ts";
import { money, type Services } from "./services.ts";

/** What one flow is about. */
export interface Purpose {
  readonly operation: Operation;
  /** Known before, minor units: of an earlier transaction, or 0 of what moves no money. */
  readonly amount?: number;
  /** The most that may be typed, minor units; absent: the limit of a sale. */
  readonly limit?: number;
}

/** What one flow is about and its amount: known before, typed before the card comes, or asked for once it is there. */
export class Till {
  readonly operation: Operation;
  readonly #services: Services;
  readonly #limit: number;
  #amount: number | undefined;
  /** The customer may pay by code. */
  takesCodes = false;
  /** The merchant wants the bank to be asked, whatever the card may do alone. */
  forceOnline = false;

  constructor(services: Services, purpose: Purpose) {
    this.#services = services;
    this.operation = purpose.operation;
    this.#amount = purpose.amount;
    this.#limit = purpose.limit ?? services.parameters.saleLimit;
  }

  /** Minor units; undefined until it was asked for. */
  get amount(): number | undefined {
    return this.#amount;
  }

  /** The amount as the customer is to see it; nothing where no money moves. */
  get shown(): Money | undefined {
    return this.#amount === undefined || this.operation === "balance" ? undefined : money(this.#services, this.#amount);
  }

  /**
   * Has the amount typed. Throws `UserError` when the merchant gives up, or when the card is pulled out meanwhile.
   * @param reader where the card is that must stay, if any
   */
  async ask(card?: CardSummary, reader?: "chip", firstKey?: KeyName): Promise<number> {
    this.#amount = await inTurnOfItsOwn(() =>
      enterAmount(this.#services, {
        operation: this.operation,
        limit: this.#limit,
        ...(card === undefined ? {} : { card }),
        ...(reader === undefined ? {} : { chip: true }),
        ...(firstKey === undefined ? {} : { firstKey }),
      }),
    );
    return this.#amount;
  }
}
