import { test } from "uvu";
import * as assert from "uvu/assert";
import type { BackupOutcome } from "../../../firmware/acquirer/backup.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import type { UnsavedRecord } from "../../../firmware/journal/types.ts";
import { BackgroundBackup } from "../../../firmware/terminal/backup.ts";
import { MissingKeyError } from "../../../firmware/vault/types.ts";
import { saleOf } from "../journal/details.ts";
import { NorFlash } from "../journal/nor-flash.ts";

/** A backup of some cancelled sales at a host that answers as it is told; what is `"never"` answered can be given up. */
function bench(answers: readonly (BackupOutcome["kind"] | "never" | "no key")[], sales = 2) {
  const journal = new FlashJournal(NorFlash.blank(8, 2048));
  for (let sale = 1; sale <= sales; sale++) journal.advance(journal.open(saleOf(sale)), "cancelled");
  let counted = 0;
  const { unsaved } = FlashJournal.prototype;
  journal.unsaved = () => {
    counted++;
    return unsaved.call(journal);
  };
  const left = [...answers];
  const sent: number[] = [];
  const timers: { readonly callback: () => void; readonly milliseconds: number }[] = [];
  const waiting: number[] = [];
  const adopted: number[] = [];
  let signedIn = false;
  let giveUp = (): void => {};
  const keep = ({ sequence }: UnsavedRecord): Promise<BackupOutcome> => {
    sent.push(sequence);
    const kind = left.shift() ?? "kept";
    if (kind === "no key") return Promise.reject(new MissingKeyError("no track key"));
    if (kind !== "never") return Promise.resolve({ kind });
    return new Promise((resolve) => {
      giveUp = () => resolve({ kind: "noAnswer" });
    });
  };
  const backup = new BackgroundBackup({
    clock: {
      setTimer: (callback, milliseconds) => timers.push({ callback, milliseconds }),
      clearTimer: () => {},
    },
    journal: new FlowJournal(journal),
    host: { keep },
    link: { giveUp: () => giveUp() },
    restoreHost: { restore: () => Promise.resolve({ kind: "unsupported" }) },
    acquirer: {
      get signedIn() {
        return signedIn;
      },
      signIn: () => {
        signedIn = true;
        return Promise.resolve({ kind: "signedIn", batch: 7 });
      },
    },
    batch: {
      adopt: (batch) => {
        adopted.push(batch);
        return Promise.resolve();
      },
    },
    bar: { unsaved: (count) => void waiting.push(count) },
  });
  return { backup, journal, sent, timers, waiting, adopted, counts: () => counted };
}

/** Lets all that can go on go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn++) await Promise.resolve();
}

test("at rest all records go to the host, oldest first, and the bar is told how many wait", async () => {
  const { backup, journal, sent, waiting } = bench([], 3);
  backup.resume();
  await settle();
  assert.is(sent.length, 3);
  assert.equal(
    sent,
    [...sent].sort((a, b) => a - b),
  );
  assert.equal(waiting, [3, 2, 1, 0]);
  assert.is(journal.unsaved(), 0);
});

test("a long backlog is counted at its beginning and at its end, not for each record", async () => {
  const { backup, counts, waiting } = bench([], 30);
  backup.resume();
  while (backup.isBusy) await settle();
  assert.is(waiting.at(-1), 0);
  assert.is(waiting.length, 31);
  assert.is(counts(), 2);
});

test("a sign-in for the backup's sake brings the host's word on the open batch too", async () => {
  const { backup, adopted } = bench([]);
  backup.resume();
  await settle();
  assert.equal(adopted, [7]);
});

test("a customer who comes waits for no backup: the exchange is given up, and its record goes out again", async () => {
  const { backup, journal, sent } = bench(["never"], 1);
  backup.resume();
  await settle();
  await backup.pause();
  assert.is(journal.unsaved(), 1);
  backup.resume();
  await settle();
  assert.is(sent.length, 2);
  assert.is(journal.unsaved(), 0);
});

test("nothing is sent while somebody needs the terminal", async () => {
  const { backup, sent } = bench([]);
  await backup.pause();
  await settle();
  assert.is(sent.length, 0);
});

test("a host that does not answer is left alone for longer each time", async () => {
  const { backup, timers, sent } = bench(["noAnswer", "noAnswer", "kept"]);
  backup.resume();
  await settle();
  timers[0]!.callback();
  await settle();
  timers[1]!.callback();
  await settle();
  assert.equal(
    timers.map(({ milliseconds }) => milliseconds),
    [30_000, 60_000],
  );
  assert.is(sent.length, 4);
});

test("a record that the host refuses holds up no other", async () => {
  const { backup, journal, sent } = bench(["refused"]);
  backup.resume();
  await settle();
  assert.is(sent.length, 2);
  assert.is(journal.unsaved(), 0);
});

test("a host without a backup is not asked again", async () => {
  for (const answer of ["unsupported", "no key"] as const) {
    const { backup, sent, timers } = bench([answer]);
    backup.resume();
    await settle();
    await backup.pause();
    backup.resume();
    await settle();
    assert.is(sent.length, 1);
    assert.is(timers.length, 0);
  }
});

test.run();
