import type { Screen } from "../screen/screens.ts";
import { turnOfItsOwn } from "../turn.ts";
import { finishApproval, finishPromise, isPromise, isUnprinted } from "./approval.ts";
import { finishSettlement, offerSettlement } from "./batch/settle-batch.ts";
import { Duties } from "./duties.ts";
import { screenOfError } from "./failures.ts";
import { sendOwedReversals } from "./host-ready.ts";
import { otherLanguage } from "./language.ts";
import { menu } from "./menu.ts";
import { supervisorMenu } from "./menu-table.ts";
import { lockIn, mustSignOn } from "./operator/duty.ts";
import { lock, signOn } from "./operator/sign-on.ts";
import { owedPatience, tellWhatIsOwed } from "./owed.ts";
import { endTrial } from "./packages/trial.ts";
import type { Happening } from "./peripherals/peripherals.ts";
import { printDispute } from "./receipts.ts";
import { serveRegister } from "./register/order.ts";
import { showResult, takeCardOut } from "./results.ts";
import { type SaleStart, sale } from "./sale.ts";
import type { Services } from "./services.ts";
import { ShopWatch } from "./shop-code.ts";
import { offerSpending } from "./spending.ts";

/** How long a chip reader may take to say that there is a card in it when it starts, in milliseconds. */
const readerStart = 200;
/** Among how many of the newest transactions a start looks for disputes that are not on paper. */
const newestLooked = 100;

/**
 * The terminal from its start to its end: settles what the last power cut left behind, then waits for digits, cards and
 * the menu for ever. Rejects only for a fault of ours.
 */
export async function runTerminal(services: Services): Promise<never> {
  await tellOfDamage(services);
  await settleThePast(services);
  await finishLastApproval(services);
  await finishDisputes(services);
  await finishOpenSettlement(services);
  await emptyReader(services);
  let patience: number = owedPatience.first;
  let wasAsked = false;
  let isFirst = true;
  const { clock } = services;
  const duties = new Duties(services);
  const shop = new ShopWatch(services);
  let usedAt = clock.monotonic();
  for (;;) {
    await doDuties(services, duties);
    if (lockIn(services, clock.monotonic(), usedAt) === 0) await lock(services);
    const isLocked = mustSignOn(services);
    const { nearlyFull } = await services.journal.room();
    if (nearlyFull && !wasAsked && !isLocked) await askForSettlement(services);
    wasAsked = nearlyFull && (wasAsked || !isLocked);
    const warning = services.power?.warning();
    if (warning !== undefined) await showResult(services, warning);
    await services.screen.show(isLocked ? { id: "operator-sign-on", value: "" } : idleScreen(services));
    if (isFirst) {
      isFirst = false;
      if (await endTrial(services)) continue;
    }
    services.backup?.resume();
    if (!isLocked) services.news?.resume();
    services.peripherals.sign(isLocked ? "off" : "idle");
    const isOwed = (await services.journal.owed()).length > 0;
    const shopSleep = isLocked ? Number.POSITIVE_INFINITY : shop.sleep;
    const sleep = Math.min(duties.sleep, lockIn(services, clock.monotonic(), usedAt), shopSleep);
    services.power?.whileIdle(() => services.peripherals.wake());
    const happening = await services.peripherals.wait({
      keys: true,
      ...(isLocked ? {} : { swipe: true, chip: "inserted", scan: services.parameters.codePayments !== false }),
      register: true,
      timeout: isOwed ? Math.min(patience, sleep) : sleep,
    });
    services.power?.whileIdle(undefined);
    if (happening.kind !== "timeout") services.peripherals.sign("off");
    await services.news?.pause();
    await services.backup?.pause();
    if (happening.kind === "timeout" && !isLocked && shop.sleep <= 0) {
      await turnOfItsOwn();
      await shop.perform();
    } else if (happening.kind === "timeout" && isOwed) {
      patience = (await tellWhatIsOwed(services)) ? owedPatience.first : Math.min(2 * patience, owedPatience.longest);
    } else if (happening.kind !== "timeout") {
      const isUse = await serve(services, happening);
      if (isUse) usedAt = clock.monotonic();
    }
  }
}

/** What the clock says is due. */
async function doDuties(services: Services, duties: Duties): Promise<void> {
  try {
    await duties.perform();
  } catch (error) {
    await showResult(services, screenOfError(error));
  }
}

