import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { PageSession } from "../../simulator/web/session.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { leftOut } from "../available.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
if (CHROMIUM === undefined) leftOut("the page in Chromium", "apt-get install chromium");
const inBrowser = CHROMIUM === undefined ? test.skip : test;
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 20_000;

let browser: Browser | undefined;
test.before(async () => {
  if (CHROMIUM !== undefined) browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
});
test.after(async () => {
  await browser?.close();
});

/** Opens the page of a fresh terminal as somebody new to it, hands it over, and ends both. */
async function onPage(
  use: (page: Page, simulation: Simulation, end: () => Promise<void>) => Promise<void>,
): Promise<void> {
  assert.ok(browser);
  const simulation = new Simulation({ seed: 1, parameters: { language: "en" } });
  const session = new PageSession(simulation, nodeGround, 0);
  const address = await session.open();
  const running = session.run();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en" });
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(address);
    await use(page, simulation, () => session.close());
    assert.equal(errors, []);
  } finally {
    await context.close();
    await session.close();
    assert.is(await running, undefined);
  }
}

function shows(page: Page, screen: string): Promise<void> {
  return page.locator(`#lcd[aria-label^="${screen}"]`).waitFor({ timeout: PATIENCE, state: "attached" });
}

function holds(page: Page, button: string, pressed: boolean): Promise<void> {
  return page.getByRole("button", { name: button, exact: true, pressed }).waitFor({ timeout: PATIENCE });
}

inBrowser("a person sells with the keyboard and a chip card, and the receipt hangs out of the printer", async () => {
  await onPage(async (page, simulation) => {
    await shows(page, "idle");
    for (const key of ["1", "2", "3", "4", "Enter"]) await page.keyboard.press(key);
    await shows(page, "present-card");
    await page.getByRole("button", { name: /^unionpay-chip-credit/ }).click();
    await page.getByRole("button", { name: "Insert", exact: true }).click();
    await shows(page, "enter-pin");
    for (const key of "123456") await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    await shows(page, "remove-card");
    await page.getByRole("button", { name: "Remove", exact: true }).click();
    await page
      .locator("canvas.printed[aria-label*='CARDHOLDER COPY'][aria-label*='12.34']")
      .waitFor({ timeout: PATIENCE });
    assert.is(simulation.ledger.debited("unionpay-chip-credit"), 1234);
    assert.match((await page.locator("#books").textContent()) ?? "", /12\.34/);
    const download = page.waitForEvent("download", { timeout: PATIENCE });
    await page.getByRole("button", { name: "Save as picture" }).click();
    assert.is((await download).suggestedFilename(), "receipt.png");
    await page.reload();
    await page.locator("canvas.printed[aria-label*='CARDHOLDER COPY'][aria-label*='12.34']").waitFor();
  });
});

inBrowser("keys that are clicked are keys that are pressed", async () => {
  await onPage(async (page, simulation) => {
    await shows(page, "idle");
    for (const key of ["5", "00"]) await page.getByRole("button", { name: key, exact: true }).click();
    await shows(page, "enter-amount");
    await page.waitForFunction(() => document.getElementById("lcd")?.getAttribute("aria-label")?.includes("5.00"));
    assert.is(simulation.screens.at(-1)?.values.amount, "5.00");
  });
});

inBrowser("a clicked button leaves the keyboard to the terminal", async () => {
  await onPage(async (page) => {
    await shows(page, "idle");
    await page.getByRole("button", { name: /^magstripe-credit/ }).click();
    await page.getByRole("button", { name: "Swipe", exact: true }).click();
    await shows(page, "enter-amount");
    for (const key of ["1", "0", "0", "Enter"]) await page.keyboard.press(key);
    await shows(page, "enter-pin");
    for (const key of "123456") await page.keyboard.press(key);
    await page.keyboard.press("Enter");
    await shows(page, "approved");
  });
});

inBrowser("a case that is opened costs the keys, and a closed one sells again with new ones", async () => {
  await onPage(async (page, simulation) => {
    await shows(page, "idle");
    await page.getByRole("button", { name: "Case open", exact: true }).click();
    await shows(page, "tampered");
    assert.is(simulation.board.secure.has("terminalMasterKey"), false);
    await page.getByRole("button", { name: "Case open", exact: true }).click();
    await page.getByRole("button", { name: "Load keys", exact: true }).click();
    await shows(page, "idle");
  });
});

inBrowser("a page that is opened anew shows what is wrong in the world, and mends it", async () => {
  await onPage(async (page, simulation) => {
    await shows(page, "idle");
    const faults = ["Network down", "Paper out", "Power cut", "Case open"];
    for (const fault of faults) await holds(page, fault, false);
    for (const fault of faults) await page.getByRole("button", { name: fault, exact: true }).click();
    for (const fault of faults) await holds(page, fault, true);
    await page.reload();
    for (const fault of faults) await holds(page, fault, true);
    for (const fault of faults) await page.getByRole("button", { name: fault, exact: true }).click();
    for (const fault of faults) await holds(page, fault, false);
    assert.is(simulation.network.isDown, false);
    assert.is(simulation.chips.caseSwitch.isOpen, false);
  });
});

inBrowser("a page whose simulator has ended says so in a sentence", async () => {
  await onPage(async (page, _simulation, end) => {
    const sentence = page.getByText("The simulator does not answer: start it again with npm start");
    await shows(page, "idle");
    await end();
    await sentence.waitFor({ timeout: PATIENCE });
    await page.keyboard.press("1");
    await page.waitForTimeout(200);
    assert.is(await sentence.count(), 1);
  });
});

inBrowser("the page speaks Chinese and English", async () => {
  await onPage(async (page) => {
    await page.getByRole("button", { name: "中文" }).click();
    assert.match((await page.locator("#drawer-title").textContent()) ?? "", /卡包/);
    assert.is(await page.evaluate(() => document.documentElement.lang), "zh");
  });
});

inBrowser("a page of another site cannot press keys", async () => {
  const simulation = new Simulation({ seed: 1, parameters: {} });
  const session = new PageSession(simulation, nodeGround, 0);
  const address = await session.open();
  const running = session.run();
  const body = JSON.stringify({ do: "key", key: "1", pressed: true });
  const evil = await fetch(`${address}act`, { method: "POST", body, headers: { origin: "http://evil.example" } });
  assert.is(evil.status, 403);
  const rubbish = await fetch(`${address}act`, { method: "POST", body: "[" });
  assert.is(rubbish.status, 400);
  await session.close();
  assert.is(await running, undefined);
});

test.run();
