import type { DcsPanel } from "./dcs-display.ts";

/**
 * An IPS panel of 320 x 240 on an ILI9342C, whose memory lies as the glass does: no turning, blue-green-red filter (data sheet,
 * 8.2.29 Memory Access Control), complement of its memory.
 */
export const ili9342: DcsPanel = Object.freeze({
  width: 320,
  height: 240,
  left: 0,
  top: 0,
  memoryAccess: 0x08,
  inverted: true,
});
