import type { DayScreen } from "./day-screens.ts";
import { type MessageKey, say, type Words } from "./messages/words.ts";
import { type Money, shownAmount } from "./money.ts";
import type { Item, MessagePanel } from "./panel.ts";
import {
  amount,
  enterKey,
  headline,
  icons,
  key,
  list,
  message,
  note,
  optional,
  type PanelsOf,
  readerIcons,
} from "./panel-parts.ts";

type DayScreenId = DayScreen["id"];
type DayScreenOf<Id extends DayScreenId> = Extract<DayScreen, { readonly id: Id }>;

const pair = (label: string, text: string): Item => ({ kind: "pair", label, text });
const counted = (words: Words, name: MessageKey, count: number, money: Money): Item =>
  pair(say(words, name, { count }), shownAmount(money));

/** How the screens of the business day are said: one entry a screen. */
export const dayPanels: PanelsOf<DayScreenId> = Object.freeze({
  settlement: (screen, words) => settlementPanel(screen, words),
  "settlement-result": (screen, words) =>
    message(
      screen.result === "equal" ? "good" : "warning",
      words["settlement-result.title"],
      [
        note(
          `${say(words, "settlement.batch", { batch: screen.batch })} ${words[`settlement-result.${screen.result}`]}`,
        ),
        counted(words, "settlement.debits", screen.debitCount, screen.debits),
        counted(words, "settlement.credits", screen.creditCount, screen.credits),
        pair(words["settlement.net"], shownAmount(screen.net)),
      ],
      enterKey(),
    ),
  "settlement-status": (screen, words) => statusPanel(screen, words),
  history: (screen, words) => list(words["history.title"], screen.choices, screen.selected),
  report: (screen, words) => {
    const rows = list(screen.heading ?? words["report.title"], screen.choices, screen.selected);
    const keys = [
      key("UP/DOWN", "hint.move"),
      key("CANCEL", "hint.back"),
      key("ENTER", screen.paperless === true ? "hint.ok" : "hint.print"),
    ];
    return { ...rows, rows: screen.choices.map(({ text }) => text), keys };
  },
  "order-total": (screen, words, _, readers) =>
    message(
      "calm",
      words["order-total.title"],
      [
        ...optional(screen.text, note),
        amount(screen.total),
        note(say(words, "order-total.order", { order: screen.order })),
        ...readerIcons(readers),
      ],
      key("CANCEL", "hint.stop"),
    ),
  "order-mismatch": (screen, words) =>
    message(
      "bad",
      words["order-mismatch.title"],
      [
        pair(words["order-mismatch.ordered"], shownAmount(screen.ordered)),
        pair(words["order-mismatch.amount"], shownAmount(screen.amount)),
        note(say(words, "order-total.order", { order: screen.order })),
        note(words["order-mismatch.note"]),
      ],
      enterKey(),
    ),
});

function settlementPanel(screen: DayScreenOf<"settlement">, words: Words): MessagePanel {
  const title = words["settlement.title"];
  switch (screen.stage) {
    case "confirm":
      return message(
        "calm",
        title,
        [
          note(say(words, "settlement.batch", { batch: screen.batch })),
          counted(words, "settlement.debits", screen.debitCount, screen.debits),
          counted(words, "settlement.credits", screen.creditCount, screen.credits),
          ...optional(screen.disputed, (count) => note(say(words, "settlement.disputed", { count }))),
          note(words["settlement.ask"]),
        ],
        key("CANCEL", "hint.back"),
        key("ENTER", "hint.settle"),
      );
    case "comparing":
      return message("waiting", title, [icons("wait"), headline(words["settlement.comparing"])]);
    case "uploading":
      return message("waiting", title, [
        icons("wait"),
        headline(say(words, "settlement.uploading", { done: screen.done, all: screen.all })),
        note(words["settlement.wait"]),
      ]);
    case "due":
      return message(
        "warning",
        words[screen.reason === "time" ? "settlement.title" : "settlement.due"],
        [
          icons("alert"),
          headline(words[`settlement.${screen.reason}`]),
          note(words[screen.reason === "time" ? "settlement.later-note" : "settlement.due-note"]),
        ],
        key("CANCEL", "hint.back"),
        key("ENTER", "hint.settle"),
      );
  }
}

/** What the merchant gets, and what the bank keeps; the fee alone where the rest is not known. */
function statusCost({ fee, net }: DayScreenOf<"settlement-status">, words: Words): Item[] {
  if (net === undefined) return optional(fee, (money) => pair(words["settlement-status.fee"], shownAmount(money)));
  const less = fee === undefined ? "" : say(words, "settlement-status.less", { fee: shownAmount(fee) });
  const label = `${words["settlement-status.net"]} ${less}`.replace(/,? $/, "");
  return [pair(label, shownAmount(net))];
}

/** What a state of the money means, and until when. */
function statusPanel(screen: DayScreenOf<"settlement-status">, words: Words): MessagePanel {
  const { state, expected, plan, place = 1, places = 1 } = screen;
  const title = words["settlement-status.title"];
  const asOf = optional(screen.asOf, (time) => note(say(words, "settlement-status.as-of", { time })));
  if (screen.empty === true) {
    return message("calm", title, [icons("tick"), headline(words["settlement-status.empty"]), ...asOf], enterKey());
  }
  const tone = state === "held" ? "bad" : state === "paidOut" ? "good" : "calm";
  const count = say(words, `settlement-status.${state}`, { count: screen.count });
  const when = expected === undefined ? undefined : say(words, "settlement-status.expected", { date: expected });
  const how = plan === undefined ? undefined : words[`settlement-status.${plan}`];
  const until = [when, how].filter((text) => text !== undefined).join(" ");
  return message(
    tone,
    places > 1 ? `${title} ${place}/${places}` : title,
    [
      headline(count),
      pair(words["settlement-status.amount"], shownAmount(screen.amount)),
      ...statusCost(screen, words),
      note(screen.reason ?? (until === "" ? words[`settlement-status.${state}-note`] : until)),
      ...asOf,
    ],
    ...(places > 1 ? [key("UP/DOWN", "hint.move")] : []),
    enterKey(),
  );
}
