import { sha256 } from "#native/digest";
import type { Clock, Random } from "../../hal/device.ts";
import type { SecureStorage } from "../../hal/io.ts";
import { concat, constantTimeEqual, wipe } from "../codec/bytes.ts";
import { hexToBytes } from "../codec/hex.ts";

/** A password as parameters bring it: never itself, only what proves it. */
export interface PasswordDigest {
  /** Whose it is: `supervisor`, or the two digits of an operator. */
  readonly account: string;
  /** 16 bytes in hexadecimal. */
  readonly salt: string;
  /** SHA-256 of the salt's bytes and the password's ASCII digits, in hexadecimal. */
  readonly digest: string;
}

/** `locked`: too many were wrong; the next may be tried after so many milliseconds, and this one was not looked at. */
export type PasswordVerdict =
  | { readonly kind: "right" | "wrong" | "unknown" }
  | { readonly kind: "locked"; readonly milliseconds: number };

/** Fewest and most digits of a password. */
export const passwordLength = Object.freeze({ least: 4, most: 8 });

/** Wrong tries in a row that cost nothing; each one more doubles the wait. */
const freeTries = 3;
const firstWait = 30_000;
const longestWait = 3_600_000;

const saltLength = 16;
/** Names in secure storage, before the account: the password that was set here, and how many tries in a row were wrong. */
const names = Object.freeze({ password: "pw.", tries: "pt." });

export interface PasswordsDevice {
  readonly secure: SecureStorage;
  readonly random: Random;
  readonly clock: Pick<Clock, "monotonic">;
}

/**
 * Passwords of supervisor and operators: those of the parameters until another is set here. Each is kept as salted
 * SHA-256. A try is counted in secure storage before it is looked at, so that cutting the power wins nothing; the wait
 * after too many runs from the last try, or from the start of the terminal.
 */
export class Passwords {
  readonly #device: PasswordsDevice;
  readonly #given: readonly PasswordDigest[];
  /** When each account was tried last since the start, by the monotonic clock. */
  readonly #triedAt = new Map<string, number>();

  constructor(device: PasswordsDevice, given: readonly PasswordDigest[]) {
    this.#device = device;
    this.#given = given;
  }

  /** Whether this account has a password. */
  has(account: string): boolean {
    return this.#kept(account) !== undefined;
  }

  /** Looks at one try and wipes it; `digits` is ASCII. */
  check(account: string, digits: Uint8Array): PasswordVerdict {
    try {
      const kept = this.#kept(account);
      if (kept === undefined) return { kind: "unknown" };
      const milliseconds = this.#wait(account);
      if (milliseconds > 0) return { kind: "locked", milliseconds };
      const { secure, clock } = this.#device;
      this.#triedAt.set(account, clock.monotonic());
      secure.write(names.tries + account, Uint8Array.of(Math.min(this.#wrongTries(account) + 1, 255)));
      if (!constantTimeEqual(digestOf(kept.subarray(0, saltLength), digits), kept.subarray(saltLength))) {
        return { kind: "wrong" };
      }
      secure.erase(names.tries + account);
      return { kind: "right" };
    } finally {
      wipe(digits);
    }
  }

  /** Gives an account another password and wipes it; what was tried wrongly before is forgotten. */
  set(account: string, digits: Uint8Array): void {
    try {
      const { secure, random } = this.#device;
      const salt = random.read(saltLength);
      secure.write(names.password + account, concat([salt, digestOf(salt, digits)]));
      secure.erase(names.tries + account);
    } finally {
      wipe(digits);
    }
  }

  /** Takes back what was set here: the password of the parameters counts again, if there is one. */
  remove(account: string): void {
    this.#device.secure.erase(names.password + account);
    this.#device.secure.erase(names.tries + account);
  }

  /** Salt and digest. */
  #kept(account: string): Uint8Array | undefined {
    const own = this.#device.secure.read(names.password + account);
    if (own !== undefined && own.length === saltLength + 32) return own;
    const given = this.#given.find((entry) => entry.account === account);
    return given === undefined ? undefined : concat([hexToBytes(given.salt), hexToBytes(given.digest)]);
  }

  #wrongTries(account: string): number {
    return this.#device.secure.read(names.tries + account)?.[0] ?? 0;
  }

  /** Milliseconds until the next try is looked at. */
  #wait(account: string): number {
    const over = this.#wrongTries(account) - freeTries;
    if (over < 0) return 0;
    const wait = Math.min(firstWait * 2 ** over, longestWait);
    const since = this.#device.clock.monotonic() - (this.#triedAt.get(account) ?? 0);
    return Math.max(0, wait - since);
  }
}

function digestOf(salt: Uint8Array, digits: Uint8Array): Uint8Array {
  const salted = concat([salt, digits]);
  const digest = sha256(salted);
  wipe(salted);
  return digest;
}
