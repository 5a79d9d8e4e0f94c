/** Dots of the print head, and the blank margin that 58 mm paper has left and right of it. */
const WIDTH = 384;
const MARGIN = 22;
/** Rows between two pieces of a saved picture, and how many it may have: browsers draw no more. */
const GAP = 16;
const LONGEST = 32_000;

/** The paper that hangs out of the printer: a canvas a piece, growing row by row. */
export class Paper {
  readonly #host: HTMLElement;
  #piece: { readonly canvas: HTMLCanvasElement; rows: Uint8Array } | undefined;

  constructor(host: HTMLElement) {
    this.#host = host;
  }

  /** Rows of 48 bytes, most significant bit left, 1 = black. */
  print(base64: string): void {
    const more = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const piece = this.#piece ?? this.#start();
    const rows = new Uint8Array(piece.rows.length + more.length);
    rows.set(piece.rows);
    rows.set(more, piece.rows.length);
    piece.rows = rows;
    draw(piece.canvas, rows);
    this.#host.scrollTop = this.#host.scrollHeight;
  }

  /** The piece is cut: what follows is a new one. `text` is what a reader of the paper reads. */
  cut(text: readonly string[]): void {
    this.#piece?.canvas.setAttribute("aria-label", text.join("\n"));
    this.#piece = undefined;
  }

  clear(): void {
    this.#host.replaceChildren();
    this.#piece = undefined;
  }

  /** Saves what hangs out of the printer as one PNG file: all pieces with something on them, as long as a canvas may be. */
  save(): void {
    const pieces: HTMLCanvasElement[] = [];
    let height = -GAP;
    for (const piece of [...this.#host.querySelectorAll<HTMLCanvasElement>("canvas.printed")].reverse()) {
      if (pieces.length > 0 && height + GAP + piece.height > LONGEST) break;
      height += GAP + piece.height;
      pieces.unshift(piece);
    }
    if (pieces.length === 0) return;
    const all = document.createElement("canvas");
    all.width = WIDTH + 2 * MARGIN;
    all.height = height;
    const context = all.getContext("2d");
    let top = 0;
    for (const piece of pieces) {
      context?.drawImage(piece, 0, top);
      top += piece.height + GAP;
    }
    all.toBlob(offer, "image/png");
  }

  #start(): { canvas: HTMLCanvasElement; rows: Uint8Array } {
    const canvas = document.createElement("canvas");
    canvas.width = WIDTH + 2 * MARGIN;
    canvas.setAttribute("role", "img");
    this.#host.append(canvas);
    const piece = { canvas, rows: new Uint8Array(0) };
    this.#piece = piece;
    return piece;
  }
}

/** Offers a picture to whoever sits at the page. */
function offer(picture: Blob | null): void {
  if (picture === null) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(picture);
  link.download = "receipt.png";
  link.click();
  URL.revokeObjectURL(link.href);
}

function draw(canvas: HTMLCanvasElement, rows: Uint8Array): void {
  const height = rows.length / (WIDTH / 8);
  canvas.height = height;
  canvas.classList.toggle(
    "printed",
    rows.some((dots) => dots !== 0),
  );
  const context = canvas.getContext("2d");
  if (context === null || height === 0) return;
  context.fillStyle = "rgb(252 250 244)";
  context.fillRect(0, 0, canvas.width, height);
  const image = context.getImageData(MARGIN, 0, WIDTH, height);
  for (let place = 0; place < WIDTH * height; place++) {
    const black = ((rows[place >> 3] ?? 0) >> (7 - (place & 7))) & 1;
    if (black === 1) image.data.set([38, 36, 40], place * 4);
  }
  context.putImageData(image, MARGIN, 0);
}
