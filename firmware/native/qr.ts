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

  set(x: number, y: number, isDark: boolean): void {
    this.invert(x, y, this.at(x, y) ^ Number(isDark));
  }
}

const sizeOf = (size: number): number => integer(size, smallest, largest);

/** The modules of a code that is being drawn, and which of them are patterns', where no data go. */
class Drawing {
  readonly #modules: Square;
  readonly #reserved: Square;
  readonly #size: number;

  constructor(modules: BytesArgument, reserved: BytesArgument, size: number) {
    this.#size = sizeOf(size);
    this.#modules = new Square(modules, size);
    this.#reserved = new Square(reserved, size);
  }

  set(x: number, y: number, isDark: boolean): void {
    this.#reserved.set(x, y, true);
    this.#modules.set(x, y, isDark);
  }

  /** Squares round a middle, as far as `radius`; bit n of `dark` tells of the one at distance n. */
  rings(middleX: number, middleY: number, radius: number, dark: number): void {
    for (let y = -radius; y <= radius; y++) {
      for (let x = -radius; x <= radius; x++) {
        const [column, row] = [middleX + x, middleY + y];
        if (column < 0 || row < 0 || column >= this.#size || row >= this.#size) continue;
        this.set(column, row, ((dark >> Math.max(Math.abs(x), Math.abs(y))) & 1) === 1);
      }
    }
  }

  /** Level and mask, twice, and the module that is always dark (7.9.1). */
  format(format: number): void {
    const far = this.#size - 1;
    const bits = checked(format, 10, 0x537) ^ 0x5412;
    for (let bit = 0; bit < 15; bit++) {
      const isDark = ((bits >> bit) & 1) === 1;
      if (bit < 8) this.set(8, bit < 6 ? bit : bit + 1, isDark);
      else this.set(bit === 8 ? 7 : 14 - bit, 8, isDark);
      if (bit < 8) this.set(far - bit, 8, isDark);
      else this.set(8, far - 14 + bit, isDark);
    }
    this.set(8, far - 7, true);
  }

  /** The version, twice, from 7 on (7.10). */
  version(version: number): void {
    if (version < 7) return;
    const bits = checked(version, 12, 0x1f25);
    for (let bit = 0; bit < 18; bit++) {
      const isDark = ((bits >> bit) & 1) === 1;
      const [one, other] = [this.#size - 11 + (bit % 3), Math.trunc(bit / 3)];
      this.set(one, other, isDark);
      this.set(other, one, isDark);
    }
  }
}

/** The remainder of a number with zeros behind it, by a polynomial of that degree, behind it: the check of format and version. */
function checked(value: number, degree: number, polynomial: number): number {
  let rest = value;
  for (let step = 0; step < degree; step++) rest = (rest << 1) ^ ((rest >> (degree - 1)) * polynomial);
  return (value << degree) | rest;
}

/** Where the middles of alignment patterns lie, in both directions (annex E). */
function alignmentPlaces(version: number, size: number): readonly number[] {
  if (version === 1) return [];
  const count = Math.trunc(version / 7) + 2;
  const last = size - 7;
  const step = Math.ceil((last - 6) / (2 * (count - 1))) * 2;
  return Array.from({ length: count }, (_, place) => (place === 0 ? 6 : last - step * (count - 1 - place)));
}

/** Draws finder, timing and alignment patterns and the version, and keeps room for the format (6.3). */
export function qrPatterns(modules: BytesArgument, reserved: BytesArgument, size: number): void {
  const drawing = new Drawing(modules, reserved, size);
  const version = (size - 17) >> 2;
  for (let at = 0; at < size; at++) {
    drawing.set(6, at, at % 2 === 0);
    drawing.set(at, 6, at % 2 === 0);
  }
  drawing.rings(3, 3, 4, 0b01011);
  drawing.rings(size - 4, 3, 4, 0b01011);
  drawing.rings(3, size - 4, 4, 0b01011);
  const places = alignmentPlaces(version, size);
  const last = places.length - 1;
  for (const [row, y] of places.entries()) {
    for (const [column, x] of places.entries()) {
      const isCorner = (row === 0 && (column === 0 || column === last)) || (row === last && column === 0);
      if (!isCorner) drawing.rings(x, y, 2, 0b101);
    }
  }
  drawing.format(0);
  drawing.version(version);
}

/** Writes the two bits of the level and the three of the mask into the room that was kept. */
export function qrFormat(modules: BytesArgument, reserved: BytesArgument, size: number, format: number): void {
  new Drawing(modules, reserved, size).format(integer(format, 0, 31));
}

/**
 * Draws the dark modules as squares of `scale` pixels on a canvas of one bit a pixel, rows of `stride` bytes, clipped.
 * @param x not below zero
 */
export function qrDraw(
  bits: BytesArgument,
  stride: number,
  rows: number,
  x: number,
  y: number,
  modules: BytesArgument,
  size: number,
  scale: number,
): void {
  const canvas = bytes(bits);
  const code = new Square(modules, sizeOf(size));
  const [left, top] = [integer(x, 0, 0xffff), integer(y, -0xffff, 0xffff)];
  const side = size * integer(scale, 1, 255);
  if (canvas.length < integer(stride, 1, 0xffff) * integer(rows, 0, 0xffff))
    throw new RangeError("canvas larger than its bytes");
  for (let row = Math.max(0, -top); row < side && top + row < rows; row++) {
    for (let column = 0; column < side && left + column < 8 * stride; column++) {
      const dark = code.at(Math.trunc(column / scale), Math.trunc(row / scale));
      canvas[(top + row) * stride + ((left + column) >> 3)]! |= dark << (7 - ((left + column) & 7));
    }
  }
}

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
