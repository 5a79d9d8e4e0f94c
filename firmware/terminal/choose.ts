import type { Choice } from "../screen/screens.ts";
import type { Services } from "./services.ts";

/** How long a list waits for its next key, in milliseconds. */
const patience = 60_000;

/** What a person did with a list. */
export type Picked =
  | { readonly kind: "picked"; readonly index: number }
  | { readonly kind: "customer" | "timeout" | "card-removed" };

/**
 * Shows a list until one of its entries is picked: by its number, or with UP, DOWN and ENTER.
 * @param list which screen it is, what stands above the list, and whether the card in the chip reader must stay
 */
export async function choose(
  services: Pick<Services, "screen" | "peripherals">,
  choices: readonly Choice[],
  list: { readonly id: "choose-application" | "menu"; readonly chip?: boolean; readonly heading?: string },
): Promise<Picked> {
  let selected = 0;
  for (;;) {
    await services.screen.show({
      id: list.id,
      choices,
      selected,
      ...(list.heading === undefined ? {} : { heading: list.heading }),
    });
    const happening = await services.peripherals.wait({
      keys: true,
      timeout: patience,
      ...(list.chip === true ? { chip: "removed" } : {}),
    });
    if (happening.kind === "chipRemoved") {
      return { kind: "card-removed" };
    }
    if (happening.kind !== "key") {
      return { kind: "timeout" };
    }
    const { key } = happening;
    const number = /^[1-9]$/.test(key) ? Number(key) - 1 : undefined;
    if (key === "CANCEL") {
      return { kind: "customer" };
    }
    if (number !== undefined && number < choices.length) {
      return { kind: "picked", index: number };
    }
    if (key === "ENTER") {
      return { kind: "picked", index: selected };
    }
    if (key === "UP" || key === "DOWN") {
      selected = (selected + (key === "UP" ? choices.length - 1 : 1)) % choices.length;
    }
  }
}
