import type { ScreenRecord } from "../../io/board.ts";
import { SCREEN_IDS } from "../screen-ids.ts";
import type { Stage } from "../stage.ts";
import { atOnce, PATIENCE, type StepReader } from "./step.ts";

function screenId(text: string, fail: (message: string) => never): string {
  if (!SCREEN_IDS.has(text)) fail(`there is no screen "${text}"`);
  return text;
}

/** Numbers are compared by value ("12.30" is 12.3), everything else as text. */
function shows(shown: string | undefined, wanted: string): boolean {
  if (shown === undefined) return false;
  if (shown === wanted) return true;
  const number = /^-?[\d,]+(\.\d+)?$/;
  return number.test(shown) && number.test(wanted) && plain(shown) === plain(wanted);
}

const plain = (text: string): number => Number(text.replaceAll(",", ""));

function describe(record: ScreenRecord | undefined): string {
  if (record === undefined) return "nothing";
  const values = Object.entries(record.values).map(([name, value]) => `${name}: ${value}`);
  return values.length === 0 ? record.screen : `${record.screen} { ${values.join(", ")} }`;
}

/** A screen that stands since before the last step counts when nothing new has come for so long (virtual milliseconds). */
const STILL = 2_000;

/** `expect: { screen: ID, ...shown values }` */
export const expect: StepReader = (value) => {
  const entries = value.map("expect");
  const screenPlace = entries.get("screen") ?? value.fail('expect needs "screen"');
  const screen = screenId(screenPlace.text("screen"), (message) => screenPlace.fail(message));
  const wanted = [...entries]
    .filter(([name]) => name !== "screen")
    .map(([name, place]) => [name, place.text(name)] as const);
  return function* (stage) {
    const fits = (record: ScreenRecord | undefined): boolean =>
      record?.screen === screen && wanted.every(([name, text]) => shows(record.values[name], text));
    const found = (): number => {
      const place = stage.screens.slice(stage.mark).findIndex(fits);
      return place < 0 ? -1 : stage.mark + place;
    };
    yield { kind: "condition", holds: () => found() >= 0, timeout: STILL };
    if (found() < 0 && stage.power.given() && fits(stage.screens.at(-1))) stage.mark = stage.screens.length - 1;
    yield {
      kind: "condition",
      holds: () => found() >= 0,
      timeout: PATIENCE,
      otherwise: () => complaint(stage, screen, wanted),
    };
    stage.mark = found();
  };
};

function complaint(stage: Stage, screen: string, wanted: readonly (readonly [string, string])[]): string {
  const since = stage.screens.slice(stage.mark);
  const same = since.find((record) => record.screen === screen);
  if (same !== undefined) {
    const values = wanted.map(([name, text]) => `${name}: ${text}`).join(", ");
    return `expected ${screen} with { ${values} }, but it showed ${describe(same)}`;
  }
  const seen = since.map((record) => record.screen).join(", ") || "nothing new";
  const last = describe(stage.screens.at(-1));
  const now = stage.power.given() ? `now: ${last}` : `the terminal has no power, it showed at last: ${last}`;
  return `expected the screen ${screen}; since the last step: ${seen}; ${now}`;
}

/** `never: { screen: ID }` */
export const never: StepReader = (value) => {
  const place = value.map("never", ["screen"]).get("screen") ?? value.fail('never needs "screen"');
  const screen = screenId(place.text("screen"), (message) => place.fail(message));
  return atOnce((stage) => stage.never.add(screen));
};
