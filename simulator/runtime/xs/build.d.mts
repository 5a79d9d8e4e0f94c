/** A host that cannot be built here: one sentence that says what to install. */
export class HostUnavailable extends Error {}
/** The path of one ground's host, built if it is not there yet. Throws `HostUnavailable`. */
export function ensureHost(ground: "xs" | "xs32" | "rv32"): Promise<string>;
/** Where one ground's host is, or will be when it is built. */
export function hostPath(ground: "xs" | "xs32" | "rv32"): string;
