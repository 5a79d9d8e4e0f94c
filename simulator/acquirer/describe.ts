/** Explains a UnionPay message field by field for people: secrets masked, rubbish answered with an error line. */

import { describeTlv } from "../cards/describe-tlv.ts";
import { hex } from "./bytes.ts";
import { ENVELOPE_LENGTH, IsoFormatError, type Piece, readPieces } from "./iso8583/codec.ts";
import { showField } from "./log.ts";

const TYPE_NAMES: Readonly<Record<string, string>> = {
  "0100": "Pre-authorisation request",
  "0110": "Pre-authorisation answer",
  "0200": "Financial request",
  "0210": "Financial answer",
  "0220": "Financial advice",
  "0230": "Financial advice answer",
  "0320": "Batch upload",
  "0330": "Batch upload answer",
  "0400": "Reversal request",
  "0410": "Reversal answer",
  "0500": "Settlement request",
  "0510": "Settlement answer",
  "0600": "Private extension request",
  "0610": "Private extension answer",
  "0620": "Script result notice",
  "0630": "Script result answer",
  "0800": "Sign-in or parameter download request",
  "0810": "Sign-in or parameter download answer",
  "0820": "Network management request",
  "0830": "Network management answer",
};

const BITMAP_LENGTH = 8;
const MAX_LENGTH = 8192;

/** Where the MTI starts: after TPDU and header, or at once where the envelope was left out; after two length bytes too. */
function findType(bytes: Uint8Array): { readonly start: number; readonly length: boolean } | undefined {
  const announced = bytes.length >= 2 && ((bytes[0]! << 8) | bytes[1]!) === bytes.length - 2;
  const looksLikeType = (at: number) =>
    at + 2 + BITMAP_LENGTH <= bytes.length && /^0[1-8][0-9]0$/.test(hex(bytes.subarray(at, at + 2)));
  const places = announced ? [ENVELOPE_LENGTH + 2, 2] : [ENVELOPE_LENGTH, 0];
  const start = places.find(
    (at) => looksLikeType(at) && (at < ENVELOPE_LENGTH || bytes[at - ENVELOPE_LENGTH] === 0x60),
  );
  return start === undefined ? undefined : { start, length: announced };
}

function describePiece(mti: string, { number, field, value }: Piece): string[] {
  const label = `F${String(number).padStart(2, "0")} ${field.name}`;
  if (field.show !== "chip") return [`${label}: ${showField(mti, number, value)}`];
  return [`${label}:`, ...describeTlv(Buffer.from(value, "hex")).map((line) => `  ${line}`)];
}

/** Lines that explain a message: envelope, type, then each field. Never throws; what does not fit is the last line. */
export function describeIso8583(bytes: Uint8Array): string[] {
  if (bytes.length > MAX_LENGTH) return ["error: longer than any message"];
  const found = findType(bytes);
  if (!found) return ["error: no message type found at the start or after TPDU and header"];
  const { start } = found;
  const lines: string[] = [];
  if (found.length) lines.push(`Length: ${bytes.length - 2}`);
  if (start >= ENVELOPE_LENGTH) {
    lines.push(
      `TPDU: ${hex(bytes.subarray(start - 11, start - 6))}`,
      `Header: ${hex(bytes.subarray(start - 6, start))}`,
    );
  }
  const mti = hex(bytes.subarray(start, start + 2));
  const bitmap = bytes.subarray(start + 2, start + 2 + BITMAP_LENGTH);
  lines.push(`MTI ${mti}: ${TYPE_NAMES[mti] ?? "unknown type"}`, `Bitmap: ${hex(bitmap)}`);
  try {
    if ((bitmap[0]! & 0x80) !== 0) throw new IsoFormatError(1, start + 2, "no second bitmap in this dialect");
    const pieces = readPieces(bytes, bitmap, start + 2 + BITMAP_LENGTH);
    let next = pieces.next();
    for (; !next.done; next = pieces.next()) lines.push(...describePiece(mti, next.value));
    if (next.value < bytes.length) lines.push(`error: ${bytes.length - next.value} bytes after the last field`);
  } catch (error) {
    if (!(error instanceof IsoFormatError)) throw error;
    lines.push(`error: ${error.message}`);
  }
  return lines;
}
