import { wipe } from "../codec/bytes.ts";
import type { Screen } from "../screen/screens.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long the next key may take, in milliseconds. */
const patience = 60_000;

const zero = 0x30;

export interface SecretEntry {
  /** The screen while so many digits are typed; it never learns which. */
  readonly screenFor: (typed: number) => Screen;
  /** ENTER counts from so many digits on. */
  readonly least: number;
  /** Whether ENTER without a digit counts too. */
  readonly none?: boolean;
  /** True when the card in the chip reader must stay. */
  readonly chip?: boolean;
  /** Who gives up with CANCEL. */
  readonly by: "customer" | "merchant";
}

/**
 * Fills in ASCII digits until ENTER, and gives their count; CLEAR wipes them all. The array is the caller's to wipe.
 * Throws `UserError` for CANCEL, silence, or a card that is pulled out.
 */
export async function typeSecret(services: Services, digits: Uint8Array, entry: SecretEntry): Promise<number> {
  const { screen, peripherals } = services;
  let length = 0;
  for (;;) {
    await screen.show(entry.screenFor(length));
    const happening = await peripherals.wait({
      keys: true,
      timeout: patience,
      ...(entry.chip === true ? { chip: "removed" } : {}),
    });
    if (happening.kind !== "key") {
      throw new UserError({ id: "cancelled", by: happening.kind === "chipRemoved" ? "card-removed" : "timeout" });
    }
    const { key } = happening;
    if (key === "CANCEL") {
      throw new UserError({ id: "cancelled", by: entry.by });
    }
    if (key === "ENTER" && (length >= entry.least || (length === 0 && entry.none === true))) {
      return length;
    }
    if (key === "CLEAR") {
      wipe(digits);
      length = 0;
    } else if (/^\d$/.test(key) && length < digits.length) {
      digits[length++] = zero + Number(key);
    }
  }
}
