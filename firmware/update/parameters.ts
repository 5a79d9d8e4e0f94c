import type { Flash } from "../../hal/io.ts";
import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import type { AuthorityKeyParameters, RevokedCertificate } from "../emv/keys.ts";
import type { RandomSelection } from "../emv/risk.ts";
import type { MacMethod } from "../vault/mac-method.ts";
import { isPasswordProof, type PasswordProof, type Role, roleOf } from "../vault/operators.ts";
import { isPossible, type KeyScheme, type PinBlockFormat } from "../vault/scheme.ts";
import { ParameterStore } from "./store.ts";

/** What the acquirer sets for one application (EMV 4.3 Book 3, 10; contactless Book A, 5). Byte strings in hexadecimal. */
export interface ApplicationParameters {
  /** Application identifier or its beginning, 5 to 16 bytes. */
  readonly aid: string;
  /** The card's name has to be this one; absent: it may go on behind it (application selection indicator; Book 1, 12.3.1). */
  readonly exactName?: boolean;
  /** Shown where the card has no label. */
  readonly label?: string;
  /** Contactless kernel number; absent: contact only. */
  readonly kernel?: number;
  /** Terminal action codes, 5 bytes each. */
  readonly tacDefault: string;
  readonly tacDenial: string;
  readonly tacOnline: string;
  /** Application version number, 2 bytes. */
  readonly applicationVersion: string;
  /** Terminal type (9F35) where this application has its own, 2 digits. */
  readonly terminalType?: string;
  /** When a combined signature (CDA) is asked for: mode 1 to 4 (EMV 4.3 Book 2, 6.6); absent: 1, always. */
  readonly cdaMode?: 1 | 2 | 3 | 4;
  /** Minor units, as the limits below. */
  readonly floorLimit: number;
  /** The floor limit of taps; absent: the same. */
  readonly contactlessFloorLimit?: number;
  /** Which amounts under the floor limit go online by chance: minor units and two percentages; absent: none. */
  readonly randomSelection?: RandomSelection;
  /** From it on a tap is refused (kernel 2: above it). */
  readonly contactlessLimit: number;
  /** Kernel 2's limit for phones that verify their owner; absent: the same. */
  readonly contactlessDeviceLimit?: number;
  /** From it on a tap asks for the holder's verification (kernel 2: above it). */
  readonly contactlessCvmLimit: number;
  /** Kernel 7: below it neither PIN nor signature, even where the card asks; absent: the card's word counts. */
  readonly smallAmountLimit?: number;
  /** Terminal transaction qualifiers, 4 bytes. */
  readonly ttq?: string;
  /** One unit of the currency asks whether the card is good (Book B, 3.1.1.3). */
  readonly statusCheck?: boolean;
  readonly zeroAmountAllowed?: boolean;
  /** SELECT says the card's extended selection too (Book B, 3.3.3.3). */
  readonly extendedSelection?: boolean;
  /** Kernel 2's relay resistance: DF8132 to DF8136, 2 bytes each, in 100 microseconds, and DF8137, 1 byte. */
  readonly relaySettings?: string;
  /**
   * Kernel 2's configuration, DF811B, 1 byte: `80` this terminal has no stripe mode over the air (always set), `20`
   * phones verify their owner, `10` relay resistance, `04` all records are read (always done); absent: all of them.
   */
  readonly kernelConfiguration?: string;
  /** Torn taps that kernel 2 remembers (DF811D), at most 4; absent: 2. */
  readonly tornRecords?: number;
  /** Seconds for which it does (DF811C); absent: 300. */
  readonly tornLifetime?: number;
}

/** What may need somebody's password: a work of the menu, or the typing of a card's number. */
export type GuardedWork =
  | "voidSale"
  | "voidPreAuthorisation"
  | "voidCompletion"
  | "refund"
  | "offlineSale"
  | "adjustment"
  | "tip"
  | "manualEntry"
  | "disputes"
  | "report"
  | "reprint"
  | "settlement"
  | "signOut"
  | "download"
  | "keys"
  | "operators";

