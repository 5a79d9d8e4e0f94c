import type { TerminalApplication } from "../../emv/application.ts";
import type { PinAnswer } from "../../emv/cardholder.ts";
import type { TapVerification } from "../../emv/contactless/outcome.ts";
import { tap } from "../../emv/contactless/tap.ts";
import type { TornLog } from "../../emv/contactless/torn.ts";
import type { SessionData } from "../../emv/data.ts";
import { requestData } from "../../emv/field55.ts";
import { AuthorityKeys } from "../../emv/keys.ts";
import type { ChipSummary, Transaction } from "../../journal/types.ts";
import { terminalApplications } from "../applications.ts";
import type { CardSlot } from "../peripherals/card-slots.ts";
import type { Services } from "../services.ts";
import { type CardIdentity, identityOfChip, wipeIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";
import { chipSummary, newSession, setAmount, setSequenceCounter } from "./session.ts";

/** A card or phone that was tapped: it has had its one word and is gone. */
export class TapCard implements PresentedCard {
  readonly entryMode = "contactless";
  readonly identity: CardIdentity;
  readonly staysIn = false;
  readonly #data: SessionData;
  readonly #application: TerminalApplication;
  readonly #verification: TapVerification | undefined;

  private constructor(data: SessionData, application: TerminalApplication, verification: TapVerification | undefined) {
    this.#data = data;
    this.#application = application;
    this.#verification = verification;
    this.identity = identityOfChip(data);
  }

  /**
   * The whole talk with the card in the field. It comes before the journal opens: only a request for the host can come
   * of it, never an approval: an approval that the card gives by itself counts as a refusal.
   * @param torn taps of this sale that broke off
   */
  static async open(
    services: Services,
    slot: CardSlot,
    amount: number,
    torn: TornLog,
  ): Promise<TapCard | "seePhone" | "otherInterface"> {
    const data = newSession(services);
    try {
      setAmount(data, amount);
      await slot.activate();
      const outcome = await tap(slot, data, terminalApplications(services.parameters.aids), amount, {
        now: () => services.clock.monotonic(),
        random: (length) => services.random.read(length),
        keys: new AuthorityKeys(services.parameters.caKeys, services.parameters.revokedCertificates),
        torn,
      });
      switch (outcome.kind) {
        case "online":
          return new TapCard(data, outcome.application, outcome.verification);
        case "approved":
        case "declined":
          return new TapCard(data, outcome.application, undefined);
        case "seePhone":
        case "otherInterface":
          data.wipe();
          return outcome.kind;
      }
    } catch (error) {
      data.wipe();
      throw error;
    } finally {
      slot.deactivate();
    }
  }

  async verifyHolder(askPin: () => Promise<PinAnswer>): Promise<HolderVerification> {
    if (this.#verification !== "onlinePin") {
      return { pinEntered: false, signature: this.#verification === "signature" };
    }
    const pinEntered = (await askPin()) === "entered";
    return { pinEntered, signature: !pinEntered };
  }

  decide(transaction: Transaction): Promise<"online" | "declined"> {
    setSequenceCounter(this.#data, transaction.stan);
    return Promise.resolve(this.#verification === undefined ? "declined" : "online");
  }

  chipData(): Uint8Array {
    return requestData(this.#data);
  }

  complete(): Promise<"agreed"> {
    return Promise.resolve("agreed");
  }

  summary(): ChipSummary {
    return chipSummary(this.#data, this.#application);
  }

  close(): void {
    this.#data.wipe();
    wipeIdentity(this.identity);
  }
}
