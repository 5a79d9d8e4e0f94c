/** One sale's talk with a card as firmware/terminal/sale.ts leads it, without journal, screens and network. */
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import type { HostVerdict } from "../../../firmware/emv/completion.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { ContactCard } from "../../../firmware/terminal/card/contact-card.ts";
import type { HolderVerification, PresentedCard } from "../../../firmware/terminal/card/presented.ts";
import { TapCard } from "../../../firmware/terminal/card/tap-card.ts";
import type { CardSlot } from "../../../firmware/terminal/peripherals/card-slots.ts";
import type { Services } from "../../../firmware/terminal/services.ts";
import { Till } from "../../../firmware/terminal/till.ts";
import { opened } from "./desk.ts";
import { askIssuer, type IssuerWord } from "./judge.ts";
import { unwritable } from "./messages.ts";

/** What a session needs: the terminal, the card in its reader, the amount in minor units and the cardholder's PIN. */
export interface Scene {
  readonly services: Services;
  readonly slot: CardSlot;
  /** Nobody hears the request that the card asks for. */
  readonly unreachable?: boolean;
  readonly amount: number;
  readonly pin: string;
  /** How a card hears the host's word: the firmware's way, unless a test plants a bug. */
  readonly complete?: (card: PresentedCard, verdict: HostVerdict) => Promise<"agreed" | "refused">;
}

/** How a session ended, and field 55 of the request and what the issuer said on the way. */
export interface Ended {
  readonly ending: string;
  readonly issuer?: IssuerWord;
  readonly request?: Uint8Array;
  /** How the holder was verified. */
  readonly holder?: HolderVerification;
  /** What of it the terminal could not have written into a message. */
  readonly unwritable?: string;
}

/** A card that stays in the reader. Rejects as the card does. */
export async function playContact(scene: Scene): Promise<Ended> {
  const { services, slot } = scene;
  const till = new Till(services, { operation: "sale" });
  await till.ask();
  await slot.activate();
  return finish(scene, await ContactCard.open(services, slot, till));
}

/** A tap, and a second one where the first broke off or the phone wants its owner. Rejects as the card does. */
export async function playTap(scene: Scene): Promise<Ended> {
  const { services, slot, amount } = scene;
  let card: TapCard | "seePhone" | "otherInterface";
  try {
    try {
      card = await TapCard.open(services, slot, { operation: "sale", amount });
    } catch (error) {
      if (!(error instanceof CardError)) {
        throw error;
      }
      card = await TapCard.open(services, slot, { operation: "sale", amount });
    }
    if (card === "seePhone") {
      card = await TapCard.open(services, slot, { operation: "sale", amount });
    }
  } finally {
    services.torn.wipe();
  }
  return typeof card === "string" ? { ending: card } : finish(scene, card);
}

async function finish(scene: Scene, card: PresentedCard): Promise<Ended> {
  try {
    const ended = await decided(scene, card);
    const problem = unwritable(card, scene.services.parameters, opened(scene.amount));
    return problem === undefined ? ended : { ...ended, unwritable: problem };
  } finally {
    card.close();
  }
}

async function decided(scene: Scene, card: PresentedCard): Promise<Ended> {
  const holder = await card.verifyHolder(
    () => Promise.resolve("entered"),
    () => Promise.resolve(asciiToBytes(scene.pin)),
  );
  const word = await card.decide(opened(scene.amount));
  if (word === "declined") {
    return { ending: "declined by the card" };
  }
  if (word === "approved" || scene.unreachable === true) {
    return { ...(await finishAlone(card, word)), holder };
  }
  const request = card.chipData() ?? new Uint8Array(0);
  const issuer = askIssuer(card.identity.pan, request);
  const { approved, responseCode, chipData } = issuer;
  const verdict = {
    kind: "answered",
    approved,
    responseCode,
    ...(chipData === undefined ? {} : { chipData }),
  } as const;
  const last = await (scene.complete?.(card, verdict) ?? card.complete(verdict));
  card.scriptNotice?.();
  card.summary();
  const ending = !approved ? "declined by the issuer" : last === "agreed" ? "approved" : "refused by the card";
  return { ending, issuer, request, holder };
}

/** Without the host: the card has approved, or is asked whether it does (as firmware/terminal/settle.ts asks it). */
async function finishAlone(card: PresentedCard, word: "approved" | "online"): Promise<Ended> {
  const isApproved =
    word === "approved" || (card.mayApproveAlone && (await card.complete({ kind: "unreachable" })) === "agreed");
  card.summary();
  return isApproved
    ? { ending: "approved alone", request: card.chipData() ?? new Uint8Array(0) }
    : { ending: "declined without the issuer" };
}
