import type { PackageVersion } from "./package.ts";

/** What this very firmware is, as far as its successors are concerned. A build of another version has other numbers here. */
export const thisBuild: { readonly version: PackageVersion; readonly securityVersion: number } = Object.freeze({
  version: Object.freeze([0, 1, 0] as const),
  securityVersion: 1,
});
