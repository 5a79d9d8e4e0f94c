import type { KeyName } from "../../hal/keypad.ts";
import type { CardSummary, Operation, Screen } from "../screen/screens.ts";
import { money, type Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** How long the next key may take, and how long a complaint stays, in milliseconds. */
const patience = 60_000;
const complaintTime = 3_000;

/** Field 4 has twelve digits. */
const largest = 999_999_999_999;

export interface AmountEntryOptions {
  readonly operation: Operation;
  /** The most that may be typed, minor units. */
  readonly limit: number;
  /** Shown while typing: the card was there first. */
  readonly card?: CardSummary;
  /** True when a card in the chip reader must stay. */
  readonly chip?: boolean;
  /** The key that started it. */
  readonly firstKey?: KeyName;
}

/**
 * Has an amount typed, digits from the right: minor units, above zero and within the limit.
 * Throws `UserError` for CANCEL, silence, or a card that is pulled out.
 */
export async function enterAmount(services: Services, options: AmountEntryOptions): Promise<number> {
  const { screen, peripherals } = services;
  let amount = 0;
  let complaint: Screen | undefined;
  let key = options.firstKey;
  for (;;) {
    if (key !== undefined) {
      if (key === "CANCEL") {
        throw new UserError({ id: "cancelled", by: "merchant" });
      }
      if (key === "ENTER") {
        complaint = complaintAbout(services, amount);
        if (complaint === undefined) {
          return amount;
        }
        amount = 0;
      } else {
        amount = typed(amount, key);
      }
    }
    await screen.show(
      complaint ?? {
        id: "enter-amount",
        operation: options.operation,
        amount: money(services, amount),
        ...(options.card === undefined ? {} : { card: options.card }),
      },
    );
    const happening = await peripherals.wait({
      keys: true,
      timeout: complaint === undefined ? patience : complaintTime,
      ...(options.chip === true ? { chip: "removed" } : {}),
    });
    if (happening.kind === "chipRemoved") {
      throw new UserError({ id: "cancelled", by: "card-removed" });
    }
    if (happening.kind !== "key" && complaint === undefined) {
      throw new UserError({ id: "cancelled", by: "timeout" });
    }
    key =
      happening.kind === "key" && !(complaint !== undefined && happening.key === "ENTER") ? happening.key : undefined;
    complaint = undefined;
  }

  function complaintAbout(services: Services, amount: number): Screen | undefined {
    if (amount === 0) {
      return { id: "zero-amount" };
    }
    return amount > options.limit ? { id: "over-limit", limit: money(services, options.limit) } : undefined;
  }
}

/** The amount after one more key: a digit or 00 that still fits, CLEAR for the last digit; other keys do nothing. */
export function typed(amount: number, key: KeyName): number {
  if (key === "CLEAR") {
    return Math.floor(amount / 10);
  }
  if (!/^\d{1,2}$/.test(key)) {
    return amount;
  }
  const next = amount * 10 ** key.length + Number(key);
  return next > largest ? amount : next;
}
