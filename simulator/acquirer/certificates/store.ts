/** The TEST certificates of a host on real sockets: made on first use, then kept, so that terminals may pin them. */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { replaceFile } from "../../replace-file.mjs";
import { type Identity, issue } from "./issue.ts";

/** Where they are kept; the authority's certificate is the file that terminals are given. */
export const TLS_FOLDER = fileURLToPath(new URL("../../../.cache/tls", import.meta.url));

/** Valid in the virtual world, whose year is 2026, and on today's clock. */
const FROM = new Date(Date.UTC(2026, 0, 1));
const TO = new Date(Date.UTC(2046, 0, 1));
const FILES = ["authority.pem", "host.pem", "host-key.pem"] as const;

/** A server's certificate, its key, and the authority to pin. */
export interface HostCertificates {
  readonly authority: Uint8Array;
  readonly certificate: Uint8Array;
  readonly key: KeyObject;
  /** File of the authority's certificate, as PEM. */
  readonly authorityFile: string;
}

/** The host's certificate for that name and for 127.0.0.1. The authority's key is not kept: it signs one certificate. */
export function hostCertificates(name: string, folder: string = TLS_FOLDER): HostCertificates {
  return read(name, folder) ?? make(name, folder);
}

function read(name: string, folder: string): HostCertificates | undefined {
  try {
    const [authority, certificate, key] = FILES.map((file) => readFileSync(join(folder, file)));
    const host = new X509Certificate(certificate!);
    if (host.checkHost(name) === undefined || Date.parse(host.validTo) < Date.now()) return undefined;
    return {
      authority: new Uint8Array(new X509Certificate(authority!).raw),
      certificate: new Uint8Array(host.raw),
      key: createPrivateKey(key!),
      authorityFile: join(folder, FILES[0]),
    };
  } catch {
    return undefined; // none yet, or rubbish: made anew
  }
}

function make(name: string, folder: string): HostCertificates {
  const validity = { from: FROM, to: TO };
  const authority = issue({ ...validity, name: "xspos TEST authority of this machine", isAuthority: true });
  const host = issue({ ...validity, name, hostNames: [name, "127.0.0.1"], issuer: authority });
  mkdirSync(folder, { recursive: true });
  const key = host.key.export({ format: "pem", type: "pkcs8" }).toString();
  const texts = [pemOf(authority), pemOf(host), key];
  for (const [place, text] of texts.entries()) {
    replaceFile(join(folder, FILES[place]!), text, { mode: 0o600 });
  }
  const { certificate } = host;
  return { authority: authority.certificate, certificate, key: host.key, authorityFile: join(folder, FILES[0]) };
}

function pemOf({ certificate }: Identity): string {
  return new X509Certificate(certificate).toString();
}
