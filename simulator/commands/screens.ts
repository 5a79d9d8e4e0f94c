import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { groundOf } from "../runtime/grounds.ts";
import { contactSheet } from "../scenario/contact-sheet.ts";
import { runScenario } from "../scenario/run.ts";
import { SCREEN_IDS } from "../scenario/screen-ids.ts";
import { keepPictures, pictureFile, type ScreenPicture } from "../scenario/screen-pictures.ts";
import { groundOrLine, readArguments, readText, UsageError } from "./arguments.ts";

const LANGUAGES = ["en", "zh"] as const;
const library = fileURLToPath(new URL("../../test/flow/", import.meta.url));

/**
 * `xspos screens --out DIR [FILE...] [--ground G]`: acts the scenarios out in each language, all of the library's where none is
 * named, and writes a picture of every screen that shows, `DIR/LANGUAGE/NAME.png`, and of all of them, `DIR/LANGUAGE.png`.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { out: "string", ground: "string" });
  const { out } = values;
  if (out === undefined) throw new UsageError("--out names the folder for the pictures");
  const files = words.length > 0 ? words : scenariosOf(library);
  const texts = files.map((file) => ({ file, text: readText(file) }));
  const ground = await groundOf(groundOrLine(values.ground));
  for (const language of LANGUAGES) {
    const pictures = new Map<string, ScreenPicture>();
    for (const { file, text } of texts) {
      await runScenario({
        file,
        text,
        ground,
        language,
        prepare: (simulation) => keepPictures(simulation, pictures),
      });
    }
    write(join(out, language), [...pictures.values()]);
    const unseen = [...SCREEN_IDS].filter((id) => ![...pictures.values()].some(({ screen }) => screen === id));
    process.stdout.write(`${language}: ${pictures.size} pictures of ${SCREEN_IDS.size - unseen.length} screens\n`);
    if (unseen.length > 0) process.stderr.write(`${language}: no scenario showed ${unseen.join(" ")}\n`);
  }
  return 0;
}

function write(folder: string, pictures: readonly ScreenPicture[]): void {
  mkdirSync(folder, { recursive: true });
  const sorted = [...pictures].sort((one, other) => (one.name < other.name ? -1 : 1));
  for (const picture of sorted) writeFileSync(join(folder, `${picture.name}.png`), pictureFile(picture));
  if (sorted.length > 0) writeFileSync(`${folder}.png`, contactSheet(sorted));
}

function scenariosOf(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(folder, name));
}
