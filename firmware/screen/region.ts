import type { Area } from "../../hal/display.ts";
import { type FittedCode, quietZone } from "../codes/fit.ts";
import type { Align, Canvas, Scale } from "./canvas.ts";
import { GLYPH_HEIGHT } from "./font.ts";
import { drawIcon, ICON_SIZE, type IconName } from "./icons.ts";

/** Rows from one line of text to the next, at scale 1. */
export const LINE_HEIGHT = GLYPH_HEIGHT + 2;

/** What a region of the screen shows. */
export type Content =
  | { readonly kind: "blank" }
  /** Lines that were broken before, centred from top to bottom. */
  | { readonly kind: "text"; readonly lines: readonly string[]; readonly scale: Scale; readonly align: Align }
  | { readonly kind: "pair"; readonly label: string; readonly text: string }
  | { readonly kind: "icons"; readonly icons: readonly IconName[] }
  | { readonly kind: "dots"; readonly count: number }
  /** An icon between rows of marks; those at `place`, counted from the icon, are large. */
  | { readonly kind: "beat"; readonly icon: IconName; readonly place: number; readonly of: number }
  /** A code's rows from `top` on, counted from the beginning of its quiet zone. */
  | { readonly kind: "code"; readonly code: FittedCode; readonly top: number }
  | { readonly kind: "key"; readonly cap: string; readonly hint: string }
  | { readonly kind: "network"; readonly network: "up" | "down" | "connecting" }
  /** Percent. */
  | { readonly kind: "battery"; readonly charge: number; readonly charging: boolean };

/** A rectangle of the screen in two colours (RGB565). x and width are multiples of 8. */
export interface Region extends Area {
  readonly foreground: number;
  readonly background: number;
  readonly content: Content;
}

/** Room between text and a region's left and right edge. */
export const MARGIN = 8;

const contentKey: { readonly [Kind in Content["kind"]]: (content: Extract<Content, { kind: Kind }>) => string } = {
  blank: () => "",
  text: ({ lines, scale, align }) => `${scale}${align}${lines.join("\n")}`,
  pair: ({ label, text }) => `${label}\n${text}`,
  icons: ({ icons }) => icons.join(),
  dots: ({ count }) => `${count}`,
  beat: ({ icon, place }) => `${icon}${place}`,
  code: ({ code, top }) => `${top}\n${code.text}`,
  key: ({ cap, hint }) => `${cap}\n${hint}`,
  network: ({ network }) => network,
  battery: ({ charge, charging }) => `${charge}${charging}`,
};

/** A text that is the same for two regions exactly when they look the same. */
export function regionKey(region: Region): string {
  const { x, y, width, height, foreground, background, content } = region;
  const describe = contentKey[content.kind] as (content: Content) => string;
  // Numbers below 65,536 are characters: as text they would be several each, and more work.
  const place = String.fromCharCode(x, y, width, height, foreground, background);
  return `${place}${content.kind}:${describe(content)}`;
}

/** Rows of the bolt of a battery that is charged: where each begins, and how wide it is. */
const bolt: readonly (readonly [x: number, width: number])[] = Object.freeze(
  [
    [18, 3],
    [17, 3],
    [16, 3],
    [15, 3],
    [14, 7],
    [13, 7],
    [12, 7],
    [15, 3],
    [14, 3],
    [13, 3],
    [12, 3],
    [12, 2],
    [12, 1],
  ].map(([x = 0, width = 0]) => Object.freeze([x, width] as const)),
);

type Draw<Kind extends Content["kind"]> = (canvas: Canvas, content: Extract<Content, { kind: Kind }>) => void;

