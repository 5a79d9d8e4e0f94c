/** What changed between two pictures of a screen or a paper, for people to look at. */
import { PNG } from "pngjs";

const GAP = 12;
const PAPER = 0xdd;
/** What is the same stays visible as a shadow behind what differs. */
const FAINT = 0.25;

/** Whether the two files show the same, pixel for pixel. */
export function isSamePicture(was: Buffer, is: Buffer): boolean {
  const [old, now] = [PNG.sync.read(was), PNG.sync.read(is)];
  return old.width === now.width && old.height === now.height && old.data.equals(now.data);
}

/** Both PNG files side by side, and behind them where they differ: red on a shadow of the new one. */
export function pictureDifference(was: Buffer, is: Buffer): Buffer {
  const [old, now] = [PNG.sync.read(was), PNG.sync.read(is)];
  const width = Math.max(old.width, now.width);
  const height = Math.max(old.height, now.height);
  const sheet = new PNG({ width: 3 * width + 4 * GAP, height: height + 2 * GAP });
  sheet.data.fill(PAPER);
  for (let at = 3; at < sheet.data.length; at += 4) sheet.data[at] = 0xff;
  PNG.bitblt(old, sheet, 0, 0, old.width, old.height, GAP, GAP);
  PNG.bitblt(now, sheet, 0, 0, now.width, now.height, 2 * GAP + width, GAP);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [before, after] = [pixelOf(old, x, y), pixelOf(now, x, y)];
      const place = 4 * ((GAP + y) * sheet.width + 3 * GAP + 2 * width + x);
      sheet.data.set(before.equals(after) ? shadow(after) : [0xe0, 0x10, 0x10], place);
    }
  }
  return PNG.sync.write(sheet, { colorType: 2 });
}

function shadow(pixel: Buffer): number[] {
  return [...pixel.subarray(0, 3)].map((part) => Math.round(255 - (255 - part) * FAINT));
}

/** Four bytes; none outside of the picture. */
function pixelOf({ width, height, data }: PNG, x: number, y: number): Buffer {
  const place = 4 * (y * width + x);
  return x < width && y < height ? data.subarray(place, place + 4) : Buffer.alloc(0);
}

/** A page on which the pictures of a folder stand one below the other, by their names. */
export function differencePage(names: readonly string[]): string {
  const figures = names.map(
    (name) => `<figure><figcaption>${name}</figcaption><img src="${name}.png" alt="${name}"></figure>`,
  );
  const title = `${names.length} pictures changed: as it was, as it is, what differs`;
  return `<!doctype html>\n<meta charset="utf-8">\n<title>${title}</title>\n<h1>${title}</h1>\n${figures.join("\n")}\n`;
}
