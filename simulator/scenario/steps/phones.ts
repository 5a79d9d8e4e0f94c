import { openEyes } from "../../cards/phone/eyes.ts";
import { SIGHTS } from "../../cards/phone/phone.ts";
import { pause, ScenarioFailure, type Script } from "../actor.ts";
import type { Place } from "../document.ts";
import type { Stage } from "../stage.ts";
import { type Act, HUMAN_PAUSE, PATIENCE, type ReadContext, type StepReader } from "./step.ts";

const PICTURES = ["display", "receipt"] as const;
type Picture = (typeof PICTURES)[number];

/** How long somebody tries to read a code off something, and how often they look, in virtual milliseconds. */
const LOOKING = 3_000;
const LOOK_AGAIN = 500;

/** A step of a person: screens count from before it. */
function byHand(action: (stage: Stage) => Script | undefined): Act {
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    const script = action(stage);
    if (script !== undefined) yield* script;
    stage.changed();
    yield pause(0);
  };
}

/** The one code on a picture. */
function* look(stage: Stage, picture: Picture, found: (text: string) => void): Script {
  for (let waited = 0; ; waited += LOOK_AGAIN) {
    const codes = stage.codesOn(picture);
    if (codes.length === 1) return found(codes[0]!);
    if (waited >= LOOKING) throw new ScenarioFailure(`${codes.length} codes can be read off the ${picture}, not one`);
    yield pause(LOOK_AGAIN);
  }
}

/** Ways to use a phone, by the key that tells them apart. */
const WAYS: Readonly<
  Record<string, (place: Place, name: string, entries: ReadonlyMap<string, Place>, context: ReadContext) => Act>
> = {
  show(place, name) {
    place.word("show", ["code"]);
    return byHand((stage) => {
      stage.phone(name).showCode();
      return undefined;
    });
  },
  scan(place, name, entries, context) {
    void openEyes();
    const picture = place.word("scan", PICTURES) as Picture;
    const pay = (entries.get("pay") ?? place.fail('scan needs "pay"')).boolean("pay");
    const amount = entries.get("amount")?.amount("amount", context.currencyDigits);
    return byHand((stage) =>
      look(stage, picture, (text) => {
        stage.phone(name).scan(text, { pay, ...(amount === undefined ? {} : { amount }) });
      }),
    );
  },
  confirm(place, name) {
    const yes = place.boolean("confirm");
    return whenAsked(name, (stage) => stage.phone(name).confirm(yes));
  },
  password(place, name) {
    const right = place.word("password", ["right", "wrong"]) === "right";
    return whenAsked(name, (stage) => stage.phone(name).password(right));
  },
  sees(place, name) {
    const wanted = place.word("sees", SIGHTS);
    return function* (stage) {
      yield {
        kind: "condition",
        holds: () => stage.phone(name).sight === wanted,
        timeout: PATIENCE,
        otherwise: () => `${name} shows its owner: ${stage.phone(name).sight}`,
      };
    };
  },
};

/** The owner waits until the wallet asks. A phone without a network does nothing. */
function whenAsked(name: string, action: (stage: Stage) => unknown): Act {
  return function* (stage) {
    const phone = stage.phone(name);
    yield {
      kind: "condition",
      holds: () => phone.sight === "asked",
      timeout: PATIENCE,
      otherwise: () => `${name} is asked nothing; it shows its owner: ${phone.sight}`,
    };
    yield* byHand((each) => void action(each))(stage);
  };
}

/**
 * `phone: { wallet: PHONE, show: code }`, `{ wallet, scan: display | receipt, pay: true | false, amount? }`,
 * `{ wallet, confirm: true | false }`, `{ wallet, password: right | wrong }`, `{ wallet, sees: code | asked | paid | refused | returned | nothing }`
 */
export const phone: StepReader = (value, context) => {
  const entries = value.map("phone", ["wallet", ...Object.keys(WAYS), "pay", "amount"]);
  const wallet = entries.get("wallet") ?? value.fail('phone needs "wallet"');
  const name = wallet.text("wallet");
  if (!context.isPhone(name)) wallet.fail(`there is no phone "${name}"`);
  const ways = Object.keys(WAYS).filter((key) => entries.has(key));
  const way = ways[0];
  if (way === undefined || ways.length > 1) value.fail(`phone takes one of ${Object.keys(WAYS).join(", ")}`);
  if (way !== "scan") for (const key of ["pay", "amount"]) entries.get(key)?.fail(`"${key}" goes with scan`);
  return WAYS[way!]!(entries.get(way!)!, name, entries, context);
};

/** `scan: phone | receipt | TEXT`: a person holds that before the terminal's scanner. */
export const scan: StepReader = (value) => {
  const what = value.text("scan");
  if (what === "receipt") void openEyes();
  return byHand((stage) => {
    if (what === "receipt") return look(stage, "receipt", (text) => stage.holdBefore(text));
    const text = what === "phone" ? stage.phoneShowing()?.shown : what;
    if (text === undefined) throw new ScenarioFailure("no phone shows a code");
    stage.holdBefore(text);
    return undefined;
  });
};
