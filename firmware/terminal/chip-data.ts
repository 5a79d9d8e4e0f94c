import { bcdToNumber } from "../codec/bcd.ts";
import { equal } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToHex, hexToBytes } from "../codec/hex.ts";
import { type Tlv, tagValue } from "../codec/tlv.ts";
import { kernelOfName } from "../emv/contactless/entry.ts";
import { dolAsksFor } from "../emv/dol.ts";
import { type AuthorityKeyParameters, authorityKeyChecksum } from "../emv/keys.ts";
import { tags } from "../emv/tags.ts";
import type { ApplicationParameters } from "../update/parameters.ts";

/** Tags of the interface's downloads (UnionPay's names, from memory of them). */
const tag = Object.freeze({
  identifier: 0x9f06,
  keyIndex: 0x9f22,
  keyExpiry: 0xdf05,
  hashAlgorithm: 0xdf06,
  keyAlgorithm: 0xdf07,
  modulus: 0xdf02,
  exponent: 0xdf04,
  checksum: 0xdf03,
  selection: 0xdf01,
  version: 0x9f09,
  actionDefault: 0xdf11,
  actionOnline: 0xdf12,
  actionDenial: 0xdf13,
  floorLimit: 0x9f1b,
  randomThreshold: 0xdf15,
  randomMaximum: 0xdf16,
  randomTarget: 0xdf17,
  defaultDynamicList: 0xdf14,
  onlinePin: 0xdf18,
  contactlessFloorLimit: 0xdf19,
  contactlessLimit: 0xdf20,
  contactlessCvmLimit: 0xdf21,
  kernel: 0x9f2a,
  qualifiers: 0x9f66,
  terminalType: 0x9f35,
});

/** The only algorithms there are (EMV 4.3 Book 2, B2.1 and B3): RSA, and SHA-1 for the checksum. */
const onlyAlgorithm = 0x01;
/** `DF01`: a card's name may go on behind this one, or has to be this one. */
const partialName = 0x00;
const exactName = 0x01;
/** Bytes. */
const longestDefaultList = 32;
/** What a card without a list signs anyway: the unpredictable number. */
const standardList = "9F3704";

/**
 * A payment system's key of the answer to 370. Throws `FormatError` where something is missing or of an algorithm that
 * is not known; whether the key is good is `keyProblem`'s.
 */
export function authorityKeyOf(objects: readonly Tlv[]): AuthorityKeyParameters {
  for (const algorithm of [tag.hashAlgorithm, tag.keyAlgorithm]) {
    if (fixed(objects, algorithm, 1)[0] !== onlyAlgorithm) throw new FormatError("authority key", 0, "algorithm");
  }
  return {
    rid: bytesToHex(fixed(objects, tag.identifier, 5)),
    index: bytesToHex(fixed(objects, tag.keyIndex, 1)),
    modulus: bytesToHex(some(objects, tag.modulus)),
    exponent: bytesToHex(some(objects, tag.exponent)),
    expiry: bytesToHex(fixed(objects, tag.keyExpiry, 4)),
    checksum: bytesToHex(fixed(objects, tag.checksum, 20)),
  };
}

/**
 * What speaks against a payment system's key: its checksum (EMV 4.3 Book 2, 11.2.2), or its last day is over.
 * @param today YYYYMMDD
 */
export function keyProblem(key: AuthorityKeyParameters, today: string): "keyWrong" | "keyExpired" | undefined {
  const modulus = hexToBytes(key.modulus);
  const exponent = hexToBytes(key.exponent);
  const found = authorityKeyChecksum(hexToBytes(key.rid), Number.parseInt(key.index, 16), { modulus, exponent });
  if (!equal(found, hexToBytes(key.checksum))) return "keyWrong";
  return today > key.expiry ? "keyExpired" : undefined;
}

/**
 * An application of the answer to 380. Beside UnionPay's data objects it may have those of EMV for what they leave out: the
 * contactless kernel (9F2A), the terminal transaction qualifiers (9F66) and the terminal type (9F35). What is not told
 * (a label, the default list DF14, whether a PIN goes to the host DF18 ..) stays as it was; a new application that is not told its kernel has its scheme's, and none
 * where its contactless limit is 0. Throws `FormatError` where something is missing or cannot be.
 */
