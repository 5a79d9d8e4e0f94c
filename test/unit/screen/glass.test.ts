import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Screen } from "../../../firmware/screen/screens.ts";
import { ScreenView } from "../../../firmware/screen/view.ts";
import type { KeyPlace } from "../../../hal/keypad.ts";
import { PlainDisplay } from "./plain-display.ts";
import { tinyFont } from "./tiny-font.ts";

const amount = { minor: 1234, currency: "CNY" } as const;
const typed: Screen = { id: "enter-amount", operation: "sale", amount };
const named: Screen = { id: "confirm-approval", amount, authorisationCode: "A12345" };
const plain: Screen = { id: "processing", stage: "authorising" };

function stand() {
  const display = new PlainDisplay();
  let keys: readonly KeyPlace[] | undefined;
  const view = new ScreenView({
    display,
    font: tinyFont(),
    language: "en",
    status: { merchant: "Shop", network: "up" },
    keys: {
      place(places) {
        keys = places;
      },
    },
  });
  return { display, view, keys: () => keys!.map(({ key }) => key).sort(), places: () => keys! };
}

/** Every pixel of the display is drawn by these areas, whatever is drawn over another. */
function covers(areas: readonly { x: number; y: number; width: number; height: number }[]): boolean {
  const rows = new Set<number>();
  for (let y = 0; y < 240; y++) {
    const across = areas.filter((area) => y >= area.y && y < area.y + area.height);
    let x = 0;
    for (const area of across.sort((a, b) => a.x - b.x)) if (area.x <= x) x = Math.max(x, area.x + area.width);
    if (x >= 320) rows.add(y);
  }
  return rows.size === 240;
}

test("where digits are typed all keys but F3 and F4 are on the glass, none over another, none over the screen", () => {
  const { view, keys, places } = stand();
  view.show(typed);
  const digits = ["0", "00", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
  const others = ["CANCEL", "CLEAR", "DOWN", "ENTER", "F1", "F2", "MENU", "UP"];
  assert.equal(keys(), [...digits, ...others].sort());
  const pixels = places().reduce((sum, { width, height }) => sum + width * height, 0);
  assert.is(pixels, 320 * 160);
  for (const { y } of places()) assert.ok(y >= 80);
});

test("elsewhere the keys are those that the screen names, and no others can be pressed", () => {
  const { view, keys } = stand();
  view.show(named);
  assert.equal(keys(), ["CANCEL", "ENTER"]);
  view.show(plain);
  assert.equal(keys(), []);
  view.show({ id: "out-of-service", detail: "parameters" });
  assert.equal(keys(), []);
  view.show({ id: "out-of-service", detail: "master key" });
  assert.equal(keys(), ["MENU"]);
  view.show({ id: "card-not-accepted" } as Screen);
  assert.equal(keys(), ["CANCEL"]);
});

test("the lines of a list that are seen are keys themselves, by their numbers, beside those of the row", () => {
  const { view, keys, places } = stand();
  const choices = Array.from({ length: 12 }, (_, index) => ({ id: `${index}`, text: "Sale" }));
  view.show({ id: "menu", choices, selected: 0 } as Screen);
  assert.equal(keys(), ["1", "2", "3", "4", "5", "CANCEL", "DOWN", "ENTER", "UP"]);
  const rows = places().filter(({ key }) => /\d/.test(key));
  for (const { y, height, width } of rows) assert.ok(y >= 40 && y + height <= 196 && height >= 20 && width === 320);
  view.show({ id: "menu", choices, selected: 11 } as Screen);
  assert.equal(keys(), ["8", "9", "CANCEL", "DOWN", "ENTER", "UP"]);
});

test("from keys to keypad and back nothing of the other layout stays on the display", () => {
  const { display, view } = stand();
  const order = [named, typed, plain, typed, named, { id: "idle" } as Screen, plain];
  for (const screen of order) {
    display.areas.length = 0;
    view.show(screen);
    assert.ok(covers(display.areas), screen.id);
  }
});

test("a digit more draws the amount, not the keypad", () => {
  const { display, view } = stand();
  view.show(typed);
  display.areas.length = 0;
  view.show({ ...typed, amount: { ...amount, minor: 12340 } });
  assert.equal(
    display.areas.map(({ y }) => y),
    [24],
  );
});

test("what F1 does on the next screen is drawn on its key, and only there", () => {
  const { display, view } = stand();
  view.show({ id: "idle" });
  display.areas.length = 0;
  view.show(typed);
  const pad = display.areas.filter(({ y }) => y >= 80);
  assert.is(pad.length, 2);
});

test("the bar at the top is not drawn over a screen that has no room for it, and comes back with the next one", () => {
  const { display, view } = stand();
  view.show(typed);
  display.areas.length = 0;
  view.setStatus({ merchant: "Shop", network: "down" });
  assert.equal(display.areas, []);
  view.show(named);
  assert.ok(display.areas.some(({ y, height }) => y === 0 && height === 20));
});

test.run();
