import type { PaperGlyph } from "./paper-font.ts";

const ROWS = 16;

/** A byte's bits, each followed by `by - 1` zeros. */
const spread = (by: 1 | 2 | 3): readonly number[] =>
  Array.from({ length: 256 }, (_, byte) => {
    let wide = 0;
    for (let bit = 0; bit < 8; bit++) wide |= ((byte >> bit) & 1) << (bit * by + by - 1);
    return wide;
  });
const spreads = { 1: spread(1), 2: spread(2), 3: spread(3) } as const;

/** For each dot where `where` is 1 the first, elsewhere the second. */
const choose = (where: number, first: number, second: number): number => (first & where) | (second & ~where);

/** A row and its neighbours, a bit a dot: a b c above, d e f, g h i below. */
interface Near {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
  readonly e: number;
  readonly f: number;
  readonly g: number;
  readonly h: number;
  readonly i: number;
}

/** The rows that one row becomes; each as the dots at its first, second (, third) place within every old dot. */
type Enlarge = (near: Near) => readonly (readonly number[])[];

const enlarge: { readonly [Scale in 1 | 2 | 3]: Enlarge } = {
  1: ({ e }) => [[e]],
  2: ({ b, d, e, f, h }) => {
    const bends = (b ^ h) & (d ^ f);
    const corner = (side: number, other: number): number => choose(bends & ~(side ^ other), side, e);
    return [
      [corner(d, b), corner(f, b)],
      [corner(d, h), corner(f, h)],
    ];
  },
  3: ({ a, b, c, d, e, f, g, h, i }) => {
    const bends = (b ^ h) & (d ^ f);
    const [db, bf, dh, hf] = [bends & ~(d ^ b), bends & ~(b ^ f), bends & ~(d ^ h), bends & ~(h ^ f)];
    return [
      [choose(db, d, e), choose((db & (e ^ c)) | (bf & (e ^ a)), b, e), choose(bf, f, e)],
      [choose((db & (e ^ g)) | (dh & (e ^ a)), d, e), e, choose((bf & (e ^ i)) | (hf & (e ^ c)), f, e)],
      [choose(dh, d, e), choose((dh & (e ^ i)) | (hf & (e ^ g)), h, e), choose(hf, f, e)],
    ];
  },
};

/**
 * A glyph's dots enlarged 1, 2 or 3 times, row by row, by Scale2x and Scale3x (Andrea Mazzoleni's rules, which round
 * the steps of slanted strokes); what is outside of the cell counts as white.
 */
export function scaleGlyph(glyph: PaperGlyph, scale: 1 | 2 | 3): Buffer {
  const mask = (1 << glyph.width) - 1;
  const out: number[] = [];
  const row = (y: number): number => glyph.rows[y] ?? 0;
  const left = (dots: number): number => dots >> 1;
  const right = (dots: number): number => (dots << 1) & mask;
  for (let y = 0; y < ROWS; y++) {
    const [b, e, h] = [row(y - 1), row(y), row(y + 1)];
    const near = { a: left(b), b, c: right(b), d: left(e), e, f: right(e), g: left(h), h, i: right(h) };
    for (const places of enlarge[scale](near))
      for (let shift = glyph.width - 8; shift >= 0; shift -= 8) {
        let dots = 0;
        places.forEach((place, at) => {
          dots |= (spreads[scale][(place >> shift) & 0xff] as number) >> at;
        });
        for (let byte = scale - 1; byte >= 0; byte--) out.push((dots >> (byte * 8)) & 0xff);
      }
  }
  return Buffer.from(out);
}
