import { integerToBytes } from "../../codec/bytes.ts";
import type { TerminalApplication } from "../application.ts";
import type { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import type { CardChannel } from "../exchange.ts";
import { tags } from "../tags.ts";
import { emvModeTap } from "./emv-mode.ts";
import { findCombinations, selectCombination } from "./entry.ts";
import type { TapOutcome } from "./outcome.ts";
import { quickTap } from "./quick.ts";

type Kernel = (
  card: CardChannel,
  data: SessionData,
  application: TerminalApplication,
  amount: number,
) => Promise<TapOutcome>;

/** Kernels by their number (EMV contactless Book B, table 3-6). */
const kernels: Readonly<Record<number, Kernel>> = { 2: emvModeTap, 3: quickTap, 7: quickTap };

/**
 * A whole tap (EMV contactless Books A and B): the directory, the best combination whose limit allows the amount, and
 * its kernel. Nothing here approves: the outcome is a cryptogram for the host, or none.
 * @param amount minor units
 */
export async function tap(
  card: CardChannel,
  data: SessionData,
  applications: readonly TerminalApplication[],
  amount: number,
): Promise<TapOutcome> {
  const combinations = await findCombinations(card, applications);
  const allowed = combinations.filter(({ application }) => amount <= application.contactlessLimit);
  if (allowed.length === 0) {
    return { kind: "otherInterface" };
  }
  for (const combination of allowed) {
    const { application } = combination;
    const kernel = kernels[application.kernel ?? 0];
    if (kernel === undefined || !(await selectCombination(card, combination, data))) {
      continue;
    }
    data.set(tags.terminalApplicationVersion, application.version);
    data.set(tags.floorLimit, integerToBytes(0, 4));
    return kernel(card, data, application, amount);
  }
  throw new CardError("noApplication", "select application");
}
