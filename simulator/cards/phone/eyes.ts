/** The camera of a phone: finds codes in pictures, by ZXing compiled to WebAssembly; its file is read from `node_modules`, not fetched. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import {
  BINARIZERS,
  CHARACTER_SETS,
  defaultReaderOptions,
  EAN_ADD_ON_SYMBOLS,
  encodeFormats,
  prepareZXingModule,
  TEXT_MODES,
  type ZXingReaderOptions,
  type ZXingReadResult,
} from "zxing-wasm/reader";

/** A picture, row by row: 0 is black, 255 white. */
export interface GrayPicture {
  readonly width: number;
  readonly height: number;
  readonly gray: Uint8Array;
}

/** The module as its own `readBarcodes` uses it, which is asynchronous for the sake of files; package.json pins its version. */
interface Camera {
  readonly HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(place: number): void;
  readBarcodesFromPixmap(
    place: number,
    width: number,
    height: number,
    options: ZXingReaderOptions,
  ): { size(): number; get(index: number): ZXingReadResult | undefined; delete(): void };
}

const OPTIONS: ZXingReaderOptions = {
  ...defaultReaderOptions,
  formats: encodeFormats(["QRCode"]),
  binarizer: BINARIZERS.indexOf("LocalAverage"),
  eanAddOnSymbol: EAN_ADD_ON_SYMBOLS.indexOf("Ignore"),
  textMode: TEXT_MODES.indexOf("Plain"),
  characterSet: CHARACTER_SETS.indexOf("Unknown"),
};

let eyes: Camera | undefined;
let opening: Promise<void> | undefined;

/** Makes the camera ready, once a process. `readCodes` may be called when this is fulfilled. */
export function openEyes(): Promise<void> {
  opening ??= open();
  return opening;
}

async function open(): Promise<void> {
  const file = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  const { buffer } = new Uint8Array(readFileSync(file));
  const module: unknown = await prepareZXingModule({ overrides: { wasmBinary: buffer }, fireImmediately: true });
  eyes = module as Camera;
}

/** Fulfilled when the camera is ready, or nobody has asked for it. */
export async function eyesReady(): Promise<void> {
  await opening;
}

/** The text of each QR code in the picture. Throws `Error` before `openEyes` is done. */
export function readCodes({ width, height, gray }: GrayPicture): string[] {
  if (eyes === undefined) throw new Error("the camera is not open yet");
  const place = eyes._malloc(width * height);
  if (place === 0) throw new Error("the camera has no memory for the picture");
  try {
    eyes.HEAPU8.set(gray, place);
    const found = eyes.readBarcodesFromPixmap(place, width, height, OPTIONS);
    const texts: string[] = [];
    for (let index = 0; index < found.size(); index++) {
      const { text, isValid } = found.get(index)!;
      if (isValid) texts.push(text);
    }
    found.delete();
    return texts;
  } finally {
    eyes._free(place);
  }
}

/** A display's picture (red, green and blue of five, six and five bits). */
export function grayOfDisplay(width: number, height: number, pixels: Uint16Array): GrayPicture {
  const gray = Uint8Array.from(pixels, (pixel) => {
    const [red, green, blue] = [(pixel >> 11) / 31, ((pixel >> 5) & 63) / 63, (pixel & 31) / 31];
    return Math.round(255 * (0.3 * red + 0.59 * green + 0.11 * blue));
  });
  return { width, height, gray };
}

/** A paper's picture (a bit a dot, 1 is black), with a margin of white around it as on a table. */
export function grayOfPaper(bits: Uint8Array, bytesPerRow: number, rows: number): GrayPicture {
  const margin = 32;
  const width = bytesPerRow * 8 + 2 * margin;
  const height = rows + 2 * margin;
  const gray = new Uint8Array(width * height).fill(255);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < bytesPerRow * 8; column++)
      if ((bits[row * bytesPerRow + (column >> 3)]! >> (7 - (column & 7))) & 1)
        gray[(row + margin) * width + column + margin] = 0;
  return { width, height, gray };
}
