/** What a chip does with a card's answer: `afterMs` is how long the card thinks. `undefined`: the card stays silent. */
export type PortAnswer = { readonly bytes: Uint8Array; readonly afterMs?: number } | undefined;

/** How a card of ISO/IEC 14443 type A or B shows itself to a coupler. */
export type PortRadio =
  | {
      readonly uid: Uint8Array;
      readonly atqa: Uint8Array;
      readonly sak: number;
      /** Answer to select with its length byte. */
      readonly ats: Uint8Array;
    }
  | { readonly atqb: Uint8Array; readonly attribAnswer: Uint8Array };

/** A card as a coupler meets it: contacts or antenna. */
export interface CardPort {
  /** Power and reset: the answer to reset (contacts) or to select (antenna); empty when the card is mute. */
  reset(): Uint8Array;
  transmit(apdu: Uint8Array): PortAnswer;
  /** The card has lost its power. */
  powerOff?(): void;
  /** Contactless only; an ordinary type A card where it is absent. */
  readonly radio?: PortRadio;
}

/** A card application that can be met both ways. */
export interface ChipCard {
  readonly atr: Uint8Array;
  reset(over: "contact" | "contactless"): void;
  transmit(apdu: Uint8Array): PortAnswer;
}

/** The card's contacts. */
export function contactPort(card: ChipCard): CardPort {
  return {
    reset() {
      card.reset("contact");
      return card.atr;
    },
    transmit: (apdu) => card.transmit(apdu),
  };
}

/** The card's antenna. */
export function contactlessPort(card: ChipCard, radio: PortRadio = ordinaryRadio): CardPort {
  return {
    radio,
    reset() {
      card.reset("contactless");
      return "ats" in radio ? radio.ats : radio.attribAnswer;
    },
    transmit: (apdu) => card.transmit(apdu),
  };
}

/** Frames of 256 bytes, 106 kbit/s only, frame waiting time 38.7 ms. */
export const ordinaryRadio: PortRadio = {
  uid: Uint8Array.of(0x08, 0x5a, 0x17, 0xc3),
  atqa: Uint8Array.of(0x00, 0x04),
  sak: 0x20,
  ats: Uint8Array.of(0x05, 0x78, 0x80, 0x70, 0x02),
};
