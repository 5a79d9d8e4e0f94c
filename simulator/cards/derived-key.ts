/** RSA keys that are made from a name: the same card has the same key on every machine, and no key lies in a file. */
import { checkPrimeSync, createHash, createPrivateKey, type KeyObject } from "node:crypto";
import { PRIME_STEPS } from "./prime-steps.ts";

const SHA512_BITS = 512;

function expand(seed: string, bits: number): bigint {
  const blocks = Math.ceil(bits / SHA512_BITS);
  const text = Array.from({ length: blocks }, (_, block) =>
    createHash("sha512").update(`${seed}/${block}`).digest("hex"),
  ).join("");
  return BigInt(`0x${text}`) & ((1n << BigInt(bits)) - 1n);
}

/** Their product still counts exactly as a number: what they divide needs no costly test. */
const SMALL_PRIMES = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43];
const PRODUCT = SMALL_PRIMES.reduce((product, small) => product * small);

/** Where a seeded walk begins: an odd number; its two highest bits are set, so that the product of two has full length. */
function startOf(seed: string, bits: number): bigint {
  return expand(seed, bits) | (3n << BigInt(bits - 2)) | 1n;
}

/** How far the first prime of a seeded walk that suits the exponent lies from its start. */
export function stepsToPrime(seed: string, bits: number, exponent: bigint): number {
  const start = startOf(seed, bits);
  const remainder = Number(start % BigInt(PRODUCT));
  for (let step = 0; ; step += 2) {
    if (SMALL_PRIMES.some((small) => (remainder + step) % small === 0)) continue;
    const candidate = start + BigInt(step);
    if ((candidate - 1n) % exponent !== 0n && checkPrimeSync(candidate)) return step;
  }
}

function prime(seed: string, bits: number, exponent: bigint): bigint {
  const steps = PRIME_STEPS[`${seed} ${bits} ${exponent}`] ?? stepsToPrime(seed, bits, exponent);
  return startOf(seed, bits) + BigInt(steps);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, rest] = [modulus, value % modulus];
  let [before, now] = [0n, 1n];
  while (rest !== 0n) {
    const quotient = previous / rest;
    [previous, rest] = [rest, previous - quotient * rest];
    [before, now] = [now, before - quotient * now];
  }
  return before < 0n ? before + modulus : before;
}

function base64(value: bigint): string {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex").toString("base64url");
}

/** A TEST key of `bits` (a multiple of 16) for a public exponent that is prime (3 or 65537). */
export function derivedKey(seed: string, bits: number, exponent: 3 | 65537): KeyObject {
  const e = BigInt(exponent);
  const p = prime(`${seed}/p`, bits / 2, e);
  const q = prime(`${seed}/q`, bits / 2, e);
  const d = inverse(e, (p - 1n) * (q - 1n));
  const numbers = { n: p * q, e, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi: inverse(q, p) };
  const members = Object.entries(numbers).map(([name, value]) => [name, base64(value)]);
  return createPrivateKey({ key: { kty: "RSA", ...Object.fromEntries(members) }, format: "jwk" });
}
