import { PNG } from "pngjs";
import type { ScreenRecord } from "../io/board.ts";
import type { Simulation } from "../world/simulation.ts";

/** What a screen looked like, as red, green and blue of five, six and five bits, row by row. */
export interface ScreenPicture {
  /** The screen's id and what of its values makes it another picture: `processing.authorising`. */
  readonly name: string;
  readonly screen: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint16Array;
}

/** Values that are words of the program, not of a language: an operation, a stage, a result. */
const word = /^[a-z][A-Za-z-]{2,23}$/;
const yesOrNo: readonly string[] = ["true", "false"];
/** A menu is told from another one by its first entry, wherever the cursor stands. */
const ofCursor = "selected";

/** The name of a screen's picture. */
export function pictureName({ screen, values }: ScreenRecord): string {
  const { choiceIds, ...others } = values;
  const words = Object.entries(others)
    .filter(([name, value]) => name !== ofCursor && word.test(value) && !yesOrNo.includes(value))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, value]) => value);
  const first = choiceIds?.split("\n")[0] ?? "";
  return [screen, ...words, ...(word.test(first) ? [first] : [])].join(".");
}

/** Keeps the first lit picture of every name that a run shows, and of those that are there already none. */
export function keepPictures(simulation: Simulation, pictures: Map<string, ScreenPicture>): void {
  const { board, chips, world } = simulation;
  board.recorders.push((record) => {
    const name = pictureName(record);
    if (pictures.has(name)) return;
    world.after(0, () => {
      if (!chips.display.visible || pictures.has(name)) return;
      const { width, height } = chips.display;
      pictures.set(name, { name, screen: record.screen, width, height, pixels: chips.display.pixels().slice() });
    });
  });
}

/** What is drawn of a picture. */
export type Pixels = Pick<ScreenPicture, "width" | "height" | "pixels">;

/** The picture as a PNG file. */
export function pictureFile(picture: Pixels): Buffer {
  const { width, height } = picture;
  const png = new PNG({ width, height });
  draw(picture, png, 0, 0);
  return PNG.sync.write(png, { colorType: 2 });
}

/** Draws a picture into a larger one with its upper left corner at that place. */
export function draw({ width, height, pixels }: Pixels, png: PNG, left: number, top: number): void {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = pixels[y * width + x]!;
      const place = 4 * ((top + y) * png.width + left + x);
      png.data[place] = Math.round(((pixel >> 11) * 255) / 31);
      png.data[place + 1] = Math.round((((pixel >> 5) & 63) * 255) / 63);
      png.data[place + 2] = Math.round(((pixel & 31) * 255) / 31);
      png.data[place + 3] = 255;
    }
  }
}
