/** Entries of what the terminal showed, each with a small picture. */
import { pictureFile } from "../../scenario/screen-pictures.ts";
import type { Simulation } from "../../world/simulation.ts";
import type { Words } from "../protocol.ts";
import { screenTitle } from "../words/screen-names.ts";
import type { Timeline } from "./timeline.ts";

const WIDTH = 160;
const HEIGHT = 120;
/** So many pictures are kept. */
const MOST = 1_000;

/** The pictures of the screens, by number, each at half its size as RGB565. */
export class Pictures {
  readonly #kept = new Map<number, Uint16Array>();
  #next = 1;

  /** Keeps a display's picture; pixels are 320 by 240 as RGB565. */
  keep(pixels: Uint16Array): number {
    const small = new Uint16Array(WIDTH * HEIGHT);
    for (let y = 0, place = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, place++) {
        const corner = y * 4 * WIDTH + x * 2;
        const below = corner + 2 * WIDTH;
        small[place] = mean(pixels[corner]!, pixels[corner + 1]!, pixels[below]!, pixels[below + 1]!);
      }
    }
    const number = this.#next++;
    this.#kept.set(number, small);
    this.#kept.delete(number - MOST);
    return number;
  }

  /** That picture as a PNG file; undefined where it is not kept (any more). */
  file(number: number): Buffer | undefined {
    const pixels = this.#kept.get(number);
    return pixels && pictureFile({ width: WIDTH, height: HEIGHT, pixels });
  }
}

/** The mean of four colours, each part by itself. */
function mean(one: number, two: number, three: number, four: number): number {
  const part = (mask: number): number => (((one & mask) + (two & mask) + (three & mask) + (four & mask)) >> 2) & mask;
  return part(0xf800) | part(0x07e0) | part(0x001f);
}

/** What tells one screen from another of its kind. */
const TELLING = ["amount", "stage", "reason", "copy"] as const;

function titleOf(screen: string, values: Readonly<Record<string, string>>): Words {
  return screenTitle(
    screen,
    TELLING.flatMap((name) => values[name] ?? []),
  );
}

export function watchScreens({ board, chips, world }: Simulation, timeline: Timeline, pictures: Pictures): void {
  board.recorders.push(({ screen, values }) => {
    world.after(0, () => {
      const lines = Object.entries(values).map(([name, value]) => `${name}: ${value.replaceAll("\n", " | ")}`);
      timeline.add("screen", titleOf(screen, values), { lines, picture: pictures.keep(chips.display.pixels()) });
    });
  });
}
