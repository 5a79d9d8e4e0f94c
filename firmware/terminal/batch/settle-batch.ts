import { countable, isSettled, netOf, settledRows, sideOf, sidesOf } from "../../acquirer/totals.ts";
import { Totals } from "../../journal/totals.ts";
import { turnOfItsOwn } from "../../turn.ts";
import { sendOwedReversals, signInIfNeeded } from "../host-ready.ts";
import { offline, offlineScreen } from "../offline.ts";
import { allow } from "../operator/authority.ts";
import { operatorOf } from "../operator/duty.ts";
import { tellWhatIsOwed } from "../owed.ts";
import { showResult } from "../results.ts";
import { money, type Services } from "../services.ts";
import { takeShopPayments } from "../shop-code.ts";
import { UserError } from "../user-error.ts";
import { rowsByOperator } from "./by-operator.ts";
import { askBatchHost } from "./host.ts";
import {
  type DisputedPayment,
  forgetIntent,
  readIntent,
  readSlip,
  type SettledBatch,
  type SettlementIntent,
  writeIntent,
  writeSlip,
} from "./intent.ts";
import { printSlip } from "./slip.ts";
import { uploadRecords } from "./upload.ts";

/** How often the host may ask for the whole upload again before the batch stays open. */
const mostRepeats = 2;
/** Disputes that a slip lists. */
const mostDisputed = 20;

/** The open batch as its slip would say it now. */
export async function openBatch(services: Services): Promise<SettledBatch> {
  const { journal, clock } = services;
  const disputed: DisputedPayment[] = [];
  const charged = new Totals();
  const { number } = services.batch;
  await journal.each(
    (transaction) => {
      const { stan, amount, cleared } = transaction;
      if (isSettled(transaction)) charged.add(countable(transaction));
      else if (cleared === undefined && disputed.length < mostDisputed) disputed.push({ stan, amount });
      return undefined;
    },
    { batch: number, states: ["disputed"] },
  );
  const rows = settledRows([...(await journal.totals()), ...charged.read()]);
  const batch = { batch: number, at: clock.wall(), operator: operatorOf(services), rows, disputed };
  return { ...batch, ...(await operatorsOf(services)) };
}

async function operatorsOf(services: Services): Promise<Pick<SettledBatch, "operators">> {
  return services.parameters.operatorSignOn ? { operators: await rowsByOperator(services) } : {};
}

/**
 * Settles the open batch: what is owed goes out, the merchant sees the totals and agrees, the host compares them, gets the
 * records that it wants, and closes the batch; then the slip is printed. A settlement that was cut short goes on where it
 * stopped. Throws `UserError` where it cannot.
 */
export async function settleBatch(services: Services): Promise<void> {
  const begun = await readIntent(services.notes);
  if (begun !== undefined) return goOn(services, begun);
  await clearWhatIsOwed(services);
  const batch = await openBatch(services);
  if (await isAgreed(services, batch)) await begin(services, batch);
}

async function begin(services: Services, batch: SettledBatch): Promise<void> {
  const intent: SettlementIntent = { ...batch, stage: "comparing", uploaded: 0, lastId: 0, repeats: 0 };
  await writeIntent(services.notes, intent);
  await goOn(services, intent);
}

/** Says why it is time to settle; ENTER of whoever may does it, anything else leaves it for later. */
export async function offerSettlement(services: Services, reason: "full" | "time"): Promise<void> {
  await services.screen.show({ id: "settlement", stage: "due", reason });
  if ((await services.peripherals.key(60_000)) !== "ENTER") return;
  await allow(services, "settlement");
  await settleBatch(services);
}

/**
 * Settles at the hour that the parameters name, without anybody to agree. Where the host cannot be reached, refuses, or
 * where a dispute is on the slip, the merchant is asked instead. A batch without payments stays open.
 */
