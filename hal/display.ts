import type { Closable } from "./io.ts";

/** A rectangle in pixels from the top left corner. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A colour display (ECMA-419, Display class pattern): `begin` names the rectangle, `send` fills it row by row, `end` closes it. */
export interface Display extends Closable {
  readonly width: number;
  readonly height: number;
  /** Throws `RangeError` for a rectangle outside of the panel and `Error` inside another `begin`. */
  begin(area: Area): void;
  /** RGB565 pixels, high byte first, any number of whole pixels; more than the rectangle takes throws `RangeError`. */
  send(pixels: Uint8Array): void;
  end(): void;
  /** 0 (dark) to 1. */
  configure(options: { readonly brightness: number }): void;
}
