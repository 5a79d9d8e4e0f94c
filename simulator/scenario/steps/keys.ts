import { pause, ScenarioFailure, type Script } from "../actor.ts";
import type { Stage } from "../stage.ts";
import { HUMAN_PAUSE, PATIENCE, type StepReader } from "./step.ts";

const KEY_DOWN = 60;
const KEY_UP = 60;

/** More lines than any list has. */
const LONGEST_LIST = 40;

function* strike(stage: Stage, keys: readonly string[]): Script {
  for (const key of keys) {
    // On glass a line of a list is its number's key, and has to be on the display for that.
    for (let moves = 0; moves < LONGEST_LIST && !stage.hasKey(key) && stage.hasKey("DOWN"); moves++)
      yield* strikeOne(stage, "DOWN");
    yield* strikeOne(stage, key);
  }
}

function* strikeOne(stage: Stage, key: string): Script {
  stage.key(key, true);
  yield pause(KEY_DOWN);
  stage.key(key, false);
  yield pause(KEY_UP);
}

/** `press: 1 2 3 4 ENTER` */
export const press: StepReader = (value, context) => {
  const keys = value.text("press").split(/\s+/);
  for (const key of keys) if (!context.isKey(key)) value.fail(`there is no key "${key}"`);
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    yield* strike(stage, keys);
  };
};

/** `hex: 0A1B`: types hexadecimal digits, the letters as UP and 1 to 6, and ENTER. */
export const hex: StepReader = (value) => {
  const digits = value.text("hex");
  if (!/^[0-9A-F]+$/.test(digits)) value.fail("hex: digits 0 to 9 and A to F");
  const keys = [...digits].flatMap((digit) =>
    /\d/.test(digit) ? [digit] : ["UP", String("ABCDEF".indexOf(digit) + 1)],
  );
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    yield* strike(stage, [...keys, "ENTER"]);
  };
};

/** What a cashier reads off a slip, and its label in both languages. */
const PRINTED: Readonly<Record<string, readonly string[]>> = {
  voucher: ["Voucher No.", "凭证号"],
  authorisation: ["Auth. code", "授权码"],
  reference: ["Reference No.", "参考号"],
  "original voucher": ["Orig. voucher", "原凭证号"],
  "original authorisation": ["Orig. auth. code", "原授权码"],
  "original reference": ["Orig. reference", "原参考号"],
};

/** `retype: voucher | authorisation | reference`, or `original voucher` and so on: types that number off the last merchant's slip, and ENTER. */
export const retype: StepReader = (value) => {
  const what = value.text("retype");
  const labels = Object.hasOwn(PRINTED, what)
    ? PRINTED[what]!
    : value.fail(`retype: ${Object.keys(PRINTED).join(", ")}`);
  return function* (stage) {
    const slip = stage.papers().findLast(({ copy }) => copy === "merchant");
    const line = slip?.text.find((text) => labels.some((label) => text.startsWith(label)));
    const number = /(\d+)\s*$/.exec(line ?? "")?.[1];
    if (number === undefined)
      throw new ScenarioFailure(`no slip says a ${what}: ${slip?.text.join("; ") ?? "no paper"}`);
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    yield* strike(stage, [...number, "ENTER"]);
  };
};

const PIN_SCREENS: readonly string[] = ["enter-pin", "pin-retry"];

/** `pin: 123456`: waits until the terminal asks for a PIN. */
export const pin: StepReader = (value) => {
  const digits = value.text("pin");
  if (!/^\d{1,12}$/.test(digits)) value.fail("a PIN has 1 to 12 digits");
  return function* (stage) {
    const asks = (): boolean => PIN_SCREENS.includes(stage.screens.at(-1)?.screen ?? "");
    yield {
      kind: "condition",
      holds: asks,
      timeout: PATIENCE,
      otherwise: () => `the terminal never asked for a PIN; it shows ${stage.screens.at(-1)?.screen}`,
    };
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    yield* strike(stage, [...digits, "ENTER"]);
  };
};

/** `choose: TEXT_OR_ID`: picks an entry of the list on the screen: by its number key, beyond the ninth with DOWN and ENTER. */
export const choose: StepReader = (value) => {
  const wanted = value.text("choose");
  return function* (stage) {
    const entry = (): number | undefined => {
      const { choices = "", choiceIds = "" } = stage.screens.at(-1)?.values ?? {};
      const byId = choiceIds.split("\n").indexOf(wanted);
      const place = byId >= 0 ? byId : choices.split("\n").findIndex((text) => text.includes(wanted));
      return place >= 0 ? place + 1 : undefined;
    };
    yield {
      kind: "condition",
      holds: () => entry() !== undefined,
      timeout: PATIENCE,
      otherwise: () => `no list with "${wanted}" came up; the terminal shows ${stage.screens.at(-1)?.screen}`,
    };
    const number = entry();
    if (number === undefined) throw new ScenarioFailure(`"${wanted}" has gone from the screen`);
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    yield* strike(stage, number <= 9 ? [String(number)] : [...Array<string>(number - 1).fill("DOWN"), "ENTER"]);
  };
};
