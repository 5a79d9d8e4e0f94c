/** A code for a square of so many dots: modules as large as fit, and then the level that stands most. */
import { drawQr } from "./qr.ts";
import { codewordsIn, segmentsOf, versionOf } from "./qr-data.ts";
import { type CorrectionLevel, sizeOfVersion } from "./qr-versions.ts";

export interface FittedCode {
  readonly text: string;
  /** Modules of a side, without the quiet zone, and bytes of a row (qr.ts). */
  readonly size: number;
  readonly modules: Uint8Array;
  /** Dots of a module's side. */
  readonly scale: number;
}

/** Light modules all round (ISO/IEC 18004:2015, 6.3.8). */
export const quietZone = 4;

const levels: readonly CorrectionLevel[] = Object.freeze(["H", "Q", "M", "L"] as const);

/**
 * The text's code with its quiet zone in `room` dots of a side; no module larger than `most`. Undefined where the text is too long for
 * any code of this size.
 */
export function fitCode(text: string, room: number, most: number): FittedCode | undefined {
  const segments = segmentsOf(text);
  let best: readonly [version: number, level: CorrectionLevel] | undefined;
  let scale = 0;
  for (const level of levels) {
    const version = versionOf(segments, level);
    if (version === undefined) continue;
    const fits = Math.min(most, Math.floor(room / (sizeOfVersion(version) + 2 * quietZone)));
    if (fits <= scale) continue;
    scale = fits;
    best = [version, level];
  }
  if (best === undefined) return undefined;
  const { size, modules } = drawQr(codewordsIn(segments, ...best), best[1]);
  return { text, size, modules, scale };
}
