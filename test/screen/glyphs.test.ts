/** The screens and receipts with the font that ships: nothing without a glyph, nothing cut off. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { receiptLines } from "../../firmware/receipt/lines.ts";
import { paperWords } from "../../firmware/receipt/words.ts";
import { arrange, type Page } from "../../firmware/screen/arrange.ts";
import { Font } from "../../firmware/screen/font.ts";
import { languages } from "../../firmware/screen/messages/languages.ts";
import { explainResponse, responseCodes } from "../../firmware/screen/messages/responses.ts";
import type { Item } from "../../firmware/screen/panel.ts";
import { panelOf } from "../../firmware/screen/panels.ts";
import type { Content } from "../../firmware/screen/region.ts";
import type { Screen } from "../../firmware/screen/screens.ts";
import { decodeFont } from "../../simulator/world/paper-font.ts";
import { font as bytes } from "../golden/fake-display.ts";
import { allSamples, receipt } from "../golden/samples.ts";

const LANGUAGES = ["en", "zh"] as const;
const glyphs = new Map(decodeFont(Buffer.from(bytes)).map((glyph) => [glyph.character, glyph]));
const font = new Font(bytes);

function assertGlyphs(text: string): void {
  for (const character of text) {
    const glyph = glyphs.get(character);
    assert.ok(glyph, `no glyph for "${character}" of "${text}"`);
    assert.is(font.measure(character), glyph.width, character);
  }
}

test("the font has every character of both languages' messages", () => {
  for (const language of LANGUAGES) {
    for (const text of Object.values(languages[language])) assertGlyphs(text);
    for (const text of Object.values(paperWords[language])) assertGlyphs(text);
    for (const code of responseCodes) assertGlyphs(explainResponse(code, language).reason);
  }
});

test("the font has all of GB2312 level 1, ASCII and the signs of receipts", () => {
  assert.ok(glyphs.size >= 3755 + 95);
  assertGlyphs("啊座剧¥￥€£₩，。：；！？（）《》“”‘’、…—─│┌┐└┘├┤█▲▼←↑→↓●○■□✓✗①⑩×·é");
});

const textsOf = (item: Item): string[] => {
  switch (item.kind) {
    case "pair":
      return [item.label, item.text];
    case "icons":
    case "dots":
    case "beat":
      return [];
    default:
      return [item.text];
  }
};
const shownBy = (content: Content): string[] => {
  switch (content.kind) {
    case "text":
      return [content.lines.join(" ")];
    case "pair":
      return [content.label, content.text];
    case "key":
      return [content.cap, content.hint];
    default:
      return [];
  }
};
const tight = (text: string): string => text.replaceAll(" ", "");

/** All response codes as screens, beside the samples. */
const screens: readonly Screen[] = [
  ...allSamples,
  ...responseCodes.map((code) => ({ id: "declined", amount: { minor: 1234, currency: "CNY" }, code }) as const),
];

test("every screen shows all of its texts in both languages, shortened or left out nowhere", () => {
  for (const language of LANGUAGES) {
    const page: Page = { width: 320, height: 240, font, words: languages[language] };
    for (const screen of screens) {
      const panel = panelOf(screen, page.words, language);
      const regions = arrange(page, panel);
      const shown = regions.flatMap((region) => shownBy(region.content)).map(tight);
      const wanted = [panel.title, ...("items" in panel ? panel.items.flatMap(textsOf) : [])];
      // Beside a code an amount may stand in two lines and without its commas.
      const isShown = (text: string): boolean =>
        "code" in panel
          ? shown.join("").replaceAll(",", "").includes(tight(text).replaceAll(",", ""))
          : shown.includes(tight(text));
      for (const text of wanted) assert.ok(isShown(text), `${screen.id} (${language}): ${text}`);
      for (const { content, width } of regions) {
        if (content.kind === "key")
          assert.ok(font.measure(content.cap) + 8 + 8 + font.measure(content.hint) <= width, `key ${content.hint}`);
        if (content.kind === "pair") assert.ok(font.measure(content.label + content.text) + 24 <= width);
      }
      const icons = "items" in panel ? panel.items.filter((item) => item.kind === "icons").length : 0;
      assert.is(
        regions.filter((region) => region.content.kind === "icons").length,
        icons,
        `${screen.id} (${language})`,
      );
    }
  }
});

test("no line of a receipt is wider than the paper", () => {
  for (const language of LANGUAGES)
    for (const line of receiptLines(receipt, "merchant", language)) {
      if (line.kind === "text") assert.ok(font.measure(line.text) * line.scale <= 384, line.text);
      if (line.kind === "pair")
        assert.ok((font.measure(`${line.label} `) + font.measure(line.value)) * line.scale <= 384);
    }
});

test.run();
