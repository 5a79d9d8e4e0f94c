import type { Swipe } from "../../hal/magstripe.ts";
import { wipe } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToLatin1 } from "../codec/text.ts";
import { consumerHead } from "../codes/emv-consumer.ts";
import { walletOfCode } from "../codes/wallet-ranges.ts";
import { CardError } from "../emv/errors.ts";
import type { Money } from "../screen/money.ts";
import type { Screen } from "../screen/screens.ts";
import { inTurnOfItsOwn } from "../turn.ts";
import { mayForceOnline } from "./applications.ts";
import { CodeBearer } from "./card/code-bearer.ts";
import { CodeCard } from "./card/code-card.ts";
import { ContactCard } from "./card/contact-card.ts";
import { type CardIdentity, hasChip, identityOfSwipe, summaryOf, wipeIdentity } from "./card/identity.ts";
import type { PresentedCard } from "./card/presented.ts";
import { StripeCard } from "./card/stripe-card.ts";
import { TapCard } from "./card/tap-card.ts";
import { typeCard } from "./manual-card.ts";
import type { Happening, Wishes } from "./peripherals/peripherals.ts";
import { wipeSwipe } from "./peripherals/swipe.ts";
import type { Services } from "./services.ts";
import type { Till } from "./till.ts";
import { UserError } from "./user-error.ts";

/** How long a card is waited for, and how long a notice stays, in milliseconds. */
const patience = 60_000;
const noticeTime = 5_000;

/** A chip that does not answer its reset is powered this often before it counts as unreadable. */
const activations = 3;

/** What the next wait shows, and what it does not wait for. */
interface Prompt {
  /** Absent: the usual "present a card". */
  readonly screen?: Screen;
  /** Gives way to the usual screen after a while or at a key. */
  readonly passing?: boolean;
  /** No tap until the field was empty once. */
  readonly awaitEmptyField?: boolean;
  /** The chip has to be used now: no tap. */
  readonly noTap?: boolean;
}

const unreadable: Prompt = { screen: { id: "card-unreadable" }, passing: true };
/** A tap that another try would not help: "insert, swipe or try another card" (EMV contactless Book A, 9.4). */
const otherWay: Prompt = { screen: { id: "card-unreadable", otherWay: true }, passing: true };

/**
 * Waits for a card by any reader until one was read: a stripe whose card has a chip is sent to the chip reader first, an
 * unreadable card may be tried again or replaced by another. Asks for the amount where it is not known yet.
 * Throws `UserError` when the merchant or the cardholder gives up.
 * @param first what was presented already, at the idle screen
 */
export async function readCard(services: Services, till: Till, first?: Happening): Promise<PresentedCard> {
  const reading = new CardReading(services, till);
  let happening = first ?? (await reading.next({}));
  for (;;) {
    if (happening === "shown") return new CodeBearer();
    const result = happening === "typed" ? await typeCard(services, till.operation) : await reading.take(happening);
    if ("identity" in result) {
      return result;
    }
    happening = await reading.next(result);
  }
}

class CardReading {
  readonly #services: Services;
  readonly #till: Till;
  /** Insertions of chips that never answered, not even one command, since one did: then a stripe may be used. */
  #deadChips = 0;
  /** The chip that is in the reader is of no use: it has to come out first. */
  #spent = false;

  constructor(services: Services, till: Till) {
    this.#services = services;
    this.#till = till;
  }

