import type { Flash, SecureStorage } from "../../hal/io.ts";
import { viewOf, wordOf } from "../flash/words.ts";
import { beginDelivery, type Delivery, type DeliveryProblem, deliveredProblemOf } from "./delivery.ts";
import type { PackageHead, PackageKind } from "./package.ts";
import { genuineProblemOf, type PackageKey, type PackageRules } from "./package-check.ts";
import {
  canCount,
  generationOf,
  hasContentOf,
  headIn,
  isConfirmed,
  makeCount,
  markConfirmed,
  markTrial,
  mostTrials,
  trialsOf,
} from "./slot.ts";

/** Two places for packages of one kind: what runs stands in one, what is to replace it comes into the other. */
export interface Slots {
  readonly flash: readonly [Flash, Flash];
  /** Keeps the security version, which outlives both. */
  readonly secure: SecureStorage;
  readonly keys: readonly PackageKey[];
  readonly board: string;
  readonly kind: PackageKind;
}

/** What a start has chosen. */
export interface Started {
  readonly slot: 0 | 1;
  readonly head: PackageHead;
  /** It has to confirm itself, or the one before it comes back. */
  readonly isTrial: boolean;
}

/** Where `secure` has the least security version, by kind: 4 bytes, little-endian. */
const securityName = (kind: PackageKind): string => `${kind}SecurityVersion`;

/** The least security version that may run here; 0 where none was ever confirmed. */
export function leastSecurityOf({ secure, kind }: Pick<Slots, "secure" | "kind">): number {
  const bytes = secure.read(securityName(kind));
  return bytes?.length === 4 ? viewOf(bytes).getUint32(0, true) : 0;
}

/**
 * Chooses what to run: the newest that counts, is genuine and whole, and has confirmed itself or has trials left, one of
 * which is then begun. Undefined where there is none.
 */
export function start(slots: Slots): Started | undefined {
  const generations = slots.flash.map(generationOf);
  const newest = generations[1]! > generations[0]! ? 1 : 0;
  for (const slot of newest === 1 ? ([1, 0] as const) : ([0, 1] as const)) {
    const flash = slots.flash[slot];
    if (generations[slot] === 0) continue;
    const isTrial = !isConfirmed(flash);
    if (isTrial && trialsOf(flash) === mostTrials) continue;
    const head = runnableIn(flash, slots);
    if (head === undefined) continue;
    if (isTrial) markTrial(flash);
    return { slot, head, isTrial };
  }
  return undefined;
}

function runnableIn(flash: Flash, slots: Slots): PackageHead | undefined {
  const head = headIn(flash);
  if (head === undefined || head.securityVersion < leastSecurityOf(slots)) return undefined;
  return genuineProblemOf(head, slots) === undefined && hasContentOf(flash, head) ? head : undefined;
}

/**
 * What runs has reached its idle screen: it stays, and from now on nothing with an older security version runs. May be
 * called at every start.
 */
export function confirm(slots: Slots, { slot, head }: Started): void {
  const flash = slots.flash[slot];
  if (!isConfirmed(flash)) markConfirmed(flash);
  if (head.securityVersion > leastSecurityOf(slots)) {
    slots.secure.write(securityName(slots.kind), wordOf(head.securityVersion));
  }
}

/**
 * Begins or goes on with a delivery (`beginDelivery`) into the slot that does not run. "unconfirmed": what runs is on
 * trial, and the other slot holds what it falls back to.
 * @param running undefined at the factory, where there is nothing yet
 */
export function receive(
  slots: Slots,
  running: Started | undefined,
  head: Uint8Array,
): Delivery | DeliveryProblem | "unconfirmed" {
  if (isOnTrial(slots, running)) return "unconfirmed";
  return beginDelivery(spareOf(slots, running), head, nextGeneration(slots, running), rulesOf(slots, running));
}

/**
 * Makes what was delivered the one that the next start tries, where every byte of it is as its signer left it. A power
 * cut leaves the choice made or not made. "incomplete" also for what has had its trials: it has to be delivered anew.
 */
export function choose(slots: Slots, running: Started | undefined): DeliveryProblem | "unconfirmed" | undefined {
  if (isOnTrial(slots, running)) return "unconfirmed";
  const spare = spareOf(slots, running);
  const problem = deliveredProblemOf(spare, rulesOf(slots, running));
  if (problem !== undefined) return problem;
  const generation = nextGeneration(slots, running);
  if (!canCount(spare, generation)) return "incomplete";
  makeCount(spare, generation);
  return generationOf(spare) === generation ? undefined : "incomplete";
}

function isOnTrial({ flash }: Slots, running: Started | undefined): boolean {
  return running !== undefined && !isConfirmed(flash[running.slot]);
}

function spareOf({ flash }: Slots, running: Started | undefined): Flash {
  return running?.slot === 0 ? flash[1] : flash[0];
}

function nextGeneration({ flash }: Slots, running: Started | undefined): number {
  return running === undefined ? 1 : generationOf(flash[running.slot]) + 1;
}

function rulesOf(slots: Slots, running: Started | undefined): PackageRules {
  const { keys, board, kind } = slots;
  const securityVersion = Math.max(leastSecurityOf(slots), running?.head.securityVersion ?? 0);
  return { keys, board, kind, version: running?.head.version, securityVersion };
}
