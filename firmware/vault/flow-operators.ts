import type { Flash, FlashOptions } from "../../hal/io.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { OperatorTable } from "./operator-table.ts";
import { type GivenOperators, type LastTries, Operators, type OperatorsDevice } from "./operators.ts";

/** What is needed of the device. */
export interface FlowOperatorsDevice extends OperatorsDevice {
  flash(options: FlashOptions): Flash;
}

/**
 * Operators as flows see them. The table is opened for each use, in a turn of its own, and closed again: it is asked a
 * few times a day, and what is kept open takes memory from every payment.
 */
export class FlowOperators {
  readonly #device: FlowOperatorsDevice;
  readonly #given: GivenOperators;
  readonly #triedAt: LastTries = { "00": 0, "99": 0 };

  constructor(device: FlowOperatorsDevice, given: GivenOperators) {
    this.#device = device;
    this.#given = given;
  }

  use<Value>(work: (operators: Operators) => Value): Promise<Value> {
    return inTurnOfItsOwn(() => {
      const flash = this.#device.flash({ partition: "operators" });
      try {
        return work(new Operators(this.#device, new OperatorTable(flash), this.#given, this.#triedAt));
      } finally {
        flash.close();
      }
    });
  }
}
