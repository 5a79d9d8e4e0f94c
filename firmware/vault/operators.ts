import { pbkdf2 } from "#native/digest";
import type { Clock, Random } from "../../hal/device.ts";
import type { SecureStorage } from "../../hal/io.ts";
import { concat, constantTimeEqual, wipe } from "../codec/bytes.ts";
import { hexToBytes } from "../codec/hex.ts";
import { type OperatorTable, type Proof, type StoredOperator, saltLength } from "./operator-table.ts";

/**
 * A password as parameters bring it, never itself, only what proves it: the number, rounds of PBKDF2, salt (16 bytes in
 * hexadecimal) and digest (32), with colons between them; one text, because it lies in the device's memory for ever. The
 * digest is PBKDF2 with HMAC-SHA-256 of the password's ASCII digits.
 */
export type PasswordProof = string;

/** Whether a text is such a proof. */
export function isPasswordProof(text: string): boolean {
  return /^(?:0\d|[1-8]\d|9[0-79]):[1-9]\d{3,5}:[0-9A-F]{32}:[0-9A-F]{64}$/.test(text);
}

/** What somebody may do: take payments; manage operators and take payments back; manage supervisors and the terminal. */
export type Role = "operator" | "supervisor" | "administrator";

/** The numbers that are no operator's, as UnionPay's terminals have them. */
export const supervisorNumber = "00";
export const administratorNumber = "99";

/** The role of a number; undefined for what is none: operators are 01 to 97. */
export function roleOf(number: string): Role | undefined {
  if (number === supervisorNumber) return "supervisor";
  if (number === administratorNumber) return "administrator";
  return /^\d\d$/.test(number) && number !== "98" ? "operator" : undefined;
}

/**
 * `right`, but `initial`: somebody else knows it, it has to be changed now. `locked`: this one was not looked at; the next
 * may be tried after so many milliseconds, or, where none are said, when a supervisor has unlocked the number.
 */
export type PasswordVerdict =
  | { readonly kind: "right"; readonly initial: boolean }
  | { readonly kind: "wrong"; readonly left: number }
  | { readonly kind: "unknown" }
  | { readonly kind: "locked"; readonly milliseconds?: number };

/** What is known of a number without its password. */
export interface OperatorState {
  readonly number: string;
  readonly isLocked: boolean;
  readonly isInitial: boolean;
}

/** Fewest and most digits of a password. */
export const passwordLength = Object.freeze({ least: 4, most: 8 });

/** Rounds of PBKDF2 for passwords that are set here: what a device does in half a second (README.md). */
export const ownIterations = 10_000;

/** Numbers that the table takes. */
export const mostOperators = 40;

/** Wrong tries in a row that cost nothing; after them an operator is locked. */
const freeTries = 3;
/** Supervisor and administrator have to wait: nobody could unlock them. Each wrong try more doubles it. */
const firstWait = 30_000;
const longestWait = 3_600_000;

/** In secure storage: mixed into every password that is set here, so that the flash alone proves none. Goes with the keys. */
export const pepperName = "operatorPepper";

export interface OperatorsDevice {
  readonly secure: SecureStorage;
  readonly random: Random;
  readonly clock: Pick<Clock, "monotonic">;
}

/** What the parameters say of them. */
export interface GivenOperators {
  readonly passwords: readonly PasswordProof[];
  /** Whether those passwords have to be changed when they are first used. */
  readonly initialPasswords: "change" | "keep";
}

/** When a number that has to wait was tried last since the start, by the monotonic clock; outlives `Operators`. */
export type LastTries = Record<typeof supervisorNumber | typeof administratorNumber, number>;

/**
 * Operators, supervisor and administrator, by their numbers of two digits: those of the parameters, until they are
 * changed or removed here. Every call that writes returns when flash has it.
 */
export class Operators {
  readonly #device: OperatorsDevice;
  readonly #table: OperatorTable;
  readonly #given: GivenOperators;
  readonly #triedAt: LastTries;

  constructor(device: OperatorsDevice, table: OperatorTable, given: GivenOperators, triedAt: LastTries) {
    this.#device = device;
    this.#table = table;
    this.#given = given;
    this.#triedAt = triedAt;
  }

  has(number: string): boolean {
    return this.#known(number) !== undefined;
  }

