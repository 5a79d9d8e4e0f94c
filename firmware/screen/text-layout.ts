/** Pixels of a text. What two texts take together is what each takes. */
export type Measure = (text: string) => number;

/** May not begin a line; sticks to what is before it. */
const CLOSING = "，。、；：？！）》」』】〉〕…—～·%,.!?:;)]}”’";
/** May not end a line; sticks to what follows. */
const OPENING = "（《「『【〈〔([{“‘¥￥$";
const ELLIPSIS = "…";

/** Chinese, kana and full-width forms: a line may break before and after each. */
const isWide = (character: string): boolean => character >= "\u2e80";

/** Cuts a text into the pieces that may not be broken; a space is a piece of its own, "\n" ends a line. */
function pieces(text: string): string[] {
  const result: string[] = [];
  let glue = false;
  for (const character of text) {
    const last = result[result.length - 1];
    const joins =
      last !== undefined &&
      last !== " " &&
      last !== "\n" &&
      character !== " " &&
      character !== "\n" &&
      (glue || CLOSING.includes(character) || (!isWide(character) && !isWide(last[last.length - 1] as string)));
    if (joins) result[result.length - 1] = last + character;
    else result.push(character);
    glue = OPENING.includes(character);
  }
  return result;
}

/** As many characters of a text as fit, at least one. */
function head(text: string, width: number, measure: Measure): string {
  let taken = "";
  let room = width;
  for (const character of text) {
    room -= measure(character);
    if (taken !== "" && room < 0) break;
    taken += character;
  }
  return taken;
}

/**
 * Breaks a text into lines of at most `width` pixels (at scale 1): English at spaces, Chinese between characters, closing
 * punctuation never at the start of a line and opening never at its end; a word wider than a line is cut.
 */
export function wrap(text: string, width: number, measure: Measure): string[] {
  if (!text.includes("\n") && !text.startsWith(" ") && measure(text) <= width) return [text.trimEnd()];
  const lines: string[] = [];
  let line = "";
  /** Pixels of the line. */
  let taken = 0;
  for (let piece of pieces(text)) {
    if (piece === "\n") {
      lines.push(line);
      line = "";
      taken = 0;
      continue;
    }
    let needed = measure(piece);
    if (taken + needed <= width) {
      if (line === "" && piece === " ") continue;
      line += piece;
      taken += needed;
      continue;
    }
    if (line !== "") lines.push(line.trimEnd());
    while (needed > width) {
      const cut = head(piece, width, measure);
      if (cut === piece) break;
      lines.push(cut);
      piece = piece.slice(cut.length);
      needed = measure(piece);
    }
    line = piece === " " ? "" : piece;
    taken = line === "" ? 0 : needed;
  }
  if (line.trimEnd() !== "" || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** The text, or as much of it as fits `width` pixels with an ellipsis at its end. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  return `${head(text, width - measure(ELLIPSIS), measure).trimEnd()}${ELLIPSIS}`;
}

/**
 * `wrap` to at most `count` lines of about the same length; what is left over ends the last line with an ellipsis.
 */
export function balancedTo(text: string, width: number, count: number, measure: Measure): string[] {
  const lines = wrap(text, width, measure);
  if (lines.length === 1) return lines;
  if (lines.length <= count) {
    const even = wrap(text, Math.min(width, measure(text) / lines.length + measure("    ")), measure);
    return even.length === lines.length ? even : lines;
  }
  const kept = lines.slice(0, count);
  kept[count - 1] = head(`${kept[count - 1]}`, width - measure(ELLIPSIS), measure) + ELLIPSIS;
  return kept;
}
