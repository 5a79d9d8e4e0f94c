import type { EntryKind, TimelineEntry } from "../../protocol.ts";
import type { IconName } from "../dom.ts";
import { say, speech } from "../language.ts";

export const KIND_ICONS: Readonly<Record<EntryKind, IconName>> = {
  key: "key",
  card: "card",
  apdu: "apdu",
  host: "host",
  screen: "screen",
  journal: "journal",
  flash: "flash",
  network: "network",
  printer: "printer",
  sound: "sound",
  power: "power",
  fault: "fault",
  step: "play",
};

export function kindName(kind: EntryKind): string {
  return say(`kind_${kind}`);
}

export function titleOf({ title }: TimelineEntry): string {
  return speech.language === "zh" ? title.zh : title.en;
}

/** Virtual milliseconds since the world began as minutes, seconds and milliseconds. */
export function moment(at: number): string {
  const rounded = Math.round(at);
  const minutes = Math.floor(rounded / 60_000);
  const seconds = String(Math.floor(rounded / 1_000) % 60).padStart(2, "0");
  return `${minutes}:${seconds}.${String(rounded % 1_000).padStart(3, "0")}`;
}

/** Whether every word stands somewhere in the entry: its titles, its explained bytes, the bytes. */
export function fits({ title, lines = [], bytes = "" }: TimelineEntry, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = [title.en, title.zh, ...lines, bytes].join("\n").toLowerCase();
  return words.every((word) => text.includes(word));
}

const BYTES_A_ROW = 16;

/** Hexadecimal digits (two stars a hidden byte) in rows of sixteen, with the place before and the letters behind. */
export function dump(bytes: string): string {
  return bytes
    .split(/ (?=[<>] )/)
    .map(dumpWay)
    .join("\n");
}

/** What went one way: `>` from the terminal, `<` to it, or neither. */
function dumpWay(talk: string): string {
  const [, way = "", bytes = ""] = /^([<>] )?(.*)$/.exec(talk) ?? [];
  const pairs = bytes.match(/../g) ?? [];
  const rows: string[] = [];
  for (let place = 0; place < pairs.length; place += BYTES_A_ROW) {
    const row = pairs.slice(place, place + BYTES_A_ROW);
    const letters = row.map((pair) => letter(Number.parseInt(pair, 16))).join("");
    const where = place.toString(16).padStart(4, "0");
    rows.push(`${way}${where}  ${row.join(" ").padEnd(3 * BYTES_A_ROW)} ${letters}`);
  }
  return rows.join("\n");
}

function letter(code: number): string {
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
}
