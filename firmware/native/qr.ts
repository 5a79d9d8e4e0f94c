/** The twin of qr.c: what a QR code does with every module and every codeword (ISO/IEC 18004:2015, 7). */
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";

/** Modules of a side: of version 1 and of version 15. */
const smallest = 21;
const largest = 77;
/** Codewords of a block at most, and its codewords for correction. */
const longestBlock = 255;
const highestDegree = 68;

/** The product in the field of 256 elements whose polynomial is 11D. */
function product(one: number, other: number): number {
  let result = 0;
  for (let bit = 7; bit >= 0; bit--) {
    result = (result << 1) ^ ((result >> 7) * 0x11d);
    result ^= ((other >> bit) & 1) * one;
  }
  return result;
}

/** The coefficients of (x - 1)(x - 2)(x - 4)..., the highest, which is 1, left out. */
function generator(degree: number): Uint8Array {
  const coefficients = new Uint8Array(degree);
  coefficients[degree - 1] = 1;
  let root = 1;
  for (let step = 0; step < degree; step++) {
    for (let i = 0; i < degree; i++) {
      coefficients[i] = product(coefficients[i]!, root) ^ (coefficients[i + 1] ?? 0);
    }
    root = product(root, 2);
  }
  return coefficients;
}

/** The codewords for correction of one block (7.5.2). */
export function qrRemainder(data: BytesArgument, degree: number): Uint8Array {
  const block = bytes(data);
  const divisor = generator(integer(degree, 1, highestDegree));
  if (block.length > longestBlock) {
    throw new RangeError("block too long");
  }
  const rest = new Uint8Array(degree);
  for (const byte of block) {
    const factor = byte ^ rest[0]!;
    rest.copyWithin(0, 1);
    rest[degree - 1] = 0;
    for (let i = 0; i < degree; i++) rest[i]! ^= product(divisor[i]!, factor);
  }
  return rest;
}

/** A square of modules, eight a byte, the leftmost in the highest bit; each row begins a byte. */
class Square {
  readonly #bits: Uint8Array;
  readonly #stride: number;

  constructor(argument: BytesArgument, size: number) {
    this.#bits = bytes(argument);
    this.#stride = (size + 7) >> 3;
    if (this.#bits.length !== this.#stride * size) throw new RangeError("modules out of range");
  }

  at(x: number, y: number): number {
    return (this.#bits[y * this.#stride + (x >> 3)]! >> (7 - (x & 7))) & 1;
  }

  invert(x: number, y: number, by: number): void {
    this.#bits[y * this.#stride + (x >> 3)]! ^= by << (7 - (x & 7));
  }
}

const sizeOf = (size: number): number => integer(size, smallest, largest);

/** Inverts free modules by the bits of the codewords, in pairs of columns from the right, up and down in turns (7.7.3). */
export function qrPlace(modules: BytesArgument, reserved: BytesArgument, size: number, codewords: BytesArgument): void {
  const target = new Square(modules, sizeOf(size));
  const taken = new Square(reserved, size);
  const data = bytes(codewords);
  let bit = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5; // the column of the timing pattern
    for (let step = 0; step < size; step++) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
      for (let x = right; x >= right - 1; x--) {
        if (taken.at(x, y) === 1 || bit >= data.length * 8) continue;
        target.invert(x, y, (data[bit >> 3]! >> (7 - (bit & 7))) & 1);
        bit++;
      }
    }
  }
}

/** The conditions of the data mask patterns, by their number (7.8.2): modules where one is zero are inverted. */
const conditions: readonly ((x: number, y: number) => number)[] = Object.freeze([
  (x: number, y: number) => (x + y) % 2,
  (_x: number, y: number) => y % 2,
  (x: number) => x % 3,
  (x: number, y: number) => (x + y) % 3,
  (x: number, y: number) => (Math.trunc(x / 3) + (y >> 1)) % 2,
  (x: number, y: number) => ((x * y) % 2) + ((x * y) % 3),
  (x: number, y: number) => (((x * y) % 2) + ((x * y) % 3)) % 2,
  (x: number, y: number) => (((x + y) % 2) + ((x * y) % 3)) % 2,
]);

/** Lays a mask over the free modules; once more, it is taken off. */
export function qrMask(modules: BytesArgument, reserved: BytesArgument, size: number, pattern: number): void {
  const target = new Square(modules, sizeOf(size));
  const taken = new Square(reserved, size);
  const condition = conditions[integer(pattern, 0, 7)]!;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (taken.at(x, y) === 0 && condition(x, y) === 0) target.invert(x, y, 1);
    }
  }
}

/** 1:1:3:1:1, with four light modules on one side: what looks like a finder pattern. */
const finderLeft = 0b10111010000;
const finderRight = 0b00001011101;
const finderBits = 0x7ff;

/** Of one row or column: runs of five and more, and what looks like a finder pattern, the quiet zone being light. */
function linePenalty(size: number, at: (place: number) => number): number {
  let penalty = 0;
  let run = 0;
  let last = -1;
  let seen = 0;
  for (let place = 0; place < size + 4; place++) {
    const module = place < size ? at(place) : 0;
    seen = ((seen << 1) | module) & finderBits;
    if (seen === finderLeft) penalty += 40;
    if (seen === finderRight) penalty += 40;
    if (place >= size) continue;
    run = module === last ? run + 1 : 1;
    last = module;
    if (run === 5) penalty += 3;
    else if (run > 5) penalty += 1;
  }
  return penalty;
}

/** How hard the symbol is to read (7.8.3.1): the mask with the lowest is chosen. */
export function qrPenalty(modules: BytesArgument, size: number): number {
  const square = new Square(modules, sizeOf(size));
  let penalty = 0;
  let dark = 0;
  for (let line = 0; line < size; line++) {
    penalty += linePenalty(size, (x) => square.at(x, line)) + linePenalty(size, (y) => square.at(line, y));
    for (let x = 0; x < size; x++) {
      const module = square.at(x, line);
      dark += module;
      if (line === 0 || x === 0) continue;
      const sum = square.at(x - 1, line) + square.at(x, line - 1) + square.at(x - 1, line - 1);
      if (sum === 3 * module) penalty += 3;
    }
  }
  const total = size * size;
  return penalty + 10 * Math.max(0, Math.ceil(Math.abs(dark * 20 - total * 10) / total) - 1);
}
