/**
 * The code of a card in a phone (EMV QR Code Specification, Consumer-Presented Mode, 1.1): BER-TLV in base64, with a cryptogram
 * by the issuer's keys. The phone does not know the terminal: all that a terminal would say counts as zeros in the cryptogram.
 */
import { concat, fromHex, latin1, type RandomBytes } from "../../acquirer/bytes.ts";
import { cardKeys, issuerApplicationData, transactionCryptogram } from "../../acquirer/issuer/versions.ts";
import { tlv } from "../../acquirer/tlv.ts";
import type { CardDefinition } from "../definition.ts";
import { profileOf } from "../profiles.ts";
import { trackEquivalent } from "../stripe.ts";

/** What a terminal says of a transaction, by tag, with its length: zeros in this cryptogram (a decision of this host and its cards). */
export const UNKNOWN_TO_PHONE: Readonly<Record<string, number>> = {
  "9F02": 6,
  "9F03": 6,
  "9F1A": 2,
  "95": 5,
  "5F2A": 2,
  "9A": 3,
  "9C": 1,
};

/** Results of the card: verified on the phone, an ARQC. */
const RESULTS = "03A000";
const ARQC = 0x80;

/** The code for one payment; `counter` is the card's, and grows from code to code. */
export function consumerCode(card: CardDefinition, counter: number, random: RandomBytes): string {
  const [application] = card.applications;
  if (application === undefined) throw new Error(`${card.name} has no application to show a code of`);
  const { pan } = application;
  const profile = profileOf(application.profile);
  const elements: Record<string, Uint8Array> = {
    "82": fromHex(profile.interchangeProfile),
    "9F36": Uint8Array.of(counter >> 8, counter & 0xff),
    "9F37": random.bytes(4),
    "9F10": issuerApplicationData(profile.version, fromHex(RESULTS)),
  };
  const keys = cardKeys(profile.version, pan, card.sequence);
  const cryptogram = transactionCryptogram(profile.version, keys, (tag) => {
    const length = UNKNOWN_TO_PHONE[tag];
    return length === undefined ? elements[tag] : new Uint8Array(length);
  });
  const judged = concat(
    tlv("9F27", Uint8Array.of(ARQC)),
    tlv("9F26", cryptogram),
    ...["9F10", "9F36", "82", "9F37"].map((tag) => tlv(tag, elements[tag]!)),
  );
  const named = concat(
    tlv("4F", fromHex(profile.applicationIdentifier)),
    tlv("50", latin1(profile.label)),
    tlv("57", trackEquivalent(card, pan)),
    tlv("5F34", fromHex(card.sequence)),
    tlv("63", judged),
  );
  return Buffer.from(concat(tlv("85", latin1("CPV01")), tlv("61", named))).toString("base64");
}
