import type { Canvas, Ink } from "./canvas.ts";

/** Icons are drawn in a square of so many pixels, a multiple of 8. */
export const ICON_SIZE = 48;
const STRIDE = ICON_SIZE / 8;

/** Draws when this module is loaded, which on a device is when it is built: with no native. */
class Pen {
  readonly bits = new Uint8Array(STRIDE * ICON_SIZE);

  box(x: number, y: number, width: number, height: number, ink: Ink = 1): void {
    for (let row = Math.max(0, y); row < Math.min(ICON_SIZE, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(ICON_SIZE, x + width); column++) {
        const at = row * STRIDE + (column >> 3);
        const dot = 0x80 >> (column & 7);
        this.bits[at] = ink === 1 ? this.bits[at]! | dot : this.bits[at]! & ~dot;
      }
    }
  }

  /** A filled box with its corners taken off. */
  round(x: number, y: number, width: number, height: number, ink: Ink = 1): void {
    this.box(x + 2, y, width - 4, height, ink);
    this.box(x + 1, y + 1, width - 2, height - 2, ink);
    this.box(x, y + 2, width, height - 4, ink);
  }

  /** The edge of a rounded box. */
  frame(x: number, y: number, width: number, height: number, thickness: number): void {
    this.round(x, y, width, height);
    this.round(x + thickness, y + thickness, width - 2 * thickness, height - 2 * thickness, 0);
  }

  /** A line of square dots. */
  line(x0: number, y0: number, x1: number, y1: number, thickness: number): void {
    const steps = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    for (let step = 0; step <= steps; step++)
      this.box(
        Math.round(x0 + ((x1 - x0) * step) / steps),
        Math.round(y0 + ((y1 - y0) * step) / steps),
        thickness,
        thickness,
      );
  }

  /** The right-hand quarter of a ring: a wave. */
  wave(x: number, y: number, radius: number, thickness: number): void {
    const reach = Math.floor(radius * 0.75);
    for (let row = -reach; row <= reach; row++) {
      const outer = Math.round(Math.sqrt(radius * radius - row * row));
      const inner = radius - thickness;
      const start = inner > Math.abs(row) ? Math.round(Math.sqrt(inner * inner - row * row)) : 0;
      this.box(x + start, y + row, outer - start, 1);
    }
  }

  /** A triangle of `height` rows, growing by 2 px a row; upside down where `down`. */
  triangle(centre: number, y: number, height: number, down: boolean, ink: Ink = 1): void {
    for (let row = 0; row < height; row++) {
      const half = down ? height - row : row + 1;
      this.box(centre - half, y + row, 2 * half, 1, ink);
    }
  }
}