/** A text in the terminal's languages. */
export interface LocalText {
  readonly zh: string;
  readonly en: string;
}

/** What one terminal was told to be. */
export interface Parameters {
  /** Field 41, 8 characters. */
  readonly terminalId: string;
  /** Field 42, 15 characters. */
  readonly merchantId: string;
  readonly merchantName: LocalText;
  readonly language: "zh" | "en";
  /** ISO 4217 letters. */
  readonly currency: string;
  /** ISO 3166 numeric, 3 digits. */
  readonly countryCode: string;
  readonly hostAddress: string;
  readonly hostPort: number;
  /** Stands in where the first cannot be reached; absent: there is none. */
  readonly secondHostAddress?: string;
  /** Absent: as the first. */
  readonly secondHostPort?: number;
  /** `plain`: nothing is encrypted on the way, and every screen says so. */
  readonly link: "tls" | "plain";
  /** What the hosts' certificates must name; absent: `hostAddress`. */
  readonly serverName?: string;
  /** Certificates of the authorities that may sign a host's, as DER. */
  readonly hostAuthorities: readonly Uint8Array[];
  /** Shown to a host that asks for them, as DER, our own first; its key is in the secure storage. */
  readonly clientCertificates: readonly Uint8Array[];
  /** Hosts' certificates that are no longer good (firmware/acquirer/README.md). */
  readonly denyList?: { readonly list: Uint8Array; readonly signature: Uint8Array };
  /** RSA key that signs deny lists, in hexadecimal. */
  readonly denyListKey?: { readonly modulus: string; readonly exponent: string };
  /** 5 bytes in hexadecimal: `60`, destination, source. */
  readonly tpdu: string;
  /** 6 bytes in hexadecimal. */
  readonly header: string;
  readonly connectTimeoutMs: number;
  /** From the last byte of the request to the last byte of the answer. */
  readonly answerTimeoutMs: number;
  readonly confirmApproval: "automatic" | "manual";
  /** Highest amount of a sale, minor units. */
  readonly saleLimit: number;
  /** Two digits: who takes payments where nobody signs on. */
  readonly operator: string;
  /** Whether operators sign on with their passwords before anything can be paid. */
  readonly operatorSignOn: boolean;
  /** After so many minutes without a key, a card or an order the terminal locks itself, 1 to 1440; 0: never. */
  readonly operatorIdleMinutes: number;
  /** Whose password a work needs, where it is another's than usual (terminal/operator/authority.ts). */
  readonly authority: Readonly<Partial<Record<GuardedWork, Role>>>;
  /** Batch number in use until the journal has one of its own, 1 to 999999. */
  readonly batch: number;
  readonly receiptCopies: number;
  /** Whether the cardholder may press ENTER without a PIN: credit cards without one are common in China. */
  readonly pinBypass: boolean;
  /** Whether what takes a transaction back or completes it needs its card again, and then the PIN. */
  readonly voidCard: boolean;
  readonly voidPin: boolean;
  /**
   * So many insertions of a chip that does not answer open the stripe of a chip card, 1 to 3. One insertion powers the
   * chip three times; acquirers that count insertions ask for 3.
   */
  readonly fallbackInsertions: number;
  /** Whether a supervisor may have a card's number typed. */
  readonly manualEntry: boolean;
  /** Whether sales that the bank authorised by telephone are taken. */
  readonly offlineSales: boolean;
  /** The largest tip in per cent of what it is given on top of; 0: no tips. */
  readonly tipPercent: number;
  /** Where working keys come from: a sign-in under the terminal master key, or DUKPT. */
  readonly keyScheme: KeyScheme;
  /** ISO 9564-1 format of the PIN block. */
  readonly pinBlockFormat: PinBlockFormat;
  /** How field 64 is computed; absent: as the key scheme usually has it. */
  readonly macMethod?: MacMethod;
  /** Tracks go out enciphered. */
  readonly encryptTracks: boolean;
  /** The cardholder reads the language that the card prefers (EMV 4.3 Book 4, 11.1), where the terminal has it. */
  readonly cardLanguage: boolean;
  /** Terminal type (EMV 4.3 Book 4, annex A1; 9F35): `21` asks its host always, `22` may do without, `23` has none. */
  readonly terminalType: string;
  /** Whether the host keeps a copy of each journal record (private extension). */
  readonly backup: boolean;
  /** "hh:mm", local: an idle terminal settles by itself then; absent: people do. */
  readonly settlementTime?: string;
  /** Whether the terminal listens for news of the merchant's money while nobody needs it (private extension). */
  readonly fundsNews: boolean;
  /** Whether a customer is offered the sum of the month at this merchant (private extension); absent: nobody is. */
  readonly customerSpending?: boolean;
  /** TCP port on which a cash register finds the terminal, with the one IP address that it has; absent: a serial line. */
  readonly registerPort?: number;
  readonly registerAddress?: string;
  /** Whether that cash register has to share a key with the terminal (terminal/README.md). */
  readonly registerPairing: boolean;
  /** Local time minus UTC, in minutes. */
  readonly utcOffsetMinutes: number;
  readonly aids: readonly ApplicationParameters[];
  /** The payment systems' public keys. */
  readonly caKeys: readonly AuthorityKeyParameters[];
  /** Issuers' certificates that are no longer good. */
  readonly revokedCertificates: readonly RevokedCertificate[];
  /** SHA-256 of the numbers (ASCII digits) of cards that are reported stolen, so that no number lies in flash. */
  readonly exceptionFile: readonly string[];
  /** Of operators, supervisor and administrator; without a supervisor's nobody can do what needs one. */
  readonly passwords: readonly PasswordProof[];
  /** Whether those passwords have to be changed when they are first used. */
  readonly initialPasswords: "change" | "keep";
}

