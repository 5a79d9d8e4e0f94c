import { concat, wipe } from "../codec/bytes.ts";
import type { Tlv } from "../codec/tlv.ts";
import { Elements } from "./elements.ts";
import { CardError } from "./errors.ts";
import { tags } from "./tags.ts";

/** Elements that a card may say: twice what cards have, and what the memory of a device has room for. */
const mostOfCard = 128;

/** What a card says of this transaction alone: no record, which was written long before, says it better. */
const ofTransaction: readonly number[] = [
  tags.applicationInterchangeProfile,
  tags.dedicatedFileName,
  tags.applicationFileLocator,
  tags.issuerApplicationData,
  tags.applicationCryptogram,
  tags.cryptogramInformation,
  tags.transactionCounter,
  tags.signedDynamicData,
  tags.cardTransactionQualifiers,
];

/**
 * All data elements of one card session. What the terminal knows stands above what the card says: a card cannot
 * change the amount by sending its own. Tags are numbers, values bytes as on the wire.
 */
export class SessionData {
  readonly #terminal = new Elements();
  readonly #card = new Elements();
  #staticData: Uint8Array[] | undefined = [];
  #sent: Uint8Array[] = [];

  constructor(terminal: Iterable<readonly [number, Uint8Array]> = []) {
    for (const [tag, value] of terminal) {
      this.#terminal.set(tag, value);
    }
    if (!this.#terminal.has(tags.terminalVerificationResults)) {
      this.#terminal.set(tags.terminalVerificationResults, new Uint8Array(5));
    }
    if (!this.#terminal.has(tags.transactionStatusInformation)) {
      this.#terminal.set(tags.transactionStatusInformation, new Uint8Array(2));
    }
  }

  /** An element's value: the terminal's, or else the card's. */
  readonly get = (tag: number): Uint8Array | undefined => this.#terminal.get(tag) ?? this.#card.get(tag);

  /** What the terminal knows or has worked out, whatever the card says. */
  fromTerminal(tag: number): Uint8Array | undefined {
    return this.#terminal.get(tag);
  }

  /** What the card said, whatever the terminal knows. */
  fromCard(tag: number): Uint8Array | undefined {
    return this.#card.get(tag);
  }

  has(tag: number): boolean {
    return this.#terminal.has(tag) || this.#card.has(tag);
  }

  /** Bytes of what the card said. */
  lengthFromCard(tag: number): number | undefined {
    return this.#card.lengthOf(tag);
  }

  /** Throws `CardError("data")` when the element is missing. */
  need(tag: number, step: string): Uint8Array {
    const value = this.get(tag);
    if (value === undefined) {
      throw new CardError("data", step);
    }
    return value;
  }

  /** An element that the terminal knows or works out. */
  set(tag: number, value: Uint8Array): void {
    this.#terminal.set(tag, value);
  }

  /** An element of the card that may change during the session, such as its cryptogram. */
  setFromCard(tag: number, value: Uint8Array): void {
    this.#card.set(tag, value);
  }

  /** Forgets an element of the card that its next answer has to bring anew. */
  forgetFromCard(tag: number): void {
    this.#card.forget(tag);
  }

  /**
   * Keeps the primitive elements of a template that the card sent, at every depth.
   * Throws `CardError("data")` for one that is there already (EMV 4.3 Book 3, 10.2), `CardError("protocol")` for more than
   * any card has.
   * @param seen the elements of the same step so far: only among them may none come twice, and what an earlier step said
   *   stands
   * @param isSigned the template takes part in offline data authentication, as no answer to SELECT or GET PROCESSING OPTIONS
   *   does: it stands above what those said, so that nobody on the way can say it in its place
   */
  takeFromCard(objects: readonly Tlv[], step: string, seen?: Set<number>, isSigned = false): void {
    const card = this.#card;
    for (let place = 0; place < objects.length; place++) {
      const { tag, value, children } = objects[place]!;
      if (children !== undefined) {
        this.takeFromCard(children, step, seen, isSigned);
        continue;
      }
      const isKnown = card.has(tag);
      if (seen === undefined ? isKnown : seen.has(tag)) {
        throw new CardError("data", step);
      }
      if (card.size >= mostOfCard) {
        throw new CardError("protocol", step);
      }
      seen?.add(tag);
      if (!isKnown || (isSigned && !ofTransaction.includes(tag))) {
        card.set(tag, value);
      }
    }
  }

  /** Keeps a part of the data that the card's static signature covers, in the order of the records; false: not needed. */
  addStaticData(part: Uint8Array): boolean {
    this.#staticData?.push(part);
    return this.#staticData !== undefined;
  }

  /** A record that cannot be signed was to be signed: offline data authentication fails (Book 3, 10.3). */
  spoilStaticData(): void {
    this.#staticData?.forEach(wipe);
    this.#staticData = undefined;
  }

  /** The records that take part in offline data authentication (Book 3, 10.3); `undefined` when it has to fail. */
  staticData(): Uint8Array | undefined {
    return this.#staticData === undefined ? undefined : concat(this.#staticData);
  }

  /** Keeps the values that one of the card's lists was answered with: a combined signature covers them all. */
  noteSent(values: Uint8Array): void {
    this.#sent.push(values);
  }

  /** What the card was sent by its processing options list, CDOL1 and CDOL2, in this order as far as it went. */
  get sent(): readonly Uint8Array[] {
    return this.#sent;
  }

  /** Forgets the card of an application that was given up, and the results so far. */
  forgetCard(): void {
    this.wipe();
    this.#card.clear();
    this.#staticData = [];
    this.#sent = [];
    this.get(tags.terminalVerificationResults)?.fill(0);
    this.get(tags.transactionStatusInformation)?.fill(0);
  }

  /** Overwrites all that came from the card: PAN and track among it. */
  wipe(): void {
    this.#card.wipe();
    for (const part of this.#staticData ?? []) {
      wipe(part);
    }
  }
}
