import type { Choice } from "../screen/screens.ts";
import { supervisorNumber } from "../vault/operators.ts";
import { sendOwedReversals, signInIfNeeded } from "./host-ready.ts";
import { offline } from "./offline.ts";
import { tellWhatIsOwed } from "./owed.ts";
import { askPassword, changePassword } from "./password.ts";
import { showResult } from "./results.ts";
import type { Services } from "./services.ts";
import { version } from "./version.ts";

/** How long a page is read, in milliseconds. */
const readingTime = 30_000;

/** Fetches session keys anew, even where there are some. */
export async function signIn(services: Services): Promise<void> {
  await services.screen.show({ id: "sign-in" });
  await services.acquirer.signOut();
  await signInIfNeeded(services);
  await sendOwedReversals(services);
  await tellWhatIsOwed(services);
  await showResult(services, { id: "signed-in", batch: services.batch.text });
}

/** Ends the session at the host; the next payment signs in by itself. */
export async function signOut(services: Services): Promise<void> {
  await services.screen.show({ id: "processing", stage: "connecting" });
  if (!(await services.acquirer.signOut())) {
    throw offline(services);
  }
  await page(services, [{ id: "signed-out", text: services.screen.language === "zh" ? "已签退" : "Signed out" }]);
}

/** Asks the host whether it is there. */
export async function echo(services: Services): Promise<void> {
  await services.screen.show({ id: "processing", stage: "connecting" });
  if (!(await services.acquirer.echo())) {
    throw offline(services);
  }
  await page(services, [{ id: "echo", text: services.screen.language === "zh" ? "线路正常" : "The host answers" }]);
}

/** Another password for the supervisor, who knows the old one. */
export async function changeSupervisorPassword(services: Services): Promise<void> {
  await askPassword(services, supervisorNumber);
  await changePassword(services, supervisorNumber, "own");
  await page(services, [
    { id: "changed", text: services.screen.language === "zh" ? "密码已修改" : "Password changed" },
  ]);
}

export function about(services: Services): Promise<void> {
  const { terminalId, merchantId } = services.parameters;
  return page(services, [
    { id: "version", text: `xspos ${version}` },
    { id: "terminal", text: terminalId },
    { id: "merchant", text: merchantId },
  ]);
}

/** A page of lines that is left with any key. */
function page(services: Services, lines: readonly Choice[]): Promise<void> {
  return showResult(services, { id: "menu", choices: lines, selected: 0 }, readingTime);
}