/** What a terminal is that was told nothing but who it is. */
const defaults = Object.freeze({
  language: "zh",
  currency: "CNY",
  countryCode: "156",
  hostAddress: "127.0.0.1",
  hostPort: 8583,
  link: "tls",
  hostAuthorities: Object.freeze([]),
  clientCertificates: Object.freeze([]),
  tpdu: "6000030000",
  header: "603100310000",
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 60_000,
  confirmApproval: "automatic",
  saleLimit: 999_999_999_999,
  operator: "01",
  operatorSignOn: false,
  operatorIdleMinutes: 0,
  authority: Object.freeze({}),
  batch: 1,
  receiptCopies: 2,
  pinBypass: true,
  backup: true,
  fundsNews: false,
  registerPairing: false,
  voidCard: true,
  voidPin: true,
  fallbackInsertions: 1,
  manualEntry: true,
  offlineSales: true,
  tipPercent: 0,
  keyScheme: "master-session",
  pinBlockFormat: 0,
  encryptTracks: false,
  cardLanguage: false,
  terminalType: "21",
  utcOffsetMinutes: 480,
  aids: Object.freeze([]),
  caKeys: Object.freeze([]),
  revokedCertificates: Object.freeze([]),
  exceptionFile: Object.freeze([]),
  passwords: Object.freeze([]),
  initialPasswords: "change",
});

type Check = (value: CborValue) => boolean;

