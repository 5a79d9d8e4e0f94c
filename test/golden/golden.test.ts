/**
 * Pictures that people have looked at: every screen in both languages, and receipts. A change of a single pixel fails and is
 * shown in .cache/golden/index.html; after a wanted change run with UPDATE_GOLDEN=1 and look at what git shows.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { batchLines } from "../../firmware/receipt/batch.ts";
import { Font } from "../../firmware/screen/font.ts";
import { drawKeyCaps } from "../../firmware/screen/key-caps.ts";
import type { ScreenId } from "../../firmware/screen/screens.ts";
import { ScreenView } from "../../firmware/screen/view.ts";
import { DisplayWindow } from "../../hal/drivers/display/window.ts";
import { keyField } from "../../hal/drivers/keypad/key-field.ts";
import { differencePage, isSamePicture, pictureDifference } from "../../simulator/scenario/picture-difference.ts";
import { FakeDisplay, font } from "./fake-display.ts";
import { paperOf, paperOfLines, paperPng } from "./paper-picture.ts";
import { dayReport, laterReceipts, receipt, samples, settlement, shift } from "./samples.ts";

const SCREENS = Object.keys(samples) as ScreenId[];
const LANGUAGES = ["en", "zh"] as const;
const status = { merchant: "老王牛肉面馆", time: "21:07", network: "up", battery: 80 } as const;

/** Where what changed is shown: as it was, as it is, and what differs. */
const differences = new URL("../../.cache/golden/", import.meta.url);
const changed: string[] = [];

function compare(name: string, picture: Buffer): void {
  const file = new URL(`${name}.png`, import.meta.url);
  if (!existsSync(file)) {
    assert.ok(process.env.CI === undefined, `${name}.png is missing`);
    writeFileSync(file, picture);
  }
  const was = readFileSync(file);
  if (isSamePicture(was, picture)) return;
  if (process.env.UPDATE_GOLDEN === "1") {
    writeFileSync(file, picture);
    return;
  }
  if (changed.length === 0) rmSync(differences, { recursive: true, force: true });
  mkdirSync(differences, { recursive: true });
  changed.push(name);
  writeFileSync(new URL(`${name}.png`, differences), pictureDifference(was, picture));
  writeFileSync(new URL("index.html", differences), differencePage(changed));
  assert.unreachable(`${name}.png: pixels differ; see .cache/golden/index.html`);
}

for (const language of LANGUAGES) {
  for (const id of SCREENS) {
    test(`the ${id} screen looks as it did (${language})`, () => {
      const display = new FakeDisplay();
      const [screen] = samples[id];
      new ScreenView({ display, font, language, status }).show(screen);
      compare(`${id}.${language}`, display.png());
    });
  }
}

for (const language of LANGUAGES) {
  for (const id of ["idle", "present-card"] as const) {
    test(`the ${id} screen of a device that reads no stripe does not ask for one (${language})`, () => {
      const display = new FakeDisplay();
      new ScreenView({ display, font, language, status, readers: ["chip", "tap"] }).show(samples[id][0]!);
      compare(`${id}-without-stripe.${language}`, display.png());
    });
  }
  for (const id of [
    "idle",
    "enter-amount",
    "enter-pin",
    "pin-retry",
    "present-card",
    "menu",
    "history",
    "approved",
    "spending",
    "paper-out",
    "card-unreadable",
    "show-qr",
    "waiting-payment",
  ] as const) {
    test(`the ${id} screen and its keys share a display of 320 x 240 (${language})`, () => {
      const display = new FakeDisplay();
      const keys = { place() {} };
      const view = new ScreenView({ display, font, language, status, readers: ["tap"], keys });
      // From another layout, as on the device: nothing of it may be left.
      view.show(samples[id === "approved" ? "idle" : "approved"][0]!);
      view.show(samples[id][0]!);
      compare(`glass-${id}.${language}`, display.png());
    });
  }
  test(`keys on the glass stand under the screen of a tall display (${language})`, () => {
    const display = new FakeDisplay(480);
    drawKeyCaps(display, new Font(font), keyField({ x: 0, y: 240, width: 320, height: 240 }));
    const window = new DisplayWindow(display, { x: 0, y: 0, width: 320, height: 240 });
    new ScreenView({ display: window, font, language, status }).show(samples["enter-pin"][0]!);
    compare(`touch-keys.${language}`, display.png());
  });
}

