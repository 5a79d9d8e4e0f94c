import type { Area } from "../../display.ts";
import type { KeyName, KeyPlace } from "../../keypad.ts";
import { checkInteger } from "../options.ts";

const COLUMNS = 5;
const ROWS = 5;

/** Each key's cell: column, row, and how many of each it takes. */
const cells: readonly (readonly [KeyName, number, number, number, number])[] = Object.freeze([
  Object.freeze(["F1", 0, 0, 1, 1] as const),
  Object.freeze(["F2", 1, 0, 1, 1] as const),
  Object.freeze(["F3", 2, 0, 1, 1] as const),
  Object.freeze(["F4", 3, 0, 1, 1] as const),
  Object.freeze(["MENU", 4, 0, 1, 1] as const),
  Object.freeze(["1", 0, 1, 1, 1] as const),
  Object.freeze(["2", 1, 1, 1, 1] as const),
  Object.freeze(["3", 2, 1, 1, 1] as const),
  Object.freeze(["UP", 3, 1, 1, 1] as const),
  Object.freeze(["CANCEL", 4, 1, 1, 1] as const),
  Object.freeze(["4", 0, 2, 1, 1] as const),
  Object.freeze(["5", 1, 2, 1, 1] as const),
  Object.freeze(["6", 2, 2, 1, 1] as const),
  Object.freeze(["DOWN", 3, 2, 1, 1] as const),
  Object.freeze(["CLEAR", 4, 2, 1, 1] as const),
  Object.freeze(["7", 0, 3, 1, 1] as const),
  Object.freeze(["8", 1, 3, 1, 1] as const),
  Object.freeze(["9", 2, 3, 1, 1] as const),
  Object.freeze(["ENTER", 3, 3, 2, 2] as const),
  Object.freeze(["00", 0, 4, 1, 1] as const),
  Object.freeze(["0", 1, 4, 2, 1] as const),
]);

/**
 * The terminal's keys in a part of a display, side by side without a gap. Throws `RangeError` where the part is not a multiple
 * of 40 wide and of 5 high: keys are drawn in whole bytes of eight pixels.
 */
export function keyField(area: Area): readonly KeyPlace[] {
  const [width, height] = [area.width / COLUMNS, area.height / ROWS];
  checkInteger("width of a key in bytes", width / 8, 1, 0x100);
  checkInteger("height of a key", height, 16, 0x1000);
  return cells.map(([key, column, row, wide, high]) => ({
    key,
    x: area.x + column * width,
    y: area.y + row * height,
    width: wide * width,
    height: high * height,
  }));
}
