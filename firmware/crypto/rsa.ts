import { modularPower } from "#native/modular";
import { bytesToHex, hexToBytes } from "../codec/hex.ts";

/** What XS has beyond ECMAScript: integers in and out of bytes at memory speed. */
interface EngineToBigInt {
  fromArrayBuffer?: (buffer: ArrayBuffer) => bigint;
}

interface EngineFromBigInt {
  fromBigInt?: (value: bigint, minimumBytes: number) => ArrayBuffer;
}

/** An RSA public key: big-endian modulus, and exponent. EMV has exponents 3 and 65537 (EMV 4.3 Book 2, B2.1). */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** EMV's exponents have one or three bytes; a card's word for more would keep the terminal busy for minutes. */
const longestExponent = 4;

/**
 * The public operation, `data ^ exponent mod modulus` (EMV 4.3 Book 2, B2.1.3): as many bytes as the modulus.
 * @param data as long as the modulus, and smaller than it
 * @returns undefined when the data or the key does not fit the operation
 */
export function rsaPublic(key: RsaPublicKey, data: Uint8Array): Uint8Array | undefined {
  if (
    data.length !== key.modulus.length ||
    data.length === 0 ||
    key.exponent.length === 0 ||
    key.exponent.length > longestExponent
  ) {
    return undefined;
  }
  return modularPower(data, key.exponent, key.modulus) ?? rsaByBigIntegers(key, data);
}

/** The same by the engine's own big integers: several times the instructions on the device, and copies in its heap. */
export function rsaByBigIntegers(key: RsaPublicKey, data: Uint8Array): Uint8Array | undefined {
  const modulus = toBigInt(key.modulus);
  const base = toBigInt(data);
  const exponent = toBigInt(key.exponent);
  if (modulus === 0n || base >= modulus || exponent === 0n) {
    return undefined;
  }
  return toBytes(power(base, exponent, modulus), data.length);
}

/** Square and multiply, most significant bit first. Nothing here is secret. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const bits = exponent.toString(2);
  let result = base;
  for (let i = 1; i < bits.length; i++) {
    result = (result * result) % modulus;
    if (bits[i] === "1") {
      result = (result * base) % modulus;
    }
  }
  return result;
}

function toBigInt(bytes: Uint8Array): bigint {
  const engine: EngineToBigInt = BigInt as unknown as EngineToBigInt;
  if (engine.fromArrayBuffer !== undefined) {
    return engine.fromArrayBuffer(bytes.slice().buffer as ArrayBuffer);
  }
  return BigInt(`0x${bytesToHex(bytes)}`);
}

function toBytes(value: bigint, length: number): Uint8Array {
  const engine: EngineFromBigInt = ArrayBuffer as EngineFromBigInt;
  if (engine.fromBigInt === undefined) {
    return hexToBytes(value.toString(16).padStart(2 * length, "0"));
  }
  const bytes = new Uint8Array(engine.fromBigInt(value, length));
  return bytes.length === length ? bytes : bytes.slice(bytes.length - length);
}
