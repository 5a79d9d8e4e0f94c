import { sha256 } from "#native/digest";
import { concat, equal } from "../codec/bytes.ts";
import { FormatError } from "../codec/errors.ts";
import { isSignedPkcs1 } from "../crypto/pkcs1.ts";
import { type Certificate, readCertificate } from "./certificate.ts";
import { keyUsage } from "./certificate-extensions.ts";
import type { DenyList } from "./deny-list.ts";

/** Why a host is not trusted: one word each, for the technician. */
export type CertificateFault =
  | "malformed"
  | "not-yet-valid"
  | "expired"
  | "other-name"
  | "unknown-authority"
  | "revoked"
  | "unfit";

/** Whom a terminal trusts. */
export interface Trust {
  /** A host name in lower case. */
  readonly serverName: string;
  /** Certificates of the authorities that are pinned, as DER. */
  readonly authorities: readonly Uint8Array[];
  readonly denied: DenyList | undefined;
}

/**
 * The last certificates that were found good under one `Trust`, so that the host which is asked all day is not judged anew each
 * time: of the same bytes only the dates can have become others. One for each `Trust`, and for as long as that stays the same.
 */
export class KnownChain {
  #digest: Uint8Array | undefined;
  #from = 0;
  #to = 0;

  /** @param digest of the certificates that a host shows now */
  holds(digest: Uint8Array, now: number): boolean {
    return this.#digest !== undefined && equal(this.#digest, digest) && now >= this.#from && now <= this.#to;
  }

  remember(digest: Uint8Array, path: readonly Certificate[]): void {
    this.#digest = digest;
    this.#from = Math.max(...path.map(({ validFrom }) => validFrom));
    this.#to = Math.min(...path.map(({ validTo }) => validTo));
  }
}

/** The host's certificate, authorities between it and ours, and ours. */
const mostCertificates = 8;
const longestPath = 4;
/** 2,048 and 4,096 bits: a larger one would keep the terminal busy, and who sends it may be anybody. */
const [leastModulus, mostModulus] = [256, 512];
const serverAuthentication = "2B06010505070301";

/**
 * Judges the certificates that a host showed (RFC 5280, 6, and RFC 6125, 6.4; policies and name constraints are not
 * for us: a critical extension that is not understood is a refusal).
 * @param chain as DER, the host's own first; what is between it and a pinned authority in any order
 * @param now milliseconds since 1970
 * @param known of this trust: what it holds is not judged again, what is good it holds from now on
 * @returns undefined when the host is who it should be
 */
export function judge(
  chain: readonly Uint8Array[],
  trust: Trust,
  now: number,
  known?: KnownChain,
): CertificateFault | undefined {
  const digest = sha256(concat(chain.map(sha256)));
  if (known?.holds(digest, now)) return undefined;
  try {
    const shown = chain.slice(0, mostCertificates).map(readCertificate);
    const [host] = shown;
    if (host === undefined) return "malformed";
    const path = [host];
    const fault = judgeHost(host, trust.serverName) ?? judgePath(path, shown, trust, now);
    if (fault === undefined) known?.remember(digest, path);
    return fault;
  } catch (error) {
    if (error instanceof FormatError) return "malformed";
    throw error;
  }
}

function judgeHost(host: Certificate, serverName: string): CertificateFault | undefined {
  const { isAuthority, keyUsage: usage, purposes, names, addresses } = host.extensions;
  const use = keyUsage.digitalSignature | keyUsage.keyEncipherment;
  if (isAuthority || (usage !== undefined && (usage & use) === 0)) return "unfit";
  if (purposes !== undefined && !purposes.includes(serverAuthentication)) return "unfit";
  const matches = addresses.includes(serverName) || names.some((name) => isNamed(name, serverName));
  return matches ? undefined : "other-name";
}

/** RFC 6125, 6.4.3: `*` stands for one whole label, the first of three or more. */
function isNamed(name: string, serverName: string): boolean {
  if (!name.startsWith("*.")) return name === serverName;
  const rest = serverName.indexOf(".");
  return rest > 0 && name.indexOf(".", 2) > 0 && name.slice(1) === serverName.slice(rest);
}

/**
 * Up from the host's certificate to one of ours, each with its dates and none of them denied.
 * @param path the host's certificate; those above it are added, ours last
 */
function judgePath(
  path: Certificate[],
  shown: readonly Certificate[],
  { authorities, denied }: Trust,
  now: number,
): CertificateFault | undefined {
  const pinned = authorities.map(readCertificate);
  for (let below = 0; below < longestPath; below++) {
    const certificate = path[below]!;
    const fault = judgeOne(certificate, denied, now);
    if (fault !== undefined) return fault;
    const ours = pinned.find((authority) => isSigner(authority, certificate, below));
    if (ours !== undefined) {
      path.push(ours);
      return judgeOne(ours, denied, now);
    }
    // The first one of that name and no other: signatures take long, and a stranger chooses how many there are.
    const next = shown.find(({ subject }) => equal(subject, certificate.issuer));
    if (next === undefined || !isSigner(next, certificate, below)) return "unknown-authority";
    path.push(next);
  }
  return "unknown-authority";
}

function judgeOne(certificate: Certificate, denied: DenyList | undefined, now: number): CertificateFault | undefined {
  if (now < certificate.validFrom) return "not-yet-valid";
  if (now > certificate.validTo) return "expired";
  if (certificate.extensions.strange) return "unfit";
  if (denied === undefined) return undefined;
  const isListed = (list: readonly Uint8Array[], value: Uint8Array): boolean => list.some((each) => equal(each, value));
  const isDenied =
    isListed(denied.serials, certificate.serial) || isListed(denied.keys, sha256(certificate.publicKeyInfo));
  return isDenied ? "revoked" : undefined;
}

/** Whether the authority has signed the certificate, and may: `below` authorities stand between it and the host. */
function isSigner(authority: Certificate, certificate: Certificate, below: number): boolean {
  const { rsaKey, extensions } = authority;
  return (
    equal(authority.subject, certificate.issuer) &&
    extensions.isAuthority &&
    (extensions.keyUsage === undefined || (extensions.keyUsage & keyUsage.certificateSign) !== 0) &&
    (extensions.pathLength === undefined || extensions.pathLength >= below) &&
    rsaKey !== undefined &&
    rsaKey.modulus.length >= leastModulus &&
    rsaKey.modulus.length <= mostModulus &&
    isSignedPkcs1(rsaKey, certificate.signedPart, certificate.signature)
  );
}
