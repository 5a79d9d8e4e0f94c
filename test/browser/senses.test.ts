import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { browserTests, onPage, PATIENCE, press, shows, take, type } from "./on-page.ts";

const inBrowser = browserTests("the device's lights, battery, camera and voice on the page");

/** Of the camera: GPIO6 of the chip with the UARTs. */
const RESET = 70;
const PICTURE = fileURLToPath(new URL("../golden/approved.en.png", import.meta.url));

inBrowser("the reader's lights are those of the terminal, and all four come on when a card was read", async () => {
  await onPage(async ({ page }) => {
    await shows(page, "idle");
    await page.evaluate(() => {
      const seen: string[] = [];
      const lights = document.getElementById("lights");
      const note = (): void => {
        const label = lights?.getAttribute("aria-label") ?? "";
        if (seen.at(-1) !== label) seen.push(label);
      };
      new MutationObserver(note).observe(lights!, { attributes: true });
      Object.assign(globalThis, { seenLights: seen });
    });
    await type(page, "5 . Enter");
    await shows(page, "present-card");
    await page.getByRole("img", { name: "Reader lights: 1 of 4 lit" }).waitFor({ timeout: PATIENCE });
    await take(page, "unionpay-tap");
    await press(page, "Tap");
    await shows(page, "approved");
    await page.waitForFunction(
      () => (globalThis as unknown as { seenLights: string[] }).seenLights.includes("Reader lights: 4 of 4 lit"),
      undefined,
      { timeout: PATIENCE },
    );
  });
});

inBrowser("a battery that runs low is a fault of the page's, and its sign says how much is left", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await page.getByRole("img", { name: "Battery 100%" }).waitFor();
    await page.keyboard.press("f");
    await press(page, "Battery low");
    await shows(page, "battery-low");
    await page.getByRole("img", { name: "Battery 12%" }).waitFor({ timeout: PATIENCE });
    assert.is(simulation.chips.power.hasCable, false);
    await press(page, "Battery low");
    await page.getByRole("img", { name: "Battery 100%" }).waitFor({ timeout: PATIENCE });
  });
});

inBrowser(
  "a picture from a file stands before the camera, in the next world too, until the lens is covered",
  async () => {
    await onPage(async (open) => {
      const { page } = open;
      // The sensor is in reset while no firmware looks: it is let out of it here.
      const colours = (): number => {
        const { board } = open.simulation;
        board.digitalWire(RESET).drive(1);
        const bytes = board.senses.look!(160, 120)!;
        return new Set(Array.from({ length: 19_200 }, (_, at) => bytes[2 * at]! | (bytes[2 * at + 1]! << 8))).size;
      };
      await shows(page, "idle");
      assert.is(colours(), 1);
      await page.getByRole("button", { name: "Camera: the lens is covered" }).click();
      await page.getByLabel("Picture from a file").setInputFiles(PICTURE);
      const sees = page.locator("button#camera[aria-label=Camera]");
      await sees.waitFor({ state: "attached", timeout: PATIENCE });
      assert.ok(colours() > 2);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Start anew" }).click();
      await page.getByRole("button", { name: "Yes" }).click();
      await shows(page, "idle");
      assert.ok(colours() > 2);
      await sees.click();
      await page.getByRole("button", { name: "Cover the lens" }).click();
      await page.getByRole("button", { name: "Camera: the lens is covered" }).waitFor({ timeout: PATIENCE });
      assert.is(colours(), 1);
    });
  },
);

test.run();
