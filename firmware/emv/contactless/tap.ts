import { integerToBytes } from "../../codec/bytes.ts";
import type { TerminalApplication } from "../application.ts";
import { capabilitiesWith } from "../cardholder.ts";
import type { SessionData } from "../data.ts";
import { CardError } from "../errors.ts";
import type { CardChannel } from "../exchange.ts";
import { tags } from "../tags.ts";
import { type Combination, findCombinations, selectCombination } from "./entry.ts";
import { masterCardKernel } from "./kernel-2.ts";
import { visaKernel } from "./kernel-3.ts";
import { unionPayKernel } from "./kernel-7.ts";
import type { KernelOutcome, TapOutcome } from "./outcome.ts";
import { prepareApplications } from "./preprocessing.ts";
import type { Kernel, TapTools } from "./session.ts";

/** Kernels by their number (EMV contactless Book B, table 3-6). */
const kernels: Readonly<Record<number, Kernel>> = Object.freeze({
  2: masterCardKernel,
  3: visaKernel,
  7: unionPayKernel,
});

/**
 * A whole tap (EMV contactless Books A and B): pre-processing, the card's directory, the best combination and its
 * kernel, and further combinations while kernels ask for them. Restarts are the caller's: it taps again.
 * @param amount minor units
 */
export async function tap(
  card: CardChannel,
  data: SessionData,
  applications: readonly TerminalApplication[],
  amount: number,
  tools: TapTools,
): Promise<TapOutcome> {
  const terminalType = data.get(tags.terminalType)?.[0] ?? 0;
  const unit = 10 ** (data.get(tags.transactionCurrencyExponent)?.[0] ?? 2);
  const prepared = prepareApplications(applications, { amount, unit, terminalType, forceOnline: tools.forceOnline });
  if (!prepared.some((one) => one.allowed)) {
    return { kind: "otherInterface" };
  }
  const combinations = await findCombinations(card, prepared);
  const allowed = combinations.filter((combination) => combination.prepared.allowed);
  if (allowed.length === 0) {
    return { kind: "otherInterface" };
  }
  const capabilities = data.get(tags.terminalCapabilities)?.slice() ?? new Uint8Array(3);
  let selected = 0;
  for (const combination of allowed) {
    data.set(tags.terminalCapabilities, capabilitiesWith(combination.prepared.application, capabilities));
    data.set(tags.terminalType, Uint8Array.of(combination.prepared.application.terminalType ?? terminalType));
    if (!(await selectCombination(card, combination, data))) {
      continue;
    }
    selected++;
    const outcome = await activate(card, data, combination, amount, tools);
    if (outcome.kind !== "selectNext") {
      return outcome;
    }
  }
  if (selected > 0) {
    return { kind: "otherInterface" };
  }
  throw new CardError("noApplication", "select application");
}

/** Kernel activation (Book B, 3.4). */
function activate(
  card: CardChannel,
  data: SessionData,
  { prepared }: Combination,
  amount: number,
  tools: TapTools,
): Promise<KernelOutcome> {
  const { application } = prepared;
  const kernel = kernels[application.kernel ?? 0];
  if (kernel === undefined) {
    return Promise.resolve({ kind: "selectNext" });
  }
  data.set(tags.terminalApplicationVersion, application.version);
  data.set(tags.floorLimit, integerToBytes(Math.min(application.contactlessFloorLimit, 0xffffffff), 4));
  data.set(tags.terminalTransactionQualifiers, prepared.qualifiers);
  return kernel({ card, data, application, prepared, amount, tools });
}
