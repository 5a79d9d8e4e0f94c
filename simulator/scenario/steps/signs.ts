import { wordsIn } from "../../world/ear.ts";
import { pause, ScenarioFailure, type Script } from "../actor.ts";
import type { Stage } from "../stage.ts";
import { PATIENCE, type StepReader } from "./step.ts";

/** What the row shows for each sign of EMV Contactless Book A: a light and then none, one that stays, four one after the other, none. */
const LIGHTS: Readonly<Record<string, readonly string[]>> = {
  idle: ["*...", "...."],
  ready: ["*..."],
  read: ["**..", "***.", "****", "...."],
  dark: ["...."],
};
/** A sign that stays has stood for so long; a flash is shorter (virtual milliseconds). */
const STEADY = 300;
/** Hertz and milliseconds of each tone. */
const TONES: Readonly<Record<string, readonly (readonly [hertz: number, milliseconds: number])[]>> = {
  success: [[1_500, 500]],
  alert: [
    [750, 200],
    [750, 200],
  ],
};

/** `lights: idle | ready | read | dark`: the lights over the antenna, since the last time that they were looked at. */
export const lights: StepReader = (value) => {
  const name = value.word("lights", Object.keys(LIGHTS));
  const wanted = LIGHTS[name]!;
  const isSteady = name === "ready" || name === "dark";
  return function* (stage) {
    const found = (): number => (isSteady ? steady(stage, wanted[0]!) : sequence(stage, wanted));
    yield* until(stage, found, () => `expected the lights ${name}, seen: ${lit(stage).join(" ") || "nothing"}`);
    stage.signMark.lights = found();
  };
};

/** Waits until there is such a place. Lights and tones move no screen: they are looked at now and then. */
function* until(stage: Stage, found: () => number, otherwise: () => string): Script {
  for (const end = stage.now() + PATIENCE; found() < 0; ) {
    if (stage.now() >= end) throw new ScenarioFailure(otherwise());
    yield pause(STEADY);
  }
}

const lit = (stage: Stage): string[] => stage.signs.lights.slice(stage.signMark.lights).map((seen) => seen.lit);

/** Where the lights have gone through all of that, one right after the other; below 0: nowhere. */
function sequence(stage: Stage, wanted: readonly string[]): number {
  const seen = lit(stage);
  const at = seen.findIndex((_, start) => wanted.every((what, step) => seen[start + step] === what));
  return at < 0 ? -1 : stage.signMark.lights + at + wanted.length - 1;
}

/** Where they show it still, or showed it for long enough. */
function steady(stage: Stage, wanted: string): number {
  const all = stage.signs.lights;
  if (all.length === 0) return wanted === "...." ? 0 : -1;
  return all.findIndex(({ at, lit: shown }, index) => {
    const until = all[index + 1]?.at ?? stage.now();
    return index >= stage.signMark.lights && shown === wanted && until - at >= STEADY;
  });
}

/** `beep: success | alert`: a tone since the last one that was listened for; `beep: none`: none was heard. */
export const beep: StepReader = (value) => {
  const name = value.word("beep", [...Object.keys(TONES), "none"]);
  return function* (stage) {
    if (name === "none") {
      const heard = stage.signs.tones.slice(stage.signMark.tones);
      if (heard.length > 0) throw new ScenarioFailure(`there was a tone of ${heard[0]!.hertz} Hz`);
      return;
    }
    const wanted = TONES[name]!;
    const heard = (): string =>
      stage.signs.tones
        .slice(stage.signMark.tones)
        .map(({ hertz }) => hertz)
        .join(" ") || "nothing";
    const found = (): number => heardAt(stage, wanted);
    yield* until(stage, found, () => `expected the tone ${name}, heard: ${heard()}`);
    stage.signMark.tones = found() + wanted.length;
  };
};

function heardAt({ signs, signMark }: Stage, wanted: readonly (readonly [number, number])[]): number {
  return signs.tones.findIndex(
    (_, start) =>
      start >= signMark.tones &&
      wanted.every(([hertz, milliseconds], step) => {
        const tone = signs.tones[start + step];
        return tone?.hertz === hertz && tone.until !== undefined && tone.until - tone.from === milliseconds;
      }),
  );
}

/** How long it may be quiet between words, and how long one listens for silence (virtual milliseconds). */
const QUIET = 3_000;

/** `hear: TEXT`: the loudspeaker says exactly that, since the last time that one listened; `hear: nothing`: it says nothing for three seconds. */
export const hear: StepReader = (value) => {
  const text = value.text("hear");
  const plain = (words: string): string => words.toLowerCase().replace(/[\s，,-]/g, "");
  return function* (stage) {
    const speech = () => wordsIn(stage.speaker.heard, stage.signMark.speech, stage.speaker.sampleRate);
    if (text === "nothing") {
      yield pause(QUIET);
      const samples = stage.speaker.heard.length - stage.signMark.speech;
      if (samples > 0) throw new ScenarioFailure(`heard ${speech().words.join(" ")}`);
      return;
    }
    const isSaid = (): number => {
      const { words, end, rest } = stage.speaker.heard.length > 0 ? speech() : { words: [], end: 0, rest: 0 };
      return rest === 0 && plain(words.join("")) === plain(text) ? end : -1;
    };
    yield* until(
      stage,
      isSaid,
      () => `expected "${text}", heard: ${speech().words.join(" ")} (${speech().rest} samples more)`,
    );
    stage.signMark.speech = isSaid();
  };
};
