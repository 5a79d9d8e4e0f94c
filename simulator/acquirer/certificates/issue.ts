/** A TEST certificate authority: issues X.509 certificates (RFC 5280) that are signed with RSA and SHA-256. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { bits, der, integer, objectId, octets, sequence, text, time, yes } from "./der.ts";

/** A certificate as DER with its private key. */
export interface Identity {
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  readonly name: string;
  readonly serial: Uint8Array;
  /** SubjectPublicKeyInfo as DER. */
  readonly publicKeyInfo: Uint8Array;
}

/** What a certificate says; the defaults are those of a good host. */
export interface Wanted {
  /** Common name of the subject. */
  readonly name: string;
  /** Who signs; absent: the certificate itself. */
  readonly issuer?: Identity;
  readonly from?: Date;
  readonly to?: Date;
  readonly isAuthority?: boolean;
  readonly pathLength?: number;
  /** Host names; an address is written as one. Default: the subject's name; none for an authority. */
  readonly hostNames?: readonly string[];
  /** Extended key usages by their identifiers. Default: server authentication; none for an authority. */
  readonly purposes?: readonly string[];
  /** Extensions of a test's own, each a whole DER value. */
  readonly extensions?: readonly Uint8Array[];
  readonly serial?: Uint8Array;
  /** Of the key that is made. */
  readonly modulusBits?: number;
  readonly key?: KeyObject;
}

export const purpose = Object.freeze({ server: "1.3.6.1.5.5.7.3.1", client: "1.3.6.1.5.5.7.3.2" });

const DAY = 86_400_000;
const YEAR = 366 * DAY;
const SERIAL_LENGTH = 16;

/** Makes a key and a certificate for it. */
export function issue(wanted: Wanted): Identity {
  const { name, issuer, isAuthority = false, modulusBits: modulusLength = 2048 } = wanted;
  const key = wanted.key ?? generateKeyPairSync("rsa", { modulusLength }).privateKey;
  const serial = wanted.serial ?? positive(randomBytes(SERIAL_LENGTH));
  const publicKeyInfo = publicKeyOf(key);
  const algorithm = sequence(objectId("1.2.840.113549.1.1.11"), der(0x05));
  const { from = new Date(Date.now() - DAY), to = new Date(Date.now() + YEAR) } = wanted;
  const signedPart = sequence(
    der(0xa0, integer(Uint8Array.of(2))),
    integer(serial),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(time(from), time(to)),
    distinguishedName(name),
    publicKeyInfo,
    der(0xa3, sequence(...extensionsOf(wanted, isAuthority))),
  );
  const signature = new Uint8Array(sign("sha256", signedPart, issuer?.key ?? key));
  return { certificate: sequence(signedPart, algorithm, bits(signature)), key, name, serial, publicKeyInfo };
}

function publicKeyOf(key: KeyObject): Uint8Array {
  // Node exports the public half of a private key only as a JSON web key.
  const { n = "", e = "" } = key.export({ format: "jwk" });
  const number = (value: string): Uint8Array => integer(new Uint8Array(Buffer.from(value, "base64url")));
  const algorithm = sequence(objectId("1.2.840.113549.1.1.1"), der(0x05));
  return sequence(algorithm, bits(sequence(number(n), number(e))));
}

function distinguishedName(name: string): Uint8Array {
  return sequence(der(0x31, sequence(objectId("2.5.4.3"), text(name))));
}

function extensionsOf(wanted: Wanted, isAuthority: boolean): Uint8Array[] {
  const { hostNames = isAuthority ? [] : [wanted.name], purposes = isAuthority ? [] : [purpose.server] } = wanted;
  const length = wanted.pathLength === undefined ? [] : [integer(Uint8Array.of(wanted.pathLength))];
  const constraints = isAuthority ? sequence(yes(), ...length) : sequence();
  // keyCertSign and cRLSign, or digitalSignature and keyEncipherment
  const usage = isAuthority ? bits(Uint8Array.of(0x06), 1) : bits(Uint8Array.of(0xa0), 5);
  return [
    sequence(objectId("2.5.29.19"), yes(), octets(constraints)),
    sequence(objectId("2.5.29.15"), yes(), octets(usage)),
    ...(purposes.length === 0 ? [] : [sequence(objectId("2.5.29.37"), octets(sequence(...purposes.map(objectId))))]),
    ...(hostNames.length === 0 ? [] : [sequence(objectId("2.5.29.17"), octets(sequence(...hostNames.map(hostName))))]),
    ...(wanted.extensions ?? []),
  ];
}

function hostName(name: string): Uint8Array {
  if (/^\d+(\.\d+){3}$/.test(name)) return der(0x87, Uint8Array.from(name.split("."), Number));
  return der(0x82, Uint8Array.from(Buffer.from(name, "ascii")));
}

/** A serial number is positive, and its first byte no filler. */
function positive(bytes: Uint8Array): Uint8Array {
  const serial = new Uint8Array(bytes);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  return serial;
}
