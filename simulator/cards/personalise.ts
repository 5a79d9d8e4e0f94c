/** Puts an application onto the chip: its names, keys, records and file locator, as a personaliser would. */
import { concat, fromHex } from "../acquirer/bytes.ts";
import { type CardKeys, cardKeys, type VersionName } from "../acquirer/issuer/versions.ts";
import { type DolEntry, parseDol, tlv } from "../acquirer/tlv.ts";
import type { BehaviourDefinition } from "./behaviour.ts";
import type { ApplicationDefinition, CardDefinition } from "./definition.ts";
import { bodyOf, type Element, planRecords, type RecordPlan } from "./elements.ts";
import { chainAbove, type KeyPair, ownKey } from "./keys.ts";
import { type Profile, profileOf } from "./profiles.ts";

/** One application as it lies on the chip. */
export interface Application {
  readonly definition: ApplicationDefinition;
  readonly behaviour: BehaviourDefinition;
  readonly profile: Profile;
  /** Its name in directories (4F), and the one that SELECT's answer gives (84). */
  readonly identifier: Uint8Array;
  readonly givenName: Uint8Array;
  readonly priority: Uint8Array;
  readonly version: VersionName;
  readonly keys: CardKeys;
  readonly signingKey: KeyPair;
  /** What PINs are enciphered with: a key of its own, or the signing key. */
  readonly pinKey: KeyPair;
  readonly interchangeProfile: Uint8Array;
  readonly fileLocator: Uint8Array;
  /** The processing options list as SELECT's answer gives it. */
  readonly optionsList: Uint8Array;
  readonly pdol: readonly DolEntry[];
  readonly cdol1: readonly DolEntry[];
  readonly cdol2: readonly DolEntry[];
  readonly recoveryList: readonly DolEntry[];
  /** Records with their template 70, by `SFI.record`. */
  readonly records: ReadonlyMap<string, Uint8Array>;
  /** Elements that a quick contactless answer carries. */
  readonly quickElements: readonly Element[];
}

/** Records numbered within their file, and the application file locator that lists them (Book 3, 10.2). */
function layOut(plans: readonly RecordPlan[]): { records: Map<string, Uint8Array>; fileLocator: Uint8Array } {
  const records = new Map<string, Uint8Array>();
  const files = new Map<number, { count: number; signed: number }>();
  for (const { sfi, elements, signed } of plans) {
    const file = files.get(sfi) ?? { count: 0, signed: 0 };
    file.count += 1;
    if (signed) file.signed += 1;
    files.set(sfi, file);
    records.set(`${sfi}.${file.count}`, tlv("70", bodyOf(elements)));
  }
  const entries = [...files].map(([sfi, file]) => Uint8Array.of(sfi << 3, 1, file.count, file.signed));
  return { records, fileLocator: concat(...entries) };
}

/** A list that is no list asks for nothing: the terminal has to see what is wrong with it. */
function readList(bytes: Uint8Array): DolEntry[] {
  try {
    return parseDol(bytes);
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}

const personalised = new WeakMap<CardDefinition, readonly Application[]>();

/** The card's applications, laid out as their profiles say, in order of priority; made once, since signing takes time. */
export function personalise(card: CardDefinition): readonly Application[] {
  const known = personalised.get(card);
  if (known) return known;
  const made = card.applications.map((definition, index) => personaliseOne(card, definition, index + 1));
  personalised.set(card, made);
  return made;
}

function personaliseOne(card: CardDefinition, definition: ApplicationDefinition, priority: number): Application {
  const profile = profileOf(definition.profile);
  const { set, keys, exponent, ownPinKey } = card.behaviour.personalisation;
  const given = (tag: string, usual: string) => fromHex(set.get(tag) ?? usual);
  const interchangeProfile = given("82", profile.interchangeProfile);
  const signingKey = ownKey(definition.name, "signing", keys, exponent);
  const pinKey = ownPinKey ? ownKey(definition.name, "pin", keys, exponent) : undefined;
  const chain = chainAbove(keys, exponent);
  const context = { card, definition, profile, interchangeProfile, chain, signingKey, pinKey };
  const plans = planRecords(context);
  const { records, fileLocator } = layOut(plans);
  const listed = profile.quick ? layOut(plans.filter(({ sfi }) => sfi > 1)).fileLocator : fileLocator;
  const optionsList = given("9F38", profile.pdol ?? "");
  const quickTags = ["57", "5F20"];
  return {
    definition,
    behaviour: card.behaviour,
    profile,
    identifier: given("4F", profile.applicationIdentifier),
    givenName: given("84", set.get("4F") ?? profile.applicationIdentifier),
    priority: given("87", priority.toString(16).padStart(2, "0")),
    version: profile.version,
    keys: cardKeys(profile.version, definition.pan, card.sequence),
    signingKey,
    pinKey: pinKey ?? signingKey,
    interchangeProfile,
    records,
    fileLocator: set.has("94") ? fromHex(set.get("94")!) : listed,
    optionsList,
    pdol: readList(optionsList),
    cdol1: readList(given("8C", profile.cdol1)),
    cdol2: readList(given("8D", profile.cdol2)),
    recoveryList: readList(fromHex(profile.recoveryList ?? "")),
    quickElements: [
      ...plans.flatMap(({ elements }) => elements.filter(([tag]) => quickTags.includes(tag))),
      ["5F34", fromHex(card.sequence)],
    ],
  };
}
