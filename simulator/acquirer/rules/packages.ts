/** Signed packages that a host hands out in blocks; what is in them is their signer's business, not the host's. */

/** A package with what its head says of it. */
export interface PackageOffer {
  /** What the host calls it: another name for other bytes. */
  readonly name: string;
  readonly kind: string;
  /** "1.2.3" */
  readonly version: string;
  readonly bytes: Uint8Array;
}

const KINDS = ["firmware", "parameters", "applications", "caKeys", "fonts", "messages"];
const HEAD = 512;

/** Reads kind and version from a package's head (firmware/update/README.md). Throws `RangeError` for what is no package. */
export function packageOffer(bytes: Uint8Array): PackageOffer {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const kind = bytes.length > HEAD && head.toString("latin1", 0, 4) === "XPKG" ? KINDS[head[5]! - 1] : undefined;
  if (kind === undefined) throw new RangeError("no package");
  const version = [32, 34, 36].map((place) => head.readUInt16BE(place)).join(".");
  return { name: `${kind} ${version} ${head.toString("hex", 48, 52)}`, kind, version, bytes };
}
