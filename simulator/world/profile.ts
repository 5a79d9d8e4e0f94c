import { createHash, pbkdf2Sync } from "node:crypto";
import { encode } from "cbor-x";
import { hex } from "../acquirer/bytes.ts";
import { VIRTUAL_HOST_NAME, virtualAuthority } from "../acquirer/certificates/virtual.ts";
import { type AuthorityKey, authorityKeys } from "../cards/keys.ts";

const application = {
  tacDenial: "0010000000",
  tacOnline: "DC4004F800",
  tacDefault: "DC4000A800",
  floorLimit: 0,
  contactlessLimit: 10_000_000,
  contactlessCvmLimit: 100_000,
} as const;

/** An authority's key with its checksum (EMV 4.3 Book 2, 11.2.2), as a terminal loads it. */
export function caKeyOf(key: AuthorityKey): Readonly<Record<string, string>> {
  const rid = key.registeredIdentifier;
  const index = hex(Uint8Array.of(key.index));
  const modulus = hex(key.modulus);
  const exponent = hex(key.exponent);
  const checksum = createHash("sha1")
    .update(rid + index + modulus + exponent, "hex")
    .digest("hex")
    .toUpperCase();
  return { rid, index, modulus, exponent, expiry: "20491231", checksum };
}

/** Rounds of PBKDF2 that the TEST passwords have been through. */
const PASSWORD_ROUNDS = 1_000;

/** A password as parameters bring it: number, rounds, salt and digest of PBKDF2 with HMAC-SHA-256, in hexadecimal. */
function passwordOf(operator: string, digits: string): string {
  const salt = createHash("sha256").update(`salt of ${operator}`).digest().subarray(0, 16);
  const digest = pbkdf2Sync(digits, salt, PASSWORD_ROUNDS, 32, "sha256");
  return `${operator}:${PASSWORD_ROUNDS}:${salt.toString("hex")}:${digest.toString("hex")}`.toUpperCase();
}

/**
 * The parameters of the terminal that the simulator ships, by name; amounts in minor units, times in milliseconds.
 * A scenario may set any of them. Application identifiers and action codes are the schemes' published ones.
 */
export const DEFAULT_PARAMETERS: Readonly<Record<string, unknown>> = {
  terminalId: "12345678",
  merchantId: "898310172991001",
  merchantName: { zh: "XSPOS 体验店", en: "XSPOS Demo Store" },
  language: "zh",
  currency: "CNY",
  countryCode: "156",
  merchantCity: { zh: "上海", en: "SHANGHAI" },
  merchantCountry: "CN",
  merchantCategory: "5999",
  acquirerIin: "00000000",
  forwardingIin: undefined, // the acquirer itself
  codeForm: "emv",
  codeTip: undefined, // none
  voice: false,
  beeps: true,
  hostAddress: "127.0.0.1",
  hostPort: 8583,
  secondHostAddress: undefined, // there is one host
  secondHostPort: undefined,
  link: "tls",
  serverName: VIRTUAL_HOST_NAME,
  hostAuthorities: [virtualAuthority()],
  tpdu: "6000030000",
  header: "603100310000",
  connectTimeoutMs: 10_000,
  answerTimeoutMs: 30_000,
  confirmApproval: "automatic",
  saleLimit: 5_000_000,
  operator: "01",
  batch: 1,
  receiptCopies: 2,
  // Scenarios count what the host is asked; those about the backup or the news switch them on.
  backup: false,
  settlementTime: undefined, // people decide
  customerSpending: false,
  codePayments: undefined, // customers may
  shopCode: undefined, // none
  codeWaitSeconds: undefined,
  codeShowSeconds: undefined,
  registerPort: undefined, // the cash register is on its serial line
  registerAddress: undefined,
  registerPairing: false,
  fundsNews: false,
  keyScheme: "master-session",
  pinBlockFormat: 0,
  macMethod: undefined, // as the key scheme usually has it
  encryptTracks: false,
  terminalType: "21",
  cardLanguage: false,
  voidCard: true,
  voidPin: true,
  fallbackInsertions: 1,
  manualEntry: true,
  offlineSales: true,
  tipPercent: 0,
  aids: [
    {
      ...application,
      aid: "A000000333010101",
      label: "UnionPay Debit",
      kernel: 7,
      applicationVersion: "0030",
      ttq: "36004080",
      smallAmountLimit: application.contactlessCvmLimit,
    },
    {
      ...application,
      aid: "A000000333010102",
      label: "UnionPay Credit",
      kernel: 7,
      applicationVersion: "0030",
      ttq: "36004080",
      smallAmountLimit: application.contactlessCvmLimit,
    },
    { ...application, aid: "A0000000031010", label: "Visa", kernel: 3, applicationVersion: "0096", ttq: "3600C000" },
    {
      ...application,
      aid: "A0000000041010",
      label: "Mastercard",
      kernel: 2,
      applicationVersion: "0002",
      ttq: "36004000",
    },
  ],
  caKeys: authorityKeys().map(caKeyOf),
  revokedCertificates: [],
  exceptionFile: [],
  operatorSignOn: false,
  operatorIdleMinutes: 0,
  /** TEST passwords, for everybody to know and to keep: supervisor, administrator, the first operator. */
  passwords: [passwordOf("00", "000000"), passwordOf("99", "00000000"), passwordOf("01", "0000")],
  initialPasswords: "keep",
  authority: {},
};

/**
 * The image of the flash partition "parameters": "XPAR", length (32 bits, little-endian), CBOR, CRC-32
 * (little-endian).
 */
export function parametersImage(parameters: Readonly<Record<string, unknown>>): Uint8Array {
  const cbor: Uint8Array = encode(parameters);
  const image = new Uint8Array(8 + cbor.length + 4);
  const view = new DataView(image.buffer);
  image.set([0x58, 0x50, 0x41, 0x52]);
  view.setUint32(4, cbor.length, true);
  image.set(cbor, 8);
  view.setUint32(8 + cbor.length, crc32(cbor), true);
  return image;
}

/** CRC-32 as in ISO/IEC 3309 (polynomial 04C11DB7, reflected). */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