export function applicationOf(objects: readonly Tlv[], known: readonly ApplicationParameters[]): ApplicationParameters {
  const selection = fixed(objects, tag.selection, 1)[0]!;
  if (selection !== partialName && selection !== exactName) throw new FormatError("application", 0, "selection");
  const name = some(objects, tag.identifier);
  const aid = bytesToHex(name);
  const {
    randomSelection: _gone,
    exactName: _old,
    defaultDynamicList: listBefore,
    onlinePin: pinBefore,
    ...before
  }: Partial<ApplicationParameters> = known.find((one) => one.aid === aid) ??
  newApplication(name, amount(objects, tag.contactlessLimit));
  const target = bcdToNumber(fixed(objects, tag.randomTarget, 1));
  const maximumTarget = bcdToNumber(fixed(objects, tag.randomMaximum, 1));
  const threshold = binary(objects, tag.randomThreshold);
  const kernel = kernelTold(objects) ?? before.kernel;
  const ttq = optional(objects, tag.qualifiers, 4) ?? before.ttq;
  const terminalType = optional(objects, tag.terminalType, 1) ?? before.terminalType;
  const defaultDynamicList = defaultListTold(objects, listBefore);
  const onlinePin = onlinePinTold(objects, pinBefore);
  return {
    ...before,
    aid,
    ...(selection === exactName ? { exactName: true } : {}),
    ...(kernel === undefined ? {} : { kernel }),
    tacDefault: bytesToHex(fixed(objects, tag.actionDefault, 5)),
    tacOnline: bytesToHex(fixed(objects, tag.actionOnline, 5)),
    tacDenial: bytesToHex(fixed(objects, tag.actionDenial, 5)),
    applicationVersion: bytesToHex(fixed(objects, tag.version, 2)),
    ...(terminalType === undefined ? {} : { terminalType }),
    ...(defaultDynamicList === undefined ? {} : { defaultDynamicList }),
    ...(onlinePin === undefined ? {} : { onlinePin }),
    floorLimit: binary(objects, tag.floorLimit),
    contactlessFloorLimit: amount(objects, tag.contactlessFloorLimit),
    ...(maximumTarget === 0 ? {} : { randomSelection: { threshold, target, maximumTarget } }),
    contactlessLimit: amount(objects, tag.contactlessLimit),
    contactlessCvmLimit: amount(objects, tag.contactlessCvmLimit),
    ...(ttq === undefined ? {} : { ttq }),
  };
}

/** What a new application begins with. */
function newApplication(name: Uint8Array, contactlessLimit: number): Partial<ApplicationParameters> {
  const kernel = contactlessLimit > 0 ? kernelOfName(name) : undefined;
  return kernel === undefined ? {} : { kernel };
}

/** The kernel's number (9F2A); 0 stands for none of its own (EMV contactless Book B, 3.3.2.5). */
function kernelTold(objects: readonly Tlv[]): number | undefined {
  const told = optional(objects, tag.kernel, 1);
  return told === undefined || told === "00" ? undefined : Number.parseInt(told, 16);
}

/** The default DDOL (DF14), which has to ask for the terminal's number (Book 2, 6.5.1); undefined: the standard's own. */
function defaultListTold(objects: readonly Tlv[], before: string | undefined): string | undefined {
  const told = tagValue(objects, tag.defaultDynamicList);
  if (told === undefined) return before;
  if (told.length > longestDefaultList || !dolAsksFor(told, tags.unpredictableNumber)) {
    throw new FormatError(
      `tag ${tag.defaultDynamicList.toString(16)}`,
      0,
      "a list with the unpredictable number expected",
    );
  }
  const list = bytesToHex(told);
  return list === standardList ? undefined : list;
}

/** Whether the host takes a PIN (DF18); undefined: it does. */
function onlinePinTold(objects: readonly Tlv[], before: boolean | undefined): boolean | undefined {
  if (tagValue(objects, tag.onlinePin) === undefined) return before;
  const told = fixed(objects, tag.onlinePin, 1)[0]!;
  if (told > 1) throw new FormatError(`tag ${tag.onlinePin.toString(16)}`, 0, "00 or 01 expected");
  return told === 0 ? false : undefined;
}

/** In hexadecimal; undefined where it is not told. */
function optional(objects: readonly Tlv[], wanted: number, length: number): string | undefined {
  return tagValue(objects, wanted) === undefined ? undefined : bytesToHex(fixed(objects, wanted, length));
}

function some(objects: readonly Tlv[], wanted: number): Uint8Array {
  const value = tagValue(objects, wanted);
  if (value === undefined || value.length === 0) throw new FormatError(`tag ${wanted.toString(16)}`, 0, "missing");
  return value;
}

function fixed(objects: readonly Tlv[], wanted: number, length: number): Uint8Array {
  const value = some(objects, wanted);
  if (value.length !== length) throw new FormatError(`tag ${wanted.toString(16)}`, 0, `${length} bytes expected`);
  return value;
}

/** 4 bytes, minor units. */
function binary(objects: readonly Tlv[], wanted: number): number {
  return Number.parseInt(bytesToHex(fixed(objects, wanted, 4)), 16);
}

/** 12 digits, minor units. */
function amount(objects: readonly Tlv[], wanted: number): number {
  return bcdToNumber(fixed(objects, wanted, 6));
}
