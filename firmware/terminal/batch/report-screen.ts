import { netOf, sideOf, type TotalsRow } from "../../acquirer/totals.ts";
import { schemeName } from "../../receipt/batch.ts";
import type { Line } from "../../receipt/lines.ts";
import { languages } from "../../screen/messages/languages.ts";
import { shownAmount } from "../../screen/money.ts";
import type { Choice } from "../../screen/screens.ts";
import { printLines } from "../receipts.ts";
import { money, type Services } from "../services.ts";

const patience = 60_000;

/**
 * Rows of totals, to look through; with ENTER they are printed, where there is a printer.
 * @param heading absent: a day report
 * @returns false where they were left without ENTER
 */
export async function showReport(
  services: Services,
  choices: readonly Choice[],
  heading: string | undefined,
  lines: () => readonly Line[],
): Promise<boolean> {
  const { screen, peripherals } = services;
  let selected = 0;
  for (;;) {
    await screen.show({
      id: "report",
      choices,
      selected,
      ...(heading === undefined ? {} : { heading }),
      ...(services.paper === undefined ? { paperless: true } : {}),
    });
    const key = await peripherals.key(patience);
    if (key === undefined || key === "CANCEL") return false;
    if (key === "UP") selected = Math.max(0, selected - 1);
    if (key === "DOWN") selected = Math.min(choices.length - 1, selected + 1);
    if (key === "ENTER") {
      await printLines(services, "report", lines);
      return true;
    }
  }
}

/** What all came to, then a line for each type of each scheme. */
export function totalChoices(services: Services, rows: readonly TotalsRow[]): Choice[] {
  const { language } = services.screen;
  const words = languages[language];
  const shown = (minor: number): string => shownAmount(money(services, minor));
  return [
    { id: "net", text: `${words["settlement.net"]} ${shown(netOf(sideOf(rows)))}` },
    ...rows.map(({ type, scheme, count, amount }) => ({
      id: `${scheme} ${type}`,
      text: `${schemeName(scheme, language)} ${words[`operation.${type}`]} × ${count}  ${shown(amount)}`,
    })),
  ];
}
