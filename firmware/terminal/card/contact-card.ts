import { sha256 } from "#native/digest";
import { equal } from "../../codec/bytes.ts";
import { bytesToHex } from "../../codec/hex.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import { isOnlineOnly } from "../../emv/analysis.ts";
import type { TerminalApplication } from "../../emv/application.ts";
import type { Candidate } from "../../emv/candidates.ts";
import { type PinAnswer, verifyCardholder } from "../../emv/cardholder.ts";
import { completeWithCard, type HostVerdict } from "../../emv/completion.ts";
import { decideFirst, type FirstWord, openContactCard } from "../../emv/contact.ts";
import type { SessionData } from "../../emv/data.ts";
import { dolAsksFor } from "../../emv/dol.ts";
import { requestData, scriptNotice, uploadData } from "../../emv/field55.ts";
import { AuthorityKeys } from "../../emv/keys.ts";
import { preferredLanguage } from "../../emv/language.ts";
import { authenticateOffline } from "../../emv/oda/authenticate.ts";
import { pinEnciphermentKey } from "../../emv/pin-key.ts";
import { checkRestrictions } from "../../emv/restrictions.ts";
import { manageRisk, type RiskSettings } from "../../emv/risk.ts";
import { tags } from "../../emv/tags.ts";
import type { ChipSummary, Transaction, TransactionState } from "../../journal/types.ts";
import type { Language } from "../../screen/messages/words.ts";
import { applicationsFor, terminalApplications } from "../applications.ts";
import { withoutHost } from "../approval.ts";
import { choose } from "../choose.ts";
import type { CardSlot } from "../peripherals/card-slots.ts";
import type { Services } from "../services.ts";
import type { Till } from "../till.ts";
import { UserError } from "../user-error.ts";
import { partsOf } from "./capabilities.ts";
import { type CardIdentity, identityOfChip, maskPan, summaryOf, wipeIdentity } from "./identity.ts";
import type { AskForCard, HolderVerification, PresentedCard } from "./presented.ts";
import { chipSummary, newSession, setAmount, setSequenceCounter } from "./session.ts";

/** A powered contact card with its application selected and read. */
export class ContactCard implements PresentedCard {
  readonly entryMode = "chip";
  readonly identity: CardIdentity;
  readonly staysIn = true;
  readonly mayApproveAlone: boolean;
  readonly language: Language | undefined;
  readonly #services: Services;
  readonly #slot: CardSlot;
  readonly #data: SessionData;
  readonly #application: TerminalApplication;
  readonly #till: Till;
  /** Signs the card's cryptograms; undefined while, or where, it is not asked to. */
  #signingKey: RsaPublicKey | undefined;
  /** The host has no part in the card's word. */
  #isAlone = false;

  private constructor(
    { services, till }: { readonly services: Services; readonly till: Till },
    slot: CardSlot,
    data: SessionData,
    application: TerminalApplication,
  ) {
    this.#services = services;
    this.#till = till;
    this.#slot = slot;
    this.#data = data;
    this.#application = application;
    this.identity = identityOfChip(data);
    this.language = services.parameters.cardLanguage ? preferredLanguage(data, languages) : undefined;
    this.mayApproveAlone = !isOnlineOnly(data.get(tags.terminalType)?.[0] ?? 0);
  }

  /**
   * Selects and reads the card in a slot that was activated. Where no amount is known yet it is asked for: before the
   * card's processing starts when the card wants it there, else once the card's number can be shown.
   */
  static async open(services: Services, slot: CardSlot, till: Till): Promise<ContactCard> {
    const data = newSession(services, till.operation);
    let card: ContactCard | undefined;
    try {
      await services.screen.show({ id: "processing", stage: "card", keepCard: true });
      const application = await openContactCard(
        slot,
        data,
        applicationsFor(services.parameters, till.operation === "sale", partsOf(services)),
        {
          choose: (candidates) => chooseApplication(services, candidates),
          beforeProcessing: async () => {
            if (
              till.amount === undefined &&
              dolAsksFor(data.fromCard(tags.processingOptionsList), tags.amountAuthorised)
            ) {
              await till.ask(undefined, "chip");
            }
            if (till.amount !== undefined) {
              setAmount(data, till.amount);
            }
          },
        },
      );
      card = new ContactCard({ services, till }, slot, data, application);
      setAmount(data, till.amount ?? (await till.ask(summaryOf(card.identity), "chip")));
      return card;
    } catch (error) {
      data.wipe();
      if (card !== undefined) {
        wipeIdentity(card.identity);
      }
      throw error;
    }
  }

