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

/** EBCDIC (code page 037) as text. Throws `FormatError` at a byte that is no printable character. */
export function ebcdicToText(bytes: Uint8Array, field = "text"): string {
  let text = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    const row = rows.find(([first, characters]) => byte >= first && byte < first + characters.length);
    if (row === undefined) {
      throw new FormatError(field, i, "not an EBCDIC character");
    }
    text += row[1][byte - row[0]]!;
  }
  return text;
}

/** Text as EBCDIC (code page 037). Throws `FormatError` for a character that has no place there. */
export function textToEbcdic(text: string, field = "text"): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) {
    const character = text[i]!;
    const row = rows.find(([, characters]) => characters.includes(character));
    if (row === undefined) {
      throw new FormatError(field, i, "not an EBCDIC character");
    }
    bytes[i] = row[0] + row[1].indexOf(character);
  }
  return bytes;
}
