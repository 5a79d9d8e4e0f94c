import { offline } from "./offline.ts";
import type { Services } from "./services.ts";

/**
 * Puts the open batch of the terminal that this one replaces into the journal: at the first sign-in with a journal that has
 * never held a transaction, and after a power cut on the way from where it had come to. Throws `UserError` when the host
 * does not answer: until it has, this terminal does not know what it may sell, and under which numbers.
 */
export async function restoreIfReplaced(services: Services): Promise<void> {
  const { journal, backup, screen } = services;
  if (backup === undefined) {
    return;
  }
  for (let last = await journal.restoring(); last !== undefined; ) {
    await screen.show({ id: "processing", stage: "restoring" });
    const outcome = await backup.host.restore(last);
    if (outcome.kind === "noAnswer") {
      throw offline(services);
    }
    if (outcome.kind !== "records") {
      return;
    }
    if (last === 0 && outcome.records.length > 0) {
      await journal.restored(0); // from the first transaction on the journal alone would not tell that more are to come
    }
    for (const record of outcome.records) {
      await journal.putBack(record);
    }
    last = outcome.more ? outcome.last : undefined;
    await journal.restored(last);
  }
}
