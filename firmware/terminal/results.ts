import type { Screen } from "../screen/screens.ts";
import type { Services } from "./services.ts";

/** How long a result stays without a key, in milliseconds. */
const resultTime = 5_000;

/**
 * Shows how something ended until a key is pressed or a while has passed. A digit ends it too, but begins no amount: the
 * cashier has typed ahead and has to type again.
 */
export async function showResult(
  services: Pick<Services, "screen" | "peripherals">,
  screen: Screen,
  milliseconds = resultTime,
): Promise<void> {
  await services.screen.show(screen);
  const key = await services.peripherals.key(milliseconds);
  if (key !== undefined && /^\d/.test(key)) {
    services.peripherals.dropTyping();
  }
}

/** What a result says beside itself while a card that is done with is in the slot: nobody need wait for the paper to take it. */
export function takeCard({ peripherals }: Pick<Services, "peripherals">): { readonly takeCard?: true } {
  return peripherals.chipPresent ? { takeCard: true } : {};
}

/** Waits until the chip reader is empty, saying so. */
export async function takeCardOut(services: Pick<Services, "screen" | "peripherals">): Promise<void> {
  const { screen, peripherals } = services;
  peripherals.endContactless();
  if (!peripherals.chipPresent) {
    return;
  }
  await screen.show({ id: "remove-card" });
  await peripherals.wait({ chip: "removed" });
}
