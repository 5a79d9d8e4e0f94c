import { DerReader, derTag } from "../codec/der.ts";
import { FormatError } from "../codec/errors.ts";
import { bytesToHex } from "../codec/hex.ts";

/** What the extensions of a certificate say of its use (RFC 5280, 4.2.1). */
export interface Extensions {
  /** Basic constraints: may sign other certificates, and how many authorities may stand below it. */
  readonly isAuthority: boolean;
  readonly pathLength: number | undefined;
  /** Key usage, the bits of the first byte; absent: any. */
  readonly keyUsage: number | undefined;
  /** Extended key usages, identifiers in hexadecimal; absent: any. */
  readonly purposes: readonly string[] | undefined;
  /** Subject alternative names: host names in lower case, and addresses as they are written. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** There is a critical extension that is not understood here: the certificate is not to be used. */
  readonly strange: boolean;
}

/** Bits of the first byte of key usage. */
export const keyUsage = Object.freeze({ digitalSignature: 0x80, keyEncipherment: 0x20, certificateSign: 0x04 });

type Draft = { -readonly [Name in keyof Extensions]: Extensions[Name] };
type Reader = (value: DerReader, draft: Draft) => void;

const [mostExtensions, mostNames] = [32, 64];
const [dnsName, ipAddress] = [0x82, 0x87];

/** By the identifier's bytes: 2.5.29.x. */
const readers: Readonly<Record<string, Reader>> = Object.freeze({
  "551D13": basicConstraints,
  "551D0F": usage,
  "551D25": extendedUsage,
  "551D11": alternativeNames,
});

/** Reads the sequence of extensions; absent: none. Throws `FormatError`. */
export function readExtensions(content: Uint8Array | undefined): Extensions {
  const draft: Draft = {
    isAuthority: false,
    pathLength: undefined,
    keyUsage: undefined,
    purposes: undefined,
    names: [],
    addresses: [],
    strange: false,
  };
  if (content === undefined) return draft;
  const outer = new DerReader(content);
  const list = outer.enter(derTag.sequence);
  outer.end();
  const seen: string[] = [];
  while (!list.done) {
    const extension = list.enter(derTag.sequence);
    const id = bytesToHex(extension.next(derTag.objectIdentifier).content);
    const critical = extension.optional(derTag.boolean);
    const value = extension.next(derTag.octetString).content;
    extension.end();
    if (seen.includes(id) || seen.length >= mostExtensions) throw new FormatError("extensions", 0, "twice or too many");
    seen.push(id);
    const read = Object.hasOwn(readers, id) ? readers[id] : undefined;
    if (read !== undefined) read(new DerReader(value), draft);
    else if (critical !== undefined) draft.strange = true;
  }
  return draft;
}

function basicConstraints(value: DerReader, draft: Draft): void {
  const fields = value.enter(derTag.sequence);
  value.end();
  const authority = fields.optional(derTag.boolean)?.content[0];
  draft.isAuthority = authority !== undefined && authority !== 0;
  draft.pathLength = fields.optional(derTag.integer)?.content[0];
  fields.end();
}

function usage(value: DerReader, draft: Draft): void {
  draft.keyUsage = value.next(derTag.bitString).content[1] ?? 0;
  value.end();
}

function extendedUsage(value: DerReader, draft: Draft): void {
  const list = value.enter(derTag.sequence);
  value.end();
  const purposes: string[] = [];
  while (!list.done && purposes.length < mostNames) {
    purposes.push(bytesToHex(list.next(derTag.objectIdentifier).content));
  }
  draft.purposes = purposes;
}

/** Other kinds of names than host names and IPv4 addresses are passed over. */
function alternativeNames(value: DerReader, draft: Draft): void {
  const list = value.enter(derTag.sequence);
  value.end();
  const names: string[] = [];
  const addresses: string[] = [];
  while (!list.done && names.length < mostNames) {
    const { tag, content } = list.next();
    if (tag === dnsName) names.push(hostName(content));
    else if (tag === ipAddress && content.length === 4) addresses.push(content.join("."));
  }
  draft.names = names;
  draft.addresses = addresses;
}

/** A name with a zero or anything else in it that a host's has not matches none. */
function hostName(content: Uint8Array): string {
  let name = "";
  for (const byte of content) name += String.fromCharCode(byte);
  return name.toLowerCase();
}
