/** What a chip does that an ordinary one does not: how it was personalised, how it decides, how it talks. */
import { type DialogueFault, readDialogue } from "./dialogue.ts";
import type { Exponent, KeyLengths } from "./keys.ts";
import { Mapping, TAG } from "./mapping.ts";

/** Changes to the data that go onto the chip, made before it is signed unless they concern the signatures. */
export interface PersonalisationDefinition {
  /** Tags that the records lack. */
  readonly omit: readonly string[];
  /** Tags that stand in a second record too. */
  readonly duplicate: readonly string[];
  /** Values by tag, of records or of the profile: 4F, 82, 8C, 8D, 8E, 94, 9F38 and any record's element. */
  readonly set: ReadonlyMap<string, string>;
  /** What is wrong with certificates and signatures. */
  readonly flaw: CertificateFlaw | undefined;
  /** PINs are enciphered with a key of their own, not with the signing key. */
  readonly ownPinKey: boolean;
  /** How long the card's keys and those above them are. */
  readonly keys: KeyLengths;
  /** The public exponent of the card's own keys, and where they are long of those above them. */
  readonly exponent: Exponent;
}

const FLAWS = [
  "wrongIssuerSignature",
  "wrongDynamicSignature",
  "wrongIssuerHash",
  "wrongCardHash",
  "expiredIssuer",
  "expiredCard",
  "otherNumber",
] as const;

/** A certificate or signature that must not be believed. */
export type CertificateFlaw = (typeof FLAWS)[number];

/** How the chip behaves beside what its profile says. */
export interface BehaviourDefinition {
  /** Commands answered before the chip goes silent. */
  readonly silentAfter?: number;
  /** The card's own decision at the first GENERATE AC where the terminal's request allows it. */
  readonly firstAnswer?: "AAC" | "TC";
  /** A refusal of its own says that the issuer wants to be told of it (9F27, bit 4). */
  readonly wantsAdvice: boolean;
  /** Transactions since the issuer was last heard, up to which the card approves by itself. */
  readonly offlineLimit: number;
  /** A cryptogram given whatever was asked for. */
  readonly insistsFirst?: "TC" | "ARQC";
  readonly insistsSecond?: "AAC" | "TC" | "ARQC";
  readonly pinTriesLeft?: number;
  /** Blocked from the start. */
  readonly blocked?: "application" | "card";
  /** The counter in the answer is not the one in the cryptogram. */
  readonly wrongCounter: boolean;
  /** The cryptogram is not made with the card's key. */
  readonly wrongCryptogram: boolean;
  /** A phone: its owner proves who they are to it, at once or only after a first tap. */
  readonly phone?: "ready" | "locked";
  /** A quick card that hears its issuer's answer in a second tap (EMV Book C-3, 5.9). */
  readonly issuerUpdate: boolean;
  /** The card is taken out of the field when its first cryptogram is ready, once. */
  readonly tornOnce: boolean;
  /** How long EXCHANGE RELAY RESISTANCE DATA takes, in milliseconds. */
  readonly relayMs?: number;
  readonly personalisation: PersonalisationDefinition;
  readonly dialogue: readonly DialogueFault[];
}

function readPersonalisation(where: string, value: unknown): PersonalisationDefinition {
  const mapping = new Mapping(where, value);
  const set = new Map(
    mapping.entries("set").map(([tag, bytes]) => {
      if (!TAG.test(tag) || typeof bytes !== "string" || !/^([0-9A-F]{2})*$/.test(bytes)) {
        throw new Error(`${where}: set must be a mapping of tags to hex`);
      }
      return [tag, bytes];
    }),
  );
  const exponent: Exponent = mapping.oneOf("exponent", ["3", "65537"], "3") === "3" ? 3 : 65537;
  const personalisation = {
    omit: mapping.tags("omit"),
    duplicate: mapping.tags("duplicate"),
    set,
    ownPinKey: mapping.flag("ownPinKey"),
    flaw: mapping.has("flaw") ? mapping.oneOf("flaw", FLAWS) : undefined,
    keys: mapping.oneOf("keys", ["usual", "long"], "usual"),
    exponent,
  };
  mapping.refuseOthers();
  return personalisation;
}

/** Reads the `behaviour` of a card's file; throws `Error` with the place and the key. */
export function readBehaviour(where: string, value: unknown): BehaviourDefinition {
  const mapping = new Mapping(where, value);
  const behaviour = {
    ...(mapping.has("silentAfter") && { silentAfter: mapping.count("silentAfter", 0) }),
    ...(mapping.has("pinTriesLeft") && { pinTriesLeft: mapping.count("pinTriesLeft", 3) }),
    ...(mapping.has("firstAnswer") && { firstAnswer: mapping.oneOf("firstAnswer", ["AAC", "TC"]) }),
    ...(mapping.has("insistsFirst") && { insistsFirst: mapping.oneOf("insistsFirst", ["TC", "ARQC"]) }),
    ...(mapping.has("insistsSecond") && { insistsSecond: mapping.oneOf("insistsSecond", ["AAC", "TC", "ARQC"]) }),
    ...(mapping.has("blocked") && { blocked: mapping.oneOf("blocked", ["application", "card"]) }),
    ...(mapping.has("phone") && { phone: mapping.oneOf("phone", ["ready", "locked"]) }),
    ...(mapping.has("relayMs") && { relayMs: mapping.count("relayMs", 0) }),
    offlineLimit: mapping.count("offlineLimit", 5),
    wantsAdvice: mapping.flag("wantsAdvice"),
    wrongCounter: mapping.flag("wrongCounter"),
    wrongCryptogram: mapping.flag("wrongCryptogram"),
    issuerUpdate: mapping.flag("issuerUpdate"),
    tornOnce: mapping.flag("tornOnce"),
    personalisation: readPersonalisation(`${where}.personalisation`, mapping.raw("personalisation") ?? {}),
    dialogue: readDialogue(`${where}.dialogue`, mapping.list("dialogue")),
  };
  mapping.refuseOthers();
  return behaviour;
}
