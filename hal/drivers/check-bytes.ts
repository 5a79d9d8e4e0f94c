/** Checks over frames: four bytes at a time, for an engine takes as long for a word as for a byte. */

const none: readonly number[] = Object.freeze([]);

/** The sum of the bytes from one place to before another, modulo 256. */
export function sumOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  let at = from;
  while (at < to && (bytes.byteOffset + at) % 4 !== 0) sum += bytes[at++]!;
  const words = wordsFrom(bytes, at, to);
  const { length } = words;
  for (let place = 0; place < length; place++) {
    const word = words[place]!;
    // Two sums in one number, both modulo 256.
    const pair = (word & 0xff00ff) + ((word >> 8) & 0xff00ff);
    sum = (sum + pair + (pair >> 16)) & 0xff;
  }
  for (at += 4 * length; at < to; at++) sum += bytes[at]!;
  return sum & 0xff;
}

/** The exclusive or of the bytes from one place to before another. */
export function xorOf(bytes: Uint8Array, from: number, to: number): number {
  let all = 0;
  let at = from;
  while (at < to && (bytes.byteOffset + at) % 4 !== 0) all ^= bytes[at++]!;
  const words = wordsFrom(bytes, at, to);
  const { length } = words;
  for (let place = 0; place < length; place++) all ^= words[place]!;
  all ^= all >> 16;
  all ^= all >> 8;
  for (at += 4 * length; at < to; at++) all ^= bytes[at]!;
  return all & 0xff;
}

/** The whole words from a place that a word may begin at. */
function wordsFrom(bytes: Uint8Array, at: number, to: number): ArrayLike<number> {
  return to - at < 4 ? none : new Int32Array(bytes.buffer, bytes.byteOffset + at, (to - at) >> 2);
}
