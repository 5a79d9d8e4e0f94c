import { PNG } from "pngjs";
import { draw, type ScreenPicture } from "./screen-pictures.ts";

const ACROSS = 6;
const GAP = 12;
const PAPER = 0xdd;

/** All pictures side by side as a PNG file, in the order given. */
export function contactSheet(pictures: readonly ScreenPicture[]): Buffer {
  const cell = {
    width: Math.max(...pictures.map(({ width }) => width)) + GAP,
    height: Math.max(...pictures.map(({ height }) => height)) + GAP,
  };
  const columns = Math.min(ACROSS, pictures.length);
  const png = new PNG({
    width: columns * cell.width + GAP,
    height: Math.ceil(pictures.length / columns) * cell.height + GAP,
  });
  png.data.fill(PAPER);
  for (const [place, picture] of pictures.entries()) {
    draw(picture, png, GAP + (place % columns) * cell.width, GAP + Math.floor(place / columns) * cell.height);
  }
  return PNG.sync.write(png, { colorType: 2 });
}
