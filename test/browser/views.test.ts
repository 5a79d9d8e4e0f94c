import { readFile } from "node:fs/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readScenario } from "../../simulator/scenario/language.ts";
import { worldNames } from "../../simulator/world/names.ts";
import { available } from "../available.ts";
import { browserTests, onPage, PATIENCE, press, shows, take, type } from "./on-page.ts";

const inBrowser = browserTests("the views of the page", true);

inBrowser("the page speaks Chinese and English, and remembers which", async () => {
  await onPage(async ({ page }) => {
    await press(page, "切换到中文");
    await page.getByRole("tab", { name: "经过" }).waitFor();
    assert.is(await page.evaluate(() => document.documentElement.lang), "zh-CN");
    await page.getByText("带芯片和磁条的银联信用卡：日常用这张。").waitFor();
    await page.reload();
    await page.getByRole("tab", { name: "意外" }).click();
    await page.getByRole("button", { name: "断网", exact: true }).waitFor();
    await press(page, "Switch to English");
    await page.getByRole("button", { name: "Network down", exact: true }).waitFor();
  });
});

inBrowser("light and dark follow the system until one is chosen", async () => {
  await onPage(
    async ({ page }) => {
      const back = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const dark = await back();
      await press(page, "Looks: as the system");
      const light = await back();
      assert.is.not(light, dark);
      await page.reload();
      assert.is(await back(), light);
      await press(page, "Looks: light");
      assert.is(await back(), dark);
    },
    { colorScheme: "dark" },
  );
});

inBrowser(
  "the timeline explains a card's commands by tags and the host's messages by fields, and shows screens as pictures",
  async () => {
    await onPage(async ({ page }) => {
      await shows(page, "idle");
      await type(page, "5 . Enter");
      await take(page, "unionpay-tap");
      await press(page, "Tap");
      await shows(page, "approved");
      await page.keyboard.press("l");
      const rows = page.locator("#entries li");
      await page.locator("#entries .kind-apdu").first().waitFor({ timeout: PATIENCE });
      await page.locator("#find-entry").fill("9F36");
      await page.locator("#entries .kind-apdu summary").last().click();
      const inside = page.locator("#entries details[open]");
      assert.match((await inside.locator(".lines").textContent()) ?? "", /9F36 /);
      assert.match(
        (await inside.locator(".bytes").textContent()) ?? "",
        /^> 0000 {2}80 A8 00 00 [\s\S]*^< 0000 {2}77 /m,
      );
      await page.locator("#find-entry").fill("0210");
      await page.locator("#entries .kind-host summary").last().click();
      assert.match((await inside.locator(".lines").textContent()) ?? "", /39/);
      await page.locator("#find-entry").fill("");
      const picture = page.locator("#entries .kind-screen img").first();
      await picture.scrollIntoViewIfNeeded();
      await page.waitForFunction(
        (image) => image instanceof HTMLImageElement && image.naturalWidth > 0,
        await picture.elementHandle(),
      );
      await press(page, "Screens");
      assert.is(await page.locator("#entries .kind-screen").count(), 0);
      const before = await rows.count();
      await press(page, "Flash");
      assert.ok((await rows.count()) > before);
      const everything = (await page.locator("#entries").textContent()) ?? "";
      assert.not.match(everything, /6228480000013331/);
    });
  },
);

inBrowser("going back to a moment begins anew from there", async () => {
  await onPage(async (open) => {
    const { page } = open;
    await shows(page, "idle");
    await type(page, "5");
    await shows(page, "enter-amount", "0.05");
    await type(page, "6");
    await shows(page, "enter-amount", "0.56");
    const first = open.simulation;
    await page.keyboard.press("l");
    await page.locator("#find-entry").fill("enter-amount");
    await page.locator("#entries summary").first().click();
    await press(page, "Go back to here");
    await press(page, "Yes");
    await shows(page, "enter-amount", "0.05");
    assert.is.not(open.simulation, first);
  });
});

inBrowser("ENTER is the terminal's again after a question, and loses nothing where one is open", async () => {
  await onPage(async (open) => {
    const { page } = open;
    await shows(page, "idle");
    const first = open.simulation;
    await press(page, "Start anew");
    await page.keyboard.press("Enter");
    await page.locator("dialog").waitFor({ state: "detached" });
    assert.is(open.simulation, first);
    await press(page, "Start anew");
    await press(page, "Yes");
    await page.locator("dialog").waitFor({ state: "detached" });
    await shows(page, "idle");
    await type(page, "5 Enter");
    await shows(page, "present-card", "0.05");
    assert.is.not(open.simulation, first);
  });
});

