/** The certificates of the virtual world, where nothing is encrypted and nobody needs their keys: those are thrown away. */
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** What the host's certificate names. */
export const VIRTUAL_HOST_NAME = "acquirer.xspos.test";

/** Our TEST authority's certificate, as DER: what terminals of the virtual world pin. */
export function virtualAuthority(): Uint8Array {
  authority ??= read("test-authority.pem");
  return authority;
}

/** What the host of the virtual world shows, as DER. */
export function virtualHostCertificates(): readonly Uint8Array[] {
  host ??= [read("test-host.pem")];
  return host;
}

let authority: Uint8Array | undefined;
let host: readonly Uint8Array[] | undefined;

function read(file: string): Uint8Array {
  return new Uint8Array(new X509Certificate(readFileSync(new URL(file, import.meta.url))).raw);
}
