import { sha256 } from "#native/digest";
import { FormatError } from "../../codec/errors.ts";
import { bytesToHex } from "../../codec/hex.ts";
import { asciiToBytes } from "../../codec/text.ts";
import type { TerminalApplication } from "../../emv/application.ts";
import type { PinAnswer } from "../../emv/cardholder.ts";
import type { HostVerdict } from "../../emv/completion.ts";
import type { FirstWord } from "../../emv/contact.ts";
import { hasIssuerUpdate, updateByIssuer } from "../../emv/contactless/issuer-update.ts";
import type { TapVerification } from "../../emv/contactless/outcome.ts";
import { tap } from "../../emv/contactless/tap.ts";
import type { SessionData } from "../../emv/data.ts";
import { dolAsksFor } from "../../emv/dol.ts";
import { CardError } from "../../emv/errors.ts";
import { type IssuerData, parseIssuerData, requestData, scriptNotice, uploadData } from "../../emv/field55.ts";
import { AuthorityKeys } from "../../emv/keys.ts";
import { hasBit, verificationBits } from "../../emv/results.ts";
import { tags } from "../../emv/tags.ts";
import type { ChipSummary, Transaction } from "../../journal/types.ts";
import type { Operation } from "../../screen/screens.ts";
import { applicationsFor } from "../applications.ts";
import type { CardSlot } from "../peripherals/card-slots.ts";
import { money, type Services } from "../services.ts";
import { partsOf } from "./capabilities.ts";
import { type CardIdentity, identityOfChip, wipeIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";
import { chipSummary, newSession, setAmount, setSequenceCounter } from "./session.ts";

/** How long a card is waited for that its issuer has news for, in milliseconds. */
const updatePatience = 5_000;

/** So many cards may come before it is given up: others, or several at once. */
const mostPresented = 3;

/** What a card is tapped for. */
export interface TapPurpose {
  readonly operation: Operation;
  /** Minor units. */
  readonly amount: number;
  /** The merchant wants the host to be asked. */
  readonly forceOnline?: boolean;
}

/** Authorisation response code of an approval without the host (EMV 4.3 Book 4, annex A6). */
const approvedAlone = "Y1";

/** What a tap came to that has a card to go on with. */
interface TapResult {
  readonly purpose: TapPurpose;
  readonly application: TerminalApplication;
  readonly word: FirstWord;
  readonly verification: TapVerification;
  readonly issuerUpdate: boolean;
}

/** A card or phone that was tapped: it has had its one word and is gone. */
export class TapCard implements PresentedCard {
  readonly entryMode = "contactless";
  readonly identity: CardIdentity;
  readonly staysIn = false;
  readonly mayApproveAlone: boolean;
  readonly pinPromised: boolean;
  readonly #services: Services;
  readonly #slot: CardSlot;
  readonly #data: SessionData;
  readonly #result: TapResult;

  private constructor(services: Services, slot: CardSlot, data: SessionData, result: TapResult) {
    this.#services = services;
    this.#slot = slot;
    this.#data = data;
    this.#result = result;
    this.identity = identityOfChip(data);
    this.mayApproveAlone = result.word === "approved";
    const results = data.get(tags.terminalVerificationResults);
    this.pinPromised = hasBit(results, verificationBits.onlinePinEntered);
  }

  /**
   * The whole talk with the card in the field. It comes before the journal opens, which has to know the card: an approval
   * that the card gives alone is none before it is written down, and where the power goes before that, nobody was told.
   */
  static async open(
    services: Services,
    slot: CardSlot,
    purpose: TapPurpose,
  ): Promise<TapCard | "seePhone" | "otherInterface"> {
    const data = newSession(services, purpose.operation);
    try {
      setAmount(data, purpose.amount);
      await slot.activate();
      const known = applicationsFor(services.parameters, purpose.operation === "sale", partsOf(services));
      const outcome = await tap(slot, data, known, purpose.amount, {
        now: () => services.clock.monotonic(),
        random: (length) => services.random.read(length),
        keys: new AuthorityKeys(services.parameters.caKeys, services.parameters.revokedCertificates),
        isReported: (card) => isReported(services, card),
        torn: services.torn,
        forceOnline: purpose.forceOnline === true,
      });
      services.peripherals.sign(outcome.kind === "seePhone" || outcome.kind === "otherInterface" ? "alert" : "read");
      switch (outcome.kind) {
        case "online":
          return new TapCard(services, slot, data, { ...outcome, purpose, word: "online" });
        case "approved":
          data.set(tags.authorisationResponseCode, asciiToBytes(approvedAlone));
          return new TapCard(services, slot, data, { ...outcome, purpose, word: "approved", issuerUpdate: false });
        case "declined":
          return new TapCard(services, slot, data, {
            ...outcome,
            purpose,
            word: "declined",
            verification: "none",
            issuerUpdate: false,
          });
        case "seePhone":
        case "otherInterface":
          data.wipe();
          return outcome.kind;
      }
    } catch (error) {
      data.wipe();
      services.peripherals.sign("alert");
      throw error;
    } finally {
      slot.deactivate();
    }
  }

  async verifyHolder(askPin: () => Promise<PinAnswer>): Promise<HolderVerification> {
    const { verification } = this.#result;
    if (verification !== "onlinePin") {
      const isByDevice = verification === "device";
      return {
        pinEntered: false,
        ...(isByDevice ? { verifiedBy: "device" } : {}),
        signature: verification === "signature",
      };
    }
    const pinEntered = (await askPin()) === "entered";
    return { pinEntered, signature: !pinEntered };
  }

  decide(transaction: Pick<Transaction, "stan">): Promise<FirstWord> {
    setSequenceCounter(this.#data, hasHeardCounter(this.#data) ? 0 : transaction.stan);
    return Promise.resolve(this.#result.word);
  }

  chipData(): Uint8Array {
    return this.#result.word === "approved" ? uploadData(this.#data) : requestData(this.#data);
  }

  /** The card is asked back where its issuer has news for it; what it says to them changes nothing. */
  async complete(verdict: HostVerdict): Promise<"agreed"> {
    if (this.#result.issuerUpdate && verdict.kind === "answered") {
      const issuer = parseIssuerData(verdict.chipData);
      if (hasIssuerUpdate(issuer)) {
        await this.#update(issuer);
      }
    }
    return "agreed";
  }

  async #update(issuer: IssuerData): Promise<void> {
    const { screen, peripherals } = this.#services;
    const { operation, amount } = this.#result.purpose;
    const shown = operation === "balance" ? {} : { amount: money(this.#services, amount) };
    await screen.show({ id: "present-card", operation, ...shown });
    for (let presented = 0; presented < mostPresented; presented++) {
      const happening = await peripherals.wait({ contactless: "card", keys: true, timeout: updatePatience });
      if (happening.kind === "collision") {
        peripherals.sign("alert");
        await screen.show({ id: "one-card-only" });
      } else if (happening.kind === "tap" && (await this.#tell(issuer)) === "otherCard") {
        await screen.show({ id: "other-card" });
      } else {
        break;
      }
      const next = await peripherals.wait({ contactless: "empty", keys: true, timeout: updatePatience });
      if (next.kind !== "fieldEmpty") {
        break;
      }
    }
    peripherals.endContactless();
  }

  /** A card that leaves in the middle, or answers with rubbish, has heard what it has heard. */
  async #tell(issuer: IssuerData): Promise<"heard" | "otherCard"> {
    try {
      await this.#slot.activate();
      const heard = await updateByIssuer(this.#slot, this.#data, issuer);
      this.#services.peripherals.sign(heard === "heard" ? "read" : "alert");
      return heard;
    } catch (error) {
      if (!(error instanceof CardError || error instanceof FormatError)) {
        throw error;
      }
      return "heard";
    } finally {
      this.#slot.deactivate();
    }
  }

  scriptNotice(): Uint8Array | undefined {
    return scriptNotice(this.#data);
  }

  summary(): ChipSummary {
    return chipSummary(this.#data, this.#result.application);
  }

  close(): void {
    this.#data.wipe();
    wipeIdentity(this.identity);
  }
}

/** Looks for the card's number in the exception file. Throws `FormatError` where the card has none. */
function isReported(services: Services, data: SessionData): boolean {
  const { exceptionFile } = services.parameters;
  if (exceptionFile.length === 0) {
    return false;
  }
  const identity = identityOfChip(data);
  const digest = bytesToHex(sha256(identity.pan));
  wipeIdentity(identity);
  return exceptionFile.includes(digest);
}

/** True of a card that asked for the transaction's number (9F41) before there was one: it heard zeros, and so shall the host. */
function hasHeardCounter(data: SessionData): boolean {
  return [tags.processingOptionsList, tags.cardRiskManagementList1].some((list) =>
    dolAsksFor(data.fromCard(list), tags.transactionSequenceCounter),
  );
}
