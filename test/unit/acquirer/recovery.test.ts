import { test } from "uvu";
import * as assert from "uvu/assert";
import { recover } from "../../../firmware/acquirer/recovery.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import { FlashJournal } from "../../../firmware/journal/journal.ts";
import type { Transaction, TransactionState } from "../../../firmware/journal/types.ts";
import { Bench } from "./bench.ts";

const automatic = { merchantConfirms: false } as const;

/** A sale that the power left in a state. */
function leave(bench: Bench, path: readonly TransactionState[]): Transaction {
  return path.reduce((transaction, state) => bench.journal.advance(transaction, state), bench.authorising());
}

test("each state that a cut can leave has its one recovery", async () => {
  const cases: readonly (readonly [readonly TransactionState[], TransactionState])[] = [
    [[], "reversed"],
    [["unknown"], "reversed"],
    [["reversing"], "reversed"],
    [["approved", "refused"], "reversed"],
    [["approved"], "reversed"],
    [["approved", "confirmed"], "confirmed"],
    [["declined"], "declined"],
    [["cancelled"], "cancelled"],
  ];
  for (const [path, expected] of cases) {
    const bench = new Bench();
    leave(bench, path);
    const recovery = await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, automatic));
    assert.is(recovery.kind, "clear");
    assert.is(bench.journal.last()?.state, expected, path.join(" "));
    assert.is(bench.world.opened, expected === "reversed" ? 2 : 0);
  }
});

test("an approval stands where neither the merchant nor a chip had a last word, else it is reversed", async () => {
  for (const [entryMode, merchantConfirms, expected] of [
    ["chip", false, "reversed"],
    ["chip", true, "reversed"],
    ["magstripe", false, "confirmed"],
    ["magstripe", true, "reversed"],
    ["contactless", false, "confirmed"],
    ["contactless", true, "reversed"],
    ["fallback", false, "confirmed"],
    ["manual", false, "confirmed"],
  ] as const) {
    const bench = new Bench();
    bench.journal.advance(bench.authorising(entryMode), "approved");
    const announced: number[] = [];
    const onOwed = (oldest: Transaction): Promise<void> => {
      announced.push(oldest.amount);
      return Promise.resolve();
    };
    await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, { merchantConfirms, onOwed }));
    const last = bench.journal.last();
    assert.is(last?.state, expected, `${entryMode} ${merchantConfirms}`);
    assert.is(last?.reversalReason, expected === "reversed" ? "06" : undefined);
    assert.equal(announced, expected === "reversed" ? [1234] : []);
  }
});

test("only what goes back is announced as going back", async () => {
  const bench = new Bench();
  const { id: _id, stan: _stan, state: _state, ...details } = bench.authorising();
  const byCode = bench.journal.open({ ...details, entryMode: "code" });
  bench.journal.advance(byCode, "authorising");
  const claimed = bench.journal.open({ ...details, entryMode: "code", claim: 7 });
  bench.journal.advance(claimed, "authorising");
  const announced: string[] = [];
  const onOwed = (oldest: Transaction): Promise<void> => {
    announced.push(`${oldest.stan} ${oldest.state}`);
    return Promise.resolve();
  };
  bench.changes["0600"] = { fields: { 39: "25" } };
  await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, { ...automatic, onOwed }));
  assert.equal(announced, ["1 reversing", "2 authorising", "2 reversing", "3 authorising"]);
});

test("what was opened and never sent is cancelled without asking the host", async () => {
  const bench = new Bench();
  const { id: _id, stan: _stan, state: _state, ...details } = bench.authorising();
  bench.journal.advance(bench.journal.last()!, "cancelled");
  bench.journal.open(details);
  const recovery = await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, automatic));
  assert.is(recovery.cancelled.length, 1);
  assert.is(bench.world.opened, 0);
});

test("an unanswered reversal stays owed over restarts, with its reason, until the host answers", async () => {
  const bench = new Bench();
  bench.changes["0400"] = "silent";
  const reversing = leave(bench, ["unknown"]);
  bench.journal.advance(reversing, "reversing", { reversalReason: "A0" });
  for (let boot = 0; boot < 3; boot++) {
    const recovery = await bench.world.settle(
      recover(new FlowJournal(new FlashJournal(bench.flash)), bench.acquirer, automatic),
    );
    assert.is(recovery.kind, "unanswered");
    assert.is(recovery.unanswered?.reversalReason, "A0");
    assert.is(recovery.unanswered?.state, "reversing");
  }
  bench.changes = {};
  const journal = new FlashJournal(bench.flash);
  const recovery = await bench.world.settle(recover(new FlowJournal(journal), bench.acquirer, automatic));
  assert.equal(
    recovery.reversed.map(({ stan, responseCode }) => [stan, responseCode]),
    [[1, "00"]],
  );
  assert.equal(journal.inDoubt(), []);
});

test("a reversal that the host refuses is disputed, kept, and stops nothing", async () => {
  const bench = new Bench();
  bench.changes["0400"] = { fields: { 39: "64" } };
  leave(bench, ["unknown"]);
  const recovery = await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, automatic));
  assert.is(recovery.kind, "clear");
  assert.equal(
    recovery.disputed.map(({ responseCode }) => responseCode),
    ["64"],
  );
  assert.is(bench.journal.last()?.state, "disputed");
});

test("a host that lost the session keys is signed in to again before the reversal is repeated", async () => {
  const bench = new Bench();
  await bench.signIn();
  leave(bench, ["unknown"]);
  let refused = 0;
  const host = bench.world.host;
  bench.world.host = (request) => {
    if (request[11] === 4 && refused++ === 0) {
      bench.changes["0400"] = { mac: "missing", fields: { 39: "A0" } };
      return host(request);
    }
    bench.changes = {};
    return host(request);
  };
  const recovery = await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, automatic));
  assert.is(recovery.kind, "clear");
  assert.equal(
    bench.requests.map(({ mti }) => mti),
    ["0800", "0400", "0800", "0400"],
  );
});

test("without sign-in nothing is reversed and the reversal stays owed", async () => {
  const bench = new Bench();
  bench.changes["0800"] = "silent";
  leave(bench, []);
  const recovery = await bench.world.settle(recover(new FlowJournal(bench.journal), bench.acquirer, automatic));
  assert.is(recovery.kind, "unanswered");
  assert.is(bench.journal.last()?.state, "reversing");
});

test.run();