  /** Shows the prompt and waits for a card or a phone, or for the wish to type a number or to have a code shown. */
  async next(prompt: Prompt): Promise<Happening | "typed" | "shown"> {
    const { screen, peripherals } = this.#services;
    let current = prompt;
    for (;;) {
      await screen.show(current.screen ?? this.#usualScreen());
      const happening = await peripherals.wait(this.#wishes(current));
      switch (happening.kind) {
        case "key":
          if (happening.key === this.#codeKey) {
            return "shown";
          }
          if (happening.key === "CANCEL") {
            throw new UserError({ id: "cancelled", by: "merchant" });
          }
          if (happening.key === "F2" && this.#mayBeTyped) {
            return "typed";
          }
          if (happening.key === "F1" && this.#mayForceOnline) {
            this.#till.forceOnline = !this.#till.forceOnline;
          }
          current = current.passing === true ? withoutScreen(current) : current;
          break;
        case "timeout":
          if (current.passing !== true) {
            throw new UserError({ id: "cancelled", by: "timeout" });
          }
          current = {};
          break;
        case "chipRemoved":
          this.#spent = false;
          break;
        case "fieldEmpty":
          current = { ...current, awaitEmptyField: false };
          break;
        default:
          return happening;
      }
    }
  }

  /** Reads what was presented: a card, or how to go on. */
  async take(happening: Happening): Promise<PresentedCard | Prompt> {
    switch (happening.kind) {
      case "swipe":
        return this.#takeSwipe(happening.swipe);
      case "chipInserted":
        return this.#takeChip();
      case "tap":
        return this.#takeTap();
      case "scan":
        return this.#takeScan(happening.code);
      case "collision":
        this.#services.peripherals.sign("alert");
        return { screen: { id: "one-card-only" }, passing: true, awaitEmptyField: true };
      default:
        return {};
    }
  }

  async #takeSwipe(swipe: Swipe): Promise<PresentedCard | Prompt> {
    let identity: CardIdentity | undefined;
    try {
      identity = identityOfSwipe(swipe);
      const isFallback = hasChip(identity) && this.#deadChips >= this.#services.parameters.fallbackInsertions;
      if (hasChip(identity) && !isFallback && this.#services.peripherals.chip !== undefined) {
        wipeIdentity(identity);
        wipeSwipe(swipe);
        return { screen: this.#useChipScreen(), noTap: true };
      }
      const card = new StripeCard(isFallback ? "fallback" : "magstripe", swipe, identity);
      if (this.#till.amount === undefined) {
        await this.#till.ask(summaryOf(identity));
      }
      return card;
    } catch (error) {
      wipeSwipe(swipe);
      if (identity !== undefined) {
        wipeIdentity(identity);
      }
      if (error instanceof FormatError) {
        return unreadable;
      }
      throw error;
    }
  }

  async #takeChip(): Promise<PresentedCard | Prompt> {
    const slot = this.#services.peripherals.chip;
    if (slot === undefined) {
      return {};
    }
    this.#spent = true;
    try {
      if (!(await this.#activate())) {
        this.#deadChips++;
        return unreadable;
      }
      return await ContactCard.open(this.#services, slot, this.#till);
    } catch (error) {
      slot.deactivate();
      if (slot.answered) {
        this.#deadChips = 0;
      } else if (isSilence(error)) {
        this.#deadChips++;
      }
      return promptFor(error);
    }
  }

  /** Powers the chip, several times if it stays silent. */
  async #activate(): Promise<boolean> {
    const { screen, peripherals } = this.#services;
    await screen.show({ id: "processing", stage: "card", keepCard: true });
    for (let count = 0; count < activations; count++) {
      try {
        await peripherals.chip?.activate();
        return true;
      } catch (error) {
        if (!(error instanceof CardError) || error.problem === "removed") {
          throw error;
        }
      }
    }
    return false;
  }

  /** What a phone shows; anything else than a wallet's code, and that is said at once. */
  async #takeScan(code: Uint8Array): Promise<PresentedCard | Prompt> {
    const text = bytesToLatin1(code);
    const wallet = walletOfCode(text);
    if (wallet === undefined) {
      wipe(code);
      if (text.startsWith(consumerHead)) return this.#takeCodeCard(text);
      return this.#wrongCode();
    }
    try {
      if (this.#till.amount === undefined) await this.#till.ask();
      return new CodeBearer(code, wallet);
    } catch (error) {
      wipe(code);
      throw error;
    }
  }

  /** Throws `UserError` where nobody has begun a sale: whatever was held before the idle terminal begins none. */
  #wrongCode(): Prompt {
    const { operation, amount } = this.#till;
    const screen: Screen = { id: "scan-code", operation, ...this.#shownAmount(), wrong: true };
    if (amount === undefined) {
      throw new UserError(screen);
    }
    return { screen, passing: true };
  }

  /** A card that a phone shows as a code. */
  async #takeCodeCard(text: string): Promise<PresentedCard | Prompt> {
    let card: CodeCard | undefined;
    try {
      card = await inTurnOfItsOwn(() => new CodeCard(this.#services, text));
      card.setAmount(this.#till.amount ?? (await this.#till.ask(summaryOf(card.identity))));
      return card;
    } catch (error) {
      card?.close();
      if (error instanceof FormatError) return this.#wrongCode();
      throw error;
    }
  }

  async #takeTap(): Promise<PresentedCard | Prompt> {
    const { screen, peripherals } = this.#services;
    const { amount, operation, forceOnline } = this.#till;
    if (peripherals.contactless === undefined || amount === undefined) {
      return {};
    }
    await screen.show({ id: "processing", stage: "card", ...this.#shownAmount() });
    try {
      const result = await TapCard.open(this.#services, peripherals.contactless, { operation, amount, forceOnline });
      if (result === "seePhone") {
        return { screen: { id: "see-phone" }, awaitEmptyField: true };
      }
      if (result === "otherInterface") {
        return this.#otherInterface();
      }
      peripherals.endContactless();
      return result;
    } catch (error) {
      return { ...promptForTap(error), awaitEmptyField: true };
    }
  }

  /** A tap is not for this amount, or not for this card: by the chip, by the stripe, or not at all. */
  #otherInterface(): Prompt {
    const { chip, hasStripe } = this.#services.peripherals;
    if (chip === undefined && !hasStripe) {
      return { screen: { id: "card-not-accepted", tapped: true }, passing: true, awaitEmptyField: true };
    }
    const id = chip === undefined ? "swipe-card" : "insert-card";
    return { screen: { id, operation: this.#till.operation, ...this.#shownAmount() }, noTap: true };
  }

  #usualScreen(): Screen {
    const { amount, operation } = this.#till;
    const scans = this.#services.peripherals.hasScanner;
    return amount === undefined
      ? { id: "use-chip" }
      : {
          id: "present-card",
          operation,
          ...this.#shownAmount(),
          manual: this.#mayBeTyped,
          ...(this.#mayForceOnline ? { askBank: this.#till.forceOnline } : {}),
          ...(this.#codeKey === undefined ? {} : { code: scans ? "scan" : "show" }),
        };
  }

  /** What has the code shown: F1, or where that asks the bank another. */
  get #codeKey(): "F1" | "F3" | undefined {
    if (!this.#till.takesCodes || this.#till.amount === undefined) return undefined;
    return this.#mayForceOnline ? "F3" : "F1";
  }

  /** Where cards approve alone, and of a sale only: everything else goes to the bank anyway. */
  get #mayForceOnline(): boolean {
    const { amount, operation } = this.#till;
    return operation === "sale" && amount !== undefined && mayForceOnline(this.#services.parameters);
  }

  /** A balance is for a holder who is here with the card. */
  get #mayBeTyped(): boolean {
    return (
      this.#services.parameters.manualEntry && this.#till.amount !== undefined && this.#till.operation !== "balance"
    );
  }

  #useChipScreen(): Screen {
    return { id: "use-chip", ...this.#shownAmount() };
  }

  #shownAmount(): { readonly amount?: Money } {
    const { shown } = this.#till;
    return shown === undefined ? {} : { amount: shown };
  }

  #wishes(prompt: Prompt): Wishes {
    const mayTap = this.#till.amount !== undefined && prompt.noTap !== true;
    const spent = this.#spent && this.#services.peripherals.chipPresent;
    return {
      keys: true,
      swipe: true,
      scan: this.#till.takesCodes,
      chip: spent ? "removed" : "inserted",
      ...(mayTap ? { contactless: prompt.awaitEmptyField === true ? "empty" : "card" } : {}),
      timeout: prompt.passing === true ? noticeTime : patience,
    };
  }
}

/** The same waiting without the notice. */
function withoutScreen(prompt: Prompt): Prompt {
  return prompt.awaitEmptyField === true ? { awaitEmptyField: true } : {};
}

function isSilence(error: unknown): boolean {
  return error instanceof CardError && (error.problem === "mute" || error.problem === "protocol");
}

/** What to say of a card that could not be read; errors that are not the card's are thrown on. */
function promptFor(error: unknown): Prompt {
  if (error instanceof FormatError) {
    return unreadable;
  }
  if (!(error instanceof CardError)) {
    throw error;
  }
  switch (error.problem) {
    case "removed":
      throw new UserError({ id: "cancelled", by: "card-removed" });
    case "cardBlocked":
    case "applicationBlocked":
      throw new UserError({ id: "card-blocked" });
    case "noApplication":
      return { screen: { id: "card-not-accepted" }, passing: true };
    default:
      return unreadable;
  }
}

/**
 * What to say of a tap that came to nothing: "present card again" where the talk broke off, and otherwise the other ways to
 * pay, of a card without any application for this reader (Book B, 3.3.2.7) too.
 */
function promptForTap(error: unknown): Prompt {
  if (error instanceof FormatError) {
    return otherWay;
  }
  if (!(error instanceof CardError)) {
    throw error;
  }
  if (error.problem === "noApplication") {
    return { screen: { id: "card-not-accepted", tapped: true }, passing: true };
  }
  if (error.problem === "refusal" || error.problem === "data") {
    return otherWay;
  }
  return error.problem === "removed" ? unreadable : promptFor(error);
}
