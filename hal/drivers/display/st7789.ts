import type { DcsPanel } from "./dcs-display.ts";

/**
 * Panels on a Sitronix ST7789V, all IPS with a red-green-blue filter. Landscape is columns mirrored, then exchanged with rows
 * (data sheet, 9.1.28 MADCTL: MX and MV): the glass is turned by a quarter.
 */

/** 320 x 240: the glass has all of the chip's 240 columns and 320 rows. */
export const st7789: DcsPanel = Object.freeze({
  width: 320,
  height: 240,
  left: 0,
  top: 0,
  memoryAccess: 0x60,
  inverted: true,
});

/** 240 x 135 (1.14 inch): the glass has columns 52 to 186 and rows 40 to 279. */
export const st7789Small: DcsPanel = Object.freeze({
  width: 240,
  height: 135,
  left: 40,
  top: 53,
  memoryAccess: 0x60,
  inverted: true,
});