/** Reversals that are owed go out before anybody can ask for money; unanswered ones wait for the next sale. */
async function settleThePast(services: Services): Promise<void> {
  try {
    await sendOwedReversals(services);
  } catch (error) {
    await showResult(services, screenOfError(error));
  }
}

/** A settlement that was cut short goes on; without the host it waits for the next payment or the menu. */
async function finishOpenSettlement(services: Services): Promise<void> {
  try {
    await finishSettlement(services);
  } catch (error) {
    await showResult(services, screenOfError(error));
  }
}

/** Before the journal is full the merchant is asked, once, to settle in good time. */
async function askForSettlement(services: Services): Promise<void> {
  try {
    await offerSettlement(services, "full");
  } catch (error) {
    await showResult(services, screenOfError(error));
  }
}

/** Money that the journal cannot tell of any more is nothing to go on over silently. */
async function tellOfDamage(services: Services): Promise<void> {
  if ((await services.journal.unreadable()) > 0) {
    await showResult(services, { id: "error", detail: "journal" });
  }
}

/** The last approval is told, done and printed where the power went before its receipts were on paper. */
async function finishLastApproval(services: Services): Promise<void> {
  const last = await services.journal.last();
  if (last === undefined) {
    return;
  }
  if (last.state === "acknowledged" || isUnprinted(last)) {
    await finishApproval(services, last);
  } else if (isPromise(last)) {
    await finishPromise(services, last);
  }
}

/** The slips of disputes that the power kept from the paper; looked for among the newest transactions. */
async function finishDisputes(services: Services): Promise<void> {
  for (;;) {
    const dispute = await services.journal.find({ states: ["disputed"], printed: false }, newestLooked);
    if (dispute === undefined || !(await printDispute(services, dispute))) return;
  }
}

/** A card that was in the reader when the power came back has been used already, or nobody knows: it starts no sale. */
async function emptyReader(services: Services): Promise<void> {
  await services.peripherals.wait({ chip: "inserted", timeout: readerStart });
  await takeCardOut(services);
}

/**
 * What one key or card at the idle screen sets off.
 * @returns whether somebody is at the terminal: a question of the cash register is nobody
 */
export async function serve(services: Services, happening: Happening): Promise<boolean> {
  try {
    if (happening.kind === "register") {
      return await serveRegister(services);
    } else if (happening.kind === "key" && happening.key === "MENU" && !mustSignOn(services)) {
      await menu(services);
    } else if (happening.kind === "key" && happening.key === "F1") {
      await otherLanguage(services);
    } else if (mustSignOn(services)) {
      await serveLocked(services, happening);
    } else if (happening.kind === "key" && happening.key === "F2" && services.duty.operator !== undefined) {
      await lock(services);
    } else {
      const start = saleStart(happening);
      if (start !== undefined) {
        await offerSpending(services, await sale(services, start));
      }
    }
  } catch (error) {
    await showResult(services, faultScreen(error));
    await takeCardOut(services);
  }
  return true;
}

function idleScreen({ duty: { operator } }: Services): Screen {
  return { id: "idle", ...(operator === undefined ? {} : { operator }) };
}

/** At a locked terminal a digit begins a sign-on; supervisor and administrator find their menu behind it. */
async function serveLocked(services: Services, happening: Happening): Promise<void> {
  if (happening.kind !== "key" || !/^\d+$/.test(happening.key)) return;
  const role = await signOn(services, happening.key);
  if (role === undefined || role === "operator") return;
  services.duty.inMenu = role;
  try {
    await menu(services, supervisorMenu);
  } finally {
    services.duty.inMenu = undefined;
  }
}

function saleStart(happening: Happening): SaleStart | undefined {
  if (happening.kind === "swipe" || happening.kind === "chipInserted" || happening.kind === "scan") {
    return { kind: "card", card: happening };
  }
  return happening.kind === "key" && /^\d{1,2}$/.test(happening.key)
    ? { kind: "digit", key: happening.key }
    : undefined;
}

/** A fault of ours ends in a screen, not in a dead terminal; what it said may hold secrets and is not shown. */
function faultScreen(error: unknown): Screen {
  try {
    return screenOfError(error);
  } catch (fault) {
    return { id: "error", detail: fault instanceof Error ? fault.name : "fault" };
  }
}
