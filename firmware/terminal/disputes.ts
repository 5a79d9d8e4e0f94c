import { settlementSides } from "../acquirer/totals.ts";
import { changeOriginal } from "../journal/originals.ts";
import type { Transaction } from "../journal/types.ts";
import { shownAmount } from "../screen/money.ts";
import { choose } from "./choose.ts";
import { detailsOf } from "./details.ts";
import { allow } from "./operator/authority.ts";
import { printDispute } from "./receipts.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";

/** So many fit the number keys; the newest count. */
const most = 9;

const texts = Object.freeze({
  zh: {
    title: "争议交易",
    print: "重打争议单",
    clear: "主管处理",
    ask: "收单行的答复？",
    charged: "已扣款，归商户",
    notCharged: "未扣款或已退回",
    booked: "已入账",
    notBooked: "未入账或已取消",
  },
  en: {
    title: "Disputes",
    print: "Print the slip again",
    clear: "Clear it (supervisor)",
    ask: "What did the acquirer say?",
    charged: "Charged, the shop's",
    notCharged: "Not charged",
    booked: "Booked",
    notBooked: "Not booked, or undone",
  },
} as const);

/**
 * The transactions that the host would not reverse or take, one of them, and what to do: print its slip again, or write
 * down what the acquirer said of it, with a supervisor's password. What the acquirer's books have stands from then on: it
 * counts in its batch, and the earlier transaction that it names is taken back or used up.
 */
export async function disputes(services: Services): Promise<void> {
  const words = texts[services.screen.language];
  const open = await openDisputes(services);
  if (open.length === 0) {
    throw new UserError({ id: "no-original", reason: "none" });
  }
  const choices = open.map((dispute) => {
    const { voucher, amount } = detailsOf(services, dispute);
    return { id: voucher, text: `${voucher}  ${shownAmount(amount)}` };
  });
  const picked = await choose(services, choices, { id: "menu", heading: words.title });
  const dispute = picked.kind === "picked" ? open[picked.index] : undefined;
  if (dispute === undefined) {
    return;
  }
  const actions = [
    ...(services.paper === undefined ? [] : [{ id: "print", text: words.print }]),
    { id: "clear", text: words.clear },
  ];
  const action = await choose(services, actions, {
    id: "menu",
    heading: `${words.title} ${detailsOf(services, dispute).voucher}`,
  });
  if (action.kind !== "picked") {
    return;
  }
  if (actions[action.index]?.id === "print") await printDispute(services, dispute);
  else await clear(services, dispute);
}

async function clear(services: Services, dispute: Transaction): Promise<void> {
  const words = texts[services.screen.language];
  await allow(services, "disputes");
  const takesMoney = settlementSides[dispute.type] === "debits";
  const answers = takesMoney ? (["charged", "notCharged"] as const) : (["booked", "notBooked"] as const);
  const picked = await choose(
    services,
    answers.map((id) => ({ id, text: words[id] })),
    { id: "menu", heading: words.ask },
  );
  const answer = picked.kind === "picked" ? answers[picked.index] : undefined;
  if (answer === undefined) {
    return;
  }
  const stands = answer === "charged" || answer === "booked";
  if (stands) await changeOriginal(services.journal, dispute); // before: what is cut off in between is asked, and done, again
  await services.journal.note(dispute, { cleared: stands ? "charged" : "notCharged" });
  await showResult(services, { id: "dispute-cleared", ...detailsOf(services, dispute), cleared: answer });
}

/** The newest ones, the newest first. */
async function openDisputes({ journal }: Services): Promise<Transaction[]> {
  const open: Transaction[] = [];
  await journal.each(
    (transaction) => {
      if (transaction.cleared === undefined) {
        open.unshift(transaction);
        open.length = Math.min(open.length, most);
      }
      return undefined;
    },
    { states: ["disputed"] },
  );
  return open;
}
