/** IMA ADPCM, four bits a sample, the first in the low half of its byte (Interactive Multimedia Association, 1992; the world's own). */

// biome-ignore format: a table
const STEPS = [
  7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88, 97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658, 724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660, 4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818, 18500, 20350, 22385, 24623, 27086, 29794, 32767,
];
const MOVES = [-1, -1, -1, -1, 2, 4, 6, 8];

export interface State {
  value: number;
  place: number;
}

const clamped = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/** What a code makes of the sample before. */
export function decodeOne(state: State, code: number): number {
  const step = STEPS[state.place]!;
  let change = step >> 3;
  if (code & 4) change += step;
  if (code & 2) change += step >> 1;
  if (code & 1) change += step >> 2;
  state.value = clamped(state.value + (code & 8 ? -change : change), -32_768, 32_767);
  state.place = clamped(state.place + MOVES[code & 7]!, 0, 88);
  return state.value;
}

function encodeOne(state: State, sample: number): number {
  const step = STEPS[state.place]!;
  const away = sample - state.value;
  let rest = Math.abs(away);
  let code = away < 0 ? 8 : 0;
  for (const [bit, part] of [
    [4, step],
    [2, step >> 1],
    [1, step >> 2],
  ] as const) {
    if (rest < part) continue;
    code |= bit;
    rest -= part;
  }
  decodeOne(state, code);
  return code;
}

export function encodeAdpcm(samples: Int16Array): Uint8Array {
  const state: State = { value: 0, place: 0 };
  const bytes = new Uint8Array((samples.length + 1) >> 1);
  for (const [at, sample] of samples.entries()) bytes[at >> 1]! |= encodeOne(state, sample) << (at & 1 ? 4 : 0);
  return bytes;
}

export function decodeAdpcm(bytes: Uint8Array, count: number): Int16Array {
  const state: State = { value: 0, place: 0 };
  return Int16Array.from({ length: count }, (_, at) => decodeOne(state, (bytes[at >> 1]! >> (at & 1 ? 4 : 0)) & 15));
}
