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
  /** Terminal's elements as the card got them, as BER-TLV: one byte string takes a tenth of the heap that many take. */
  readonly elements: Uint8Array;
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

/** How long and how many records are kept (EMV Book C-2, DF811C and DF811D). */
export interface TornLimits {
  /** Milliseconds. */
  readonly lifetime: number;
  /** 0: none. */
  readonly most: number;
}

/**
 * Torn taps, in memory alone: the card's next tap can end what it began, in the same sale or in a later one, as long as
 * the record lives (EMV Book C-2, S9.5 on and S456.43 on).
 */
export class TornLog {
  readonly #kept: { readonly record: TornRecord; readonly until: number }[] = [];

  /** Keeps a record; the oldest ones give way. */
  keep(record: TornRecord, now: number, { lifetime, most }: TornLimits): void {
    this.#kept.push({ record, until: now + lifetime });
    while (this.#kept.length > most) {
      this.#drop(0);
    }
  }

  /** Takes the record of a card out, if there is one that is still good. */
  take(pan: Uint8Array, sequence: Uint8Array, now: number): TornRecord | undefined {
    this.forget(now);
    const place = this.#kept.findIndex(({ record }) => equal(record.pan, pan) && equal(record.sequence, sequence));
    return place < 0 ? undefined : this.#kept.splice(place, 1)[0]!.record;
  }

  /** When the next record has had its time; infinite while there is none. */
  get nextEnd(): number {
    return this.#kept.reduce((end, { until }) => Math.min(end, until), Number.POSITIVE_INFINITY);
  }

  /** Overwrites and forgets the records that have had their time. */
  forget(now: number): void {
    for (let place = this.#kept.length - 1; place >= 0; place--) {
      if (now > this.#kept[place]!.until) {
        this.#drop(place);
      }
    }
  }

  /** Overwrites the card numbers and forgets all. */
  wipe(): void {
    while (this.#kept.length > 0) {
      this.#drop(0);
    }
  }

  #drop(place: number): void {
    for (const { record } of this.#kept.splice(place, 1)) {
      wipe(record.pan);
    }
  }
}
