import type { DcsPanel } from "./dcs-display.ts";

/** The usual 320 x 240 panel on an ILI9341, in landscape: rows and columns exchanged, blue-green-red filter (datasheet, 8.2.29). */
export const ili9341: DcsPanel = Object.freeze({
  width: 320,
  height: 240,
  left: 0,
  top: 0,
  memoryAccess: 0x28,
  inverted: false,
});
