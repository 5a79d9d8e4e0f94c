import type { Area, Display } from "../../display.ts";
import { checkInteger } from "../options.ts";

/** A part of a display as a display: the rest belongs to somebody else. Closing it closes the display; brightness is for both. */
export class DisplayWindow implements Display {
  readonly #display: Display;
  readonly #area: Area;

  /** Throws `RangeError` for a part that is not inside of the display, which then stays open. */
  constructor(display: Display, area: Area) {
    checkInteger("x", area.x, 0, display.width - 1);
    checkInteger("y", area.y, 0, display.height - 1);
    checkInteger("width", area.width, 1, display.width - area.x);
    checkInteger("height", area.height, 1, display.height - area.y);
    this.#display = display;
    this.#area = area;
  }

  get width(): number {
    return this.#area.width;
  }

  get height(): number {
    return this.#area.height;
  }

  begin({ x, y, width, height }: Area): void {
    checkInteger("x", x, 0, this.width - 1);
    checkInteger("y", y, 0, this.height - 1);
    checkInteger("width", width, 1, this.width - x);
    checkInteger("height", height, 1, this.height - y);
    this.#display.begin({ x: this.#area.x + x, y: this.#area.y + y, width, height });
  }

  send(pixels: Uint8Array): void {
    this.#display.send(pixels);
  }

  end(): void {
    this.#display.end();
  }

  configure(options: { readonly brightness: number }): void {
    this.#display.configure(options);
  }

  close(): void {
    this.#display.close();
  }
}
