import { test } from "uvu";
import * as assert from "uvu/assert";
import type { JournalLine } from "../../simulator/scenario/stage.ts";
import { auditBooks, type HostPayment } from "../../simulator/world/audit.ts";

const line = (stan: string, type: string, state: string, original?: string): JournalLine => ({
  stan,
  type,
  state,
  amount: 1_234,
  ...(original === undefined ? {} : { original }),
});
const booked = (stan: string, state: string, amount = 1_234): HostPayment => ({ stan, state, amount });

const sale = line("000002", "sale", "receipted");
const disputedVoid = line("000003", "voidSale", "disputed", "000002");
const voidInDoubt = "000003 is in doubt: disputed";
const differs = "000002 is receipted at the terminal, voided at the host";

test("the sale that a disputed void names is in doubt with it where the bank has taken it back", () => {
  const there = [booked("000002", "voided"), booked("000003", "approved")];
  assert.equal(auditBooks([sale, disputedVoid], there), [`${differs}, in doubt: 000003 is disputed`, voidInDoubt]);
});

test("a sale that the bank took back without the void is nobody's doubt but wrong", () => {
  for (const there of ["reversed", "declined"])
    assert.equal(auditBooks([sale, disputedVoid], [booked("000002", "voided"), booked("000003", there)]), [
      differs,
      voidInDoubt,
    ]);
  assert.equal(auditBooks([sale, disputedVoid], [booked("000002", "voided")]), [differs, voidInDoubt]);
  assert.equal(auditBooks([sale], [booked("000002", "voided")]), [differs]);
});

test("a dispute explains no other amount, no other state and no other transaction", () => {
  const taken = booked("000003", "approved");
  assert.is(auditBooks([sale, disputedVoid], [booked("000002", "voided", 1_000), taken])[0], differs);
  assert.is(
    auditBooks([sale, disputedVoid], [booked("000002", "adjusted"), taken])[0],
    "000002 is receipted at the terminal, adjusted at the host",
  );
  const other = { ...disputedVoid, original: "000001" };
  assert.is(auditBooks([sale, other], [booked("000002", "voided"), taken])[0], differs);
});

test("a dispute that is cleared explains nothing any more", () => {
  const there = [booked("000002", "voided"), booked("000003", "approved")];
  for (const cleared of ["charged", "notCharged"])
    assert.is(auditBooks([sale, { ...disputedVoid, cleared }], there)[0], differs);
  assert.equal(
    auditBooks(
      [
        { ...sale, state: "voided" },
        { ...disputedVoid, cleared: "charged" },
      ],
      there,
    ),
    [],
  );
});

test("what a disputed void of a completion brings back to life is in doubt with it, as the completion is", () => {
  const journal = [
    line("000002", "preAuthorisation", "completed"),
    line("000003", "completion", "receipted", "000002"),
    line("000004", "voidCompletion", "disputed", "000003"),
  ];
  const there = [booked("000002", "approved"), booked("000003", "voided"), booked("000004", "approved")];
  assert.equal(auditBooks(journal, there), [
    "000002 is completed at the terminal, approved at the host, in doubt: 000004 is disputed",
    "000003 is receipted at the terminal, voided at the host, in doubt: 000004 is disputed",
    "000004 is in doubt: disputed",
  ]);
});

test.run();