const text =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === "string" && pattern.test(value);
const natural =
  (least: number, most: number): Check =>
  (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most;
const flag: Check = (value) => typeof value === "boolean";
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const localText: Check = (value) => isCborMap(value) && anyText(value.zh) && anyText(value.en);
const anyText = text(/^.{1,60}$/);
const amount = natural(0, 999_999_999_999);
const milliseconds = natural(100, 600_000);
const actionCode = text(/^[0-9A-F]{10}$/);

const terminalType = text(/^[123][1-6]$/);

const randomSelection: Check = (value) =>
  isCborMap(value) &&
  amount(value.threshold) &&
  natural(0, 99)(value.target) &&
  natural(Number(value.target), 99)(value.maximumTarget);

const applicationRules: Readonly<Record<keyof ApplicationParameters, Check>> = Object.freeze({
  aid: text(/^(?:[0-9A-F]{2}){5,16}$/),
  exactName: optional(flag),
  label: optional(text(/^[ -~]{1,16}$/)),
  kernel: optional(natural(1, 255)),
  tacDefault: actionCode,
  tacDenial: actionCode,
  tacOnline: actionCode,
  applicationVersion: text(/^[0-9A-F]{4}$/),
  terminalType: optional(terminalType),
  cdaMode: optional(natural(1, 4)),
  floorLimit: amount,
  contactlessFloorLimit: optional(amount),
  randomSelection: optional(randomSelection),
  contactlessLimit: amount,
  contactlessDeviceLimit: optional(amount),
  contactlessCvmLimit: amount,
  smallAmountLimit: optional(amount),
  ttq: optional(text(/^[0-9A-F]{8}$/)),
  statusCheck: optional(flag),
  zeroAmountAllowed: optional(flag),
  extendedSelection: optional(flag),
  relaySettings: optional(text(/^[0-9A-F]{22}$/)),
  kernelConfiguration: optional(text(/^[89AB][04]$/)),
  tornRecords: optional(natural(0, 4)),
  tornLifetime: optional(natural(0, 65_535)),
});

const registeredIdentifier = text(/^[0-9A-F]{10}$/);
const keyIndex = text(/^[0-9A-F]{2}$/);
const hexadecimal = text(/^[0-9A-F]+$/);

const keyRules: Readonly<Record<keyof AuthorityKeyParameters, Check>> = Object.freeze({
  rid: registeredIdentifier,
  index: keyIndex,
  modulus: (value) => hexadecimal(value) && typeof value === "string" && value.length % 2 === 0 && value.length <= 496,
  exponent: text(/^(?:03|010001)$/),
  expiry: text(/^[0-9]{8}$/),
  checksum: text(/^[0-9A-F]{40}$/),
});

const revokedRules: Readonly<Record<keyof RevokedCertificate, Check>> = Object.freeze({
  rid: registeredIdentifier,
  index: keyIndex,
  serial: text(/^[0-9A-F]{6}$/),
});

const bytes =
  (most: number): Check =>
  (value) =>
    value instanceof Uint8Array && value.length > 0 && value.length <= most;
const certificates: Check = (value) => Array.isArray(value) && value.length <= 4 && value.every(bytes(8_192));
const modulus: Check = (value) =>
  hexadecimal(value) && typeof value === "string" && value.length % 2 === 0 && value.length <= 1_024;
const hostName = text(/^[0-9A-Za-z.:-]{1,253}$/);
const tcpPort = natural(1, 65_535);

const rules: Readonly<Record<keyof Parameters, Check>> = Object.freeze({
  terminalId: text(/^[0-9A-Za-z]{8}$/),
  merchantId: text(/^[0-9A-Za-z]{15}$/),
  merchantName: localText,
  language: text(/^(?:zh|en)$/),
  currency: text(/^[A-Z]{3}$/),
  countryCode: text(/^[0-9]{3}$/),
  hostAddress: hostName,
  hostPort: tcpPort,
  secondHostAddress: optional(hostName),
  secondHostPort: optional(tcpPort),
  link: text(/^(?:tls|plain)$/),
  serverName: optional(hostName),
  hostAuthorities: certificates,
  clientCertificates: certificates,
  denyList: optional((value) => isCborMap(value) && bytes(16_384)(value.list) && bytes(512)(value.signature)),
  denyListKey: optional(
    (value) => isCborMap(value) && modulus(value.modulus) && text(/^(?:03|010001)$/)(value.exponent),
  ),
  tpdu: text(/^60[0-9]{8}$/),
  header: text(/^[0-9]{12}$/),
  connectTimeoutMs: milliseconds,
  answerTimeoutMs: milliseconds,
  confirmApproval: text(/^(?:automatic|manual)$/),
  saleLimit: amount,
  operator: (value) => typeof value === "string" && roleOf(value) === "operator",
  operatorSignOn: flag,
  operatorIdleMinutes: natural(0, 1_440),
  authority: (value) => isCborMap(value) && Object.values(value).every(text(/^(?:operator|supervisor|administrator)$/)),
  batch: natural(1, 999_999),
  receiptCopies: natural(1, 3),
  pinBypass: flag,
  voidCard: flag,
  voidPin: flag,
  fallbackInsertions: natural(1, 3),
  manualEntry: flag,
  offlineSales: flag,
  tipPercent: natural(0, 100),
  keyScheme: text(/^(?:master-session|dukpt-(?:tdes|aes))$/),
  pinBlockFormat: (value) => value === 0 || value === 1 || value === 3 || value === 4,
  macMethod: optional(text(/^(?:unionpay|retail-[123]|cbc|cmac|hmac)$/)),
  encryptTracks: flag,
  cardLanguage: flag,
  terminalType,
  backup: flag,
  settlementTime: optional(text(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/)),
  fundsNews: flag,
  customerSpending: optional(flag),
  registerPort: optional(tcpPort),
  registerPairing: flag,
  registerAddress: optional(text(/^[0-9A-Fa-f.:]{2,45}$/)),
  utcOffsetMinutes: (value) => typeof value === "number" && Number.isInteger(value) && Math.abs(value) <= 840,
  aids: listOf(64, applicationRules),
  caKeys: listOf(64, keyRules),
  revokedCertificates: listOf(256, revokedRules),
  exceptionFile: (value) => Array.isArray(value) && value.length <= 1024 && value.every(text(/^[0-9A-F]{64}$/)),
  passwords: (value) =>
    Array.isArray(value) &&
    value.length <= 32 &&
    value.every((proof) => typeof proof === "string" && isPasswordProof(proof)),
  initialPasswords: text(/^(?:change|keep)$/),
});

function listOf(most: number, rules: Readonly<Record<string, Check>>): Check {
  const isGood: Check = (value) =>
    isCborMap(value) && Object.entries(rules).every(([name, check]) => check(value[name]));
  return (value) => Array.isArray(value) && value.length <= most && value.every(isGood);
}

/**
 * Checks parameters by name and fills in what may be left out; unknown names are ignored, so that newer tools can
 * load older terminals. Throws `FormatError` naming the first one that is missing or wrong.
 */
export function checkParameters(value: CborValue): Parameters {
  if (!isCborMap(value)) throw new FormatError("parameters", 0, "a map expected");
  const all: Record<string, CborValue> = { ...defaults, ...value };
  for (const [name, check] of Object.entries(rules)) {
    if (!check(all[name])) throw new FormatError(`parameter ${name}`, 0, "missing or not allowed");
  }
  const parameters = all as unknown as Parameters;
  if ((parameters.registerPort === undefined) !== (parameters.registerAddress === undefined)) {
    throw new FormatError("parameter registerAddress", 0, "goes with registerPort");
  }
  if (parameters.registerPairing && parameters.registerPort === undefined) {
    throw new FormatError("parameter registerPairing", 0, "goes with registerPort");
  }
  if (!isPossible(parameters)) throw new FormatError("parameter keyScheme", 0, "has no such PIN block or MAC");
  return parameters;
}

/**
 * Reads the parameters in use of the partition "parameters" (store.ts). Undefined when nothing valid is there: the terminal
 * is out of service until it is told who it is.
 */
export function readParameters(flash: Flash): Parameters | undefined {
  const cbor = new ParameterStore(flash).read();
  return cbor === undefined ? undefined : parametersOf(cbor);
}

/** Parameters from their CBOR; undefined where it does not read or `checkParameters` finds fault with it. */
export function parametersOf(cbor: Uint8Array): Parameters | undefined {
  try {
    return checkParameters(decodeCbor(cbor));
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
