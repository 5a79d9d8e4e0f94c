/** A text as a QR code (ISO/IEC 18004:2015), versions 1 to 15: two bitmaps of at most 770 bytes are what it takes. */
import { qrFormat, qrMask, qrPatterns, qrPenalty, qrPlace, qrRemainder } from "#native/qr";
import { type CodeData, dataCodewords } from "./qr-data.ts";
import { type CorrectionLevel, codewordsOf, levelBits, sizeOfVersion } from "./qr-versions.ts";

export interface QrCode {
  readonly version: number;
  /** Modules of a side. */
  readonly size: number;
  /** The data mask pattern, 0 to 7. */
  readonly mask: number;
  /** Eight modules a byte, the leftmost in the highest bit, dark ones set; each row begins a byte. */
  readonly modules: Uint8Array;
}

export interface QrOptions {
  readonly level: CorrectionLevel;
  /** The largest version that may be taken; absent: 15. */
  readonly largest?: number;
  /** The data mask pattern; absent: the one that reads best. */
  readonly mask?: number;
}

const masks = 8;

/** The smallest code that holds the text; undefined where none of the versions does. */
export function encodeQr(text: string, { level, largest, mask: wanted }: QrOptions): QrCode | undefined {
  const data = dataCodewords(text, level, largest);
  return data === undefined ? undefined : drawQr(data, level, wanted);
}

/** Patterns, data and the mask that reads best (6.3, 7.7 to 7.10). */
export function drawQr(data: CodeData, level: CorrectionLevel, wanted?: number): QrCode {
  const { version } = data;
  const size = sizeOfVersion(version);
  const modules = new Uint8Array(((size + 7) >> 3) * size);
  const reserved = new Uint8Array(modules.length);
  qrPatterns(modules, reserved, size);
  qrPlace(modules, reserved, size, interleaved(data));
  const lay = (mask: number): void => {
    qrMask(modules, reserved, size, mask);
    qrFormat(modules, reserved, size, (levelBits[level] << 3) | mask);
  };
  let best = wanted ?? 0;
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < masks && wanted === undefined; mask++) {
    lay(mask);
    const penalty = qrPenalty(modules, size);
    if (penalty < least) {
      best = mask;
      least = penalty;
    }
    qrMask(modules, reserved, size, mask);
  }
  lay(best);
  return { version, size, mask: best, modules };
}

/** The blocks' codewords in turns: the first of each, the second of each..., those for correction behind (7.6). */
function interleaved({ version, blocks: { count, correction, data }, codewords }: CodeData): Uint8Array {
  const result = new Uint8Array(codewordsOf(version));
  const short = Math.trunc(data / count);
  const longFrom = count - (data % count);
  for (let block = 0, from = 0; block < count; block++) {
    const length = short + (block < longFrom ? 0 : 1);
    const part = codewords.subarray(from, from + length);
    const remainder = qrRemainder(part, correction);
    for (let at = 0; at < length; at++) {
      result[at < short ? at * count + block : short * count + block - longFrom] = part[at]!;
    }
    for (let at = 0; at < correction; at++) result[data + at * count + block] = remainder[at]!;
    from += length;
  }
  return result;
}
