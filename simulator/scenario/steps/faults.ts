import { KEY_FLAWS } from "../../acquirer/rules/downloads.ts";
import { FONTS } from "../../update/font.ts";
import { PACKAGE_KINDS } from "../../update/make-package.ts";
import type { NetworkFault } from "../../world/network.ts";
import { pause } from "../actor.ts";
import type { Place } from "../document.ts";
import type { HostFault, Stage } from "../stage.ts";
import { type Act, atOnce, HUMAN_PAUSE, type StepReader } from "./step.ts";

const direction = (place: Place): "request" | "response" => {
  const text = place.text("direction");
  if (text !== "request" && text !== "response") place.fail("request or response");
  return text as "request" | "response";
};

const hostPlace = (place: Place): "first" | "second" => {
  const text = place.text("away");
  if (text !== "first" && text !== "second") place.fail("first or second");
  return text as "first" | "second";
};

const NETWORK_FAULTS: Readonly<Record<string, (place: Place) => NetworkFault>> = {
  away: (place) => ({ kind: "away", host: hostPlace(place) }),
  delay: (place) => ({ kind: "delay", milliseconds: place.duration("delay") }),
  lose: (place) => ({ kind: "lose", what: direction(place) }),
  cutAfter: (place) => ({ kind: "cutAfter", bytes: place.integer("cutAfter"), what: "response" }),
  corrupt: (place) => ({ kind: "corrupt", what: direction(place) }),
};

/** The one entry of a map whose keys are known. */
function only(value: Place, what: string, known: readonly string[]): readonly [string, Place] {
  const entries = [...value.map(what, known)];
  const first = entries[0];
  if (first === undefined || entries.length > 1) value.fail(`${what} takes one of ${known.join(", ")}`);
  return first as readonly [string, Place];
}

/** `network: up | down | { away: first | second } | { delay } | { lose } | { cutAfter } | { corrupt }` */
export const network: StepReader = (value) => {
  const fault = networkFault(value);
  return atOnce((stage) => stage.network.set(fault));
};

function networkFault(value: Place): NetworkFault {
  if (value.isMap()) {
    const [name, place] = only(value, "network", Object.keys(NETWORK_FAULTS));
    return NETWORK_FAULTS[name]!(place);
  }
  const word = value.text("network");
  if (word !== "up" && word !== "down") value.fail("network: up or down");
  return { kind: word as "up" | "down" };
}

const HOST_FAULTS: Readonly<Record<string, (place: Place, digits: number) => string | number | boolean>> = {
  respond(place) {
    const code = place.text("respond");
    if (!/^[0-9A-Z]{2}$/.test(code)) place.fail('a response code has two characters, such as "51"');
    return code;
  },
  silent: (place) => place.boolean("silent"),
  badMac: (place) => place.boolean("badMac"),
  amount: (place, digits) => place.amount("amount", digits),
  authCode: (place) => String(place.plain() ?? ""),
  omit: omittedField,
  wrongStan: (place) => place.boolean("wrongStan"),
  truncate: (place) => place.integer("truncate"),
  oversize: (place) => place.boolean("oversize"),
  currency: (place) => place.text("currency"),
  terminal: (place) => place.text("terminal"),
  otherTerminal: (place) => place.boolean("otherTerminal"),
  late: (place) => place.duration("late"),
  replay: (place) => place.boolean("replay"),
  to: messageType,
  dispute: whichPayment,
  resolve: whichPayment,
  offer: (place) => JSON.stringify(place.plain()),
  digest: (place) => place.text("digest"),
  keys: keyFlaw,
  package: packageWish,
  applications: applicationWishes,
  restart: (place) => place.boolean("restart"),
  losePush: (place) => place.boolean("losePush"),
};

/** The type of message that a fault waits for. */
function messageType(place: Place): string {
  const type = place.text("to");
  if (!/^0[1-8]\d0$/.test(type)) place.fail('to is a message type such as "0320"');
  return type;
}

/** What is wrong with a payment system's key that the host hands out. */
function keyFlaw(place: Place): string {
  const word = place.text("keys");
  const known: readonly string[] = [...KEY_FLAWS, "good"];
  if (!known.includes(word)) place.fail(`keys: ${known.join(", ")}`);
  return word;
}

const LIMITS = ["floorLimit", "contactlessFloorLimit", "contactlessLimit", "contactlessCvmLimit"];
const WISH = ["aid", "kernel", "ttq", "terminalType", "onlinePin", ...LIMITS];

/** What the host's applications (380) are to be other than usual, as in `terminal`: amounts in minor units. */
function applicationWishes(place: Place): string {
  for (const wish of place.list("applications")) [...wish.map("application", WISH)];
  return JSON.stringify(place.plain());
}

const PACKAGE = [
  "kind",
  "version",
  "securityVersion",
  "board",
  "signedBy",
  "mayReplaceNewer",
  "entry",
  "font",
  "content",
  "spoilt",
];
const PACKAGE_WORDS: Readonly<Record<string, readonly string[]>> = {
  kind: PACKAGE_KINDS,
  signedBy: ["maker", "acquirer"],
  entry: ["terminal", "hangs", "crashes"],
  font: FONTS,
};

/** A package that the host gives from now on (../../update/make-package.ts), or `none`. */
function packageWish(place: Place): string {
  if (!place.isMap()) {
    if (place.text("package") !== "none")
      place.fail("package: none, or a map such as { kind: firmware, version: 1.1.0 }");
    return "none";
  }
  for (const [name, value] of place.map("package", PACKAGE)) {
    const words = PACKAGE_WORDS[name];
    if (words !== undefined && !words.includes(value.text(name))) value.fail(`${name}: ${words.join(", ")}`);
  }
  return JSON.stringify(place.plain());
}

