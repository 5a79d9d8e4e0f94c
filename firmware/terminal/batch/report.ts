import { netOf, sideOf } from "../../acquirer/totals.ts";
import { batchLines, schemeName } from "../../receipt/batch.ts";
import { languages } from "../../screen/messages/languages.ts";
import { shownAmount } from "../../screen/money.ts";
import type { Choice } from "../../screen/screens.ts";
import { printLines } from "../receipts.ts";
import { money, type Services } from "../services.ts";
import type { SettledBatch } from "./intent.ts";
import { openBatch } from "./settle-batch.ts";
import { batchData } from "./slip.ts";

const patience = 60_000;

/** The open batch's totals by card scheme and type: on the screen, and with ENTER on paper. */
export async function dayReport(services: Services): Promise<void> {
  const { screen, peripherals } = services;
  const batch = await openBatch(services);
  const choices = rowsOf(services, batch);
  let selected = 0;
  for (;;) {
    await screen.show({ id: "report", choices, selected });
    const key = await peripherals.key(patience);
    if (key === undefined || key === "CANCEL") return;
    if (key === "UP") selected = Math.max(0, selected - 1);
    if (key === "DOWN") selected = Math.min(choices.length - 1, selected + 1);
    if (key === "ENTER") {
      const { language } = screen;
      await printLines(services, "report", () => batchLines(batchData(services, batch), language));
      return;
    }
  }
}

/** What all came to, then a line for each type of each scheme. */
function rowsOf(services: Services, batch: SettledBatch): Choice[] {
  const { language } = services.screen;
  const words = languages[language];
  const side = sideOf(batch.rows);
  const shown = (minor: number): string => shownAmount(money(services, minor));
  return [
    { id: "net", text: `${words["settlement.net"]} ${shown(netOf(side))}` },
    ...batch.rows.map(({ type, scheme, count, amount }) => ({
      id: `${scheme} ${type}`,
      text: `${schemeName(scheme, language)} ${words[`operation.${type}`]} × ${count}  ${shown(amount)}`,
    })),
    ...batch.disputed.map(({ stan, amount }) => ({
      id: `disputed ${stan}`,
      text: `${words["disputed.title"]} ${String(stan).padStart(6, "0")}  ${shown(amount)}`,
    })),
  ];
}
