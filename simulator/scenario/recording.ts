import { createHash } from "node:crypto";

/** What can be seen: a screen, its picture, a piece of paper, a flash operation, bytes to or from the host. */
export const recordedKinds = ["run", "screen", "picture", "paper", "program", "erase", "request", "response"] as const;

export type RecordedKind = (typeof recordedKinds)[number];

/**
 * A run written down, a JSON line a thing: when (virtual milliseconds), what, and the SHA-256 of its bytes, so that no
 * secret is kept (the PIN that a scenario types among them) and yet every byte counts. The first line of a run names the
 * scenario's file, its SHA-256 and the seed.
 */
export class Recording {
  readonly #lines: string[] = [];

  add(at: number, kind: RecordedKind, detail: Readonly<Record<string, unknown>>, bytes?: Uint8Array): void {
    const digest = bytes === undefined ? {} : { bytes: bytes.length, sha256: sha256(bytes) };
    this.#lines.push(JSON.stringify({ at: Math.round(at * 1000) / 1000, kind, ...detail, ...digest }));
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  toString(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }
}

/** In hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
