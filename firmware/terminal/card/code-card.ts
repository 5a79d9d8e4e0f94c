import { wipe } from "../../codec/bytes.ts";
import { FormatError } from "../../codec/errors.ts";
import { parseConsumerCode } from "../../codes/emv-consumer.ts";
import type { TerminalApplication } from "../../emv/application.ts";
import { matchApplication } from "../../emv/candidates.ts";
import type { SessionData } from "../../emv/data.ts";
import { requestData } from "../../emv/field55.ts";
import { tags } from "../../emv/tags.ts";
import type { ChipSummary, Transaction } from "../../journal/types.ts";
import { terminalApplications } from "../applications.ts";
import type { Services } from "../services.ts";
import { type CardIdentity, identityOfChip, wipeIdentity } from "./identity.ts";
import type { HolderVerification, PresentedCard } from "./presented.ts";
import { chipSummary, newSession, setAmount, setSequenceCounter } from "./session.ts";

/**
 * A card that a phone shows as a code (EMV QR Code Specification, Consumer-Presented Mode, 1.1): number, track and a cryptogram, which
 * the issuer's host judges. The phone has verified its owner, and knows nothing of this terminal: what it signed is not of this amount.
 */
export class CodeCard implements PresentedCard {
  readonly entryMode = "code";
  readonly mayApproveAlone = false;
  readonly staysIn = false;
  readonly identity: CardIdentity;
  readonly #data: SessionData;
  readonly #application: TerminalApplication;
  readonly #bytes: Uint8Array;

  /**
   * The first application of the code that this terminal takes.
   * @throws FormatError where the code, or what it says of the card, is not as the specification has it, or none is taken
   */
  constructor(services: Services, text: string) {
    const { applications, bytes } = parseConsumerCode(text);
    this.#bytes = bytes;
    const known = terminalApplications(services.parameters.aids);
    for (const elements of applications) {
      const name = elements.find(({ tag }) => tag === tags.applicationIdentifier)?.value;
      const application = name === undefined ? undefined : matchApplication(name, known);
      if (name === undefined || application === undefined) continue;
      this.#application = application;
      const data = newSession(services, "sale");
      this.#data = data;
      try {
        for (const { tag, value } of elements) data.setFromCard(tag, value);
        data.set(tags.dedicatedFileName, name);
        const number = data.fromCard(tags.unpredictableNumber);
        if (number !== undefined) data.set(tags.unpredictableNumber, number); // the phone's own
        this.identity = identityOfChip(data);
      } catch (error) {
        data.wipe();
        wipe(bytes);
        throw error;
      }
      return;
    }
    wipe(bytes);
    throw new FormatError("code", 0, "no application of this terminal's");
  }

  verifyHolder(): Promise<HolderVerification> {
    return Promise.resolve({ pinEntered: false, verifiedBy: "device", signature: false });
  }

  decide({ stan }: Pick<Transaction, "stan">): Promise<"online"> {
    setSequenceCounter(this.#data, stan);
    return Promise.resolve("online");
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

  /** @param amount minor units */
  setAmount(amount: number): void {
    setAmount(this.#data, amount);
  }

  close(): void {
    this.#data.wipe();
    wipe(this.#bytes);
    wipeIdentity(this.identity);
  }
}
