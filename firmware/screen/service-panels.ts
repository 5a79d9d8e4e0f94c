import { type MessageKey, say } from "./messages/words.ts";
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
  | "sign-in"
  | "signed-in"
  | "password"
  | "updating"
  | "updated"
  | "up-to-date"
  | "update-failed"
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
    screen.seconds === undefined
      ? message(
          screen.wrong === true ? "warning" : "calm",
          words[`password.${screen.role}`],
          [headline(words[passwordPrompt(screen)]), dots(screen.digits), note(words["password.hint"])],
          cancelKey(),
          key("CLEAR", "hint.delete"),
          enterKey(),
        )
      : message(
          "bad",
          words["password.locked"],
          [
            icons("alert"),
            headline(say(words, "password.wait", { seconds: screen.seconds })),
            note(words["password.locked-note"]),
          ],
          enterKey(),
        ),
  updating: (screen, words) =>
    message("waiting", words["updating.title"], [
      icons("wait"),
      headline(say(words, "updating.percent", { percent: screen.percent })),
      note(words["updating.note"]),
    ]),
  updated: (_screen, words) =>
    message("good", words["updated.title"], [icons("tick"), headline(words["updated.note"])], enterKey()),
  "up-to-date": (_screen, words) =>
    message("good", words["up-to-date.title"], [icons("tick"), headline(words["up-to-date.note"])], enterKey()),
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

function passwordPrompt({ step, wrong }: ScreenOf<"password">): MessageKey {
  if (step === undefined) return wrong === true ? "password.wrong" : "password.enter";
  if (step === "again") return "password.again";
  return wrong === true ? "password.differ" : "password.new";
}