  /** All operators, in the order of their numbers; without supervisor and administrator. */
  list(): readonly OperatorState[] {
    const found: OperatorState[] = [];
    for (let number = 1; number <= 97; number++) {
      const text = String(number).padStart(2, "0");
      const known = this.#known(text);
      if (known === undefined) continue;
      found.push({ number: text, isLocked: this.#isLocked(text), isInitial: known.isInitial });
    }
    return found;
  }

  /** Looks at one try and wipes it; `digits` is ASCII. */
  check(number: string, digits: Uint8Array): PasswordVerdict {
    try {
      const known = this.#known(number);
      if (known === undefined) return { kind: "unknown" };
      if (this.#isLocked(number)) return { kind: "locked" };
      const milliseconds = this.#wait(number);
      if (milliseconds > 0) return { kind: "locked", milliseconds };
      if (this.#isWaiting(number)) this.#triedAt[number] = this.#device.clock.monotonic();
      const place = Number(number);
      if (!this.#isOwn(number, known)) this.#table.put(place, known); // tries are counted in the table
      this.#table.noteTry(place);
      if (!this.#proves(known, digits)) {
        return { kind: "wrong", left: Math.max(0, freeTries - this.#table.wrongTries(place)) };
      }
      this.#table.noteRight(place);
      return { kind: "right", initial: known.isInitial };
    } finally {
      wipe(digits);
    }
  }

  /**
   * Gives a number another password, unlocks it, and wipes the digits.
   * @param isInitial somebody else has chosen it: it has to be changed when it is first used
   * @returns false, and nothing is changed, where somebody chooses again the password that there is, or the table is full
   */
  set(number: string, digits: Uint8Array, isInitial = false): boolean {
    try {
      const known = this.#known(number);
      if (known === undefined && this.#count() >= mostOperators) return false;
      if (known !== undefined && !isInitial && this.#proves(known, digits)) return false;
      const salt = this.#device.random.read(saltLength);
      const digest = pbkdf2(digits, concat([salt, this.#pepper()]), ownIterations);
      const proof = { iterations: ownIterations, salt, digest };
      this.#table.put(Number(number), { ...proof, isRemoved: false, isInitial, isGiven: false });
      return true;
    } finally {
      wipe(digits);
    }
  }

  /** The number is nobody's any more, whatever the parameters say. */
  remove(number: string): void {
    if (!this.has(number)) return;
    if (this.#givenTo(number) === undefined) {
      this.#table.erase(Number(number));
      return;
    }
    const nothing = { iterations: 0, salt: new Uint8Array(saltLength), digest: new Uint8Array(32) };
    this.#table.put(Number(number), { ...nothing, isRemoved: true, isInitial: false, isGiven: false });
  }

  /** Forgets what was tried wrongly; the password stays. */
  unlock(number: string): void {
    const known = this.#known(number);
    if (known !== undefined) this.#table.put(Number(number), known);
  }

  /** What is stored, unless newer parameters say otherwise; else what the parameters give. */
  #known(number: string): StoredOperator | undefined {
    const own = roleOf(number) === undefined ? undefined : this.#table.read(Number(number));
    if (own !== undefined && !own.isGiven) return own.isRemoved ? undefined : own;
    return this.#givenTo(number);
  }

  #givenTo(number: string): StoredOperator | undefined {
    const text = this.#given.passwords.find((proof) => proof.startsWith(`${number}:`));
    if (text === undefined) return undefined;
    const [, iterations, salt = "", digest = ""] = text.split(":");
    return {
      iterations: Number(iterations),
      salt: hexToBytes(salt),
      digest: hexToBytes(digest),
      isRemoved: false,
      isInitial: this.#given.initialPasswords === "change",
      isGiven: true,
    };
  }

  /** Whether the table has this very proof, so that its tries are those of it. */
  #isOwn(number: string, known: StoredOperator): boolean {
    const own = this.#table.read(Number(number));
    return own !== undefined && constantTimeEqual(own.digest, known.digest) && constantTimeEqual(own.salt, known.salt);
  }

  #proves({ iterations, salt, digest, isGiven }: Proof & Pick<StoredOperator, "isGiven">, digits: Uint8Array): boolean {
    const salted = isGiven ? salt : concat([salt, this.#pepper()]);
    return constantTimeEqual(pbkdf2(digits, salted, iterations), digest);
  }

  #pepper(): Uint8Array {
    const { secure, random } = this.#device;
    const kept = secure.read(pepperName);
    if (kept !== undefined) return kept;
    const made = random.read(saltLength);
    secure.write(pepperName, made);
    return made;
  }

  #wrongTries(number: string): number {
    const known = this.#known(number);
    return known !== undefined && this.#isOwn(number, known) ? this.#table.wrongTries(Number(number)) : 0;
  }

  #isLocked(number: string): boolean {
    return !this.#isWaiting(number) && this.#wrongTries(number) >= freeTries;
  }

  #isWaiting(number: string): number is typeof supervisorNumber | typeof administratorNumber {
    return number === supervisorNumber || number === administratorNumber;
  }

  /** Milliseconds until the next try of supervisor or administrator is looked at; it runs from the last, or the start. */
  #wait(number: string): number {
    if (!this.#isWaiting(number)) return 0;
    const over = this.#wrongTries(number) - freeTries;
    if (over < 0) return 0;
    const wait = Math.min(firstWait * 2 ** over, longestWait);
    return Math.max(0, wait - (this.#device.clock.monotonic() - this.#triedAt[number]));
  }

  #count(): number {
    return this.list().length;
  }
}
