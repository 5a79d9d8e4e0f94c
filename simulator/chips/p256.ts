/** The curve P-256 (FIPS 186-4, D.1.2.3), as much as an element needs that signs a digest it is given. */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const A = P - 3n;
const G: Point = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];

type Point = readonly [x: bigint, y: bigint];

const modulo = (value: bigint, divisor: bigint) => ((value % divisor) + divisor) % divisor;

function inverse(value: bigint, divisor: bigint): bigint {
  let [a, b, x, y] = [modulo(value, divisor), divisor, 1n, 0n];
  while (a > 1n) {
    const quotient = a / b;
    [a, b] = [b, a % b];
    [x, y] = [y, x - quotient * y];
    if (b === 0n) break;
  }
  return modulo(x, divisor);
}

function add(one: Point | undefined, other: Point | undefined): Point | undefined {
  if (one === undefined) return other;
  if (other === undefined) return one;
  const [x1, y1] = one;
  const [x2, y2] = other;
  if (x1 === x2 && modulo(y1 + y2, P) === 0n) return undefined;
  const slope = x1 === x2 ? (3n * x1 * x1 + A) * inverse(2n * y1, P) : (y2 - y1) * inverse(x2 - x1, P);
  const x = modulo(slope * slope - x1 - x2, P);
  return [x, modulo(slope * (x1 - x) - y1, P)];
}

function times(factor: bigint): Point {
  let sum: Point | undefined;
  let power: Point | undefined = G;
  for (let left = factor; left > 0n; left >>= 1n) {
    if ((left & 1n) === 1n) sum = add(sum, power);
    power = add(power, power);
  }
  if (sum === undefined) throw new RangeError("no point");
  return sum;
}

const toNumber = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
const toBytes = (...numbers: readonly bigint[]) =>
  Uint8Array.from(Buffer.from(numbers.map((number) => number.toString(16).padStart(64, "0")).join(""), "hex"));

/** A private key out of 40 random bytes (FIPS 186-4, B.4.1). */
export function privateKey(random: Uint8Array): bigint {
  return modulo(toNumber(random), N - 1n) + 1n;
}

/** x and y, 64 bytes. */
export function publicKey(key: bigint): Uint8Array {
  return toBytes(...times(key));
}

/** ECDSA of a digest of 32 bytes with 40 random bytes: r and s (FIPS 186-4, 6.4). */
export function signDigest(key: bigint, digest: Uint8Array, random: Uint8Array): Uint8Array {
  const secret = privateKey(random);
  const r = modulo(times(secret)[0], N);
  return toBytes(r, modulo(inverse(secret, N) * (toNumber(digest) + r * key), N));
}
