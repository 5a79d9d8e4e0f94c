import { wipe } from "./bytes.ts";
import { FormatError } from "./errors.ts";

/** Printable characters of EBCDIC code page 037, by their byte. Bytes that are not here are no text. */
const rows: readonly (readonly [number, string])[] = Object.freeze([
  [0x40, " "],
  [0x4a, "\u00a2.<(+|&"],
  [0x5a, "!$*);\u00ac-/"],
  [0x6a, "\u00a6,%_>?"],
  [0x79, "`:#@'=\""],
  [0x81, "abcdefghi"],
  [0x91, "jklmnopqr"],
  [0xa1, "~stuvwxyz"],
  [0xb0, "^"],
  [0xba, "[]"],
  [0xc0, "{ABCDEFGHI"],
  [0xd0, "}JKLMNOPQR"],
  [0xe0, "\\"],
  [0xe2, "STUVWXYZ"],
  [0xf0, "0123456789"],
]);

/**
 * EBCDIC (code page 037) as characters of ISO 8859-1, one a byte.
 * Throws `FormatError` at a byte that is no printable character.
 */
export function ebcdicToLatin1(bytes: Uint8Array, field = "text"): Uint8Array {
  return translate(bytes, field, (byte) => {
    const row = rows.find(([first, characters]) => byte >= first && byte < first + characters.length);
    return row?.[1].charCodeAt(byte - row[0]);
  });
}

/** Characters of ISO 8859-1 as EBCDIC (code page 037). Throws `FormatError` for one that has no place there. */
export function latin1ToEbcdic(characters: Uint8Array, field = "text"): Uint8Array {
  return translate(characters, field, (code) => {
    const character = String.fromCharCode(code);
    const row = rows.find(([, row]) => row.includes(character));
    return row === undefined ? undefined : row[0] + row[1].indexOf(character);
  });
}

function translate(bytes: Uint8Array, field: string, one: (byte: number) => number | undefined): Uint8Array {
  const result = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) {
    const byte = one(bytes[i]!);
    if (byte === undefined) {
      wipe(result);
      throw new FormatError(field, i, "not an EBCDIC character");
    }
    result[i] = byte;
  }
  return result;
}
