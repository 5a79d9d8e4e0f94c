/** Puts an application onto the chip: its data elements, records and file locator, as a personaliser would. */
import { concat, fromHex, latin1 } from "../acquirer/bytes.ts";
import { type CardKeys, cardKeys, type VersionName } from "../acquirer/issuer/versions.ts";
import { type DolEntry, parseDol, tlv } from "../acquirer/tlv.ts";
import { cardCertificate, issuerCertificate, keyElements, signedStaticData } from "./certificates.ts";
import type { ApplicationDefinition, CardDefinition } from "./definition.ts";
import { type Profile, profileOf } from "./profiles.ts";
import { trackEquivalent } from "./stripe.ts";

/** One application as it lies on the chip. */
export interface Application {
  readonly definition: ApplicationDefinition;
  readonly profile: Profile;
  readonly identifier: Uint8Array;
  readonly priority: number;
  readonly version: VersionName;
  readonly keys: CardKeys;
  readonly interchangeProfile: Uint8Array;
  readonly fileLocator: Uint8Array;
  readonly pdol: readonly DolEntry[];
  readonly cdol1: readonly DolEntry[];
  readonly cdol2: readonly DolEntry[];
  /** Records with their template 70, by `SFI.record`. */
  readonly records: ReadonlyMap<string, Uint8Array>;
  /** Elements that a quick contactless answer carries. */
  readonly quickElements: ReadonlyMap<string, Uint8Array>;
}

const COUNTRY: Record<string, string> = { CNY: "0156", USD: "0840" };
const DYNAMIC_DATA_LIST = "9F3704";
const EFFECTIVE = "240101";

/** SFI, and the body of each record; the second one is signed. */
interface RecordPlan {
  readonly sfi: number;
  readonly body: Uint8Array;
  readonly signed: boolean;
}

function lastDay(expires: string): string {
  const year = 2000 + Number(expires.slice(0, 2));
  const month = Number(expires.slice(2));
  return `${expires}${new Date(Date.UTC(year, month, 0)).getUTCDate()}`;
}

function bcdPan(pan: string): Uint8Array {
  return fromHex(pan.length % 2 === 0 ? pan : `${pan}F`);
}

function cardholderRecord(card: CardDefinition, application: ApplicationDefinition): Uint8Array {
  return concat(tlv("57", trackEquivalent(card, application.pan)), tlv("5F20", latin1(card.holder.padEnd(2))));
}

function applicationRecord(card: CardDefinition, application: ApplicationDefinition, profile: Profile): Uint8Array {
  const country = fromHex(COUNTRY[application.account.currency]!);
  return concat(
    tlv("5A", bcdPan(application.pan)),
    tlv("5F34", fromHex(card.sequence)),
    tlv("5F24", fromHex(lastDay(card.expires))),
    tlv("5F25", fromHex(EFFECTIVE)),
    tlv("5F28", country),
    tlv("5F30", fromHex(`0${card.serviceCode}`)),
    tlv("8C", fromHex(profile.cdol1)),
    tlv("8D", fromHex(profile.cdol2)),
    tlv("8E", fromHex(profile.verification)),
    tlv("9F07", fromHex(profile.usageControl)),
    tlv("9F08", fromHex(profile.applicationVersion)),
    tlv("9F0D", fromHex(profile.actionCodes.default)),
    tlv("9F0E", fromHex(profile.actionCodes.denial)),
    tlv("9F0F", fromHex(profile.actionCodes.online)),
    tlv("9F42", country),
    tlv("9F44", fromHex("02")),
    tlv("9F4A", fromHex("82")),
  );
}

function signatureRecords(card: CardDefinition, pan: string, staticData: Uint8Array): Uint8Array[] {
  const elements = keyElements();
  const issuer = issuerCertificate(pan);
  const own = cardCertificate(pan, staticData);
  const signature = signedStaticData(fromHex("DAC1"), staticData);
  if (card.behaviour.wrongStaticSignature) signature[signature.length >> 1]! ^= 0x01;
  return [
    concat(
      tlv("8F", elements.index),
      tlv("90", issuer.certificate),
      tlv("92", issuer.remainder),
      tlv("9F32", elements.issuer),
    ),
    tlv("93", signature),
    concat(
      tlv("9F46", own.certificate),
      tlv("9F47", elements.card),
      tlv("9F48", own.remainder),
      tlv("9F49", fromHex(DYNAMIC_DATA_LIST)),
    ),
  ];
}

function planRecords(
  card: CardDefinition,
  application: ApplicationDefinition,
  profile: Profile,
  interchangeProfile: Uint8Array,
): RecordPlan[] {
  const main = applicationRecord(card, application, profile);
  const signatures = signatureRecords(card, application.pan, concat(main, interchangeProfile));
  return [
    { sfi: 1, body: cardholderRecord(card, application), signed: false },
    { sfi: 2, body: main, signed: true },
    ...signatures.map((body) => ({ sfi: 3, body, signed: false })),
  ];
}

/** Records numbered within their file, and the application file locator that lists them (Book 3, 10.2). */
function layOut(plans: readonly RecordPlan[]): { records: Map<string, Uint8Array>; fileLocator: Uint8Array } {
  const records = new Map<string, Uint8Array>();
  const files = new Map<number, { count: number; signed: number }>();
  for (const { sfi, body, signed } of plans) {
    const file = files.get(sfi) ?? { count: 0, signed: 0 };
    file.count += 1;
    if (signed) file.signed += 1;
    files.set(sfi, file);
    records.set(`${sfi}.${file.count}`, tlv("70", body));
  }
  const entries = [...files].map(([sfi, file]) => Uint8Array.of(sfi << 3, 1, file.count, file.signed));
  return { records, fileLocator: concat(...entries) };
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
  const interchangeProfile = fromHex(profile.interchangeProfile);
  return {
    definition,
    profile,
    identifier: fromHex(profile.applicationIdentifier),
    priority,
    version: profile.version,
    keys: cardKeys(profile.version, definition.pan, card.sequence),
    interchangeProfile,
    pdol: parseDol(fromHex(profile.pdol ?? "")),
    cdol1: parseDol(fromHex(profile.cdol1)),
    cdol2: parseDol(fromHex(profile.cdol2)),
    ...layOut(planRecords(card, definition, profile, interchangeProfile)),
    quickElements: new Map([
      ["57", trackEquivalent(card, definition.pan)],
      ["5F34", fromHex(card.sequence)],
      ["5F20", latin1(card.holder)],
    ]),
  };
}
