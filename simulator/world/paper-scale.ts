import type { PaperGlyph } from "./paper-font.ts";

const ROWS = 16;

/**
 * A glyph's dots enlarged 1, 2 or 3 times, row by row, by Scale2x and Scale3x (Andrea Mazzoleni's rules, which round
 * the steps of slanted strokes); what is outside of the cell counts as white.
 */
export function scaleGlyph(glyph: PaperGlyph, scale: 1 | 2 | 3): Buffer {
  const { width, rows } = glyph;
  const dot = (x: number, y: number): 0 | 1 =>
    x < 0 || x >= width ? 0 : (((rows[y] ?? 0) >> (width - 1 - x)) & 1) === 1 ? 1 : 0;
  const stride = (width * scale) >> 3;
  const out = Buffer.alloc(stride * ROWS * scale);
  for (let y = 0; y < ROWS; y++)
    for (let x = 0; x < width; x++) {
      const near: Near = [
        dot(x - 1, y - 1), dot(x, y - 1), dot(x + 1, y - 1),
        dot(x - 1, y), dot(x, y), dot(x + 1, y),
        dot(x - 1, y + 1), dot(x, y + 1), dot(x + 1, y + 1),
      ];
      enlarge[scale](near).forEach((ink, at) => {
        const px = x * scale + (at % scale);
        const index = (y * scale + Math.floor(at / scale)) * stride + (px >> 3);
        if (ink === 1) out[index] = (out[index] as number) | (0x80 >> (px & 7));
      });
    }
  return out;
}

type Dot = 0 | 1;
/** A dot's neighbourhood from the top left: A B C, D E F, G H I. */
type Near = readonly [Dot, Dot, Dot, Dot, Dot, Dot, Dot, Dot, Dot];

const enlarge: { readonly [Scale in 1 | 2 | 3]: (near: Near) => readonly Dot[] } = {
  1: (near) => [near[4]],
  2: ([, b, , d, e, f, , h]) =>
    b === h || d === f ? [e, e, e, e] : [d === b ? d : e, b === f ? f : e, d === h ? d : e, h === f ? f : e],
  3: ([a, b, c, d, e, f, g, h, i]) =>
    b === h || d === f
      ? [e, e, e, e, e, e, e, e, e]
      : [
          d === b ? d : e,
          (d === b && e !== c) || (b === f && e !== a) ? b : e,
          b === f ? f : e,
          (d === b && e !== g) || (d === h && e !== a) ? d : e,
          e,
          (b === f && e !== i) || (h === f && e !== c) ? f : e,
          d === h ? d : e,
          (d === h && e !== i) || (h === f && e !== g) ? h : e,
          h === f ? f : e,
        ],
};
