/**
 * What the terminal shows and prints is read by two programs that know nothing of it: ZXing, as customers' phones in the simulator have it, and Debian's
 * zbarimg. What zbarimg said is in .cache/zbarimg.txt.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { merchantCode } from "../../firmware/codes/merchant-code.ts";
import { receiptLines } from "../../firmware/receipt/lines.ts";
import { ScreenView } from "../../firmware/screen/view.ts";
import { checkParameters } from "../../firmware/update/parameter-check.ts";
import { grayOfDisplay, grayOfPaper, openEyes, readCodes } from "../../simulator/cards/phone/eyes.ts";
import { leftOut } from "../available.ts";
import { FakeDisplay, font } from "../golden/fake-display.ts";
import { PAPER_WIDTH, paperOfLines, paperPng } from "../golden/paper-picture.ts";
import { laterReceipts } from "../golden/samples.ts";

const AMOUNTS = [
  1, 9, 10, 99, 100, 101, 999, 1_000, 1_234, 9_999, 10_000, 12_345, 99_999, 100_000, 123_456, 888_888, 1_000_000,
];
AMOUNTS.push(12_345_678, 100_000_000, 999_999_999);
const NAMES = [
  { zh: "小面馆", en: "Noodles" },
  { zh: "老王牛肉面馆（人民路店）", en: "Wang's Beef Noodles on People's Road" },
  { zh: "一二三四五六七八九十甲乙丙丁戊己庚辛壬癸子丑寅卯辰", en: "Émile's Café & Crêperie" },
] as const;
const status = { merchant: "老王牛肉面馆", network: "up" } as const;

interface Picture {
  readonly name: string;
  readonly text: string;
  readonly png: Buffer;
  readonly seen: readonly string[];
}

/** A screen of a payment's code, or of the shop's. */
function onScreen(
  name: string,
  text: string,
  minor: number | undefined,
  language: "zh" | "en",
  isGlass: boolean,
): Picture {
  const display = new FakeDisplay();
  const amount = minor === undefined ? {} : { amount: { minor, currency: "CNY" } as const, secondsLeft: 100 };
  const keys = isGlass ? { keys: { place() {} } } : {};
  new ScreenView({ display, font, language, status, ...keys }).show({ id: "show-qr", payload: text, ...amount });
  return { name, text, png: display.png(), seen: readCodes(grayOfDisplay(320, 240, display.pixels)) };
}

function onPaper(name: string, text: string, lines: Parameters<typeof paperOfLines>[0]): Picture {
  const paper = paperOfLines(lines);
  return { name, text, png: paperPng(paper), seen: readCodes(grayOfPaper(paper.bits, PAPER_WIDTH >> 3, paper.rows)) };
}

function pictures(): Picture[] {
  const all: Picture[] = [];
  for (const [place, amount] of AMOUNTS.entries()) {
    const language = place % 2 === 0 ? "zh" : "en";
    const merchantName = NAMES[place % NAMES.length]!;
    const stan = String(place + 1).padStart(6, "0");
    const codeForm = ["emv", "emv", "emv", "unionpay", "wechat", "alipay"][place % 6]!;
    const parameters = checkParameters({
      terminalId: "12345678",
      merchantId: "898310172991001",
      merchantName,
      codeForm,
    });
    const payment = merchantCode(parameters, { amount, reference: `12345678000001${stan}` });
    const order = `42000025120320250314${String(place * 1_234_567).padStart(8, "0")}`;
    const receipt = { ...laterReceipts.code!, amount: { minor: amount, currency: "CNY" }, code: { order } } as const;
    all.push(
      onScreen(`lcd-${amount}-${language}`, payment, amount, language, false),
      onScreen(`glass-${amount}-${language}`, payment, amount, language, true),
      onPaper(`receipt-${amount}-${language}`, order, receiptLines(receipt, "cardholder", language)),
    );
    if (place >= NAMES.length) continue;
    const shop = merchantCode(parameters);
    all.push(
      onScreen(`lcd-shop-${place}-${language}`, shop, undefined, language, false),
      onPaper(`paper-shop-${place}`, shop, [{ kind: "code", text: shop, width: PAPER_WIDTH }]),
    );
  }
  return all;
}

await openEyes();
const all = pictures();

test(`a phone reads ${all.length} codes of the screen and of paper, with ${AMOUNTS.length} amounts in two languages`, () => {
  for (const { name, text, seen } of all) assert.equal(seen, [text], name);
});

const hasZbar = spawnSync("zbarimg", ["--version"]).error === undefined;
if (!hasZbar) leftOut("reading codes by zbarimg", "apt-get install zbar-tools");
else
  test(`zbarimg reads the same ${all.length} codes`, () => {
    const folder = mkdtempSync(join(tmpdir(), "xspos-codes-"));
    try {
      for (const { name, png } of all) writeFileSync(join(folder, `${name}.png`), png);
      const report: string[] = [];
      for (const { name, text } of all) {
        const { stdout, status } = spawnSync("zbarimg", ["-q", join(folder, `${name}.png`)], { encoding: "utf8" });
        report.push(`${name}.png: ${stdout.trim()}`);
        assert.is(status, 0, name);
        assert.is(stdout.trim(), `QR-Code:${text}`, name);
      }
      const cache = new URL("../../.cache/", import.meta.url);
      mkdirSync(cache, { recursive: true });
      writeFileSync(new URL("zbarimg.txt", cache), `${report.join("\n")}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

test.run();
