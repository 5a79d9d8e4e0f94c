import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import type { Transaction, TransactionState } from "../../../firmware/journal/types.ts";
import type { Screen } from "../../../firmware/screen/screens.ts";
import { showBalance } from "../../../firmware/terminal/balance.ts";
import { NumberCard } from "../../../firmware/terminal/card/number-card.ts";
import { hasCheckDigit, typeCard } from "../../../firmware/terminal/manual-card.ts";
import { menu } from "../../../firmware/terminal/menu.ts";
import { askNumber, isMonthDay } from "../../../firmware/terminal/number-entry.ts";
import { refuseOtherCard } from "../../../firmware/terminal/original.ts";
import { askWhatBecame } from "../../../firmware/terminal/query.ts";
import { UserError } from "../../../firmware/terminal/user-error.ts";
import { saleOf } from "../journal/details.ts";
import { Desk, type DeskOptions, swiped } from "./desk.ts";

async function ending(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error instanceof UserError ? error.screen : error;
  }
}

const voucher = { what: "voucher", operation: "voidSale", least: 1, most: 6 } as const;

test("a number takes digits up to its length, 00 as two of them, and CLEAR takes one back", async () => {
  assert.is(await askNumber(new Desk({ events: ["1 00 2 CLEAR 3 F1 ENTER"] }).services, voucher), "1003");
  assert.is(await askNumber(new Desk({ events: ["1 2 3 4 5 00 6 7 ENTER"] }).services, voucher), "123456");
});

test("a number that cannot be right is typed again, and the screen says so", async () => {
  const desk = new Desk({ events: ["1 3 0 1 ENTER 0 2 2 9 ENTER"] });
  const entry = { what: "date", operation: "refund", least: 4, most: 4, isGood: isMonthDay } as const;
  assert.is(await askNumber(desk.services, entry), "0229");
  assert.ok(
    desk.screens.some((screen) => screen.id === "enter-number" && screen.wrong === true && screen.value === ""),
  );
});

test("ENTER without enough digits does nothing, CANCEL and silence end the entry", async () => {
  assert.is(await askNumber(new Desk({ events: ["ENTER 4 ENTER"] }).services, voucher), "4");
  assert.equal(await ending(askNumber(new Desk({ events: ["4 CANCEL"] }).services, voucher)), {
    id: "cancelled",
    by: "merchant",
  });
  assert.equal(await ending(askNumber(new Desk({ events: ["4", "wait"] }).services, voucher)), {
    id: "cancelled",
    by: "timeout",
  });
});

test("a day is one that some year has", () => {
  for (const day of ["0101", "0229", "0430", "1231"]) assert.ok(isMonthDay(day), day);
  for (const day of ["0000", "0100", "0132", "0230", "0431", "1301"]) assert.not.ok(isMonthDay(day), day);
});

test("a card number's check digit finds a wrong digit and two that are swapped", () => {
  assert.ok(hasCheckDigit(asciiToBytes("6228480001415550")));
  assert.not.ok(hasCheckDigit(asciiToBytes("6228480001415551")));
  assert.not.ok(hasCheckDigit(asciiToBytes("6228480001145550")));
  assert.ok(hasCheckDigit(asciiToBytes("4111111111111111")), "the industry's test number");
});

async function deskOfSupervisor(options: DeskOptions): Promise<Desk> {
  const desk = new Desk(options);
  await desk.services.operators.use((operators) => operators.set("00", asciiToBytes("2468")));
  return desk;
}

test("a typed card is known by number and expiry, and no screen shows more than six digits of it", async () => {
  const desk = await deskOfSupervisor({
    events: ["2 4 6 8 ENTER", "6 2 2 8 4 8 0 0 0 1 4 1 5 5 5 0 ENTER", "1 2 3 0 ENTER"],
  });
  const card = await typeCard(desk.services, "preAuthorisation");
  assert.equal([...card.identity.pan], [...asciiToBytes("6228480001415550")]);
  assert.is(card.identity.expiry, "3012");
  assert.is(card.entryMode, "manual");
  const values = desk.screens.map((screen) => (screen.id === "enter-number" ? screen.value : ""));
  assert.not.ok(
    values.some((value) => /\d{7}/.test(value)),
    "more than six digits were shown",
  );
  assert.ok(values.includes("622848**********"));
  card.close();
  assert.ok(
    card.identity.pan.every((byte) => byte === 0),
    "the number is wiped",
  );
});

