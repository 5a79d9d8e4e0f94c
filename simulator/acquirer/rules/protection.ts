/** What a message says of its own protection: field 57 (private) with DUKPT, field 53 with tracks. */
import { fromHex, hex } from "../bytes.ts";
import type { Hsm } from "../hsm.ts";
import type { Fields } from "../iso8583/codec.ts";
import { parseTlv } from "../tlv.ts";

/** Tags in field 57: the key serial number, and a PIN block that field 52 has no room for. */
const SERIAL = "DF01";
const PIN_BLOCK = "DF02";

function objects(fields: Fields): ReadonlyMap<string, Uint8Array> {
  if (fields[57] === undefined) return new Map();
  return new Map(parseTlv(fromHex(fields[57])).map(({ tag, value }) => [tag, value]));
}

/** Takes the DUKPT keys that a message names. False when it names some that it may not have. */
export function openKeys(hsm: Hsm, terminal: string, fields: Fields): boolean {
  try {
    const serial = objects(fields).get(SERIAL);
    if (serial === undefined) hsm.closeDukpt(terminal);
    return serial === undefined || hsm.openDukpt(terminal, serial);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The fields as the rules read them: tracks in clear, the PIN block in field 52. Undefined when a track does not open. */
export function openFields(hsm: Hsm, terminal: string, fields: Fields): Fields | undefined {
  const block = objects(fields).get(PIN_BLOCK);
  const opened: Partial<Record<number, string>> = block === undefined ? {} : { 52: hex(block) };
  if (fields[53]?.[2] === "1") {
    for (const number of [35, 36]) {
      const track = fields[number];
      if (track === undefined) continue;
      const clear = hsm.openTrack(terminal, track);
      if (clear === undefined) return undefined;
      opened[number] = clear;
    }
  }
  return { ...fields, ...opened };
}
