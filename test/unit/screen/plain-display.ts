import type { Area, Display } from "../../../hal/display.ts";

/** A display that keeps what areas were sent and checks the order of calls. */
export class PlainDisplay implements Display {
  readonly width = 320;
  readonly height = 240;
  areas: Area[] = [];
  largest = 0;
  #missing = 0;

  begin(area: Area): void {
    if (this.#missing !== 0) throw new Error("begin inside of begin");
    if (area.x < 0 || area.y < 0 || area.x + area.width > this.width || area.y + area.height > this.height)
      throw new RangeError("outside of the panel");
    this.areas.push(area);
    this.#missing = area.width * area.height * 2;
  }

  send(pixels: Uint8Array): void {
    this.#missing -= pixels.length;
    if (this.#missing < 0) throw new RangeError("more pixels than the area takes");
    this.largest = Math.max(this.largest, pixels.length);
  }

  end(): void {
    if (this.#missing !== 0) throw new Error("area not filled");
  }

  configure(): void {}
  close(): void {}
}