const drawings = {
  /** A card with its chip going down into the slot. */
  chip: (pen: Pen) => {
    pen.frame(10, 0, 28, 38, 2);
    pen.round(17, 7, 14, 11);
    pen.box(23, 7, 2, 11, 0);
    pen.box(17, 12, 14, 1, 0);
    pen.triangle(24, 24, 9, true);
    pen.box(2, 36, 44, 12, 0);
    pen.box(2, 38, 44, 3);
    pen.box(2, 38, 3, 9);
    pen.box(43, 38, 3, 9);
    pen.box(2, 44, 44, 3);
  },
  /** A card and the waves of the contactless reader. */
  tap: (pen: Pen) => {
    pen.frame(0, 10, 20, 28, 2);
    pen.box(4, 16, 8, 6);
    pen.wave(17, 24, 11, 3);
    pen.wave(17, 24, 19, 3);
    pen.wave(17, 24, 27, 3);
  },
  /** A card by its stripe, and the way it goes. */
  swipe: (pen: Pen) => {
    pen.frame(3, 4, 42, 27, 2);
    pen.box(3, 10, 42, 7);
    pen.box(4, 39, 30, 4);
    for (let row = 0; row < 14; row++) pen.box(32, 34 + row, 14 - Math.abs(2 * row - 13), 1);
  },
  tick: (pen: Pen) => {
    pen.line(3, 24, 16, 37, 7);
    pen.line(16, 37, 39, 6, 7);
  },
  cross: (pen: Pen) => {
    pen.line(6, 6, 35, 35, 7);
    pen.line(35, 6, 6, 35, 7);
  },
  alert: (pen: Pen) => {
    for (let row = 0; row < 44; row++) {
      const half = 2 + Math.floor(row / 2);
      pen.box(24 - half, 2 + row, 2 * half, 1);
    }
    pen.box(22, 16, 4, 16, 0);
    pen.box(22, 36, 4, 4, 0);
  },
  /** An hourglass. */
  wait: (pen: Pen) => {
    pen.box(8, 1, 32, 4);
    pen.box(8, 43, 32, 4);
    for (let row = 0; row < 19; row++) {
      const half = 14 - Math.floor((row * 12) / 18);
      pen.box(24 - half, 5 + row, 2 * half, 1);
      pen.box(24 - half, 42 - row, 2 * half, 1);
    }
    pen.box(14, 5, 20, 5, 0);
    for (let row = 0; row < 12; row++) {
      const half = 9 - Math.floor((row * 8) / 11);
      pen.box(24 - half, 28 + (11 - row) - 1, 2 * half, 1, 0);
    }
  },
  /** A receipt with its torn edge. */
  paper: (pen: Pen) => {
    pen.box(7, 1, 34, 42);
    pen.box(10, 4, 28, 36, 0);
    for (let tooth = 0; tooth < 5; tooth++) pen.triangle(10 + tooth * 7, 43, 4, true);
    pen.box(14, 10, 20, 3);
    pen.box(14, 17, 20, 3);
    pen.box(14, 24, 12, 3);
    pen.box(24, 31, 10, 5);
  },
  /** A card coming out of the slot. */
  eject: (pen: Pen) => {
    pen.frame(10, 2, 28, 38, 2);
    pen.triangle(24, 9, 10, false);
    pen.box(21, 19, 6, 12);
    pen.box(2, 36, 44, 12, 0);
    pen.box(2, 38, 44, 3);
    pen.box(2, 38, 3, 9);
    pen.box(43, 38, 3, 9);
    pen.box(2, 44, 44, 3);
  },
  /** A house with pillars. */
  bank: (pen: Pen) => {
    pen.triangle(24, 2, 14, false);
    pen.box(4, 16, 40, 4);
    for (let pillar = 0; pillar < 4; pillar++) pen.box(7 + 10 * pillar, 22, 5, 17);
    pen.box(4, 40, 40, 3);
    pen.box(1, 44, 46, 3);
  },
  /** A phone with a code between the corners of what looks at it. */
  scan: (pen: Pen) => {
    pen.round(13, 3, 22, 42);
    pen.box(16, 8, 16, 31, 0);
    for (const [x, width] of [
      [17, 2],
      [20, 1],
      [22, 3],
      [26, 1],
      [28, 3],
    ] as const)
      pen.box(x, 17, width, 13);
    for (const [x, y] of [
      [0, 0],
      [39, 0],
      [0, 39],
      [39, 39],
    ] as const) {
      pen.box(x, y === 0 ? 0 : 45, 9, 3);
      pen.box(x === 0 ? 0 : 45, y, 3, 9);
    }
  },
  battery: (pen: Pen) => {
    pen.frame(4, 13, 38, 22, 3);
    pen.box(42, 19, 3, 10);
    pen.box(9, 18, 6, 12);
  },
  phone: (pen: Pen) => {
    pen.round(11, 0, 26, 48);
    pen.box(14, 6, 20, 32, 0);
    pen.box(21, 41, 6, 4, 0);
  },
} as const satisfies Readonly<Record<string, (pen: Pen) => void>>;

export type IconName = keyof typeof drawings;

function drawn(draw: (pen: Pen) => void): Uint8Array {
  const pen = new Pen();
  draw(pen);
  return pen.bits;
}

/** The icons' dots, in flash where modules are preloaded. */
const icons = Object.freeze(
  Object.fromEntries(Object.entries(drawings).map(([name, draw]) => [name, drawn(draw)])),
) as Readonly<Record<IconName, Uint8Array>>;

/** Draws an icon's ink with its top left corner at x, y. */
export function drawIcon(canvas: Canvas, name: IconName, x: number, y: number): void {
  canvas.stamp(x, y, icons[name], STRIDE);
}
