import { cardPanels } from "./card-panels.ts";
import { codePanels } from "./code-panels.ts";
import { dayPanels } from "./day-panels.ts";
import { explainResponse } from "./messages/responses.ts";
import { type Language, type MessageKey, say, type Words } from "./messages/words.ts";
import { shownAmount } from "./money.ts";
import type { Item, MessagePanel, Panel } from "./panel.ts";
import {
  allReaders,
  amount,
  cancelKey,
  cardItems,
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
import type { Screen, ScreenId, ScreenOf, TransactionSummary } from "./screens.ts";
import { servicePanels } from "./service-panels.ts";

const approvalCode = ({ authorisationCode }: ScreenOf<"approved">, words: Words): string =>
  authorisationCode === undefined
    ? words["approved.offline"]
    : say(words, "approved.code", { code: authorisationCode });

/** How each screen is said: one entry a screen. */
const panels: PanelsOf<ScreenId> = {
  ...cardPanels,
  ...codePanels,
  ...dayPanels,
  ...servicePanels,
  idle: ({ operator, ...screen }, words, _, readers) =>
    message(
      "calm",
      [words["idle.title"], ...(operator === undefined ? [] : [say(words, "operator.number", { operator })])].join(
        "  ",
      ),
      [
        headline(words["idle.amount"]),
        ...readerIcons(readers),
        ...(readers.length === 0 ? [] : [headline(words["idle.card"])]),
        ...fundsNews(screen, words),
      ],
      key("F1", "language.other"),
      ...(operator === undefined ? [] : [key("F2", "hint.lock")]),
      key("MENU", "hint.menu"),
    ),
  menu: (screen, words) => list(screen.heading ?? words["menu.title"], screen.choices, screen.selected),
  "enter-amount": (screen, words) =>
    message(
      "calm",
      words["enter-amount.title"],
      [
        note(words[`operation.${screen.operation}`]),
        amount(screen.amount),
        ...(screen.card === undefined ? [note(words["enter-amount.hint"])] : cardItems(screen.card)),
      ],
      key("CANCEL", "hint.stop"),
      key("CLEAR", "hint.delete"),
      key("ENTER", "hint.next"),
    ),
  processing: (screen, words) =>
    message("waiting", words["processing.title"], [
      icons("wait"),
      ...optional(screen.amount, amount),
      headline(words[`processing.${screen.stage}`]),
      ...(screen.keepCard === true ? [note(words["processing.keep-card"])] : []),
    ]),
  "confirm-approval": (screen, words) =>
    message(
      "warning",
      words["confirm-approval.title"],
      [
        amount(screen.amount),
        note(words["confirm-approval.note"]),
        note(say(words, "approved.code", { code: screen.authorisationCode })),
        ...optional(screen.card?.pan, note),
      ],
      key("CANCEL", "hint.refuse"),
      key("ENTER", "hint.accept"),
    ),
  approved: (screen, words) =>
    message(
      "good",
      words["approved.title"],
      [
        // four lines of text leave no room for it
        ...(screen.operation !== "sale" && screen.funds !== undefined
          ? []
          : [icons(screen.takeCard === true ? "eject" : "tick")]),
        ...unlessSale(screen.operation, words),
        amount(screen.amount),
        // what is to be done now is worth more than a code that is on the slip
        note(screen.takeCard === true ? words["remove-card.title"] : approvalCode(screen, words)),
        ...optional(screen.funds, (place) => note(words[`approved.${place}`])),
      ],
      enterKey(),
    ),
  declined: (screen, words, language) => {
    const { code } = screen;
    const response = code === undefined ? undefined : explainResponse(code, language);
    return message(
      "bad",
      words["declined.title"],
      [
        headline(response?.reason ?? words["declined.card"]),
        note(words[response?.advice ?? "advice.another-card"]),
        ...(screen.takeCard === true
          ? [note(words["remove-card.title"])]
          : optional(screen.amount, (shown) => note(shownAmount(shown)))),
        ...optional(code, (shown) => note(say(words, "declined.code", { code: shown }))),
      ],
      enterKey(),
    );
  },
  refused: (screen, words) =>
    message(
      "bad",
      words["refused.title"],
      [icons("cross"), amount(screen.amount), note(words[`refused.${screen.by}`]), note(words["refused.note"])],
      enterKey(),
    ),
  reversing: (screen, words) =>
    message("waiting", words["reversing.title"], [
      icons("wait"),
      amount(screen.amount),
      note(words["reversing.note"]),
      ...optional(screen.attempt, (count) => note(say(words, "reversing.attempt", { count }))),
    ]),
  reversed: (screen, words) =>
    message(
      "warning",
      words["reversed.title"],
      [
        icons("tick"),
        ...unlessSale(screen.operation, words),
        amount(screen.amount),
        note(words[screen.operation.startsWith("void") ? "reversed.void" : "reversed.note"]),
      ],
      enterKey(),
    ),
  printing: (screen, words) =>
    message("waiting", words["printing.title"], [icons("paper"), headline(words[`printing.${screen.copy}`])]),
  "paper-out": (_screen, words) =>
    message(
      "warning",
      words["paper-out.title"],
      [icons("paper"), headline(words["paper-out.note"])],
      key("CANCEL", "hint.skip"),
      key("ENTER", "hint.again"),
    ),
  "printer-error": (screen, words) =>
    message(
      "warning",
      words["printer-error.title"],
      [icons("alert"), headline(words[`printer-error.${screen.cause}`]), note(words["printer-error.note"])],
      key("CANCEL", "hint.skip"),
      key("ENTER", "hint.again"),
    ),
  "zero-amount": (_screen, words) =>
    message("warning", words["zero-amount.title"], [icons("alert"), headline(words["zero-amount.note"])], enterKey()),
  "over-limit": (screen, words) =>
    message(
      "warning",
      words["over-limit.title"],
      [icons("alert"), headline(say(words, "over-limit.note", { limit: shownAmount(screen.limit) }))],
      enterKey(),
    ),
  cancelled: (screen, words) =>
    message(
      "warning",
      words["cancelled.title"],
      [icons("cross"), headline(words[`cancelled.${screen.by}`]), note(words["cancelled.note"])],
      enterKey(),
    ),
  "no-answer": (screen, words) =>
    message(
      "bad",
      words["no-answer.title"],
      [icons("alert"), amount(screen.amount), note(words["no-answer.note"])],
      enterKey(),
    ),
  disputed: (screen, words) =>
    message(
      "bad",
      words["disputed.title"],
      [
        icons("alert"),
        amount(screen.amount),
        note(say(words, "disputed.voucher", { voucher: screen.voucher })),
        note(words[screen.refused === "reversal" ? "disputed.note" : "disputed.untaken"]),
      ],
      enterKey(),
    ),
  "amount-mismatch": (screen, words) =>
    message(
      "bad",
      words["amount-mismatch.title"],
      [
        { kind: "pair", label: words["amount-mismatch.asked"], text: shownAmount(screen.asked) },
        { kind: "pair", label: words["amount-mismatch.answered"], text: shownAmount(screen.answered) },
        note(words["amount-mismatch.note"]),
      ],
      enterKey(),
    ),
  offline: (screen, words) =>
    screen.refused === undefined
      ? message(
          "warning",
          words["offline.title"],
          [icons("alert"), headline(words["offline.note"]), note(words["cancelled.note"])],
          enterKey(),
        )
      : message(
          "bad",
          words["host-refusal.title"],
          [icons("alert"), headline(words[`host-refused.${screen.refused}`]), note(words["host-refusal.note"])],
          enterKey(),
        ),
  "enter-number": (screen, words) =>
    message(
      screen.wrong === true ? "warning" : "calm",
      words[`enter-number.${screen.what}`],
      [
        ...unlessSale(screen.operation, words),
        headline(screen.value === "" ? "_" : screen.value),
        note(words[numberHint(screen)]),
        ...(screen.scan === true ? [note(words["enter-number.scan"])] : []),
      ],
      cancelKey(),
      key("CLEAR", "hint.delete"),
      enterKey(),
    ),
  detail: (screen, words) =>
    message(
      screen.action === undefined ? "calm" : "warning",
      screen.action === undefined
        ? words[`operation.${screen.operation}`]
        : say(words, "detail.ask", { action: words[`operation.${screen.action}`] }),
      summaryItems(screen, words),
      key("CANCEL", "hint.back"),
      enterKey(),
    ),
  "dispute-cleared": (screen, words) =>
    message("good", words[`dispute-cleared.${screen.cleared}`], summaryItems(screen, words), enterKey()),
  "no-original": (screen, words) =>
    message(
      "warning",
      words["no-original.title"],
      [icons("alert"), headline(words[`no-original.${screen.reason}`]), note(words["no-original.note"])],
      enterKey(),
    ),
  spending: (screen, words) => spendingPanel(screen, words),
  balance: (screen, words) =>
    message("good", words["balance.title"], [amount(screen.amount), note(screen.pan)], enterKey()),
  stored: (screen, words) =>
    message(
      "warning",
      words["stored.title"],
      [icons("wait"), ...unlessSale(screen.operation, words), amount(screen.amount), note(words["stored.note"])],
      enterKey(),
    ),
  "payment-state": (screen, words) =>
    message(
      screen.answer === "through" ? "good" : screen.answer === "differs" ? "bad" : "warning",
      words[`payment-state.${screen.answer}`],
      [
        ...unlessSale(screen.operation, words),
        amount(screen.amount),
        note(words[`payment-state.${screen.answer}-note`]),
        note(say(words, "disputed.voucher", { voucher: screen.voucher })),
      ],
      enterKey(),
    ),
};

function numberHint({ wrong, what }: ScreenOf<"enter-number">): MessageKey {
  return wrong === true ? "enter-number.wrong" : `enter-number.${what}-hint`;
}

function summaryItems(summary: TransactionSummary, words: Words): Item[] {
  const operation = words[`operation.${summary.operation}`];
  return [
    amount(summary.amount),
    note(`${operation}  ${summary.voucher}`),
    ...optional(summary.pan, note),
    ...optional(summary.wallet, (wallet) => note([words[`wallet.${wallet}`], summary.payer ?? ""].join("  ").trim())),
    note(summary.time),
    ...optional(summary.authorisationCode, (code) => note(say(words, "approved.code", { code }))),
  ];
}

/** What has become of the merchant's money, under what the screen waits for. */
function fundsNews({ news, count = 0, amount: money }: ScreenOf<"idle">, words: Words): Item[] {
  if (news === undefined || money === undefined) return [];
  const net = say(words, "settlement-status.news", { amount: shownAmount(money) });
  return [{ kind: "pair", label: say(words, `settlement-status.${news}`, { count }), text: net }];
}

/** Puts a screen into words and items. */
export function panelOf(screen: Screen, words: Words, language: Language, readers = allReaders): Panel {
  const build = panels[screen.id] as (...given: [Screen, Words, Language, readonly ReaderName[]]) => Panel;
  return build(screen, words, language, readers);
}

function spendingPanel(screen: ScreenOf<"spending">, words: Words): MessagePanel {
  switch (screen.stage) {
    case "ask":
      return message(
        "calm",
        words["spending.paid"],
        [amount(screen.paid), note(words["spending.no-fee"]), headline(words["spending.ask"])],
        key("ENTER", "hint.no-thanks"),
        key("F2", "hint.show"),
      );
    case "waiting":
      return message("waiting", words["spending.title"], [icons("wait"), headline(words["processing.authorising"])]);
    case "told":
      return message(
        "good",
        words["spending.title"],
        [
          amount(screen.amount),
          note(say(words, "spending.count", { count: screen.count })),
          note(say(words, "spending.now", { paid: shownAmount(screen.paid) })),
        ],
        enterKey(),
      );
    case "unavailable":
      return message(
        "calm",
        words["spending.title"],
        [headline(words["spending.unavailable"]), note(words["spending.stands"])],
        enterKey(),
      );
  }
}