test("without the supervisor no card number is typed", async () => {
  const desk = await deskOfSupervisor({ events: ["CANCEL"] });
  assert.equal(await ending(typeCard(desk.services, "sale")), { id: "cancelled", by: "merchant" });
  assert.is(desk.story, "password");
});

const paid = { maskedPan: "622848******1117", panToken: new Uint8Array(16) } as unknown as Transaction;
const cardOf = (pan: string) =>
  new NumberCard({ pan: asciiToBytes(pan), expiry: "3012", panSequenceNumber: undefined });
const vaultOf = (pan: string) => ({ pinBlock: absent, protectPan: absent, revealPan: () => asciiToBytes(pan) });
const absent = (): never => {
  throw new Error("not asked for");
};

test("another card is refused by its whole number, and by what is left of it when the key is gone", async () => {
  const vault = vaultOf("6228480001201117");
  refuseOtherCard({ vault }, cardOf("6228480001201117"), paid);
  assert.throws(
    () => refuseOtherCard({ vault }, cardOf("6228480001211117"), paid),
    (error: unknown) => error instanceof UserError,
  );
  const gone = {
    ...vault,
    revealPan: (): Uint8Array => {
      throw new FormatError("pan token", 0, "not of this terminal");
    },
  };
  refuseOtherCard({ vault: gone }, cardOf("6228480001201117"), paid);
  assert.throws(
    () => refuseOtherCard({ vault: gone }, cardOf("6228480001201118"), paid),
    (error: unknown) => error instanceof UserError,
  );
});

test("CANCEL leads from a group back to the menu, and from there out; silence leads out at once", async () => {
  const desk = new Desk({ events: ["3 CANCEL CANCEL"] });
  await menu(desk.services);
  const headings = desk.screens.map((screen) => (screen.id === "menu" ? screen.heading : screen.id));
  assert.equal(headings, [undefined, "Pre-authorisation", undefined]);
  assert.is(desk.eventsLeft, 0);
  const idle = new Desk({ events: ["3", "wait"] });
  await menu(idle.services);
  assert.is(idle.screens.length, 2);
});

test("what a terminal without a printer cannot do is not in its menu", async () => {
  const desk = new Desk({ events: ["4 CANCEL CANCEL"] });
  await menu({ ...desk.services, paper: undefined });
  const group = desk.screens[1];
  const ids = group?.id === "menu" ? group.choices.map(({ id }) => id) : [];
  assert.ok(ids.includes("query"));
  for (const id of ["reprint", "reprint-number", "settlement-slip"]) assert.not.ok(ids.includes(id), id);
});

test("a balance whose answer does not fit is no balance, and one without an answer needs no reversal", async () => {
  for (const [kind, screen] of [
    ["mismatch", { id: "error", detail: "balance" }],
    ["noAnswer", { id: "offline" }],
  ] as const) {
    const desk = new Desk({ events: [swiped(), "1 2 3 4 ENTER"], balances: [{ kind }] });
    await showBalance(desk.services);
    assert.equal(desk.screens.at(-1), screen);
    assert.is(desk.books, "");
  }
});

/** What the terminal holds, what the host says, and what the merchant is to make of it. */
const answers: readonly (readonly [
  readonly TransactionState[],
  "approved" | "unknown" | "declined" | "voided",
  string,
])[] = [
  [["authorising", "approved", "confirmed"], "approved", "through"],
  [["authorising", "approved", "confirmed"], "unknown", "differs"],
  [["authorising", "declined"], "declined", "nothing"],
  [["authorising", "declined"], "approved", "differs"],
  [["authorising", "approved", "confirmed", "voided"], "voided", "through"],
  [["queued"], "unknown", "owed"],
  [["queued", "sent"], "approved", "through"],
  [["cancelled"], "unknown", "nothing"],
];

for (const [path, state, answer] of answers) {
  test(`a ${path.at(-1)} payment that the host calls ${state}: ${answer}`, async () => {
    const desk = new Desk({ events: ["ENTER", "wait"], payments: [{ kind: "told", state }] });
    let transaction = desk.journal.open(saleOf(1234));
    for (const next of path) transaction = desk.journal.advance(transaction, next);
    await askWhatBecame(desk.services);
    const screen = desk.screens.find(
      (each): each is Extract<Screen, { id: "payment-state" }> => each.id === "payment-state",
    );
    assert.is(screen?.answer, answer);
  });
}

test.run();
