/** Ways to spoil bytes. Runs on Node and on XS. */
import type { SeededRandom } from "../../simulator/world/random.ts";

/** Spoils bytes; the result is a new array, the input stays as it was. */
type Mutation = (bytes: Uint8Array, random: SeededRandom) => Uint8Array;

const longestGrowth = 300;
/** Lengths that parsers trip over: none, long forms with and without their bytes, the most there can be. */
const treacherousBytes = [0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0xfe, 0xff];

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function changedAt(bytes: Uint8Array, random: SeededRandom, change: (byte: number) => number): Uint8Array {
  const changed = bytes.slice();
  if (changed.length > 0) {
    const place = random.below(changed.length);
    changed[place] = change(changed[place]!);
  }
  return changed;
}

/** A piece of the bytes: where it starts and where it ends. */
function piece(bytes: Uint8Array, random: SeededRandom): readonly [number, number] {
  const start = random.below(bytes.length + 1);
  return [start, start + random.below(bytes.length - start + 1)];
}

/** By name; each is as likely as the others. */
export const mutations: Readonly<Record<string, Mutation>> = {
  bitFlip: (bytes, random) => changedAt(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  otherByte: (bytes, random) => changedAt(bytes, random, () => random.below(256)),
  lengthByte: (bytes, random) =>
    changedAt(bytes, random, (byte) =>
      random.below(2) === 0
        ? treacherousBytes[random.below(treacherousBytes.length)]!
        : byte + (random.below(2) === 0 ? 1 : -1),
    ),
  truncation: (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  growth: (bytes, random) => {
    const place = random.below(2) === 0 ? bytes.length : random.below(bytes.length + 1);
    return joined(bytes.slice(0, place), random.bytes(1 + random.below(longestGrowth)), bytes.slice(place));
  },
  duplication: (bytes, random) => {
    const [start, end] = piece(bytes, random);
    return joined(bytes.slice(0, end), bytes.slice(start));
  },
  hole: (bytes, random) => {
    const [start, end] = piece(bytes, random);
    return joined(bytes.slice(0, start), bytes.slice(end));
  },
};

const all = Object.values(mutations);

/** Spoils bytes in one way that is drawn. */
export function mutate(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  return all[random.below(all.length)]!(bytes, random);
}
