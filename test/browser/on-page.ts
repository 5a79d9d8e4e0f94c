/** Opens the page in Debian's Chromium for a test, and the things that a person does on it. */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { nodeGround } from "../../simulator/runtime/node.ts";
import { PageSession } from "../../simulator/web/session.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { leftOut } from "../available.ts";
import { askedForAll } from "../everything.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--autoplay-policy=no-user-gesture-required",
];
/** Real milliseconds that a test waits for what must come. */
export const PATIENCE = 20_000;

let browser: Browser | undefined;

/**
 * `test`, or where Chromium is missing, or what takes minutes is not asked for, one that is skipped, with a loud line that says so.
 * @param isLong left to `npm test -- --all`
 */
export function browserTests(what: string, isLong = false): typeof test | typeof test.skip {
  if (CHROMIUM === undefined) {
    leftOut(`${what} in Chromium`, "apt-get install chromium");
    return test.skip;
  }
  if (isLong && !askedForAll(`${what} in Chromium`)) return test.skip;
  test.before(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  });
  test.after(async () => {
    await browser?.close();
  });
  return test;
}

/** The page as somebody has it open, and the world behind it. */
export interface OpenPage {
  readonly page: Page;
  /** The world as it is now: going back makes another one. */
  readonly simulation: Simulation;
  readonly address: string;
  /** Ends the simulator while the page stays open. */
  readonly end: () => Promise<void>;
}

const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 720 }, locale: "en" };

/** Opens the page of a fresh terminal as somebody new to it, hands it over, and ends both; no script may have failed. */
export async function onPage(
  use: (open: OpenPage) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  assert.ok(browser);
  const simulation = new Simulation({ seed: 1, parameters: { language: "en" } });
  const session = new PageSession(simulation, nodeGround, 0);
  const address = await session.open();
  const running = session.run();
  const context = await browser.newContext({ ...DESKTOP, ...options });
  try {
    const page = await context.newPage();
    // The functions that a test hands to the browser were built with names kept by a helper that is not there.
    await page.addInitScript("globalThis.__name = (named) => named");
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(address);
    await use({
      page,
      get simulation() {
        return session.course.simulation;
      },
      address,
      end: () => session.close(),
    });
    assert.equal(errors, []);
  } finally {
    await context.close();
    await session.close();
    assert.is(await running, undefined);
  }
}

/** Waits until the terminal shows that screen, as the text for who cannot see it says. */
export function shows(page: Page, screen: string, text = ""): Promise<void> {
  const says = text === "" ? "" : `[aria-label*="${text}"]`;
  const shown = page.locator(`#lcd[data-screen="${screen}"]${says}`);
  return shown.waitFor({ timeout: PATIENCE, state: "attached" });
}

/** Types on the computer's keyboard, key by key. */
export async function type(page: Page, keys: string): Promise<void> {
  for (const key of keys.split(" ")) await page.keyboard.press(key);
}

/** Takes that card out of the drawer. */
export async function take(page: Page, card: string): Promise<void> {
  await page.locator("#tab-cards").click();
  await page.getByRole("button", { name: new RegExp(`^${card}\\b(?!-)`) }).click();
}

/** Presses the button of that name. */
export async function press(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
}

/** Waits until the button is pressed, or is not. */
export function holds(page: Page, name: string, pressed: boolean): Promise<void> {
  return page.getByRole("button", { name, exact: true, pressed }).waitFor({ timeout: PATIENCE });
}

/** Waits for a receipt with all of that on it. */
export async function receipt(page: Page, ...texts: readonly string[]): Promise<void> {
  const labels = texts.map((text) => `[aria-label*="${text}"]`).join("");
  await page.locator(`canvas.printed${labels}`).first().waitFor({ timeout: PATIENCE, state: "attached" });
}

/** Chooses the line of the terminal's list that has that id, by its number. */
export async function choose({ page, simulation }: OpenPage, id: string): Promise<void> {
  await page.waitForFunction(() => document.getElementById("lcd")?.getAttribute("aria-label") !== "");
  const ids = simulation.screens.at(-1)?.values.choiceIds?.split("\n") ?? [];
  assert.ok(ids.includes(id), `${id} is none of ${ids.join(", ")}`);
  await page.keyboard.press(String(ids.indexOf(id) + 1));
}
