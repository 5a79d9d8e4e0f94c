/** What must hold for a session with spoilt answers. */
import { cardDefinition } from "../../../simulator/cards/cards.ts";
import { personalise } from "../../../simulator/cards/personalise.ts";
import { kindBits, placeOfInformation } from "./decision.ts";
import { aloneLimit, verificationLimit } from "./desk.ts";
import { elementAnywhere, elementIn, informationIn, sameElements } from "./judge.ts";
import type { MutatedSlot } from "./mutated-slot.ts";
import type { Ended } from "./play.ts";

/** What part the host has: asked each time, only where the card wants it, or never heard by a terminal that may do without. */
export type Host = "asked" | "spared" | "unreachable";

const internalAuthenticate = 0x88;
/** READ RECORD, GET PROCESSING OPTIONS, GENERATE AC, RECOVER AC: the others' answers have no signature that is looked at. */
const signingCommands: readonly number[] = [0xb2, 0xa8, 0xae, 0xd0];
const signed = 0x10;
const approval = 0x40;
const request = 0x80;
/** Not performed; SDA, DDA, CDA failed. */
const authenticationFaults = 0xcc;

/**
 * An approval stands only on what the card itself has decided, whatever was heard of it; and on the issuer's word for a cryptogram that it can make itself and for the amount typed; where
 * a combined signature was asked for, on the elements of that answer as the card gave them; and on contacts on a TC as the last word that
 * was heard. A tap above the limit for taps without verification has its holder verified where the card's own answers have.
 * An approval without the issuer is looked at more closely (`approvedAlone`).
 * On contacts, data whose authenticity the terminal vouches for are the card's. A session in which nothing was spoilt
 * after all ends as it always does.
 */
export function disagreement(
  ended: Ended,
  slot: MutatedSlot,
  sane: Ended,
  { amount, host }: { readonly amount: number; readonly host: Host },
): string | undefined {
  if (ended.unwritable !== undefined) {
    return ended.unwritable;
  }
  if (ended.request !== undefined && elementIn(ended.request, "9F02") !== String(amount).padStart(12, "0")) {
    return "the issuer heard another amount";
  }
  if (ended.request !== undefined && !/^.{16}$/.test(elementIn(ended.request, "9F26"))) {
    return "the issuer was sent a cryptogram that is none";
  }
  if (
    slot.over === "contact" &&
    ended.request !== undefined &&
    isCalledAuthentic(ended.request) &&
    hasSpoiltRecord(slot)
  ) {
    return "the card's data are called authentic, and a signed record was spoilt";
  }
  if (slot.mutated === 0 && ended.ending !== sane.ending) {
    return `${ended.ending}, but ${sane.ending} with the same answers`;
  }
  if (!ended.ending.startsWith("approved")) {
    return undefined;
  }
  if (slot.cryptograms.some(({ asked, said, heard }) => (asked & signed) !== 0 && !sameElements(said, heard))) {
    return "approved with a combined signature that was spoilt";
  }
  if (slot.over === "contactless" && amount > verificationLimit && isUnverified(ended) && !isUnverified(sane)) {
    return "approved above the limit without verifying the holder";
  }
  const wrong =
    ended.ending === "approved alone" ? approvedAlone(ended, slot, amount, host) : approvedByIssuer(ended, slot);
  return wrong ?? (hasApproved(slot, ended) ? undefined : "approved, and the card itself has not");
}

function approvedByIssuer({ issuer }: Ended, slot: MutatedSlot): string | undefined {
  if (issuer?.approved !== true) {
    return "approved without the issuer";
  }
  return slot.over === "contact" ? lastWord(slot, 2) : undefined;
}

/**
 * The card itself, in what it said and not in what was heard of it, has approved: on contacts its last cryptogram is a TC;
 * in a tap it has approved, or asked the issuer, whose word it then is.
 */