export async function settleByItself(services: Services): Promise<void> {
  try {
    await finishSettlement(services);
    await clearWhatIsOwed(services);
    const batch = await openBatch(services);
    if (batch.disputed.length === 0) {
      if (batch.rows.length > 0) await begin(services, batch);
      return;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await showResult(services, error.screen);
  }
  await offerSettlement(services, "time");
}

/** Ends a settlement that a power cut or the network has stopped, and prints a slip that is not on paper yet. */
export async function finishSettlement(services: Services): Promise<void> {
  const begun = await readIntent(services.notes);
  if (begun !== undefined) {
    await goOn(services, begun);
    return;
  }
  const slip = await readSlip(services.notes);
  if (slip !== undefined && !slip.printed) await printSlip(services, slip);
}

/**
 * Nothing may be left for later of a batch that is closed: reversals, uploads, advices and script notices go out first. Payments to
 * the shop's code that the host does not tell now wait for the next batch; one that may be in this one does not.
 */
async function clearWhatIsOwed(services: Services): Promise<void> {
  await sendOwedReversals(services);
  await signInIfNeeded(services);
  if (!(await tellWhatIsOwed(services))) throw offline(services);
  if (services.parameters.shopCode === true && !(await takeShopPayments(services))) await sendOwedReversals(services);
}

/** The merchant sees the totals and presses ENTER, or thinks better of it. */
async function isAgreed(services: Services, batch: SettledBatch): Promise<boolean> {
  const { debits, credits } = sideOf(batch.rows);
  await services.screen.show({
    id: "settlement",
    stage: "confirm",
    batch: services.batch.text,
    debitCount: debits.count,
    debits: money(services, debits.amount),
    creditCount: credits.count,
    credits: money(services, credits.amount),
    ...(batch.disputed.length === 0 ? {} : { disputed: batch.disputed.length }),
  });
  for (;;) {
    const happening = await services.peripherals.wait({ keys: true, timeout: 60_000 });
    if (happening.kind !== "key" || happening.key === "CANCEL") return false;
    if (happening.key === "ENTER") return true;
  }
}

type Step = (services: Services, intent: SettlementIntent) => Promise<SettlementIntent | undefined>;

const steps: Readonly<Record<SettlementIntent["stage"], Step>> = { comparing, uploading, closing };

/** From stage to stage; each leaves its word in flash before the next one begins. */
async function goOn(services: Services, begun: SettlementIntent): Promise<void> {
  let intent: SettlementIntent | undefined = begun;
  while (intent !== undefined) {
    const now: SettlementIntent = intent;
    await turnOfItsOwn();
    intent = await steps[now.stage](services, now);
  }
}

/** The host compares. Without its answer nothing has happened, and the batch stays open. */
async function comparing(services: Services, intent: SettlementIntent): Promise<SettlementIntent> {
  await services.screen.show({ id: "settlement", stage: "comparing", batch: services.batch.text });
  const outcome = await askBatchHost(services, (host) => host.compare(intent.batch, sidesOf(intent.rows)));
  if (outcome.kind !== "compared") {
    await forgetIntent(services.notes);
    throw new UserError(
      outcome.kind === "refused"
        ? { id: "error", detail: `settlement ${outcome.responseCode}` }
        : offlineScreen(services),
    );
  }
  const compared: SettlementIntent = {
    ...intent,
    stage: "uploading",
    host: outcome.sides,
    isEqual: outcome.isEqual,
  };
  await writeIntent(services.notes, compared);
  return compared;
}

/** The host gets its records and closes the batch. Without an answer the settlement goes on later from here. */
async function uploading(services: Services, intent: SettlementIntent): Promise<SettlementIntent | undefined> {
  const { batch, screen, notes } = services;
  const uploaded = await uploadRecords(services, intent, (done, all) =>
    screen.show({ id: "settlement", stage: "uploading", batch: batch.text, done, all }),
  );
  const outcome =
    "stage" in uploaded
      ? await askBatchHost(services, (host) => host.end(uploaded.batch, uploaded.uploaded, uploaded.isEqual === true))
      : uploaded;
  switch (outcome.kind) {
    case "taken": {
      const { stage, lastId, repeats, uploaded: _count, ...settled } = "stage" in uploaded ? uploaded : intent;
      await writeSlip(notes, { ...settled, ...(await operatorsOf(services)) });
      const closed: SettlementIntent = { ...intent, stage: "closing" };
      await writeIntent(notes, closed);
      return closed;
    }
    case "again":
      if (intent.repeats < mostRepeats) {
        const again = { ...intent, uploaded: 0, lastId: 0, repeats: intent.repeats + 1 };
        await writeIntent(notes, again);
        return again;
      }
      await forgetIntent(notes);
      throw new UserError({ id: "error", detail: "settlement 95" });
    case "refused":
      await forgetIntent(notes);
      throw new UserError({ id: "error", detail: `settlement ${outcome.responseCode}` });
    case "noAnswer":
      throw offline(services);
  }
}

/** The host has closed the batch: so does the journal, and the next one opens. */
async function closing(services: Services, intent: SettlementIntent): Promise<undefined> {
  const { journal, batch, notes } = services;
  if (batch.number === intent.batch) await journal.closeBatch();
  await forgetIntent(notes);
  await renewSession(services);
  await tellResult(services, intent);
  const slip = await readSlip(notes);
  if (slip !== undefined) await printSlip(services, slip);
  return undefined;
}

/** New keys for a new batch, and the host's word on its number; what cannot be had now comes with the next sign-in. */
async function renewSession(services: Services): Promise<void> {
  await services.acquirer.signOut();
  try {
    await signInIfNeeded(services);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
}

async function tellResult(services: Services, intent: SettlementIntent): Promise<void> {
  const side = sideOf(intent.rows);
  await showResult(services, {
    id: "settlement-result",
    batch: String(intent.batch).padStart(6, "0"),
    result: intent.isEqual === true ? "equal" : "unequal",
    debitCount: side.debits.count,
    debits: money(services, side.debits.amount),
    creditCount: side.credits.count,
    credits: money(services, side.credits.amount),
    net: money(services, netOf(side)),
  });
}
