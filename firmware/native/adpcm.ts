/** The twin of adpcm.c: speech of four bits a sample (IMA ADPCM, 1992). */
import { type BytesArgument, bytes, integer } from "./twin/arguments.ts";

const lastStep = 88;
const states = 65_535 * 128 + lastStep;
/** Before the first sample. */
export const adpcmStart = 0x400000;

// biome-ignore format: a table
const steps: readonly number[] = Object.freeze([
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
]);
const moves: readonly number[] = Object.freeze([-1, -1, -1, -1, 2, 4, 6, 8]);

const clamped = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/**
 * Fills `out`, samples of 16 bits as this processor has them, each `times` (1 or 2) times with a straight line between, from half byte `at` of
 * the clip on, the low half of a byte first.
 * @param state the last sample, from 0 on, and the step; 0x400000 begins
 * @returns the new state
 */
export function adpcmDecode(clip: BytesArgument, at: number, out: BytesArgument, state: number, times: number): number {
  const codes = bytes(clip);
  const target = bytes(out);
  const samples = new Int16Array(target.buffer, target.byteOffset, target.length >> 1);
  const count = Math.trunc(samples.length / integer(times, 1, 2));
  let value = (integer(state, 0, states) >> 7) - 32_768;
  let place = Math.min(state & 127, lastStep);
  if ((integer(at, 0, 0x7ffffff) + count + 1) >> 1 > codes.length) throw new RangeError("clip ends before");
  for (let i = 0; i < count; i++) {
    const code = (codes[(at + i) >> 1]! >> (((at + i) & 1) * 4)) & 15;
    const before = value;
    const step = steps[place]!;
    const change = (step >> 3) + (code & 4 ? step : 0) + (code & 2 ? step >> 1 : 0) + (code & 1 ? step >> 2 : 0);
    value = clamped(value + (code & 8 ? -change : change), -32_768, 32_767);
    place = clamped(place + moves[code & 7]!, 0, lastStep);
    if (times === 2) samples[2 * i] = (before + value) >> 1;
    samples[times * i + times - 1] = value;
  }
  return (value + 32_768) * 128 + place;
}
