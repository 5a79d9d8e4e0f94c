import { test } from "uvu";
import * as assert from "uvu/assert";
import { ADDRESSES } from "../../simulator/web/protocol.ts";
import { browserTests, holds, onPage, PATIENCE, press, shows, take, type } from "./on-page.ts";

const inBrowser = browserTests("the device on the page", true);

inBrowser("keys that are clicked are keys that are pressed", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    for (const key of ["5", "00"]) await press(page, key);
    await shows(page, "enter-amount", "5.00");
    assert.is(simulation.screens.at(-1)?.values.amount, "5.00");
  });
});

inBrowser("a clicked button leaves the keyboard to the terminal", async () => {
  await onPage(async ({ page }) => {
    await shows(page, "idle");
    await take(page, "magstripe-credit");
    await press(page, "Swipe");
    await shows(page, "enter-amount");
    await type(page, "1 0 0 Enter");
    await shows(page, "enter-pin");
    await type(page, "1 2 3 4 5 6 Enter");
    await shows(page, "approved");
  });
});

inBrowser("a card stays in the slot until it is removed, and can be pulled out early", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await page.getByRole("button", { name: "Chip slot: Insert" }).click();
    await page.getByRole("button", { name: "Chip slot: unionpay-chip-credit" }).waitFor({ timeout: PATIENCE });
    assert.is(simulation.slot, "unionpay-chip-credit");
    await page.locator("#tab-faults").click();
    await press(page, "Pull it out now");
    await page.getByRole("button", { name: "Chip slot: Insert" }).waitFor({ timeout: PATIENCE });
    assert.is(simulation.slot, undefined);
  });
});

inBrowser("the buzzer can be muted, and stays so when the page is opened anew", async () => {
  await onPage(async ({ page }) => {
    await page.getByRole("button", { name: "Buzzer: sound on" }).click();
    await page.getByRole("button", { name: "Buzzer: muted", pressed: false }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Buzzer: muted", pressed: false }).waitFor();
  });
});

inBrowser("a case that is opened costs the keys, and a closed one sells again with new ones", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await page.keyboard.press("f");
    await press(page, "Case open");
    await shows(page, "tampered");
    assert.is(simulation.board.secure.has("terminalMasterKey"), false);
    await press(page, "Case open");
    await holds(page, "Case open", false);
    await press(page, "Load keys");
    await shows(page, "idle");
  });
});

inBrowser("a page that is opened anew shows what is wrong in the world, and mends it", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    const faults = ["Network down", "Paper out", "Cover open", "Head hot", "Power cut", "Case open"];
    await page.keyboard.press("f");
    for (const fault of faults) await press(page, fault);
    for (const fault of faults) await holds(page, fault, true);
    await page.reload();
    await page.keyboard.press("f");
    for (const fault of faults) await holds(page, fault, true);
    await page.getByText("Now: Network down, Power cut, Paper out, Cover open, Head hot, Case open").waitFor();
    for (const fault of faults) await press(page, fault);
    for (const fault of faults) await holds(page, fault, false);
    await page.getByText("Now: all is well").waitFor();
    assert.is(simulation.network.isDown, false);
    assert.is(simulation.chips.caseSwitch.isOpen, false);
  });
});

inBrowser("the power goes at the flash write that was asked for, and the sale of that moment is undone", async () => {
  await onPage(async ({ page, simulation }) => {
    await shows(page, "idle");
    await page.keyboard.press("f");
    await page.getByRole("spinbutton", { name: "Cut at flash write" }).fill("1");
    await press(page, "Cut at flash write");
    await type(page, "5 . Enter");
    await take(page, "unionpay-tap");
    await press(page, "Tap");
    await page.getByText("No power").waitFor({ timeout: PATIENCE });
    await page.locator("#tab-faults").click();
    await press(page, "Power cut");
    await shows(page, "idle");
    assert.is(simulation.ledger.debited("unionpay-tap"), 0);
    assert.equal(simulation.audit(), []);
  });
});

inBrowser("a page whose simulator has ended says so in a sentence", async () => {
  await onPage(async ({ page, end }) => {
    const sentence = page.getByText("The simulator does not answer: start it again with npm start");
    await shows(page, "idle");
    await end();
    await sentence.waitFor({ timeout: PATIENCE });
    await page.keyboard.press("1");
    await page.waitForTimeout(200);
    assert.is(await sentence.count(), 1);
  });
});

inBrowser("a page of another site cannot press keys", async () => {
  await onPage(async ({ page, address, simulation }) => {
    await shows(page, "idle");
    const body = JSON.stringify({ do: "key", key: "1", pressed: true });
    const evil = await fetch(`${address}act`, { method: "POST", body, headers: { origin: "http://evil.example" } });
    assert.is(evil.status, 403);
    const reached = await page.evaluate(
      async ([where, what]) => (await fetch(where ?? "", { method: "POST", body: what ?? "" })).status,
      [ADDRESSES.act, body],
    );
    assert.is(reached, 403, "without the token");
    assert.is(simulation.screens.at(-1)?.screen, "idle");
  });
});

test.run();
