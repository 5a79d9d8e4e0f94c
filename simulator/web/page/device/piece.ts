/** Dots of the print head, and the blank margin that 58 mm paper has left and right of it. */
const WIDTH = 384;
const MARGIN = 22;
const ROW = WIDTH / 8;
const PAPER = "rgb(252 250 244)";
const INK = [38, 36, 40];

/** One piece of paper: what was printed on it, growing row by row. */
export class Piece {
  readonly canvas = document.createElement("canvas");
  #rows = new Uint8Array(0);
  /** What a reader of the paper reads, once it is cut. */
  text: readonly string[] = [];

  constructor() {
    this.canvas.width = WIDTH + 2 * MARGIN;
    this.canvas.height = 0;
    this.canvas.setAttribute("role", "img");
  }

  /** Rows of 48 bytes, most significant bit left, 1 = black. */
  print(more: Uint8Array): void {
    const before = this.#rows.length / ROW;
    const rows = new Uint8Array(this.#rows.length + more.length);
    rows.set(this.#rows);
    rows.set(more, this.#rows.length);
    this.#rows = rows;
    this.#draw(before);
  }

  get isPrinted(): boolean {
    return this.#rows.some((dots) => dots !== 0);
  }

  /** A canvas loses its picture when it grows: the old one is kept and the new rows are added. */
  #draw(before: number): void {
    const { canvas } = this;
    const height = this.#rows.length / ROW;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null || height === before) return;
    const kept = before === 0 ? undefined : context.getImageData(0, 0, canvas.width, before);
    canvas.height = height;
    canvas.classList.toggle("printed", this.isPrinted);
    context.fillStyle = PAPER;
    context.fillRect(0, before, canvas.width, height - before);
    if (kept !== undefined) context.putImageData(kept, 0, 0);
    const image = context.getImageData(MARGIN, before, WIDTH, height - before);
    for (let place = 0; place < WIDTH * (height - before); place++) {
      const dot = place + before * WIDTH;
      if ((((this.#rows[dot >> 3] ?? 0) >> (7 - (dot & 7))) & 1) === 1) image.data.set(INK, place * 4);
    }
    context.putImageData(image, MARGIN, before);
  }
}

/** Rows between two pieces of a saved picture, and how many it may have: browsers draw no more. */
const GAP = 16;
const LONGEST = 32_000;

/** Saves the pieces one below the other as a PNG file: the last ones, as many as a canvas may hold. */
export function savePicture(pieces: readonly Piece[]): void {
  const fitting: HTMLCanvasElement[] = [];
  let height = -GAP;
  for (const { canvas } of [...pieces].reverse()) {
    if (fitting.length > 0 && height + GAP + canvas.height > LONGEST) break;
    height += GAP + canvas.height;
    fitting.unshift(canvas);
  }
  if (fitting.length === 0) return;
  const all = document.createElement("canvas");
  all.width = WIDTH + 2 * MARGIN;
  all.height = height;
  const context = all.getContext("2d");
  let top = 0;
  for (const canvas of fitting) {
    context?.drawImage(canvas, 0, top);
    top += canvas.height + GAP;
  }
  all.toBlob((picture) => picture !== null && offer(picture, "receipt.png"), "image/png");
}

/** Saves what the pieces say, a blank line between them. */
export function saveText(pieces: readonly Piece[]): void {
  const text = pieces.map((piece) => `${piece.text.join("\n")}\n`).join("\n");
  offer(new Blob([text], { type: "text/plain;charset=utf-8" }), "receipt.txt");
}

/** Offers a file to whoever sits at the page. */
export function offer(content: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
