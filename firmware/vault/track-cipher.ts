import { encrypt } from "#native/vault";
import { wipe } from "../codec/bytes.ts";
import type { CipherKey } from "../crypto/algorithms.ts";
import { pack, unpack } from "./pin-block.ts";

/** Sixteen digits of a track are enciphered: those before its last one. */
const covered = 16;
const separator = 0x3d;

/**
 * A track with the sixteen characters before its last one, packed as one block of eight bytes, enciphered: in the field
 * they are hexadecimal digits, and the field is as long as before. The track that was given is wiped; one that is too
 * short is wiped whole.
 * @param track ASCII digits and `=`
 */
export function encryptTrack(key: CipherKey, track: Uint8Array): Uint8Array {
  const result = track.slice();
  const start = track.length - 1 - covered;
  if (start < 0) {
    wipe(track);
    return new Uint8Array(0);
  }
  const nibbles = result.subarray(start, start + covered).map((code) => (code === separator ? 13 : code & 15));
  const block = pack(nibbles);
  const enciphered = unpack(encrypt(key.memory, key.slot, key.algorithm, block));
  result.set(
    enciphered.map((nibble) => (nibble < 10 ? 0x30 + nibble : 0x37 + nibble)),
    start,
  );
  for (const secret of [nibbles, block, track]) wipe(secret);
  return result;
}
