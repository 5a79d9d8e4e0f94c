import { equal, wipe } from "../../codec/bytes.ts";
import type { RsaPublicKey } from "../../crypto/rsa.ts";
import type { CryptogramType } from "../commands.ts";
import type { CombinedExchange } from "../oda/combined.ts";
import type { TapVerification } from "./outcome.ts";

/** A tap that broke off while the card made its cryptogram (EMV Book C-2, annex A, torn record). */
export interface TornRecord {
  /** Tag 5A as the card sent it. */
  readonly pan: Uint8Array;
  /** Tag 5F34; empty where the card has none. */
  readonly sequence: Uint8Array;
  /** Terminal's elements as the card got them, by tag. */
  readonly elements: readonly (readonly [number, Uint8Array])[];
  readonly verification: TapVerification;
  /** What the card was asked for. */
  readonly wanted: CryptogramType;
  /** Present when a signature was asked for. */
  readonly signing: SigningTerms | undefined;
}

/** What a combined signature of kernel 2 is checked with. */
export interface SigningTerms extends CombinedExchange {
  readonly cardKey: RsaPublicKey;
  /** What the relay resistance exchange brought; empty without one. */
  readonly relay: Uint8Array;
}

/** Milliseconds after which a record is of no use (DF811C), and how many are kept (DF811D). */
const lifetime = 300_000;
const capacity = 2;

/** The torn taps of one sale, so that the card's next tap can end what it began. The same sale has the same amount. */
export class TornLog {
  readonly #records: { readonly record: TornRecord; readonly at: number }[] = [];

  /** Keeps a record; the oldest one gives way. */
  keep(record: TornRecord, now: number): void {
    this.#records.push({ record, at: now });
    if (this.#records.length > capacity) {
      this.#drop(0);
    }
  }

  /** Takes the record of a card out, if there is one that is still good. */
  take(pan: Uint8Array, sequence: Uint8Array, now: number): TornRecord | undefined {
    while (this.#records.length > 0 && now - this.#records[0]!.at > lifetime) {
      this.#drop(0);
    }
    const place = this.#records.findIndex(({ record }) => equal(record.pan, pan) && equal(record.sequence, sequence));
    return place < 0 ? undefined : this.#records.splice(place, 1)[0]!.record;
  }

  /** Overwrites the card numbers and forgets all. */
  wipe(): void {
    while (this.#records.length > 0) {
      this.#drop(0);
    }
  }

  #drop(place: number): void {
    for (const { record } of this.#records.splice(place, 1)) {
      wipe(record.pan);
    }
  }
}
