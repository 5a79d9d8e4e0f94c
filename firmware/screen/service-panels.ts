import { keyPanel } from "./key-panels.ts";
import { type MessageKey, say, type Words } from "./messages/words.ts";
import type { MessagePanel } from "./panel.ts";
import {
  cancelKey,
  dots,
  enterKey,
  headline,
  icons,
  key,
  message,
  note,
  optional,
  type PanelsOf,
} from "./panel-parts.ts";
import type { ScreenOf } from "./screens.ts";

/** Screens about the terminal itself, not about a payment. */
type ServiceScreenId =
  | "boot"
  | "load-keys"
  | "sign-in"
  | "signed-in"
  | "password"
  | "operator-sign-on"
  | "operator-changed"
  | "updating"
  | "updated"
  | "up-to-date"
  | "update-failed"
  | "battery-low"
  | "battery-empty"
  | "tampered"
  | "error"
  | "out-of-service";

/** How they are said: one entry a screen. */
export const servicePanels: PanelsOf<ServiceScreenId> = Object.freeze({
  boot: (screen, words) =>
    message("waiting", words["boot.title"], [
      headline("xspos"),
      note(say(words, "boot.version", { version: screen.version })),
    ]),
  "load-keys": (screen, words) => keyPanel(screen, words),
  "sign-in": (_screen, words) =>
    message("waiting", words["sign-in.title"], [icons("wait"), headline(words["sign-in.note"])]),
  "signed-in": (screen, words) =>
    message(
      "good",
      words["signed-in.title"],
      [icons("tick"), headline(say(words, "signed-in.batch", { batch: screen.batch }))],
      enterKey(),
    ),
  password: (screen, words) =>
    screen.locked === true
      ? message(
          "bad",
          words["password.locked"],
          [
            icons("alert"),
            headline(
              screen.seconds === undefined
                ? say(words, "operator.number", { operator: screen.operator ?? "" })
                : say(words, "password.wait", { seconds: screen.seconds }),
            ),
            note(words["password.locked-note"]),
            ...(screen.seconds === undefined ? [note(words["password.unlock"])] : []),
          ],
          enterKey(),
        )
      : message(
          screen.wrong === true ? "warning" : "calm",
          passwordTitle(screen, words),
          [headline(passwordPrompt(screen, words)), dots(screen.digits), note(words[passwordHint(screen)])],
          cancelKey(),
          key("CLEAR", "hint.delete"),
          enterKey(),
        ),
  "operator-sign-on": (screen, words) =>
    message(
      screen.wrong === true ? "warning" : "calm",
      words["operator-sign-on.title"],
      [
        headline(words[screen.wrong === true ? "operator-sign-on.wrong" : "operator-sign-on.enter"]),
        { kind: "amount", text: screen.value === "" ? "_" : screen.value },
        note(words["operator-sign-on.hint"]),
      ],
      ...(screen.value === "" ? [key("F1", "language.other")] : [cancelKey(), key("CLEAR", "hint.delete")]),
      enterKey(),
    ),
  "operator-changed": (screen, words) =>
    message(
      "good",
      words[`operator-changed.${screen.what}`],
      [icons("tick"), headline(say(words, "operator.number", { operator: screen.operator }))],
      enterKey(),
    ),
  updating: (screen, words) =>
    message("waiting", words[screen.what === undefined ? "updating.title" : "package.title"], [
      icons("wait"),
      headline(say(words, "updating.percent", { percent: screen.percent })),
      ...optional(screen.what, (what) => note(say(words, `package.${what}`, { version: screen.version ?? "" }))),
      note(words["updating.note"]),
    ]),
  updated: (_screen, words) =>
    message("good", words["updated.title"], [icons("tick"), headline(words["updated.note"])], enterKey()),
  "up-to-date": (screen, words) =>
    message(
      "good",
      words[screen.what === undefined ? "up-to-date.title" : "package.title"],
      [icons("tick"), headline(words["up-to-date.note"])],
      enterKey(),
    ),
  "update-failed": (screen, words) =>
    message(
      "bad",
      words["update-failed.title"],
      [
        icons("cross"),
        headline(words["update-failed.note"]),
        ...optional(screen.reason, (reason) => note(words[`update-failed.${reason}`])),
        note(screen.detail),
      ],
      enterKey(),
    ),
  "battery-low": (screen, words) => batteryPanel("warning", screen, words),
  "battery-empty": (screen, words) => batteryPanel("bad", screen, words),
  tampered: (_screen, words) =>
    message("bad", words["tampered.title"], [
      icons("alert"),
      headline(words["tampered.note"]),
      note(words["tampered.keys"]),
      note(words["tampered.kept"]),
    ]),
  error: (screen, words) =>
    message(
      "bad",
      words["error.title"],
      [icons("alert"), headline(words["error.note"]), note(words["error.kept"]), ...optional(screen.detail, note)],
      enterKey(),
    ),
  "out-of-service": (screen, words) =>
    message("bad", words["out-of-service.title"], [
      icons("alert"),
      headline(words["out-of-service.note"]),
      ...optional(screen.reason, (reason) => note(words[`out-of-service.${reason}`])),
      ...optional(screen.detail, note),
    ]),
});

function batteryPanel(
  tone: "warning" | "bad",
  { id, charge }: ScreenOf<"battery-low" | "battery-empty">,
  words: Words,
): MessagePanel {
  return message(
    tone,
    words[`${id}.title`],
    [icons("battery"), headline(say(words, "battery.charge", { charge: `${charge}` })), note(words[`${id}.note`])],
    enterKey(),
  );
}

/** Whose password it is. */
function passwordTitle({ role, operator }: ScreenOf<"password">, words: Words): string {
  return `${words[`password.${role}`]}${operator === undefined ? "" : ` ${operator}`}`;
}

function passwordPrompt({ step, wrong, old, left }: ScreenOf<"password">, words: Words): string {
  if (step === "again") return words["password.again"];
  if (step === "new") return words[old === true ? "password.old" : wrong === true ? "password.differ" : "password.new"];
  if (wrong !== true) return words["password.enter"];
  return left === undefined || left === 0 ? words["password.wrong"] : say(words, "password.left", { left });
}

function passwordHint({ step, initial }: ScreenOf<"password">): MessageKey {
  return step === "new" && initial === true ? "password.initial" : "password.hint";
}
