import { batchLines, schemeName } from "../../receipt/batch.ts";
import { languages } from "../../screen/messages/languages.ts";
import { say } from "../../screen/messages/words.ts";
import { shownAmount } from "../../screen/money.ts";
import type { Choice } from "../../screen/screens.ts";
import { money, type Services } from "../services.ts";
import type { SettledBatch } from "./intent.ts";
import { showReport, totalChoices } from "./report-screen.ts";
import { openBatch } from "./settle-batch.ts";
import { batchData } from "./slip.ts";

/** The open batch's totals by card scheme and type, and by operator: on the screen, and with ENTER on paper. */
export async function dayReport(services: Services): Promise<void> {
  const batch = await openBatch(services);
  await showReport(services, rowsOf(services, batch), undefined, () =>
    batchLines(batchData(services, batch), services.screen.language),
  );
}

function rowsOf(services: Services, { rows, disputed, operators = [] }: SettledBatch): Choice[] {
  const { language } = services.screen;
  const words = languages[language];
  const shown = (minor: number): string => shownAmount(money(services, minor));
  return [
    ...totalChoices(services, rows),
    ...operators.map(({ operator, scheme, count, amount }) => ({
      id: `${operator} ${scheme}`,
      text: `${say(words, "operator.number", { operator })} ${schemeName(scheme, language)} × ${count}  ${shown(amount)}`,
    })),
    ...disputed.map(({ stan, amount }) => ({
      id: `disputed ${stan}`,
      text: `${words["disputed.title"]} ${String(stan).padStart(6, "0")}  ${shown(amount)}`,
    })),
  ];
}
