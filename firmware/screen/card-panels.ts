import { say, type Words } from "./messages/words.ts";
import type { MessagePanel } from "./panel.ts";
import {
  allReaders,
  amount,
  cancelKey,
  cardItems,
  dots,
  enterKey,
  headline,
  icons,
  key,
  list,
  message,
  note,
  optional,
  type PanelsOf,
  type ReaderName,
  readerIcons,
  unlessSale,
} from "./panel-parts.ts";
import type { ScreenOf } from "./screens.ts";

/** Screens that ask for a card or its PIN, and what can be wrong with it. */
type CardScreenId =
  | "present-card"
  | "insert-card"
  | "swipe-card"
  | "use-chip"
  | "choose-application"
  | "enter-pin"
  | "pin-retry"
  | "remove-card"
  | "card-expired"
  | "card-unreadable"
  | "card-not-accepted"
  | "card-blocked"
  | "one-card-only"
  | "other-card"
  | "see-phone";

/** How they are said: one entry a screen. */
export const cardPanels: PanelsOf<CardScreenId> = Object.freeze({
  "present-card": (screen, words, _, readers) =>
    message(
      "calm",
      words[titleOf(screen, readers)],
      [
        ...unlessSale(screen.operation, words),
        ...optional(screen.amount, amount),
        ...(screen.code === "scan" ? [icons(...readers, "scan")] : readerIcons(readers)),
        ...(screen.askBank === true ? [note(words["present-card.ask-bank"])] : []),
      ],
      // four do not fit, and this one says itself what it does
      ...(screen.manual === true && screen.askBank !== undefined && screen.code !== undefined ? [] : [cancelKey()]),
      ...(screen.manual === true ? [key("F2", "hint.number")] : []),
      ...(screen.askBank === undefined ? [] : [key("F1", screen.askBank ? "hint.as-usual" : "hint.ask-bank")]),
      ...(screen.code === undefined ? [] : [key(screen.askBank === undefined ? "F1" : "F3", "hint.code")]),
    ),
  "insert-card": (screen, words) =>
    message(
      "calm",
      words["insert-card.title"],
      [
        ...unlessSale(screen.operation, words),
        ...optional(screen.amount, amount),
        icons("chip"),
        note(words["insert-card.note"]),
      ],
      cancelKey(),
    ),
  "swipe-card": (screen, words) =>
    message(
      "calm",
      words["swipe-card.title"],
      [
        ...unlessSale(screen.operation, words),
        ...optional(screen.amount, amount),
        icons("swipe"),
        note(words["swipe-card.note"]),
      ],
      cancelKey(),
    ),
  "use-chip": (screen, words) =>
    message(
      "warning",
      words["use-chip.title"],
      [...optional(screen.amount, amount), icons("chip"), note(words["use-chip.note"])],
      cancelKey(),
    ),
  "choose-application": (screen, words) => list(words["choose-application.title"], screen.choices, screen.selected),
  "enter-pin": (screen, words) =>
    message(
      "calm",
      words["enter-pin.title"],
      [
        ...unlessSale(screen.operation, words),
        ...optional(screen.amount, amount),
        ...optional(screen.card?.pan, note),
        dots(screen.digits),
        note(words[screen.bypass === true && screen.digits === 0 ? "enter-pin.bypass" : "enter-pin.hint"]),
      ],
      cancelKey(),
      key("CLEAR", "hint.delete"),
      enterKey(),
    ),
  "pin-retry": (screen, words) =>
    message(
      "warning",
      words[screen.untried === true ? "pin-retry.last" : "pin-retry.title"],
      [
        ...unlessSale(screen.operation, words),
        ...optional(screen.amount, amount),
        note(words[screen.untried === true ? "enter-pin.hint" : "pin-retry.again"]),
        dots(screen.digits),
        ...optional(screen.triesLeft, (count) => note(say(words, "pin-retry.left", { count }))),
      ],
      cancelKey(),
      key("CLEAR", "hint.delete"),
      enterKey(),
    ),
  "remove-card": (_screen, words) =>
    message("warning", words["remove-card.title"], [icons("eject"), headline(words["remove-card.note"])]),
  "card-expired": (screen, words) =>
    message(
      "bad",
      words["card-expired.title"],
      [
        icons("cross"),
        ...cardItems(screen.card),
        (screen.card === undefined ? headline : note)(words["card-expired.note"]),
      ],
      enterKey(),
    ),
  "card-unreadable": ({ otherWay }, words, _, readers) =>
    otherWay === true
      ? message(
          "bad",
          words["card-unreadable.title"],
          [icons("cross"), headline(words[`card-not-accepted.${otherWays(readers)}`])],
          enterKey(),
        )
      : problem(words, "card-unreadable"),
  "card-not-accepted": ({ tapped }, words, _, readers) =>
    message("warning", words["card-not-accepted.title"], [
      icons("alert"),
      headline(words[`card-not-accepted.${tapped === true ? otherWays(readers) : "other"}`]),
    ]),
  "card-blocked": (_screen, words) => problem(words, "card-blocked"),
  "one-card-only": (_screen, words) =>
    message("warning", words["one-card-only.title"], [icons("tap"), headline(words["one-card-only.note"])]),
  "other-card": (_screen, words) =>
    message("warning", words["other-card.title"], [icons("tap"), headline(words["other-card.note"])], cancelKey()),
  "see-phone": (_screen, words) =>
    message("calm", words["see-phone.title"], [icons("phone"), headline(words["see-phone.note"])], cancelKey()),
});

/** The ways to pay that a board has: each of its readers, or a code as well. */
function titleOf({ code }: ScreenOf<"present-card">, readers: readonly ReaderName[]) {
  if (code === "scan") return "present-card.code";
  return readers.length === allReaders.length ? "present-card.title" : "present-card.any";
}

/** How a card that was tapped may pay, by what the device has beside the antenna. */
function otherWays(readers: readonly ReaderName[]): "chip-or-stripe" | "chip" | "stripe" | "other" {
  if (!readers.includes("chip")) return readers.includes("swipe") ? "stripe" : "other";
  return readers.includes("swipe") ? "chip-or-stripe" : "chip";
}

function problem(words: Words, id: "card-unreadable" | "card-blocked"): MessagePanel {
  return message("bad", words[`${id}.title`], [icons("cross"), headline(words[`${id}.note`])], enterKey());
}
