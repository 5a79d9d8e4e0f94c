/**
 * How a scheme's application is laid out on a chip: identifiers, data object lists, formats, cryptogram version.
 * One row a profile; a card's file names its profile and adds what is the card's own.
 */
import type { VersionName } from "../acquirer/issuer/versions.ts";

/** Values are hex; lengths and meanings as EMV 4.3 Book 3, annex A. */
export interface Profile {
  readonly applicationIdentifier: string;
  readonly label: string;
  readonly preferredName?: string;
  readonly network: "CUP" | "VIS" | "MCC";
  readonly version: VersionName;
  readonly interchangeProfile: string;
  readonly pdol?: string;
  readonly cdol1: string;
  readonly cdol2: string;
  /** Response format of GET PROCESSING OPTIONS and GENERATE AC: 1 is tag 80, 2 is tag 77 (Book 3, 6.5). */
  readonly format: 1 | 2;
  /** What RECOVER AC brings, to find a torn transaction by (9F51; EMV Book C-2). */
  readonly recoveryList?: string;
  /** Answers with a cryptogram to GET PROCESSING OPTIONS (qUICS, qVSDC). */
  readonly quick?: true;
  /** Cardholder verification methods in order of priority (8E). */
  readonly verification: string;
  readonly usageControl: string;
  readonly applicationVersion: string;
  readonly actionCodes: { readonly default: string; readonly denial: string; readonly online: string };
}

const AMOUNTS_TO_NUMBER = "9F02069F03069F1A0295055F2A029A039C019F3704";
const ONLINE_PIN_THEN_SIGNATURE = "000000000000000042035E031F03";
const OFFLINE_PIN_FIRST = "0000000000000000410342035E031F03";
/** By the unpredictable number and the amount. */
const RECOVERY_LIST = "9F37049F0206";
const actionCodes = { default: "D84004A800", denial: "0010000000", online: "D84004F800" } as const;

const unionpay = {
  network: "CUP",
  version: "unionpay01",
  interchangeProfile: "7C00",
  cdol1: `${AMOUNTS_TO_NUMBER}9F21039F4E14`,
  cdol2: `8A02${AMOUNTS_TO_NUMBER}9F21039F4E14`,
  format: 1,
  verification: ONLINE_PIN_THEN_SIGNATURE,
  usageControl: "FF00",
  applicationVersion: "0030",
  actionCodes,
} as const;

const visa = {
  applicationIdentifier: "A0000000031010",
  label: "VISA CREDIT",
  network: "VIS",
  version: "visa18",
  interchangeProfile: "7C00",
  pdol: "9F1A029F3303",
  cdol1: AMOUNTS_TO_NUMBER,
  cdol2: `8A02${AMOUNTS_TO_NUMBER}`,
  format: 1,
  verification: ONLINE_PIN_THEN_SIGNATURE,
  usageControl: "FF00",
  applicationVersion: "0096",
  actionCodes,
} as const;

const mastercard = {
  applicationIdentifier: "A0000000041010",
  label: "MASTERCARD",
  network: "MCC",
  version: "mastercard20",
  interchangeProfile: "7800",
  cdol1: `${AMOUNTS_TO_NUMBER}9F35019F45029F4C089F3403`,
  cdol2: "910A8A0295059F37049F4C08",
  format: 2,
  verification: OFFLINE_PIN_FIRST,
  usageControl: "FF00",
  applicationVersion: "0002",
  actionCodes,
} as const;

const QUICK_PDOL = `9F6604${AMOUNTS_TO_NUMBER}`;

/** The profiles a card's file may name. */
export const profiles = {
  "unionpay-credit": { ...unionpay, applicationIdentifier: "A000000333010102", label: "UNIONPAY CREDIT" },
  "unionpay-debit": { ...unionpay, applicationIdentifier: "A000000333010101", label: "UNIONPAY DEBIT" },
  "unionpay-tap": {
    ...unionpay,
    applicationIdentifier: "A000000333010102",
    label: "UNIONPAY CREDIT",
    pdol: QUICK_PDOL,
    format: 2,
    quick: true,
  },
  visa: { ...visa },
  "visa-tap": { ...visa, version: "visa10", interchangeProfile: "2000", pdol: QUICK_PDOL, format: 2, quick: true },
  mastercard: { ...mastercard },
  "mastercard-tap": {
    ...mastercard,
    interchangeProfile: "1980",
    verification: ONLINE_PIN_THEN_SIGNATURE,
    recoveryList: RECOVERY_LIST,
  },
} as const satisfies Record<string, Profile>;

/** The name of a profile. */
export type ProfileName = keyof typeof profiles;

/** The row by name, with its optional members visible. */
export function profileOf(name: ProfileName): Profile {
  return profiles[name];
}
