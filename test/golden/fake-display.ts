import { readFileSync } from "node:fs";
import type { Area, Display } from "../../hal/display.ts";
import { pictureFile } from "../../simulator/scenario/screen-pictures.ts";

export const font = new Uint8Array(readFileSync(new URL("../../firmware/screen/fonts/font16.bin", import.meta.url)));

/** A panel that keeps its pixels and how often each was sent. */
export class FakeDisplay implements Display {
  readonly width = 320;
  readonly height: number;
  readonly pixels: Uint16Array;
  readonly areas: Area[] = [];
  #area: Area | undefined;
  #at = 0;

  constructor(height = 240) {
    this.height = height;
    this.pixels = new Uint16Array(this.width * height);
  }

  begin(area: Area): void {
    if (this.#area !== undefined) throw new Error("begin inside of begin");
    if (area.x < 0 || area.y < 0 || area.x + area.width > this.width || area.y + area.height > this.height)
      throw new RangeError("outside of the panel");
    this.#area = area;
    this.#at = 0;
    this.areas.push(area);
  }

  send(pixels: Uint8Array): void {
    const area = this.#area;
    if (area === undefined) throw new Error("send outside of begin");
    for (let index = 0; index < pixels.length; index += 2, this.#at++) {
      if (this.#at >= area.width * area.height) throw new RangeError("more pixels than the area takes");
      const y = area.y + Math.floor(this.#at / area.width);
      const x = area.x + (this.#at % area.width);
      this.pixels[y * this.width + x] = ((pixels[index] as number) << 8) | (pixels[index + 1] as number);
    }
  }

  end(): void {
    if (this.#area === undefined || this.#at !== this.#area.width * this.#area.height)
      throw new Error("area not filled");
    this.#area = undefined;
  }

  configure(): void {}
  close(): void {}

  png(): Buffer {
    return pictureFile(this);
  }
}