function hasApproved(slot: MutatedSlot, { ending }: Ended): boolean {
  slot.fetchDecision();
  const { over, conversation } = slot;
  const last = conversation.findLast(({ instruction, said }) => kindSaid(instruction, said) !== undefined);
  const kind = last === undefined ? undefined : kindSaid(last.instruction, last.said);
  return kind === approval || (over === "contactless" && ending === "approved" && kind === request);
}

/** The kind of cryptogram in an answer of the card's own. */
function kindSaid(instruction: number, said: Uint8Array): number | undefined {
  const place = placeOfInformation(instruction, said);
  return place === undefined ? undefined : said[place]! & kindBits;
}

/** Nobody was verified, and the issuer was not told that data were missing or verification had failed (TVR). */
function isUnverified({ holder, request }: Ended): boolean {
  const results = request === undefined ? "" : elementIn(request, "95");
  const isTold =
    (Number.parseInt(results.slice(0, 2), 16) & 0x20) !== 0 || (Number.parseInt(results.slice(4, 6), 16) & 0x80) !== 0;
  if (isTold) {
    return false;
  }
  return holder !== undefined && !holder.pinEntered && !holder.signature && holder.verifiedBy === undefined;
}

/** Without the issuer an approval stands on offline data authentication alone, so nothing of that may have been spoilt. */
function approvedAlone(ended: Ended, slot: MutatedSlot, amount: number, host: Host): string | undefined {
  if (host === "asked") {
    return "approved alone by a terminal that has to ask";
  }
  if (amount > aloneLimit) {
    return "approved alone above the limit";
  }
  if (ended.request === undefined || !isCalledAuthentic(ended.request)) {
    return "approved alone without offline data authentication";
  }
  if (hasSpoiltRecord(slot)) {
    return "approved alone, and a signed record was spoilt";
  }
  if (hasSpoiltSignature(slot)) {
    return "approved alone, and the card's signature was spoilt";
  }
  return slot.over === "contact" ? lastWord(slot, host === "unreachable" ? undefined : 1) : undefined;
}

/** A dynamic signature, wherever the card gave it, was heard otherwise. */
function hasSpoiltSignature({ exchanges }: MutatedSlot): boolean {
  return exchanges.some(({ instruction, said, heard }) =>
    instruction === internalAuthenticate
      ? !sameElements(said, heard)
      : signingCommands.includes(instruction) && elementAnywhere(said, "9F4B") !== elementAnywhere(heard, "9F4B"),
  );
}

/** Offline data authentication was performed and nothing of it failed (TVR, byte 1; Book 3, annex C5). */
function isCalledAuthentic(request: Uint8Array): boolean {
  return (Number.parseInt(elementIn(request, "95").slice(0, 2), 16) & authenticationFaults) === 0;
}

/** A record under the signature, by the card's own file locator, was heard otherwise. Not for several applications. */
function hasSpoiltRecord({ name, records }: MutatedSlot): boolean {
  const applications = personalise(cardDefinition(name));
  const [application] = applications;
  if (application === undefined || applications.length > 1) {
    return false;
  }
  const { fileLocator } = application;
  for (let at = 0; at + 4 <= fileLocator.length; at += 4) {
    for (let place = 0; place < fileLocator[at + 3]!; place++) {
      const key = `${fileLocator[at]! >> 3}.${fileLocator[at + 1]! + place}`;
      const [right, heard] = [application.records.get(key), records.get(key)];
      if (right !== undefined && heard !== undefined && !sameElements(right, heard)) {
        return true;
      }
    }
  }
  return false;
}

/** @param wanted how many cryptograms there have to be; undefined: one or two */
function lastWord({ cryptograms }: MutatedSlot, wanted?: number): string | undefined {
  const last = cryptograms.at(-1);
  const isEnough = wanted === undefined ? cryptograms.length <= 2 : cryptograms.length === wanted;
  if (!isEnough || last === undefined) {
    return `approved after ${cryptograms.length} cryptograms`;
  }
  const information = informationIn(last.heard);
  return information !== undefined && (information & kindBits) === approval
    ? undefined
    : "approved, but the card's last word was no TC";
}
