/** Base64 (RFC 4648, section 4), strictly: whole groups of four, filled up at the end alone, no bits that say nothing. */
import { FormatError } from "./errors.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Bytes of a text. Throws `FormatError` with the place of the first character that is wrong. */
export function base64ToBytes(text: string, field = "base64"): Uint8Array {
  const length = text.length;
  if (length % 4 !== 0) throw new FormatError(field, length, "groups of four characters expected");
  const filling = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - filling);
  let bits = 0;
  for (let at = 0, place = 0; at < length; at++) {
    const value = at < length - filling ? letters.indexOf(text[at]!) : 0;
    if (value < 0) throw new FormatError(field, at, "a character of base64 expected");
    bits = ((bits & 0x3ffff) << 6) | value;
    if ((at & 3) === 3) {
      for (let shift = 16; shift >= 0; shift -= 8) {
        const byte = (bits >> shift) & 0xff;
        if (place < bytes.length) bytes[place++] = byte;
        else if (byte !== 0) throw new FormatError(field, at, "bits behind the last byte");
      }
    }
  }
  return bytes;
}
