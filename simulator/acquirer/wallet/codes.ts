/** The codes that phones show: each serves once, and for a minute. */
import { createHash } from "node:crypto";
import type { RandomBytes } from "../bytes.ts";
import type { WalletAccount } from "./accounts.ts";
import { formOf } from "./ranges.ts";

/** How long a code serves, in virtual milliseconds. */
export const CODE_LIFE = 60_000;

/** A code that was shown; known by its digest only. */
export interface ShownCode {
  readonly digest: string;
  readonly account: WalletAccount;
  readonly at: number;
  used: boolean;
}

/** All codes that were ever shown. */
export class Codes {
  readonly #codes = new Map<string, ShownCode>();
  readonly #random: RandomBytes;
  readonly #changed: (code: ShownCode) => void;

  constructor(random: RandomBytes, changed: (code: ShownCode) => void) {
    this.#random = random;
    this.#changed = changed;
  }

  /** A new code of an account: digits in its wallet's range. */
  show(account: WalletAccount, at: number): string {
    const { prefix, length } = formOf(account.network);
    let text: string;
    do text = prefix + this.#digits(length - prefix.length);
    while (this.#codes.has(digestOf(text)));
    const code = { digest: digestOf(text), account, at, used: false };
    this.#codes.set(code.digest, code);
    this.#changed(code);
    return text;
  }

  find(text: string): ShownCode | undefined {
    return this.#codes.get(digestOf(text));
  }

  /** The code has served. */
  use(code: ShownCode): void {
    code.used = true;
    this.#changed(code);
  }

  /** Puts a code back as it was kept. */
  restore(code: ShownCode): void {
    this.#codes.set(code.digest, code);
  }

  #digits(count: number): string {
    return [...this.#random.bytes(count)].map((byte) => String(byte % 10)).join("");
  }
}

function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
