import type { LcdData, ScreenData } from "../../protocol.ts";
import { element } from "../dom.ts";

const WIDTH = 320;

/** The display: the very pixels of the chip's memory, and the screen in words for who cannot see it. */
export class Lcd {
  readonly #canvas = element<HTMLCanvasElement>("lcd");
  readonly #context = this.#canvas.getContext("2d");
  readonly #spoken = element("lcd-text");

  /** Draws rows of little-endian RGB565 in base64. */
  draw(update: LcdData): void {
    if (this.#context === null) return;
    const bytes = Uint8Array.from(atob(update.rows), (character) => character.charCodeAt(0));
    const pixels = new Uint16Array(bytes.buffer);
    const image = this.#context.createImageData(WIDTH, pixels.length / WIDTH);
    for (let place = 0; place < pixels.length; place++) {
      const pixel = pixels[place] ?? 0;
      image.data[place * 4] = ((pixel >> 11) * 255) / 31;
      image.data[place * 4 + 1] = (((pixel >> 5) & 63) * 255) / 63;
      image.data[place * 4 + 2] = ((pixel & 31) * 255) / 31;
      image.data[place * 4 + 3] = 255;
    }
    this.#context.putImageData(image, 0, update.y);
  }

  /** The canvas is named by what it shows; the live region reads it out. */
  tell({ text, screen }: ScreenData): void {
    this.#canvas.dataset.screen = screen;
    this.#canvas.setAttribute("aria-label", text);
    this.#spoken.textContent = text;
  }
}
