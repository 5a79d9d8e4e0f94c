import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Screen } from "../../../firmware/screen/screens.ts";
import { ScreenView } from "../../../firmware/screen/view.ts";
import type { Area } from "../../../hal/display.ts";
import type { RecordEntry } from "../../../hal/io.ts";
import { allSamples } from "../../golden/samples.ts";
import { PlainDisplay } from "./plain-display.ts";
import { tinyFont } from "./tiny-font.ts";

const status = { merchant: "Noodles", network: "up" } as const;
const amount = { minor: 1234, currency: "CNY" } as const;

function open() {
  const display = new PlainDisplay();
  const records: RecordEntry[] = [];
  const view = new ScreenView({
    display,
    font: tinyFont(),
    language: "en",
    status,
    recorder: { write: (entry) => void records.push(entry) },
  });
  return { display, records, view };
}

const overlap = (one: Area, other: Area): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

test("every screen covers the whole panel, no pixel twice, in strips of at most 10 KB", () => {
  for (const screen of allSamples) {
    const { display, view } = open();
    view.show(screen);
    const { areas } = display;
    assert.is(
      areas.reduce((sum, area) => sum + area.width * area.height, 0),
      320 * 240,
      screen.id,
    );
    areas.forEach((area, index) => {
      for (const other of areas.slice(index + 1)) assert.not(overlap(area, other), screen.id);
    });
    assert.ok(display.largest <= 10_240);
  }
});

test("a screen that is shown again draws nothing", () => {
  const { display, view } = open();
  view.show({ id: "present-card", operation: "sale", amount });
  display.areas = [];
  view.show({ id: "present-card", operation: "sale", amount });
  assert.is(display.areas.length, 0);
});

test("one more digit of an amount draws the amount only", () => {
  const { display, view } = open();
  view.show({ id: "enter-amount", operation: "sale", amount: { minor: 123, currency: "CNY" } });
  display.areas = [];
  view.show({ id: "enter-amount", operation: "sale", amount });
  assert.is(display.areas.length, 1);
});

test("typing a PIN draws dots and is recorded once, without their number", () => {
  const { records, view } = open();
  for (let digits = 0; digits <= 6; digits++) view.show({ id: "enter-pin", operation: "sale", amount, digits });
  assert.equal(records, [{ screen: "enter-pin", values: { title: "Enter PIN", operation: "sale", amount: "12.34" } }]);
  view.show({ id: "pin-retry", operation: "sale", amount, digits: 0, triesLeft: 2 });
  view.show({ id: "enter-pin", operation: "sale", amount, digits: 0 });
  assert.equal(
    records.map((entry) => entry.screen),
    ["enter-pin", "pin-retry", "enter-pin"],
  );
});

test("the record names a screen's values as text, amounts without a sign", () => {
  const { records, view } = open();
  view.show({
    id: "enter-amount",
    operation: "sale",
    amount,
    card: { pan: "6228 48** **** 1117", holder: "ZHANG SAN" },
  });
  view.show({ id: "approved", operation: "sale", amount, authorisationCode: "A12345" });
  view.show({ id: "menu", choices: [{ id: "void", text: "Void a sale" }], selected: 0 });
  assert.equal(
    records.map((entry) => entry.values),
    [
      { title: "Enter amount", operation: "sale", amount: "12.34", pan: "6228 48** **** 1117", holder: "ZHANG SAN" },
      { title: "Approved", operation: "sale", amount: "12.34", authorisationCode: "A12345" },
      { title: "Menu", choices: "Void a sale", choiceIds: "void", selected: "void" },
    ],
  );
});

test("changing the language or the status draws, but is no new screen", () => {
  const { display, records, view } = open();
  view.show({ id: "idle" });
  display.areas = [];
  view.setStatus({ ...status, network: "down" });
  assert.is(display.areas.length, 1);
  display.areas = [];
  view.setLanguage("zh");
  assert.ok(display.areas.length > 3);
  assert.is(records.length, 1);
});

test("after a blackout everything is drawn again", () => {
  const { display, view } = open();
  view.show({ id: "idle" });
  const { length } = display.areas;
  view.redraw();
  assert.is(display.areas.length, 2 * length);
});

test("texts from outside that are far too long are shortened, never drawn outside", () => {
  const long = "x".repeat(500);
  const screens: Screen[] = [
    { id: "error", detail: long },
    { id: "menu", choices: Array.from({ length: 30 }, (_, index) => ({ id: `${index}`, text: long })), selected: 29 },
    { id: "enter-amount", operation: "sale", amount, card: { pan: long, holder: long } },
  ];
  const { view } = open();
  for (const screen of screens) view.show(screen);
  view.setStatus({ ...status, merchant: long });
});

test("bytes that are no font are refused", () => {
  const options = { display: new PlainDisplay(), language: "en", status } as const;
  assert.throws(() => new ScreenView({ ...options, font: new Uint8Array(10) }), /not XF01/);
  assert.throws(() => new ScreenView({ ...options, font: tinyFont().subarray(0, 25) }), /truncated/);
});

test.run();
