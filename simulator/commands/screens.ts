import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { groundOf } from "../runtime/grounds.ts";
import { contactSheet } from "../scenario/contact-sheet.ts";
import { differencePage, isSamePicture, pictureDifference } from "../scenario/picture-difference.ts";
import { runScenario } from "../scenario/run.ts";
import { SCREEN_IDS } from "../scenario/screen-ids.ts";
import { keepPictures, pictureFile, type ScreenPicture } from "../scenario/screen-pictures.ts";
import { groundOrLine, readArguments, readText, UsageError } from "./arguments.ts";

const LANGUAGES = ["en", "zh"] as const;
const library = fileURLToPath(new URL("../../test/flow/", import.meta.url));

/**
 * `xspos screens --out DIR [FILE...] [--ground G] [--compare OLD]`: acts the scenarios out in each language, all of the library's where none is
 * named, and writes a picture of every screen that shows, `DIR/LANGUAGE/NAME.png`, and of all of them, `DIR/LANGUAGE.png`.
 * With `--compare` what differs from the pictures in the folder of an earlier run is shown in `DIR/differences/index.html`; the
 * status is 1 then.
 */
export async function run(args: readonly string[]): Promise<number> {
  const { values, words } = readArguments(args, { out: "string", ground: "string", compare: "string" });
  const { out, compare: old } = values;
  if (out === undefined) throw new UsageError("--out names the folder for the pictures");
  if (old !== undefined && (!existsSync(old) || resolve(old) === resolve(out))) {
    throw new UsageError("--compare names the folder of another run");
  }
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
  return old === undefined ? 0 : compare(out, old);
}

/** Shows what is other than in the folder of an earlier run, what is new and what is gone. */
function compare(out: string, old: string): number {
  const folder = join(out, "differences");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const changed: string[] = [];
  for (const language of LANGUAGES) {
    const [before, now] = [old, out].map((place) => picturesIn(join(place, language)));
    for (const name of now!) {
      const is = readFileSync(join(out, language, name));
      if (!before!.includes(name)) process.stdout.write(`new: ${language}/${name}\n`);
      else if (!isSamePicture(readFileSync(join(old, language, name)), is)) {
        const changedName = `${language}.${name.replace(/\.png$/, "")}`;
        changed.push(changedName);
        writeFileSync(
          join(folder, `${changedName}.png`),
          pictureDifference(readFileSync(join(old, language, name)), is),
        );
      }
    }
    for (const name of before!) if (!now!.includes(name)) process.stdout.write(`gone: ${language}/${name}\n`);
  }
  writeFileSync(join(folder, "index.html"), differencePage(changed));
  process.stdout.write(`${changed.length} pictures differ: ${join(folder, "index.html")}\n`);
  return changed.length === 0 ? 0 : 1;
}

function picturesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".png")) : [];
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
