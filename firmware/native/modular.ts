/**
 * The twin of modular-power.c, which raises numbers in C and declines what is unusual. This one declines everything: what
 * firmware/crypto/rsa.ts does with big integers is the same, and Node is fast at it.
 */

/**
 * `base ^ exponent mod modulus`, as many bytes as the modulus; all are big-endian.
 * @returns undefined where big integers have to do it, or to say that it cannot be done
 */
export function modularPower(_base: Uint8Array, _exponent: Uint8Array, _modulus: Uint8Array): Uint8Array | undefined {
  return undefined;
}
