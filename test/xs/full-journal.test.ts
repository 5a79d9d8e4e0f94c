import { test } from "uvu";
import * as assert from "uvu/assert";
import { FlashJournal } from "../../firmware/journal/journal.ts";
import { JournalFullError, type TransactionDetails } from "../../firmware/journal/types.ts";
import { groundOf } from "../../simulator/runtime/grounds.ts";
import { live } from "../../simulator/runtime/life.ts";
import { Simulation } from "../../simulator/world/simulation.ts";
import { quickOf } from "../available.ts";
import { assertStackMargin } from "../stack-limit.ts";
import { NorFlash } from "../unit/journal/nor-flash.ts";

/** What a shop can sell between two settlements at least. */
const leastSales = 5_000;
const blockLength = 4096;

const details: TransactionDetails = {
  type: "sale",
  batch: 1,
  amount: 1234,
  currency: "CNY",
  entryMode: "chip",
  maskedPan: "622848******1117",
  panToken: new Uint8Array(16),
  expiry: "3012",
  panSequenceNumber: "001",
  startedAt: Date.UTC(2026, 10, 23),
  operator: "01",
};

/** Both partitions full of chip sales with all that a receipt says, and how many they are. */
function fullPartitions(sizes: { readonly journal: number; readonly history: number }) {
  const ring = NorFlash.blank(sizes.journal / blockLength, blockLength);
  const history = NorFlash.blank(sizes.history / blockLength, blockLength);
  const journal = new FlashJournal(ring, history);
  for (let sales = 0; ; sales++) {
    try {
      const opened = journal.open(details);
      const authorising = journal.advance(opened, "authorising", { pinEntered: true, chipData: new Uint8Array(170) });
      const approved = journal.advance(authorising, "approved", {
        responseCode: "00",
        authorisationCode: "123456",
        referenceNumber: "112309000001",
        hostDate: "1123",
        hostTime: "090001",
        issuer: "01030000",
        acquirer: "48020000",
      });
      const confirmed = journal.advance(approved, "confirmed", {
        chip: {
          aid: "A000000333010102",
          applicationLabel: "UnionPay Credit",
          terminalVerificationResults: "0000000000",
          transactionStatusInformation: "E800",
          applicationTransactionCounter: "0001",
          cryptogram: "8A1F03C2D9447B60",
          cryptogramType: "TC",
        },
      });
      journal.advance(confirmed, "receipted");
    } catch (error) {
      if (error instanceof JournalFullError) {
        return { ring: ring.bytes, history: history.bytes, sales, totals: journal.totals() };
      }
      throw error;
    }
  }
}

const { chips } = new Simulation({ seed: 1, parameters: {} });
const full = fullPartitions({ journal: chips.flash.size("journal"), history: chips.flash.size("history") });

test("the journal holds what a shop sells between two settlements", () => {
  assert.ok(full.sales >= leastSales, `${full.sales} sales`);
  assert.is(full.totals[0]?.count, full.sales);
});

for (const name of await quickOf(["xs", "xs32"], "a full journal")) {
  test(`with a full journal the terminal starts on ${name}, within its memory, and takes no sale`, async () => {
    const simulation = new Simulation({ seed: 1, parameters: { language: "en" } });
    const { flash } = simulation.chips;
    flash.manufacture("journal", full.ring);
    flash.manufacture("history", full.history);
    simulation.world.after(2_000, () => simulation.key("1", true));
    simulation.world.after(2_100, () => simulation.key("1", false));
    simulation.world.after(10_000, () => simulation.world.stop());
    const end = await live(await groundOf(name), simulation.board);
    assert.is(end.crashed, undefined);
    assert.ok(simulation.screens.some(({ screen, values }) => screen === "settlement" && values.reason === "full"));
    assert.is(simulation.bank.payments().length, 0);
    assertStackMargin(end.metrics);
  });
}

test.run();