  async verifyHolder(askPin: () => Promise<PinAnswer>, askForCard: AskForCard): Promise<HolderVerification> {
    const data = this.#data;
    const keys = new AuthorityKeys(this.#services.parameters.caKeys, this.#services.parameters.revokedCertificates);
    const { method, fault, cardKey } = await authenticateOffline({
      card: this.#slot,
      data,
      keys,
      dynamicDataList: this.#application.dynamicDataList,
    });
    this.#signingKey = method === "combined" && fault === undefined ? cardKey : undefined;
    checkRestrictions(data);
    const verification = await verifyCardholder(data, askPin, {
      card: this.#slot,
      ask: askForCard,
      random: (count) => this.#services.random.read(count),
      pinKey: () => pinEnciphermentKey(data, keys),
    });
    await manageRisk(this.#slot, data, {
      ...(await riskSettings(this.#services, this.#application, this.identity)),
      forceOnline: this.#till.forceOnline,
    });
    const isPinRight = verification === "offlinePin" || verification === "offlinePinAndSignature";
    return {
      pinEntered: verification === "onlinePin",
      ...(isPinRight ? { verifiedBy: "card" } : {}),
      signature: signed.includes(verification),
    };
  }

  async decide(transaction: Pick<Transaction, "stan">): Promise<FirstWord> {
    setSequenceCounter(this.#data, transaction.stan);
    const word = await decideFirst(this.#slot, this.#data, this.#application, this.#signingKey);
    this.#isAlone = word === "approved";
    return word;
  }

  chipData(): Uint8Array {
    return this.#isAlone ? uploadData(this.#data) : requestData(this.#data);
  }

  async complete(verdict: HostVerdict): Promise<"agreed" | "refused"> {
    this.#isAlone = verdict.kind === "unreachable";
    const word = await completeWithCard(this.#slot, this.#data, verdict, {
      actionCodes: this.#application.actionCodes,
      cardKey: this.#signingKey,
      combinedMode: this.#application.combinedMode,
    });
    return word === "TC" ? "agreed" : "refused";
  }

  scriptNotice(): Uint8Array | undefined {
    return scriptNotice(this.#data);
  }

  summary(): ChipSummary {
    return chipSummary(this.#data, this.#application);
  }

  close(): void {
    this.#data.wipe();
    wipeIdentity(this.identity);
    this.#slot.deactivate();
  }
}

async function riskSettings(
  services: Services,
  application: TerminalApplication,
  identity: CardIdentity,
): Promise<RiskSettings> {
  const { parameters, random } = services;
  const loggedAmount = application.floorLimit > 0 ? await lastAmount(services, identity) : undefined;
  return {
    ...(loggedAmount === undefined ? {} : { loggedAmount }),
    draw: () => drawPercent(random),
    isException: parameters.exceptionFile.includes(bytesToHex(sha256(identity.pan))),
    ...(application.random === undefined ? {} : { random: application.random }),
  };
}

/** Where the holder signs: also where no method of the card's list has worked, whatever the host makes of that. */
const signed: readonly string[] = ["signature", "offlinePinAndSignature", "failed"];

/** What the screens speak. */
const languages: readonly Language[] = ["zh", "en"];

/** So many of the newest transactions are the log that split amounts are looked for in. */
const logLength = 32;
/** What an approved transaction may have become by now. */
const approvedStates: readonly TransactionState[] = ["confirmed", "receipted", ...withoutHost];

/**
 * The latest amount that this card paid here (EMV 4.3 Book 3, 10.6.1). Cards that have the same digits in their masked
 * numbers count as one: the host is then asked once too often, never once too little.
 */
async function lastAmount({ journal }: Services, identity: CardIdentity): Promise<number | undefined> {
  const { pan, panSequenceNumber } = identity;
  const wanted = { maskedPan: maskPan(pan), panSequenceNumber, states: approvedStates };
  return (await journal.find(wanted, logLength))?.amount;
}

/** 1 to 99, each as likely as the others. */
function drawPercent(random: Services["random"]): number {
  for (;;) {
    const byte = random.read(1)[0]!;
    if (byte < 198) {
      return (byte % 99) + 1;
    }
  }
}

/** What the cardholder reads of an application: the card's word for it, else the terminal's, else its identifier. */
function nameOf(candidate: Candidate, known: readonly TerminalApplication[]): string {
  const own = known.find((application) => equal(application.aid, candidate.supported));
  return candidate.label || own?.label || bytesToHex(candidate.aid);
}

async function chooseApplication(services: Services, candidates: readonly Candidate[]): Promise<number> {
  const known = terminalApplications(services.parameters.aids);
  const choices = candidates.map((candidate, place) => ({ id: String(place), text: nameOf(candidate, known) }));
  const picked = await choose(services, choices, { id: "choose-application", chip: true });
  if (picked.kind !== "picked") {
    throw new UserError({ id: "cancelled", by: picked.kind });
  }
  await services.screen.show({ id: "processing", stage: "card", keepCard: true });
  return picked.index;
}
