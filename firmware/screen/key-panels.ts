import { say, type Words } from "./messages/words.ts";
import type { MessagePanel } from "./panel.ts";
import { cancelKey, enterKey, headline, icons, key, message, note, optional } from "./panel-parts.ts";
import type { ScreenOf } from "./screens.ts";

/** Loading keys: a part is never shown, only how many of its digits are there. */
export function keyPanel(screen: ScreenOf<"load-keys">, words: Words): MessagePanel {
  switch (screen.stage) {
    case "part":
      return message(
        "calm",
        say(words, "load-keys.part", { part: screen.part, of: screen.of }),
        [
          headline(say(words, "load-keys.digits", { count: screen.digits })),
          note(words[screen.isLetter === true ? "load-keys.letter" : "load-keys.letters"]),
        ],
        cancelKey(),
        key("CLEAR", "hint.delete"),
        enterKey(),
      );
    case "check":
      return message(
        "warning",
        screen.part === undefined || screen.of === undefined
          ? words["load-keys.whole"]
          : say(words, "load-keys.part", { part: screen.part, of: screen.of }),
        [note(words["load-keys.check-value"]), headline(screen.checkValue), note(words["load-keys.compare"])],
        key("CANCEL", "hint.differs"),
        key("ENTER", "hint.same"),
      );
    case "waiting":
      return message(
        "waiting",
        words["load-keys.title"],
        [icons("wait"), headline(words["load-keys.waiting"]), note(words["load-keys.from-register"])],
        cancelKey(),
      );
    case "pairing":
      return message(
        "calm",
        words["load-keys.pairing"],
        [headline(screen.code), note(words["load-keys.pairing-note"]), note(words["load-keys.pairing-once"])],
        enterKey(),
      );
    case "loaded":
      return message(
        "good",
        words["load-keys.loaded"],
        [
          icons("tick"),
          headline(screen.name),
          ...optional(screen.checkValue, (value) => note(say(words, "load-keys.value", { value }))),
        ],
        enterKey(),
      );
    case "refused":
      return message(
        "bad",
        words["load-keys.refused"],
        [icons("cross"), headline(words[`key-refused.${screen.reason}`]), note(words["load-keys.nothing"])],
        enterKey(),
      );
  }
}
