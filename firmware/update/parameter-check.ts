import type { Flash } from "../../hal/io.ts";
import { type CborValue, decodeCbor, isCborMap } from "../codec/cbor.ts";
import { FormatError } from "../codec/errors.ts";
import { merchantCode } from "../codes/merchant-code.ts";
import type { AuthorityKeyParameters, RevokedCertificate } from "../emv/keys.ts";
import { isPasswordProof, roleOf } from "../vault/operators.ts";
import { isPossible } from "../vault/scheme.ts";
import type { ApplicationParameters, Parameters } from "./parameters.ts";
import { ParameterStore } from "./store.ts";

/** What a terminal is that was told nothing but who it is. */
const defaults = Object.freeze({
  language: "zh",
  currency: "CNY",
  countryCode: "156",
  merchantCity: Object.freeze({ zh: "上海", en: "SHANGHAI" }),
  merchantCountry: "CN",
  merchantCategory: "5999",
  acquirerIin: "00000000",
  codeForm: "emv",
  voice: false,
  beeps: true,
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
const institution = text(/^[0-9]{8}$/);
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
  defaultDynamicList: optional(text(/^(?:[0-9A-F]{2}){3,32}$/)),
  onlinePin: optional(flag),
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
  merchantCity: localText,
  merchantCountry: text(/^[A-Z]{2}$/),
  merchantCategory: text(/^[0-9]{4}$/),
  acquirerIin: institution,
  forwardingIin: optional(institution),
  codeForm: text(/^(?:emv|unionpay|wechat|alipay)$/),
  codeTip: optional(text(/^(?:asked|(?=.*[1-9])[0-9]{1,7}(?:\.[0-9]{1,2})?|(?=.*[1-9])[0-9]{1,2}(?:\.[0-9]{1,2})?%)$/)),
  voice: flag,
  beeps: flag,
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
  codePayments: optional(flag),
  shopCode: optional(flag),
  codeWaitSeconds: optional(natural(5, 600)),
  codeShowSeconds: optional(natural(5, 600)),
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
  if (parameters.codePayments !== false && !makesCode(parameters)) {
    throw new FormatError("parameter merchantName", 0, "or merchantCity makes no code");
  }
  return parameters;
}

/** A code that cannot be shown must not come to light when the host expects its payment: the shop's own has all of it that varies. */
function makesCode(parameters: Parameters): boolean {
  try {
    merchantCode(parameters);
    return true;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
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
