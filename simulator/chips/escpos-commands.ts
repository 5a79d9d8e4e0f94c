/** What a command of a receipt printer does; `ignored` ones change what this model does not show. */
export type CommandName =
  | "raster"
  | "feedRows"
  | "feedLines"
  | "cut"
  | "feedAndCut"
  | "status"
  | "automaticStatus"
  | "initialise"
  | "printControl"
  | "ignored";

/** A command: its first bytes and how many parameter bytes follow (without raster data). */
export interface Command {
  readonly name: CommandName;
  readonly code: readonly number[];
  readonly parameters: number;
}

const ESC = 0x1b;
const GS = 0x1d;
const DLE = 0x10;

/** ESC/POS as this printer understands it. Longer codes come before shorter ones that they begin with. */
const TABLE: readonly Command[] = [
  { name: "raster", code: [GS, 0x76, 0x30], parameters: 5 },
  { name: "feedAndCut", code: [GS, 0x56, 65], parameters: 1 },
  { name: "feedAndCut", code: [GS, 0x56, 66], parameters: 1 },
  { name: "cut", code: [GS, 0x56], parameters: 1 },
  { name: "status", code: [GS, 0x72], parameters: 1 },
  { name: "automaticStatus", code: [GS, 0x61], parameters: 1 },
  { name: "ignored", code: [GS, 0x50], parameters: 2 }, // motion units: rows are rows here
  { name: "feedRows", code: [ESC, 0x4a], parameters: 1 },
  { name: "feedLines", code: [ESC, 0x64], parameters: 1 },
  { name: "initialise", code: [ESC, 0x40], parameters: 0 },
  { name: "printControl", code: [GS, 0x28, 0x4b], parameters: 4 }, // speed only
  { name: "ignored", code: [ESC, 0x61], parameters: 1 }, // alignment: raster is as wide as the paper
  { name: "ignored", code: [DLE, 0x04], parameters: 1 }, // done when it came in
  { name: "ignored", code: [DLE, 0x05], parameters: 1 }, // recovery: this printer recovers by itself
];

/** Bytes of the longest command. */
export const LONGEST_COMMAND = 8;

/** The command at the front of the buffer with the number of bytes it takes. */
export function commandAt(
  buffer: Uint8Array,
): { readonly command: Command; readonly length: number } | "incomplete" | "unknown" {
  let possible = false;
  for (const command of TABLE) {
    if (!command.code.every((byte, at) => at >= buffer.length || byte === buffer[at])) continue;
    possible = true;
    if (buffer.length < command.code.length) continue;
    const length = command.code.length + command.parameters;
    return buffer.length < length ? "incomplete" : { command, length };
  }
  return possible ? "incomplete" : "unknown";
}
