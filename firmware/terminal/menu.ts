import type { TransactionState } from "../journal/types.ts";
import type { Language } from "../screen/messages/words.ts";
import type { Choice } from "../screen/screens.ts";
import { choose } from "./choose.ts";
import { sendOwedReversals, signInIfNeeded } from "./host-ready.ts";
import { tellWhatIsOwed } from "./owed.ts";
import { printReceipts } from "./receipts.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";
import { UserError } from "./user-error.ts";
import { version } from "./version.ts";

/** One line of the menu and what it does. Throws `UserError` for what it cannot do. */
interface MenuEntry {
  readonly id: string;
  readonly text: Readonly<Record<Language, string>>;
  readonly run: (services: Services) => Promise<void>;
}

const entries: readonly MenuEntry[] = [
  { id: "sign-in", text: { zh: "签到", en: "Sign in" }, run: signIn },
  { id: "reprint", text: { zh: "重打末笔", en: "Print last again" }, run: reprint },
  { id: "echo", text: { zh: "回响测试", en: "Test the line" }, run: echo },
  { id: "language", text: { zh: "English", en: "中文" }, run: otherLanguage },
  { id: "about", text: { zh: "关于本机", en: "About" }, run: about },
];

/** The menu: one entry, and back to idle. */
export async function menu(services: Services): Promise<void> {
  const { language } = services.screen;
  const choices = entries.map((entry) => ({ id: entry.id, text: entry.text[language] }));
  const picked = await choose(services, choices, { id: "menu" });
  if (picked.kind === "picked") {
    await entries[picked.index]?.run(services);
  }
}

/** Fetches session keys anew, even where there are some. */
async function signIn(services: Services): Promise<void> {
  await services.screen.show({ id: "sign-in" });
  await services.acquirer.signOut();
  await signInIfNeeded(services);
  await sendOwedReversals(services);
  await tellWhatIsOwed(services);
  await showResult(services, { id: "signed-in", batch: String(services.parameters.batch).padStart(6, "0") });
}

const printable: readonly TransactionState[] = ["confirmed", "receipted"];

/** The receipt of the last approved sale once more. */
async function reprint(services: Services): Promise<void> {
  const last = await services.journal.last(printable);
  if (last === undefined) {
    throw new UserError({ id: "error", detail: "nothing to print" });
  }
  const printed = await printReceipts(services, last, true);
  if (printed && last.state === "confirmed") {
    await services.journal.advance(last, "receipted");
  }
}

async function echo(services: Services): Promise<void> {
  await services.screen.show({ id: "processing", stage: "connecting" });
  if (!(await services.acquirer.echo())) {
    throw new UserError({ id: "offline" });
  }
  await page(services, [{ id: "echo", text: services.screen.language === "zh" ? "线路正常" : "The host answers" }]);
}

function otherLanguage({ screen }: Services): Promise<void> {
  return screen.setLanguage(screen.language === "zh" ? "en" : "zh");
}

function about(services: Services): Promise<void> {
  const { terminalId, merchantId } = services.parameters;
  return page(services, [
    { id: "version", text: `xspos ${version}` },
    { id: "terminal", text: terminalId },
    { id: "merchant", text: merchantId },
  ]);
}

/** A page of lines that is left with any key. */
function page(services: Services, lines: readonly Choice[]): Promise<void> {
  return showResult(services, { id: "menu", choices: lines, selected: 0 }, 30_000);
}
