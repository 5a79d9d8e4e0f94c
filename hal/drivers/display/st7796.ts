import type { DcsPanel } from "./dcs-display.ts";

/** The usual 320 x 480 panel on a Sitronix ST7796S, upright: columns mirrored, blue-green-red filter (data sheet, 9.2.24 MADCTL). */
export const st7796: DcsPanel = Object.freeze({
  width: 320,
  height: 480,
  left: 0,
  top: 0,
  memoryAccess: 0x48,
  inverted: false,
});