/** The payment whose money the host holds, or lets go. */
function whichPayment(place: Place): string {
  const stan = place.text("payment");
  if (!/^(last|\d{1,6})$/.test(stan)) place.fail('"last", or the STAN of a payment');
  return stan;
}

/** A field that an answer may leave out; the one of the MAC has a fault of its own. */
function omittedField(place: Place): number {
  const field = place.integer("omit");
  if (field < 2 || field > 63) place.fail("omit is the number of a field, 2 to 63");
  return field;
}

/** `host: normal` or a fault for its next request. */
export const host: StepReader = (value, context) => {
  if (!value.isMap()) {
    if (value.text("host") !== "normal") value.fail('host: normal, or a map such as { respond: "51" }');
    return atOnce((stage) => stage.host.normal());
  }
  const fault: Record<string, string | number | boolean> = {};
  for (const [name, place] of value.map("host", Object.keys(HOST_FAULTS))) {
    fault[name] = HOST_FAULTS[name]!(place, context.currencyDigits);
  }
  return atOnce((stage) => stage.host.fault(fault satisfies HostFault));
};

/** `power: cut | on | { cutAtFlashOperation: N }` */
export const power: StepReader = (value) => {
  if (value.isMap()) {
    const [, place] = only(value, "power", ["cutAtFlashOperation"]);
    const operation = place.integer("cutAtFlashOperation");
    if (operation < 1) place.fail("operations count from 1");
    return atOnce((stage) => stage.power.cutAtFlashOperation(operation));
  }
  const word = value.text("power");
  if (word !== "cut" && word !== "on") value.fail("power: cut or on");
  return marked((stage) => (word === "cut" ? stage.power.cut() : stage.power.on()));
};

const PRINTER: Readonly<Record<string, readonly [(stage: Stage, first: boolean) => void, string, string]>> = {
  paper: [(stage, first) => stage.printer.paper(!first), "out", "in"],
  cover: [(stage, first) => stage.printer.cover(first), "open", "closed"],
  hot: [(stage, first) => stage.printer.hot(first), "true", "false"],
};

/** `printer: { paper: out | in, cover: open | closed, hot: true | false }` */
export const printer: StepReader = (value) => {
  const actions: ((stage: Stage) => void)[] = [];
  for (const [name, place] of value.map("printer", Object.keys(PRINTER))) {
    const [set, first, second] = PRINTER[name]!;
    const word = place.text(name);
    if (word !== first && word !== second) place.fail(`${name} is ${first} or ${second}`);
    actions.push((stage) => set(stage, word === first));
  }
  return marked((stage) => {
    for (const action of actions) action(stage);
  });
};

/** `battery: { charge: 8, cable: out | in }`: what is left of the battery in percent, and whether a cable charges it; one of them or both. */
export const battery: StepReader = (value) => {
  const entries = value.map("battery", ["charge", "cable"]);
  if (entries.size === 0) value.fail("battery: { charge: 8, cable: out }");
  const charge = entries.get("charge")?.integer("charge");
  if (charge !== undefined && charge > 100) value.fail("charge is a percentage, 0 to 100");
  const cable = entries.get("cable")?.word("cable", ["in", "out"]);
  return marked((stage) =>
    stage.battery.set({
      ...(charge === undefined ? {} : { charge }),
      ...(cable === undefined ? {} : { cable: cable === "in" }),
    }),
  );
};

/** `tamper: open | closed`: the case. What a case has seen while the power was off, the firmware cannot know once it is closed again. */
export const tamper: StepReader = (value) => {
  const word = value.text("tamper");
  if (word !== "open" && word !== "closed") value.fail("tamper: open or closed");
  return marked((stage) => (word === "open" ? stage.caseSwitch.open() : stage.caseSwitch.close()));
};

/**
 * `keys: load`: what the factory's key loader does. The terminal is switched off, the loader leaves the TEST keys of the
 * terminal's key scheme in its secure storage, and the next start takes them; with the case open it wipes them instead.
 * `keys: none`: as the terminal left its factory; `keys: transport`: with the key under which key blocks come, and no other.
 */
export const keys: StepReader = (value) => {
  const word = value.text("keys");
  if (word !== "load" && word !== "none" && word !== "transport") value.fail("keys: load, none or transport");
  return marked((stage) => (word === "load" ? stage.loadKeys() : stage.forgetKeys(word === "transport")));
};

/** `clock: { forward: 3h } | { back: 3h }`: the terminal's own clock jumps; the host's goes on as it was. */
export const clock: StepReader = (value) => {
  const [way, place] = only(value, "clock", ["forward", "back"]);
  const milliseconds = place.duration(way) * (way === "forward" ? 1 : -1);
  return marked((stage) => stage.shiftClock(milliseconds));
};

/** `restart: true`: an orderly restart. */
export const restart: StepReader = (value) => {
  if (!value.boolean("restart")) value.fail("restart can only be true");
  return marked((stage) => stage.restart());
};

/** `replace: terminal`: another one with the same number, keys and parameters, and an empty journal. */
export const replace: StepReader = (value) => {
  if (value.text("replace") !== "terminal") value.fail("replace can only be terminal");
  return marked((stage) => stage.replaceTerminal());
};

/** Does it after a human pause; screens count from here. */
function marked(action: (stage: Stage) => void): Act {
  return function* (stage) {
    stage.mark = stage.screens.length;
    yield pause(HUMAN_PAUSE);
    action(stage);
  };
}