const draw: { readonly [Kind in Content["kind"]]: Draw<Kind> } = {
  blank: () => {},
  text: (canvas, { lines, scale, align }) => {
    const step = LINE_HEIGHT * scale;
    let y = (canvas.height - (step * lines.length - 2 * scale)) >> 1;
    for (const line of lines) {
      canvas.line(MARGIN, y, canvas.width - 2 * MARGIN, line, scale, align);
      y += step;
    }
  },
  pair: (canvas, { label, text }) => {
    const width = canvas.font.measure(label);
    const rest = canvas.width - 3 * MARGIN - width;
    const scale = canvas.font.measure(text) * 2 <= rest ? 2 : 1;
    canvas.text(MARGIN, (canvas.height - GLYPH_HEIGHT) >> 1, label);
    canvas.line(2 * MARGIN + width, (canvas.height - GLYPH_HEIGHT * scale) >> 1, rest, text, scale, "right");
  },
  icons: (canvas, { icons }) => {
    const cell = Math.floor(canvas.width / (icons.length + (icons.length === 1 ? 0 : 1)));
    let x = (canvas.width - cell * icons.length + cell - ICON_SIZE) >> 1;
    for (const icon of icons) {
      drawIcon(canvas, icon, x, (canvas.height - ICON_SIZE) >> 1);
      x += cell;
    }
  },
  dots: (canvas, { count }) => {
    const [size, step] = [16, 24];
    const y = (canvas.height - size) >> 1;
    let x = (canvas.width - step * count + step - size) >> 1;
    for (let index = 0; index < count; index++, x += step) {
      canvas.fill(x + 4, y, size - 8, size);
      canvas.fill(x + 2, y + 1, size - 4, size - 2);
      canvas.fill(x + 1, y + 2, size - 2, size - 4);
      canvas.fill(x, y + 4, size, size - 8);
    }
    if (count === 0) canvas.fill((canvas.width - 96) >> 1, y + size - 2, 96, 2);
  },
  beat: (canvas, { icon, place, of }) => {
    const [middle, y] = [canvas.width >> 1, canvas.height >> 1];
    drawIcon(canvas, icon, middle - (ICON_SIZE >> 1), y - (ICON_SIZE >> 1));
    for (let index = 0; index < of; index++) {
      const half = index === place ? 7 : 3;
      for (const x of [middle - 44 - 28 * index, middle + 44 + 28 * index]) {
        canvas.fill(x - half + 1, y - half, 2 * half - 2, 2 * half);
        canvas.fill(x - half, y - half + 1, 2 * half, 2 * half - 2);
      }
    }
  },
  code: (canvas, { code, top }) => {
    const quiet = quietZone * code.scale;
    canvas.code(quiet, quiet - top, code);
  },
  key: (canvas, { cap, hint }) => {
    const capWidth = canvas.font.measure(cap) + 8;
    const total = capWidth + 6 + canvas.font.measure(hint);
    const y = (canvas.height - GLYPH_HEIGHT) >> 1;
    const x = Math.max(2, (canvas.width - total) >> 1);
    canvas.fill(x + 1, y - 2, capWidth - 2, GLYPH_HEIGHT + 4);
    canvas.fill(x, y - 1, capWidth, GLYPH_HEIGHT + 2);
    canvas.text(x + 4, y, cap, 1, 0);
    canvas.line(x + capWidth + 6, y, canvas.width - (x + capWidth + 6), hint, 1, "left");
  },
  network: (canvas, { network }) => {
    const bottom = (canvas.height + 12) >> 1;
    const bars = { up: 4, connecting: 2, down: 0 }[network];
    for (let bar = 0; bar < 4; bar++) {
      const height = bar < bars ? 3 * (bar + 1) : 1;
      canvas.fill(4 + bar * 5, bottom - height, 3, height);
    }
    if (network === "down") canvas.text(8, bottom - 14, "×");
  },
  battery: (canvas, { charge, charging }) => {
    const top = (canvas.height - 10) >> 1;
    canvas.fill(6, top, 22, 11);
    canvas.fill(28, top + 3, 2, 5);
    canvas.fill(7, top + 1, 20, 9, 0);
    canvas.fill(8, top + 2, Math.round((Math.min(100, charge) * 18) / 100), 7);
    if (!charging) return;
    // A bolt, light on its own dark edge.
    for (const [grow, ink] of [
      [1, 0],
      [0, 1],
    ] as const) {
      for (const [row, [x, width]] of bolt.entries())
        canvas.fill(x - grow, top - 1 + row - grow, width + 2 * grow, 1 + 2 * grow, ink);
    }
  },
};

/** Draws a region's content on an empty canvas of the region's size. */
export function drawContent(canvas: Canvas, content: Content): void {
  const pen = draw[content.kind] as (canvas: Canvas, content: Content) => void;
  pen(canvas, content);
}
