import { pack565 } from "#native/raster";
import type { Area, Display } from "../../hal/display.ts";
import type { KeyName } from "../../hal/keypad.ts";
import { Canvas, type Scale } from "./canvas.ts";
import { type Font, GLYPH_HEIGHT } from "./font.ts";

/** What stands on a key, in one line or, where it is a word, in Chinese over English: caps are made for both, as on a real keypad. */
export interface Cap {
  readonly lines: readonly string[];
  readonly scale: Scale;
  /** RGB565. */
  readonly ink: number;
  readonly face: number;
}

/** The ground between keys. */
export const GROUND = 0x18e6;
const WHITE = 0xffff;
const DARK = 0x1906;
const SLATE = 0x4a6d;
const RED = 0xb8e6;
const YELLOW = 0xf5c3;
const GREEN = 0x1408;

const plain = (text: string): Cap => ({ lines: [text], scale: 2, ink: DARK, face: WHITE });
const service = (lines: readonly string[]): Cap => ({ lines, scale: 1, ink: WHITE, face: SLATE });

/** The words on the keys that have any; digits stand for themselves. */
const caps: Readonly<Partial<Record<KeyName, Cap>>> = Object.freeze({
  F1: service(["F1"]),
  F2: service(["F2"]),
  F3: service(["F3"]),
  F4: service(["F4"]),
  MENU: service(["菜单", "MENU"]),
  UP: { lines: ["▲"], scale: 2, ink: WHITE, face: SLATE },
  DOWN: { lines: ["▼"], scale: 2, ink: WHITE, face: SLATE },
  CANCEL: { lines: ["取消", "CANCEL"], scale: 1, ink: WHITE, face: RED },
  CLEAR: { lines: ["清除", "CLEAR"], scale: 1, ink: DARK, face: YELLOW },
  ENTER: { lines: ["确认", "ENTER"], scale: 2, ink: WHITE, face: GREEN },
} as const);

/** What stands on a key; a service key says in a word what it does where `hint` tells. */
export function capOf(key: KeyName, hint?: string): Cap {
  return hint === undefined ? (caps[key] ?? plain(key)) : service([hint]);
}

/** Ground around a key, and rows between its lines. */
const BORDER = 2;
const LINE_GAP = 2;

/**
 * Draws the keys of a board that has them on its glass, each at its place. For the board to call once, with the whole display
 * in its hand; the font as the screen has it. Places are multiples of 8 wide and begin at one.
 */
export function drawKeyCaps(display: Display, font: Font, places: readonly (Area & { readonly key: KeyName })[]): void {
  const largest = Math.max(...places.map(({ width, height }) => (width >> 3) * height));
  const canvas = new Canvas(font, largest);
  const strip = new Uint8Array(Math.max(...places.map(({ width }) => width)) * 2);
  for (const { x, y, width, height, key } of places) {
    const cap = capOf(key);
    display.begin({ x, y, width, height });
    drawFace(canvas, width, height);
    const face = canvas.bits.slice();
    drawLegend(canvas, cap, width, height);
    for (let row = 0; row < height; row++) sendRow(display, canvas, face, cap, row, strip.subarray(0, width * 2));
    display.end();
  }
}

/** A key's shape: ink is ground. */
function drawFace(canvas: Canvas, width: number, height: number): void {
  canvas.reset(width, height);
  canvas.fill(0, 0, width, height);
  canvas.fill(BORDER + 2, BORDER, width - 2 * BORDER - 4, height - 2 * BORDER, 0);
  canvas.fill(BORDER + 1, BORDER + 1, width - 2 * BORDER - 2, height - 2 * BORDER - 2, 0);
  canvas.fill(BORDER, BORDER + 2, width - 2 * BORDER, height - 2 * BORDER - 4, 0);
}

/** Draws what stands on a key, which is as large as the canvas is to be. */
export function drawLegend(canvas: Canvas, { lines, scale: wanted }: Cap, width: number, height: number): void {
  canvas.reset(width, height);
  const scale = lines.every((line) => canvas.font.measure(line) * wanted <= width) ? wanted : 1;
  const step = (GLYPH_HEIGHT + LINE_GAP) * scale;
  let y = (height - step * lines.length + LINE_GAP * scale) >> 1;
  for (const line of lines) {
    canvas.line(0, y, width, line, scale, "centre");
    y += step;
  }
}

/** One row of a key in its three colours: the legend on its face, and ground where the face ends. */
function sendRow(
  display: Display,
  canvas: Canvas,
  face: Uint8Array,
  { ink, face: colour }: Cap,
  row: number,
  strip: Uint8Array,
): void {
  const { stride, bits } = canvas;
  pack565(bits, stride, row, 1, strip, ink, colour);
  for (let x = 0; x < canvas.width; x++) {
    if (((face[row * stride + (x >> 3)]! << (x & 7)) & 0x80) === 0) continue;
    strip[2 * x] = GROUND >> 8;
    strip[2 * x + 1] = GROUND & 0xff;
  }
  display.send(strip);
}
