import { test } from "uvu";
import * as assert from "uvu/assert";
import { browserTests, choose, type OpenPage, onPage, press, receipt, shows, take, type } from "./on-page.ts";

const inBrowser = browserTests("sales on the page");

/** Waits until the browser shows exactly what the display chip's memory means on a screen of 8 bits a colour. */
async function picturesAgree({ page, simulation }: OpenPage): Promise<void> {
  for (let round = 0; round < 50; round++) {
    const wrong = await page.evaluate((pixels) => {
      const canvas = document.querySelector<HTMLCanvasElement>("#lcd");
      const seen = canvas?.getContext("2d")?.getImageData(0, 0, 320, 240).data ?? [];
      const scale = (value: number, most: number): number => Math.round((value * 255) / most);
      const memory = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
      return [...new Uint16Array(memory.buffer)].filter((pixel, place) => {
        const held = [scale(pixel >> 11, 31), scale((pixel >> 5) & 63, 63), scale(pixel & 31, 31)];
        return held.some((value, part) => value !== seen[place * 4 + part]);
      }).length;
    }, base64(simulation.chips.display.pixels()));
    if (wrong === 0) return;
    await page.waitForTimeout(50);
  }
  assert.unreachable("the page's picture is not the display's");
}

function base64(pixels: Uint16Array): string {
  return Buffer.from(pixels.slice().buffer).toString("base64");
}

inBrowser(
  "a swipe with its PIN is a sale: the picture is the display's own, the text says the same, the receipt hangs out",
  async () => {
    await onPage(async (open) => {
      const { page, simulation } = open;
      await shows(page, "idle");
      await type(page, "1 2 3 4 Enter");
      await shows(page, "present-card", "12.34");
      await picturesAgree(open);
      await take(page, "magstripe-credit");
      await press(page, "Swipe");
      await shows(page, "enter-pin", "12.34");
      await type(page, "1 2 3 4 5 6 Enter");
      await shows(page, "approved", "12.34");
      await receipt(page, "CARDHOLDER COPY", "12.34");
      assert.is(simulation.ledger.debited("magstripe-credit"), 1234);
      await shows(page, "idle");
      await picturesAgree(open);
    });
  },
);

inBrowser(
  "a customer's phone pays under the scanner, another by scanning the display; its owner confirms",
  async () => {
    await onPage(async ({ page, simulation }) => {
      await shows(page, "idle");
      await type(page, "1 2 3 4 Enter");
      await shows(page, "present-card", "12.34");
      await page.locator("#tab-cards").click();
      await page.locator("#phone-drawer summary").click();
      await press(page, "Hold its code before the scanner: phone-wechat");
      await shows(page, "paid", "12.34");
      await page.locator("#phones li", { hasText: "phone-wechat" }).getByText("paid", { exact: true }).waitFor();
      assert.is(simulation.ledger.debited("phone-wechat"), 1234);
      await shows(page, "idle");
      await type(page, "5 0 0 Enter");
      await shows(page, "present-card", "5.00");
      await type(page, "F1");
      await shows(page, "show-qr", "5.00");
      await press(page, "Scan the display and pay: phone-password");
      await shows(page, "waiting-payment", "5.00");
      await press(page, "Type the password: phone-password");
      await shows(page, "paid", "5.00");
      assert.is(simulation.ledger.debited("phone-password"), 500);
    });
  },
);

inBrowser(
  "a chip card with its PIN is a sale, its receipts are saved as picture and as text, and a new page has them too",
  async () => {
    await onPage(async ({ page, simulation }) => {
      await shows(page, "idle");
      await type(page, "1 2 3 4 Enter");
      await take(page, "unionpay-chip-credit");
      await press(page, "Insert");
      await shows(page, "enter-pin");
      await type(page, "1 2 3 4 5 6 Enter");
      await shows(page, "remove-card");
      await press(page, "Remove");
      await receipt(page, "CARDHOLDER COPY", "12.34");
      assert.is(simulation.ledger.debited("unionpay-chip-credit"), 1234);
      for (const [button, file] of [
        ["Save as picture", "receipt.png"],
        ["Save as text", "receipt.txt"],
      ] as const) {
        const download = page.waitForEvent("download");
        await press(page, button);
        assert.is((await download).suggestedFilename(), file);
      }
      await page.reload();
      await receipt(page, "CARDHOLDER COPY", "12.34");
      await press(page, "Tear off");
      await page.waitForFunction(() => document.querySelector("canvas.printed") === null);
    });
  },
);

