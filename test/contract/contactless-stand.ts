import type { Contactless } from "../../hal/contactless.ts";
import type { ContactlessCallbacks } from "../../hal/device.ts";
import type { CardPort } from "../../simulator/chips/card-port.ts";
import type { Field } from "../../simulator/chips/field.ts";
import { outcomes } from "./chip.contract.ts";
import type { ContactlessStand } from "./contactless.contract.ts";
import type { Bench } from "./pump.ts";

/** What the contract needs of a driver on a bench whose chip model has this field. */
export function contractStand(
  bench: Bench,
  field: Field,
  chip: { readonly protocolErrors: number },
  open: (callbacks: ContactlessCallbacks) => Contactless,
): ContactlessStand {
  return {
    open,
    present: (cards) => field.present(cards),
    remove: () => {
      field.remove();
    },
    run: (milliseconds) => bench.run(milliseconds),
    breaches: () => chip.protocolErrors,
    delivering: () => bench.delivering,
  };
}

/** Starts a driver before cards, and notes what it says. */
export async function startedBefore<Reader extends Contactless>(
  cards: readonly CardPort[],
  bench: Bench,
  field: Field,
  open: (callbacks: ContactlessCallbacks) => Reader,
) {
  const states: string[] = [];
  let broken = 0;
  const reader: Reader = open({
    onStateChange: () => states.push(reader.state),
    onError: () => {
      broken++;
    },
  });
  field.present(cards);
  reader.start();
  await bench.run(2_000);
  return { reader, states, brokenTimes: () => broken, ...outcomes() };
}
