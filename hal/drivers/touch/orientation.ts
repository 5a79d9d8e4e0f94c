import type { TouchPoint } from "../../touch.ts";
import { checkInteger } from "../options.ts";

/** How the touch glass lies over the display. */
export interface TouchOrientation {
  /** Pixels of the display. */
  readonly width: number;
  readonly height: number;
  /** The glass's x runs along the display's y. */
  readonly exchanged?: boolean;
  /** After that, what runs backwards. */
  readonly mirrorX?: boolean;
  readonly mirrorY?: boolean;
}

/** Throws `RangeError` for a display of no size. */
export function checkOrientation({ width, height }: TouchOrientation): void {
  checkInteger("glass.width", width, 1, 0x1000);
  checkInteger("glass.height", height, 1, 0x1000);
}

/** Where on the display a finger is; `undefined` beside it. */
export function place(glass: TouchOrientation, id: number, x: number, y: number): TouchPoint | undefined {
  const [across, down] = glass.exchanged === true ? [y, x] : [x, y];
  const point = {
    id,
    x: glass.mirrorX === true ? glass.width - 1 - across : across,
    y: glass.mirrorY === true ? glass.height - 1 - down : down,
  };
  const inside = point.x >= 0 && point.x < glass.width && point.y >= 0 && point.y < glass.height;
  return inside ? point : undefined;
}
