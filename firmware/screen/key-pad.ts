import { pack565 } from "#native/raster";
import type { Display } from "../../hal/display.ts";
import type { KeyName, KeyPlace } from "../../hal/keypad.ts";
import type { Canvas } from "./canvas.ts";
import { capOf, drawLegend, GROUND } from "./key-caps.ts";

/**
 * The keypad of a device that has no other: at the bottom of a display of 320 x 240, five keys in each of four rows, 8.2 x 5.1 mm
 * on a glass of two inches.
 */
const TOP = 80;
export const PAD_HEIGHT = 160;
const WIDTH = 320;
const [KEY_WIDTH, KEY_HEIGHT] = [64, 40];
/** Ground between two faces; of what is between two keys the finger means the nearer one. */
const [GAP_ACROSS, GAP_DOWN] = [8, 4];

const place = (key: KeyName, column: number, row: number, rows = 1): KeyPlace =>
  Object.freeze({
    key,
    x: column * KEY_WIDTH,
    y: TOP + row * KEY_HEIGHT,
    width: KEY_WIDTH,
    height: rows * KEY_HEIGHT,
  });

export const padPlaces: readonly KeyPlace[] = Object.freeze([
  place("1", 0, 0),
  place("2", 1, 0),
  place("3", 2, 0),
  place("F1", 3, 0),
  place("CANCEL", 4, 0),
  place("4", 0, 1),
  place("5", 1, 1),
  place("6", 2, 1),
  place("F2", 3, 1),
  place("CLEAR", 4, 1),
  place("7", 0, 2),
  place("8", 1, 2),
  place("9", 2, 2),
  place("MENU", 3, 2),
  place("ENTER", 4, 2, 2),
  place("00", 0, 3),
  place("0", 1, 3),
  place("UP", 2, 3),
  place("DOWN", 3, 3),
]);

/** What draws on the display: one bit a pixel, then strips of RGB565. */
export interface PadPen {
  readonly display: Display;
  readonly canvas: Canvas;
  readonly strip: Uint8Array;
}

/** What F1 and F2 do on this screen, where it tells. */
export interface PadHints {
  readonly F1: string | undefined;
  readonly F2: string | undefined;
}

/** Draws the keypad; only F1 and F2 where the rest of it is on the display already. */
export function drawPad(pen: PadPen, hints: PadHints, whole: boolean): void {
  if (whole) drawGround(pen);
  for (const each of padPlaces) {
    const { key } = each;
    const isHinted = key === "F1" || key === "F2";
    if (whole || isHinted) drawKey(pen, each, isHinted ? hints[key] : undefined);
  }
}

function drawGround({ display, canvas, strip }: PadPen): void {
  const rows = Math.min(PAD_HEIGHT, Math.floor(strip.length / (WIDTH * 2)));
  canvas.reset(WIDTH, rows);
  display.begin({ x: 0, y: TOP, width: WIDTH, height: PAD_HEIGHT });
  for (let row = 0; row < PAD_HEIGHT; row += rows) {
    const count = Math.min(rows, PAD_HEIGHT - row);
    const part = strip.subarray(0, count * WIDTH * 2);
    if (row === 0) pack565(canvas.bits, canvas.stride, 0, count, part, GROUND, GROUND);
    display.send(part);
  }
  display.end();
}

function drawKey({ display, canvas, strip }: PadPen, { key, x, y, ...size }: KeyPlace, hint: string | undefined): void {
  const cap = capOf(key, hint);
  const [width, height] = [size.width - GAP_ACROSS, size.height - GAP_DOWN];
  drawLegend(canvas, cap, width, height);
  const { stride, bits } = canvas;
  const rowsAtOnce = Math.floor(strip.length / (width * 2));
  display.begin({ x: x + (GAP_ACROSS >> 1), y: y + (GAP_DOWN >> 1), width, height });
  for (let row = 0; row < height; row += rowsAtOnce) {
    const rows = Math.min(rowsAtOnce, height - row);
    const part = strip.subarray(0, rows * width * 2);
    pack565(bits, stride, row, rows, part, cap.ink, cap.face);
    display.send(part);
  }
  display.end();
}