inBrowser("a card that is dragged to the reader is tapped, and pays", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await type(page, "1 2 3 4 Enter");
    await shows(page, "present-card");
    const card = page.getByRole("button", { name: /^unionpay-tap\b(?!-)/ });
    await card.dragTo(page.locator("#field"));
    await shows(page, "approved", "12.34");
    assert.is(simulation.ledger.debited("unionpay-tap"), 1234);
  });
});

inBrowser("a card without the money is declined with the reason, and nothing is debited", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await type(page, "1 2 3 4 Enter");
    await take(page, "insufficient-funds");
    await press(page, "Insert");
    await shows(page, "enter-pin");
    await type(page, "1 2 3 4 5 6 Enter");
    await shows(page, "declined", "51");
    assert.is(simulation.ledger.debited("insufficient-funds"), 0);
  });
});

inBrowser("a lost answer is reversed, and both books agree about it", async () => {
  await onPage(async (open) => {
    const { page, simulation } = open;
    await shows(page, "idle");
    await type(page, "1 2 3 4 Enter");
    await take(page, "magstripe-credit");
    await press(page, "Swipe");
    await shows(page, "enter-pin");
    await page.locator("#tab-faults").click();
    await press(page, "Lose the next answer");
    await press(page, "Fast");
    await type(page, "1 2 3 4 5 6 Enter");
    await shows(page, "reversed");
    assert.is(simulation.ledger.debited("magstripe-credit"), 0);
    assert.equal(simulation.audit(), []);
    await page.keyboard.press("b");
    await page.getByText("Both agree").waitFor();
    await page.locator("#books tbody tr", { hasText: "reversed" }).first().waitFor();
  });
});

inBrowser(
  "a power cut in the middle of a sale leaves a dark terminal, and what was in doubt is settled when it wakes",
  async () => {
    await onPage(async ({ page, simulation }) => {
      await shows(page, "idle");
      await type(page, "1 2 3 4 Enter");
      await take(page, "magstripe-credit");
      await press(page, "Swipe");
      await shows(page, "enter-pin");
      await page.keyboard.press("f");
      await page.getByRole("button", { name: "Slow", exact: true }).click();
      await type(page, "1 2 3 4 5 6 Enter");
      await shows(page, "processing");
      await press(page, "Power cut");
      await page.getByText("No power").waitFor();
      assert.is(await page.locator("#lcd").isVisible(), false);
      await press(page, "Network up again");
      await press(page, "Power cut");
      await shows(page, "idle");
      assert.equal(simulation.audit(), []);
      assert.is(simulation.ledger.debited("magstripe-credit"), 0);
    });
  },
);

inBrowser("a settlement closes the batch: the books say that both sides agree", async () => {
  await onPage(async (open) => {
    const { page } = open;
    await shows(page, "idle");
    await type(page, "5 . Enter");
    await take(page, "unionpay-tap");
    await press(page, "Tap");
    await shows(page, "approved");
    await shows(page, "idle");
    await press(page, "Fast");
    await page.keyboard.press("m");
    await shows(page, "menu");
    await choose(open, "settlement");
    await shows(page, "settlement");
    await page.keyboard.press("Enter");
    await shows(page, "settlement-result");
    await receipt(page, "SETTLEMENT");
    await page.keyboard.press("b");
    await page.locator("#books").getByText("agreed", { exact: true }).waitFor();
  });
});

test.run();
