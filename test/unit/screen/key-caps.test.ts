import { test } from "uvu";
import * as assert from "uvu/assert";
import { Font } from "../../../firmware/screen/font.ts";
import { drawKeyCaps } from "../../../firmware/screen/key-caps.ts";
import { keyField } from "../../../hal/drivers/keypad/key-field.ts";
import { PlainDisplay } from "./plain-display.ts";
import { tinyFont } from "./tiny-font.ts";

test("every key is drawn once, whole and at its place", () => {
  const display = new PlainDisplay();
  const places = keyField({ x: 0, y: 0, width: 320, height: 240 });
  drawKeyCaps(display, new Font(tinyFont()), places);
  assert.equal(
    display.areas,
    places.map(({ x, y, width, height }) => ({ x, y, width, height })),
  );
  // One row of the widest key at a time: no more memory than that.
  assert.is(display.largest, 2 * 128);
});

test.run();
