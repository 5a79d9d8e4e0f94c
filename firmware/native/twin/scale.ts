import { type Bitmap, emptyBitmap, mark, pixel } from "./bitmap.ts";

/** A bitmap enlarged 1 to 4 times; 2 and 3 smooth its corners, 4 is twice 2. */
export function enlarge(bitmap: Bitmap, scale: number): Bitmap {
  switch (scale) {
    case 2:
      return scale2x(bitmap);
    case 3:
      return scale3x(bitmap);
    case 4:
      return scale2x(scale2x(bitmap));
    default:
      return bitmap;
  }
}

function grow(from: Bitmap, factor: number, block: (x: number, y: number) => readonly number[]): Bitmap {
  const to = emptyBitmap(factor * from.width, factor * from.height);
  for (let y = 0; y < from.height; y++) {
    for (let x = 0; x < from.width; x++) {
      block(x, y).forEach((value, i) => {
        mark(to, factor * x + (i % factor), factor * y + Math.floor(i / factor), value);
      });
    }
  }
  return to;
}

/** Scale2x (EPX): a corner takes its two neighbours' colour where they agree and the opposite ones do not. */
function scale2x(from: Bitmap): Bitmap {
  return grow(from, 2, (x, y) => {
    const [b, h] = [pixel(from, x, y - 1), pixel(from, x, y + 1)];
    const [d, e, f] = [pixel(from, x - 1, y), pixel(from, x, y), pixel(from, x + 1, y)];
    const bends = b !== h && d !== f;
    return [bends && d === b ? d : e, bends && b === f ? f : e, bends && d === h ? d : e, bends && h === f ? f : e];
  });
}

/** Scale3x (AdvanceMAME), over the eight neighbours a b c / d e f / g h i. */
function scale3x(from: Bitmap): Bitmap {
  return grow(from, 3, (x, y) => {
    const [a, b, c] = [pixel(from, x - 1, y - 1), pixel(from, x, y - 1), pixel(from, x + 1, y - 1)];
    const [d, e, f] = [pixel(from, x - 1, y), pixel(from, x, y), pixel(from, x + 1, y)];
    const [g, h, i] = [pixel(from, x - 1, y + 1), pixel(from, x, y + 1), pixel(from, x + 1, y + 1)];
    const bends = b !== h && d !== f;
    const db = bends && d === b;
    const bf = bends && b === f;
    const dh = bends && d === h;
    const hf = bends && h === f;
    return [
      db ? d : e,
      (db && e !== c) || (bf && e !== a) ? b : e,
      bf ? f : e,
      (db && e !== g) || (dh && e !== a) ? d : e,
      e,
      (bf && e !== i) || (hf && e !== c) ? f : e,
      dh ? d : e,
      (dh && e !== i) || (hf && e !== g) ? h : e,
      hf ? f : e,
    ];
  });
}
