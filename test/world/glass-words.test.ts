/** What screens say of keys, on a device whose keys are on its display. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Font } from "../../firmware/screen/font.ts";
import { arrangeGlass } from "../../firmware/screen/glass.ts";
import { languages } from "../../firmware/screen/messages/languages.ts";
import type { Language } from "../../firmware/screen/messages/words.ts";
import { panelOf } from "../../firmware/screen/panels.ts";
import type { Screen } from "../../firmware/screen/screens.ts";
import { samples } from "../golden/samples.ts";
import { tinyFont } from "../unit/screen/tiny-font.ts";

/** Names of keys as they stand on caps, not what a key does. */
const names = { en: /\b(?:ENTER|CANCEL|CLEAR|MENU|F[1-4])\b/, zh: /(?:确认|取消|清除|菜单)键/ } as const;
const every = Object.values(samples).flat() as readonly Screen[];

for (const language of ["en", "zh"] as readonly Language[]) {
  test(`no screen on glass speaks of a key by a name that is not to be seen (${language})`, () => {
    const words = languages[language];
    const page = { width: 320, height: 240, font: new Font(tinyFont()), words };
    let pads = 0;
    for (const screen of every) {
      const panel = panelOf(screen, words, language, ["tap"]);
      if (arrangeGlass(page, screen, panel).pad) {
        pads++;
        continue;
      }
      const said = "rows" in panel ? panel.rows : panel.items.flatMap((item) => ("text" in item ? [item.text] : []));
      for (const text of [panel.title, ...said]) assert.not.match(text, names[language], `${screen.id}: ${text}`);
    }
    assert.ok(pads > 0 && pads < every.length);
  });
}

test.run();
