/** Entries of what a person does: keys and cards. */
import type { Simulation } from "../../world/simulation.ts";
import type { Words } from "../protocol.ts";
import type { Timeline } from "./timeline.ts";

/** Screens at which a digit is a secret: a PIN, a password, a key. */
const SECRET_SCREENS: ReadonlySet<string> = new Set([
  "enter-pin",
  "pin-retry",
  "password",
  "operator-sign-on",
  "operator-changed",
  "load-keys",
]);

const NAMED: ReadonlySet<string> = new Set(["ENTER", "CANCEL", "CLEAR", "MENU"]);

const CARD_WORDS: Readonly<Record<"insert" | "tap" | "swipe" | "remove", Words>> = {
  insert: { en: "inserted", zh: "插卡" },
  tap: { en: "held to the reader", zh: "挥卡" },
  swipe: { en: "swiped", zh: "刷卡" },
  remove: { en: "taken away", zh: "取卡" },
};

export function watchPerson(simulation: Simulation, timeline: Timeline): void {
  simulation.onKey.push((name, pressed) => {
    if (!pressed) return;
    const isSecret = SECRET_SCREENS.has(simulation.screens.at(-1)?.screen ?? "") && !NAMED.has(name);
    timeline.add("key", isSecret ? { en: "a key (hidden)", zh: "按键(隐藏)" } : name);
  });
  simulation.onCard.push((what, cards) => {
    const { en, zh } = CARD_WORDS[what];
    const names = cards.join(", ");
    timeline.add("card", { en: `${names} ${en}`, zh: `${zh} ${names}` });
  });
}