inBrowser("time stands still when it is paused, and goes on with Step", async () => {
  await onPage(async (open) => {
    const { page } = open;
    await shows(page, "idle");
    await press(page, "Pause");
    await page.getByRole("button", { name: "Pause", pressed: true }).waitFor();
    const before = open.simulation.world.now;
    await page.keyboard.press("1");
    await shows(page, "enter-amount", "0.01");
    await page.waitForTimeout(300);
    assert.is(open.simulation.world.now, before);
    await press(page, "Step");
    await shows(page, "cancelled");
    assert.ok(open.simulation.world.now > before + 30_000, "the terminal has waited for the next digit in vain");
    await press(page, "Real time");
    await shows(page, "idle");
  });
});

inBrowser("a copy of a card has what was edited, and pays from an account of its own", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await press(page, "Edit a copy: unionpay-tap");
    const editor = page.getByRole("dialog");
    await editor.getByLabel("Name").fill("visa-tap");
    await press(page, "Put into the drawer");
    await editor.getByText("there is a card visa-tap already").waitFor({ timeout: PATIENCE });
    await editor.getByLabel("Name").fill("poor-tap");
    await editor.getByLabel("Balance").fill("1.00");
    await press(page, "Put into the drawer");
    await page
      .getByRole("button", { name: /^poor-tap Copy of unionpay-tap/, pressed: true })
      .waitFor({ timeout: PATIENCE });
    await type(page, "5 . Enter t");
    await shows(page, "declined", "51");
    assert.is(simulation.ledger.balance("poor-tap"), 100);
    assert.is(simulation.ledger.debited("unionpay-tap"), 0);
  });
});

inBrowser("what was done is exported as a scenario that the command line reads", async () => {
  await onPage(async ({ page }) => {
    await shows(page, "idle");
    await type(page, "5 .");
    await shows(page, "enter-amount", "5.00");
    await page.keyboard.press("l");
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Export as scenario" }).click();
    const file = await (await download).path();
    const scenario = readScenario(await readFile(file, "utf8"), worldNames);
    assert.ok(scenario.steps.some(({ name }) => name === "press"));
  });
});

inBrowser("any step of a scenario can be typed, and one that is none is refused with a sentence", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await page.keyboard.press("f");
    const step = page.getByRole("textbox", { name: /as in a scenario file/ });
    await step.fill("network: down");
    await step.press("Enter");
    await page.getByText("Done", { exact: true }).waitFor({ timeout: PATIENCE });
    assert.is(simulation.network.isDown, true);
    await step.fill("nonsense");
    await step.press("Enter");
    await page.getByText("That is no step: write name: value").waitFor();
    await step.fill("network: sideways");
    await step.press("Enter");
    await page.getByText("network: up or down").waitFor({ timeout: PATIENCE });
  });
});

inBrowser("the books show what both sides have written, and an unequal pair in red", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await type(page, "5 . Enter");
    await take(page, "unionpay-tap");
    await press(page, "Tap");
    await shows(page, "approved");
    await page.keyboard.press("b");
    const row = page.locator("#books tbody tr").first();
    await row.getByText("5.00").first().waitFor({ timeout: PATIENCE });
    await page.getByText("Both agree").waitFor({ timeout: PATIENCE });
    await shows(page, "idle");
    simulation.replaceTerminal();
    await page.locator("#books tr.differs").first().waitFor({ timeout: PATIENCE });
    await page.getByText("Differences: 1").waitFor();
  });
});

const xs = await available("xs", "the page's terminal");
(xs === undefined ? test.skip : inBrowser)(
  "the same terminal runs on the engine of the device when it is asked to",
  async () => {
    await onPage(async (open) => {
      const { page } = open;
      await shows(page, "idle");
      const before = open.simulation;
      await page.getByRole("combobox", { name: "Ground" }).selectOption("xs");
      await page.getByText("Starting anew").waitFor({ state: "hidden", timeout: PATIENCE });
      await shows(page, "idle");
      assert.is.not(open.simulation, before);
      await type(page, "5");
      await shows(page, "enter-amount", "0.05");
    });
  },
);

inBrowser("the gauges tell what the device has used of its flash", async () => {
  await onPage(async ({ page }) => {
    await shows(page, "idle");
    await page.keyboard.press("g");
    await page.getByRole("meter", { name: "Most worn sector" }).waitFor();
    assert.match((await page.locator("#gauges").textContent()) ?? "", /Flash writes[1-9]/);
  });
});

test.run();
