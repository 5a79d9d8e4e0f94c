import { isForTheBrowser, isTakenElsewhere } from "./device/keys.ts";
import { openDialogue } from "./dialogue.ts";
import { make } from "./dom.ts";
import { say, type Word } from "./language.ts";

const SHOWN: readonly (readonly [keys: string, word: Word])[] = [
  ["0 – 9", "helpDigits"],
  [".", "helpDoubleZero"],
  ["Enter", "helpEnter"],
  ["Esc", "helpEscape"],
  ["Backspace", "helpBackspace"],
  ["M", "helpMenu"],
  ["↑ ↓", "helpArrows"],
  ["F1 – F4", "helpFunction"],
  ["[ ]", "helpCards"],
  ["I", "helpInsert"],
  ["T", "helpTap"],
  ["S", "helpSwipe"],
  ["R", "helpRemove"],
  ["C  F  L  B  G", "helpTabs"],
  ["X", "helpTear"],
  ["V", "helpSound"],
  ["P", "helpPause"],
  ["N", "helpStep"],
  ["?", "helpHelp"],
];

/** Letters of the keyboard that are not keys of the terminal: `actions` by letter. */
export function listenForShortcuts(actions: Readonly<Record<string, () => void>>): void {
  addEventListener("keydown", (event) => {
    const action = event.key === "?" ? showShortcuts : actions[event.key.toLowerCase()];
    if (action === undefined || event.repeat || isForTheBrowser(event) || isTakenElsewhere(event)) return;
    event.preventDefault();
    action();
  });
}

/** Shows what each key does. */
export function showShortcuts(): void {
  const list = make("dl", { class: "shortcuts" });
  for (const [keys, word] of SHOWN) {
    list.append(make("dt", {}, make("kbd", { text: keys })), make("dd", { text: say(word) }));
  }
  openDialogue(say("helpTitle"), [list, make("p", { class: "quiet-text", text: say("passwords") })]);
}
