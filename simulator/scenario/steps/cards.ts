import { pause, ScenarioFailure } from "../actor.ts";
import type { Place } from "../document.ts";
import { HUMAN_PAUSE, type ReadContext, type StepReader } from "./step.ts";

function cardName(value: Place, context: ReadContext): string {
  const name = value.text("card");
  if (!context.isCard(name)) value.fail(`there is no card "${name}"`);
  return name;
}

/** `insert: CARD` */
export const insert: StepReader = (value, context) => {
  const name = cardName(value, context);
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    stage.insert(name);
  };
};

/** `swipe: CARD` */
export const swipe: StepReader = (value, context) => {
  const name = cardName(value, context);
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    stage.swipe(name);
  };
};

/** `tap: CARD` or `tap: [A, B]`: held until it is removed or the terminal has moved on. */
export const tap: StepReader = (value, context) => {
  const names = value.isList() ? value.list("tap").map((item) => cardName(item, context)) : [cardName(value, context)];
  if (names.length === 0) value.fail("tap needs a card");
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    stage.tap(names);
  };
};

/** `remove: card` */
export const remove: StepReader = (value) => {
  if (value.text("remove") !== "card") value.fail('only "remove: card" is known');
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    if (!stage.remove()) throw new ScenarioFailure("there is no card to remove");
  };
};
