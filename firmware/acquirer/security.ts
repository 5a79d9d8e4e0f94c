import type { SecureStorage } from "../../hal/io.ts";
import { FormatError } from "../codec/errors.ts";
import { hexToBytes } from "../codec/hex.ts";
import type { Parameters } from "../update/parameters.ts";
import { readCertificate } from "./certificate.ts";
import type { HostPlace, LinkSecurity } from "./connection.ts";
import { takeDenyList } from "./deny-list.ts";

/** What the parameters make of the link: `problem` is a word for the technician, and there is no link. */
export type SecurityOutcome =
  | { readonly kind: "ready"; readonly security: LinkSecurity | undefined }
  | { readonly kind: "missing"; readonly problem: "host authority" | "deny list" };

/** Whom this terminal trusts. A version of the deny list that is new is remembered in the secure storage. */
export function securityOf(parameters: Parameters, secure: SecureStorage): SecurityOutcome {
  if (parameters.link === "plain") return { kind: "ready", security: undefined };
  const { hostAuthorities: authorities, clientCertificates, denyList, denyListKey } = parameters;
  if (authorities.length === 0 || !authorities.every(isCertificate))
    return { kind: "missing", problem: "host authority" };
  const key =
    denyListKey === undefined
      ? undefined
      : { modulus: hexToBytes(denyListKey.modulus), exponent: hexToBytes(denyListKey.exponent) };
  const taken = takeDenyList(denyList, key, secure);
  if (taken === "refused") return { kind: "missing", problem: "deny list" };
  const serverName = (parameters.serverName ?? parameters.hostAddress).toLowerCase();
  return { kind: "ready", security: { serverName, authorities, clientCertificates, denied: taken.denied } };
}

/** The acquirer's hosts, the one to be asked first before the one that stands in for it. */
export function hostsOf(parameters: Parameters): HostPlace[] {
  const { hostAddress: address, hostPort: port, secondHostAddress, secondHostPort = port } = parameters;
  const first = { address, port };
  return secondHostAddress === undefined ? [first] : [first, { address: secondHostAddress, port: secondHostPort }];
}

function isCertificate(der: Uint8Array): boolean {
  try {
    return readCertificate(der).extensions.isAuthority;
  } catch (error) {
    if (error instanceof FormatError) return false;
    throw error;
  }
}
