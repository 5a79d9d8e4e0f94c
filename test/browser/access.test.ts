import type { Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { browserTests, onPage, receipt, shows, type } from "./on-page.ts";

const inBrowser = browserTests("the page for everybody", true);
const TABS = ["cards", "faults", "timeline", "books", "gauges"] as const;
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** What a person who cannot see the page would miss: controls and pictures without a name, ids twice, a jump in headings. */
async function flaws(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const found: string[] = [];
    const isShown = (part: Element): boolean => part.checkVisibility();
    const named = (part: Element): string => {
      const by = part.getAttribute("aria-labelledby");
      const label = by === null ? null : document.getElementById(by)?.textContent;
      const labels = part instanceof HTMLInputElement || part instanceof HTMLSelectElement ? part.labels : undefined;
      const words = [part.getAttribute("aria-label"), label, part.getAttribute("alt"), part.textContent];
      return [...words, ...[...(labels ?? [])].map((one) => one.textContent)].join("").trim();
    };
    const controls =
      "button, a[href], input, select, textarea, summary, [role=img], [role=meter], [role=tab], section, dialog, fieldset:has(button)";
    for (const part of document.querySelectorAll(controls)) {
      const says = part instanceof HTMLSelectElement ? named(part).replace(part.textContent ?? "", "") : named(part);
      if (isShown(part) && says === "") found.push(`no name: ${part.outerHTML.slice(0, 90)}`);
    }
    for (const picture of document.querySelectorAll("img"))
      if (!picture.hasAttribute("alt")) found.push("an img without alt");
    const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
    for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) found.push(`id twice: ${id}`);
    for (const part of document.querySelectorAll<HTMLElement>("[tabindex]")) {
      if (part.tabIndex > 0) found.push(`an order of its own: ${part.id}`);
    }
    for (const part of document.querySelectorAll("[aria-hidden=true]")) {
      if (part.querySelector("button, a[href], input, select") !== null)
        found.push(`hidden, yet a control: ${part.id}`);
    }
    for (const part of document.querySelectorAll("[aria-controls]")) {
      const id = part.getAttribute("aria-controls") ?? "";
      if (document.getElementById(id) === null) found.push(`controls nothing: ${id}`);
    }
    if (document.documentElement.scrollWidth > innerWidth)
      found.push(`wider than the window: ${document.documentElement.scrollWidth}`);
    return found;
  });
}

/** Texts whose colour does not stand out enough from what is behind (WCAG 2.2, 1.4.3: 4.5 to 1); gradients are left out. */
async function faint(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const known = new Map<string, number[]>();
    const rgb = (colour: string): number[] => {
      const before = known.get(colour);
      if (before !== undefined || context === null) return before ?? [];
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const parts = [...context.getImageData(0, 0, 1, 1).data];
      known.set(colour, parts);
      return parts;
    };
    const light = (colour: number[]): number => {
      const [red = 0, green = 0, blue = 0] = colour.map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const behind = (part: Element | null): number[] | undefined => {
      for (let one = part; one !== null; one = one.parentElement) {
        const { backgroundColor, backgroundImage } = getComputedStyle(one);
        if (backgroundImage !== "none") return undefined;
        const colour = rgb(backgroundColor);
        if (colour[3] === 255) return colour;
      }
      return [255, 255, 255, 255];
    };
    const found = new Set<string>();
    for (const part of document.querySelectorAll("body *")) {
      const own = [...part.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "",
      );
      if (!own || !part.checkVisibility() || part.closest("[aria-hidden], .quiet, :disabled, option") !== null)
        continue;
      const back = behind(part);
      if (back === undefined) continue;
      const [one, other] = [light(rgb(getComputedStyle(part).color)), light(back)];
      const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (contrast < 4.5)
        found.add(`${contrast.toFixed(2)}: ${part.tagName} ${part.className} ${part.textContent?.slice(0, 30)}`);
    }
    return [...found];
  });
}

const LOOKS = [
  { locale: "en", colorScheme: "light" },
  { locale: "zh-CN", colorScheme: "dark" },
] as const;

for (const look of LOOKS) {
  const { locale, colorScheme } = look;
  inBrowser(
    `in ${locale} and ${colorScheme} every control has a name and every text stands out, in each view`,
    async () => {
      await onPage(async ({ page }) => {
        await shows(page, "idle");
        for (const tab of TABS) {
          await page.locator(`#tab-${tab}`).click();
          assert.equal(await flaws(page), [], tab);
          assert.equal(await faint(page), [], tab);
        }
        await page.keyboard.press("?");
        assert.equal(await flaws(page), [], "shortcuts");
      }, look);
    },
  );
}

inBrowser("a sale needs nothing but the keyboard", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await type(page, "1 2 3 4 Enter");
    await shows(page, "present-card");
    await type(page, "i");
    await shows(page, "enter-pin");
    await type(page, "1 2 3 4 5 6 Enter");
    await shows(page, "remove-card");
    await type(page, "r");
    await receipt(page, "CARDHOLDER COPY", "12.34");
    assert.is(simulation.ledger.debited("unionpay-chip-credit"), 1234);
  });
});

inBrowser("the Tab key reaches the drawer, and a card chosen there with Enter is swiped with the button", async () => {
  await onPage(async ({ page }) => {
    await shows(page, "idle");
    await page.locator("#find-card").focus();
    await page.keyboard.type("magstripe-credit");
    for (let steps = 0; steps < 20; steps++) {
      await page.keyboard.press("Tab");
      if (await page.locator(".card:focus").count()) break;
    }
    assert.match((await page.locator(":focus").textContent()) ?? "", /^.*magstripe-credit/);
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Swipe", exact: true }).focus();
    await page.keyboard.press("Enter");
    await shows(page, "enter-amount");
  });
});

inBrowser(
  "on a phone the terminal, its keys and the card in hand fit the screen, and a tap of the finger sells",
  async () => {
    await onPage(async ({ page, simulation }) => {
      await shows(page, "idle");
      assert.equal(await flaws(page), []);
      for (const id of ["lcd", "keys", "hand-ways", "tab-terminal"]) {
        const box = await page.locator(`#${id}`).boundingBox();
        assert.ok(box !== null && box.y >= 0 && box.y + box.height <= 844 && box.x + box.width <= 390, id);
      }
      for (const tab of TABS) {
        await page.locator(`#tab-${tab}`).tap();
        assert.equal(await flaws(page), [], tab);
      }
      await page.locator("#tab-cards").tap();
      await page.getByRole("button", { name: /^unionpay-tap\b(?!-)/ }).tap();
      for (const key of ["5", "00", "ENTER"]) await page.getByRole("button", { name: key, exact: true }).tap();
      await shows(page, "present-card");
      await page.getByRole("button", { name: "Tap", exact: true }).tap();
      await shows(page, "approved", "5.00");
      assert.is(simulation.ledger.debited("unionpay-tap"), 500);
    }, PHONE);
  },
);

test.run();
