/** What the journal holds of a card and no message has room for ends with people, and never stops a terminal. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { tellOwed } from "../../../firmware/acquirer/owed.ts";
import { recover } from "../../../firmware/acquirer/recovery.ts";
import { UnionPaySettlement } from "../../../firmware/acquirer/settlement.ts";
import { FlowJournal } from "../../../firmware/journal/flow-journal.ts";
import type { Transaction, TransactionState } from "../../../firmware/journal/types.ts";
import { Bench, parameters } from "./bench.ts";

/** A chip sale whose number of the card has five digits and not three, as a journal could have it. */
function left(bench: Bench, state: TransactionState): Transaction {
  const { id: _id, stan: _stan, state: _state, ...known } = bench.authorising();
  const { chipData = new Uint8Array(0), pinEntered: _pinEntered, ...intent } = known;
  const opened = bench.journal.open({ ...intent, panSequenceNumber: "01011" });
  return bench.journal.advance(opened, state, { chipData });
}

async function signedIn(): Promise<Bench> {
  const bench = new Bench();
  await bench.signIn();
  return bench;
}

test("a request that cannot be written was not sent, and no exception", async () => {
  const bench = await signedIn();
  const sale = left(bench, "authorising");
  const card = { entryMode: "chip", pan: new Uint8Array(0), expiry: "3012", panSequenceNumber: "01011" } as const;
  const outcome = await bench.world.settle(bench.acquirer.authorise(sale, card, undefined));
  assert.is(outcome.kind, "noAnswer");
  assert.is(outcome.kind === "noAnswer" && outcome.sent, false);
  assert.is(bench.requests.length, 1, "the sign-in alone");
});

test("a reversal that cannot be written is a dispute: the terminal goes on", async () => {
  const bench = await signedIn();
  left(bench, "authorising");
  const journal = new FlowJournal(bench.journal);
  const recovery = await bench.world.settle(recover(journal, bench.acquirer, { merchantConfirms: false }));
  assert.is(recovery.kind, "clear");
  assert.is(bench.journal.last()?.state, "disputed");
  assert.is(bench.journal.last()?.responseCode, "30");
});

test("an approval of the card's own that cannot be written is refused: the next ones are told", async () => {
  const bench = await signedIn();
  left(bench, "offlineApproved");
  const owed = await bench.world.settle(tellOwed(new FlowJournal(bench.journal), bench.acquirer));
  assert.is(owed.kind, "clear");
  assert.is(bench.journal.last()?.state, "disputed");
});

test("what scripts did cannot be told again and again", async () => {
  const bench = await signedIn();
  const sale = left(bench, "authorising");
  assert.is(await bench.world.settle(bench.acquirer.tellScripts(sale)), true);
});

test("a chip payment of a batch that cannot be written goes up as stripes do, or not where the totals agree", async () => {
  for (const isEqual of [true, false]) {
    const bench = await signedIn();
    const sale = left(bench, "authorising");
    const { vault, world } = bench;
    const journal = { nextStan: async (): Promise<number> => bench.journal.nextStan() };
    const context = { parameters, vault, link: world.link(), clock: world.clock, batch: { number: 1 }, journal };
    const settlement = new UnionPaySettlement(context);
    const outcome = await world.settle(settlement.uploadChip(1, sale, isEqual));
    assert.is(outcome.kind, isEqual ? "nothing" : "taken");
    assert.equal(
      bench.requests.slice(1).map(({ mti, fields }) => [mti, fields.get(60)]),
      isEqual ? [] : [["0320", "00000001201"]],
    );
  }
});

test.run();