for (const language of LANGUAGES) {
  for (const [name, data] of Object.entries(laterReceipts)) {
    test(`the slip of a ${name} looks as it did (${language})`, () => {
      compare(`receipt-${name}.${language}`, paperPng(paperOf(data, "merchant", language)));
    });
  }
  test(`news of the money stand under what the idle terminal waits for (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples.idle[1]!);
    compare(`idle-news.${language}`, display.png());
  });
  test(`a merchant who wants the bank asked sees that it will be (${language})`, () => {
    for (const [name, place] of [
      ["may-ask", 1],
      ["asks", 2],
    ] as const) {
      const display = new FakeDisplay();
      new ScreenView({ display, font, language, status }).show(samples["present-card"][place]!);
      compare(`present-card-${name}.${language}`, display.png());
    }
  });
  test(`a customer sees that a code on the phone pays as well, and who has the money back (${language})`, () => {
    for (const [name, sample] of [
      ["present-card-code", samples["present-card"][3]!],
      ["paid-back", samples.paid[2]!],
    ] as const) {
      const display = new FakeDisplay();
      new ScreenView({ display, font, language, status }).show(sample);
      compare(`${name}.${language}`, display.png());
    }
  });
  test(`an operator is seen to be signed on, and that the terminal can be locked (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples.idle[4]!);
    compare(`idle-operator.${language}`, display.png());
  });
  test(`an operator who has to choose a password is told why, and one who is locked who can help (${language})`, () => {
    for (const [name, place] of [
      ["initial", 3],
      ["locked", 8],
    ] as const) {
      const display = new FakeDisplay();
      new ScreenView({ display, font, language, status }).show(samples.password[place]!);
      compare(`password-${name}.${language}`, display.png());
    }
  });
  test(`what the host said before the line was lost is shown with its time (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status: { ...status, network: "down" } }).show(
      samples["settlement-status"][2]!,
    );
    compare(`settlement-status-offline.${language}`, display.png());
  });
  test(`a part of a key is compared by its check value (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples["load-keys"][2]!);
    compare(`load-keys-check.${language}`, display.png());
  });
  test(`a host that is not trusted says why (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples.offline[1]!);
    compare(`offline-refused.${language}`, display.png());
  });
  test(`a download that is answered wrongly says which message it was (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples["update-failed"][1]!);
    compare(`update-failed-answered.${language}`, display.png());
  });
  test(`an update says what comes, and how much of it is there (${language})`, () => {
    for (const [name, screen] of [
      ["updating-package", samples.updating[2]!],
      ["update-failed-no-start", samples["update-failed"][5]!],
    ] as const) {
      const display = new FakeDisplay();
      new ScreenView({ display, font, language, status }).show(screen);
      compare(`${name}.${language}`, display.png());
    }
  });
  test(`a key that is not taken says why (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples["load-keys"][7]!);
    compare(`load-keys-refused.${language}`, display.png());
  });
  test(`the month's sum is the customer's to read (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status }).show(samples.spending[1]!);
    compare(`spending-told.${language}`, display.png());
  });
  test(`a link that encrypts nothing is seen from afar (${language})`, () => {
    const display = new FakeDisplay();
    new ScreenView({ display, font, language, status: { ...status, plain: true } }).show({ id: "idle" });
    compare(`idle-plain.${language}`, display.png());
  });
}

test("the merchant's receipt of a chip sale looks as it did", () => {
  compare("receipt.zh", paperPng(paperOf(receipt, "merchant", "zh")));
});

for (const language of LANGUAGES) {
  test(`a settlement slip looks as it did (${language})`, () => {
    compare(`settlement-slip.${language}`, paperPng(paperOfLines(batchLines(settlement, language))));
  });
  test(`a day report by operator and a shift's slip look as they did (${language})`, () => {
    compare(`report-slip.${language}`, paperPng(paperOfLines(batchLines(dayReport, language))));
    compare(`shift-slip.${language}`, paperPng(paperOfLines(batchLines(shift, language))));
  });
}

test.run();
