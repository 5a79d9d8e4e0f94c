import { say } from "./messages/words.ts";
import {
  amount,
  cancelKey,
  enterKey,
  icons,
  message,
  note,
  optional,
  type PanelsOf,
  unlessSale,
} from "./panel-parts.ts";

/** Screens of a payment by code. */
type CodeScreenId = "scan-code" | "waiting-payment" | "show-qr" | "paid";

/** How they are said: one entry a screen. */
export const codePanels: PanelsOf<CodeScreenId> = Object.freeze({
  "scan-code": (screen, words) =>
    message(
      "warning",
      words["scan-code.title"],
      [
        ...unlessSale(screen.operation, words),
        ...optional(screen.amount, amount),
        icons("scan"),
        note(words["scan-code.note"]),
      ],
      cancelKey(),
    ),
  "waiting-payment": (screen, words) =>
    message(
      "waiting",
      words[`waiting-payment.${screen.waitingFor}`],
      [
        { kind: "beat", icon: screen.waitingFor === "bank" ? "bank" : "phone", seconds: screen.secondsLeft },
        amount(screen.amount),
        note(
          [
            ...(screen.wallet === undefined ? [] : [words[`wallet.${screen.wallet}`]]),
            say(words, "waiting-payment.left", { seconds: screen.secondsLeft }),
          ].join("  "),
        ),
      ],
      cancelKey(),
    ),
  "show-qr": (screen, words) => ({
    ...message(
      "calm",
      words["show-qr.title"],
      [
        ...(screen.amount === undefined ? [note(words["show-qr.static"])] : [amount(screen.amount)]),
        ...optional(screen.secondsLeft, (seconds) => note(say(words, "show-qr.left", { seconds }))),
        note(words["show-qr.wallets"]),
      ],
      cancelKey(),
    ),
    code: screen.payload,
  }),
  paid: (screen, words) =>
    message(
      "good",
      words[screen.funds === "takenOff" ? "paid.back" : "paid.title"],
      [
        ...(screen.operation !== "sale" && screen.funds !== undefined ? [] : [icons("tick")]),
        ...unlessSale(screen.operation, words),
        amount(screen.amount),
        ...optional(screen.wallet, (wallet) => note([words[`wallet.${wallet}`], screen.payer ?? ""].join("  ").trim())),
        ...optional(screen.funds, (place) => note(words[`approved.${place}`])),
      ],
      enterKey(),
    ),
});
