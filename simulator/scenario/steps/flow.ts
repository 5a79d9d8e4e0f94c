import { pause } from "../actor.ts";
import type { StepReader } from "./step.ts";

/** `wait: 30s` */
export const wait: StepReader = (value) => {
  const milliseconds = value.duration("wait");
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(milliseconds);
  };
};

/** `repeat: { times: N, steps: [..] }` */
export const repeat: StepReader = (value, context) => {
  const entries = value.map("repeat", ["times", "steps"]);
  const timesPlace = entries.get("times") ?? value.fail('repeat needs "times"');
  const times = timesPlace.integer("times");
  if (times < 1 || times > 100_000) timesPlace.fail("times is 1 to 100000");
  const steps = context.steps(entries.get("steps") ?? value.fail('repeat needs "steps"'));
  return function* (stage) {
    for (let round = 0; round < times; round++) {
      for (const step of steps) yield* step.act(stage);
    }
  };
};
