import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PNG } from "pngjs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pictureName } from "../../simulator/scenario/screen-pictures.ts";
import { xspos } from "./xspos.ts";

const folder = mkdtempSync(join(tmpdir(), "xspos-screens-"));
test.after(() => rmSync(folder, { recursive: true }));

test("every screen that a scenario shows is a picture in each language, and all are on a sheet", async () => {
  const { status, wrote } = await xspos("screens", "--out", folder, "test/flow/sale-tap.yaml");
  assert.is(status, 0);
  const names = readdirSync(join(folder, "en")).sort();
  assert.equal(names, readdirSync(join(folder, "zh")).sort());
  for (const name of [
    "idle",
    "enter-amount.sale",
    "present-card.scan.sale",
    "processing.authorising",
    "approved.inBatch.sale",
  ])
    assert.ok(names.includes(`${name}.png`), name);
  assert.is(wrote, `en: ${names.length} pictures of 7 screens\nzh: ${names.length} pictures of 7 screens\n`);
  const [en, zh] = ["en", "zh"].map((language) => PNG.sync.read(readFileSync(join(folder, language, "idle.png"))));
  assert.equal([en!.width, en!.height], [320, 240]);
  assert.not(en!.data.equals(zh!.data), "the languages look different");
  const sheet = PNG.sync.read(readFileSync(join(folder, "en.png")));
  assert.equal([sheet.width, sheet.height], [6 * 332 + 12, Math.ceil(names.length / 6) * 252 + 12]);
});

test("what looks other than in an earlier run is shown beside it, and the status says so", async () => {
  const sale = "test/flow/sale-tap.yaml";
  const other = join(folder, "other");
  const same = await xspos("screens", "--out", other, "--compare", folder, sale);
  assert.is(same.status, 0);
  assert.match(same.wrote, "\n0 pictures differ");
  const file = join(folder, "zh/idle.png");
  const png = PNG.sync.read(readFileSync(file));
  png.data.fill(0, 0, 4 * 320);
  writeFileSync(file, PNG.sync.write(png));
  rmSync(join(folder, "en/idle.png"));
  const changed = await xspos("screens", "--out", other, "--compare", folder, sale);
  assert.is(changed.status, 1);
  assert.match(changed.wrote, "new: en/idle.png\n");
  assert.match(changed.wrote, "\n1 pictures differ");
  assert.match(readFileSync(join(other, "differences/index.html"), "utf8"), '<img src="zh.idle.png"');
  const shown = PNG.sync.read(readFileSync(join(other, "differences/zh.idle.png")));
  assert.equal([shown.width, shown.height], [3 * 320 + 48, 240 + 24]);
  const red = 4 * (12 * shown.width + 36 + 640);
  assert.equal([...shown.data.subarray(red, red + 3)], [0xe0, 0x10, 0x10], "the first row differs");
  const below = red + 4 * shown.width;
  assert.not.equal([...shown.data.subarray(below, below + 3)], [0xe0, 0x10, 0x10], "and the second does not");
});

test("a folder for the pictures has to be named", async () => {
  assert.is((await xspos("screens")).status, 2);
});

test("a picture's name has the words of the program and none of a language", () => {
  const at = 0;
  assert.is(pictureName({ screen: "idle", values: { title: "Ready" }, at }), "idle");
  assert.is(
    pictureName({ screen: "processing", values: { amount: "1.00", stage: "card", keepCard: "true" }, at }),
    "processing.card",
  );
  const values = { choiceIds: "voidSale\nrefund", choices: "Void\nRefund", selected: "refund", title: "Menu" };
  assert.is(pictureName({ screen: "menu", values, at }), "menu.voidSale");
});

test.run();
