/** Parameters for download in blocks: the whole with its version and digest. */
import { createHash } from "node:crypto";

/** What a terminal may fetch: any bytes under a version. */
export interface ParameterSet {
  readonly version: string;
  readonly bytes: Uint8Array;
  readonly sha256: Uint8Array;
}

/** A set of parameters from their bytes. */
export function parameterSet(version: string, bytes: Uint8Array): ParameterSet {
  return { version, bytes, sha256: new Uint8Array(createHash("sha256").update(bytes).digest()) };
}
