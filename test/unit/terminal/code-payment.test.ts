import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AuthorisationOutcome, PaymentOutcome } from "../../../firmware/acquirer/types.ts";
import { sendOwedReversals } from "../../../firmware/terminal/host-ready.ts";
import { sale } from "../../../firmware/terminal/sale.ts";
import { approval as answered, Desk, type DeskOptions, scanned } from "./desk.ts";

const approval = { ...answered, kind: "approved" } as Extract<AuthorisationOutcome, { kind: "approved" }>;
const digit = { kind: "digit", key: "1" } as const;
const code = "134567890123456789";
const order = "1234567890123456789012345678";
const told = (state: "pending" | "unknown" | "declined" | "reversed", more: object = {}): PaymentOutcome => ({
  kind: "told",
  state,
  ...more,
});
const paid: PaymentOutcome = {
  kind: "told",
  state: "approved",
  amount: 1234,
  authorisationCode: "654321",
  referenceNumber: "112309000002",
  date: "1123",
  time: "090005",
  scheme: "WXP",
  order,
  payer: "138****5678",
};
const silence: PaymentOutcome = { kind: "noAnswer" };
const reversed = { kind: "reversed", responseCode: "00" } as const;

/** A sale of 12.34 whose customer holds a phone under the scanner. */
async function pay(options: DeskOptions, more: DeskOptions["events"] = []): Promise<Desk> {
  const desk = new Desk({ ...options, events: ["2 3 4 ENTER", scanned(code), ...more] });
  await sale(desk.services, digit);
  return desk;
}

/** The same, whose customer scans the terminal. */
async function show(options: DeskOptions, more: DeskOptions["events"] = []): Promise<Desk> {
  const desk = new Desk({ ...options, events: ["2 3 4 ENTER F1", ...more] });
  await sale(desk.services, digit);
  return desk;
}

const upToHost = "enter-amount present-card processing";

test("a phone held under the scanner pays without another key", async () => {
  const desk = await pay({ outcomes: [{ ...approval, scheme: "WXP", order }] });
  assert.is(desk.story, `${upToHost} paid printing`);
  assert.is(desk.books, "receipted");
  assert.equal(desk.sent, [{ pan: "", entryMode: "code", pinBlock: "", code: `A3018${code}` }]);
  const [transaction] = [...desk.journal.transactions()];
  assert.equal([transaction?.entryMode, transaction?.scheme, transaction?.order], ["code", "WXP", order]);
  assert.equal([transaction?.panToken, transaction?.maskedPan], [undefined, undefined]);
});

test("no screen shows a wallet's code, the journal keeps none, and it is wiped", async () => {
  const scan = scanned(code);
  const desk = new Desk({ events: ["2 3 4 ENTER", scan], outcomes: [approval] });
  await sale(desk.services, digit);
  assert.not.match(JSON.stringify([desk.screens, ...desk.journal.transactions()]), /567890123456/);
  assert.ok(scan.kind === "scan" && scan.code.every((byte) => byte === 0));
});

test("what is no payment code is refused on the spot, and the card or the code is waited for on", async () => {
  const desk = new Desk({
    events: ["2 3 4 ENTER", scanned("6901234567892"), "wait", scanned(code)],
    outcomes: [approval],
  });
  await sale(desk.services, digit);
  assert.is(desk.story, "enter-amount present-card scan-code present-card processing paid printing");
});

test("a code that is scanned first has the amount asked for", async () => {
  const desk = new Desk({ events: ["1 2 3 4 ENTER"], outcomes: [approval] });
  await sale(desk.services, { kind: "card", card: scanned(code) });
  assert.is(desk.story, "enter-amount processing paid printing");
});

test("who still has to do something on the phone is said each second until the host has the outcome", async () => {
  const desk = await pay({
    outcomes: [{ kind: "pending", order }],
    payments: [told("pending", { waitingFor: "password" }), silence, paid],
  });
  assert.is(desk.story, `${upToHost} waiting-payment paid printing`);
  const waiting = desk.screens.flatMap((screen) =>
    screen.id === "waiting-payment" ? [[screen.wallet, screen.waitingFor, screen.secondsLeft]] : [],
  );
  assert.equal(waiting, [
    ...[90, 89].map((left) => ["WXP", "confirmation", left]),
    ...[88, 87, 86].map((left) => ["WXP", "password", left]),
    ...[85, 84, 83, 82, 81].map((left) => ["WXP", "bank", left]),
  ]);
  assert.is(desk.books, "receipted");
});

test("a customer who refuses on the phone has not paid, and nothing has to be reversed", async () => {
  const desk = await pay({ outcomes: [{ kind: "pending" }], payments: [told("declined", { responseCode: "05" })] });
  assert.is(desk.story, `${upToHost} waiting-payment declined`);
  assert.is(desk.books, "declined");
});

test("CANCEL asks once more, and what was not paid by then is reversed", async () => {
  const desk = await pay({ outcomes: [{ kind: "pending" }], payments: [told("pending")], reversals: [reversed] }, [
    "CANCEL",
  ]);
  assert.is(desk.story, `${upToHost} waiting-payment reversing reversed`);
  assert.is(desk.books, "reversed");
});

test("a payment that came through while the merchant pressed CANCEL stands", async () => {
  const desk = await pay({ outcomes: [{ kind: "pending" }], payments: [paid] }, ["CANCEL"]);
  assert.is(desk.story, `${upToHost} waiting-payment paid printing`);
  assert.is(desk.books, "receipted");
});

test("the waiting ends in time, with a last question and the reversal", async () => {
  const pending = Array.from({ length: 13 }, () => told("pending"));
  const desk = await pay({ outcomes: [{ kind: "pending" }], payments: pending, reversals: [reversed] });
  assert.is(desk.books, "reversed");
  assert.is(desk.elapsed >= 90_000 && desk.elapsed < 110_000, true);
});

test("an answer that was lost is asked for before anything is reversed", async () => {
  const lost = { kind: "noAnswer", sent: true } as const;
  const found = await pay({ outcomes: [lost], payments: [paid] });
  assert.is(found.story, `${upToHost} waiting-payment paid printing`);
  const unknown = await pay({ outcomes: [lost], payments: [told("unknown")], reversals: [reversed] });
  assert.is(unknown.story, `${upToHost} waiting-payment reversing reversed`);
  assert.is(unknown.books, "reversed");
});

test("a payment of another amount than was asked for is reversed", async () => {
  const desk = await pay({
    outcomes: [{ kind: "pending" }],
    payments: [{ ...paid, amount: 99 } as PaymentOutcome],
    reversals: [reversed],
  });
  assert.is(desk.story, `${upToHost} waiting-payment amount-mismatch reversing reversed`);
  assert.is([...desk.journal.transactions()][0]?.reversalReason, "06");
});

test("a code on the terminal is announced first, shown with its amount, and gone when it is paid", async () => {
  const desk = await show({
    outcomes: [{ kind: "pending" }],
    payments: [told("pending", { waitingFor: "scan" }), told("pending", { waitingFor: "confirmation" }), paid],
  });
  assert.is(desk.story, `${upToHost} show-qr waiting-payment paid printing`);
  assert.equal(desk.sent[0]?.code, "A602012345678000001000001");
  const qr = desk.screens.find(({ id }) => id === "show-qr");
  assert.match(qr?.id === "show-qr" ? qr.payload : "", /540512\.34.*0520123456780000010000010708/);
  assert.is([...desk.journal.transactions()][0]?.scheme, "WXP");
});

test("who scans a code just before its time is up has the time to type a password", async () => {
  const desk = await show({
    parameters: { codeShowSeconds: 12 },
    outcomes: [{ kind: "pending" }],
    payments: [
      told("pending", { waitingFor: "scan" }),
      ...Array.from({ length: 3 }, () => told("pending", { waitingFor: "password" })),
      paid,
    ],
  });
  assert.is(desk.story, `${upToHost} show-qr waiting-payment paid printing`);
  const left = desk.screens.flatMap((screen) => (screen.id === "waiting-payment" ? [screen.secondsLeft] : []));
  assert.is(left[0], 90);
});

test("a code that nobody scans is closed by the reversal", async () => {
  const desk = await show(
    { outcomes: [{ kind: "pending" }], payments: [told("pending", { waitingFor: "scan" })], reversals: [reversed] },
    ["CANCEL"],
  );
  assert.is(desk.story, `${upToHost} show-qr reversing reversed`);
});

test("a host that does not take the announcement shows no code", async () => {
  const desk = await show({ outcomes: [{ kind: "declined", responseCode: "40" }] });
  assert.is(desk.story, `${upToHost} declined`);
});

test("what the power cut off is asked for at the next start: paid, it stands and is printed; else it is reversed", async () => {
  for (const [payment, books, story] of [
    [paid, "receipted", "paid printing"],
    [told("pending"), "reversed", "reversing reversed"],
    [told("declined", { responseCode: "05" }), "declined", ""],
    [told("reversed"), "reversed", "reversing reversed"],
    [{ ...paid, amount: 1 } as PaymentOutcome, "reversed", "reversing reversed"],
  ] as const) {
    const desk = new Desk({ payments: [payment], reversals: books === "reversed" ? [reversed] : [] });
    const opened = desk.journal.open({
      type: "sale",
      amount: 1234,
      currency: "CNY",
      entryMode: "code",
      startedAt: 0,
      operator: "01",
    });
    desk.journal.advance(opened, "authorising");
    await sendOwedReversals(desk.services);
    assert.is(desk.books, books);
    assert.is(desk.story, ["processing", story].join(" ").trim());
  }
});

test("as long as the host does not say what became of it, nothing new is paid", async () => {
  const desk = new Desk({ payments: [silence], events: ["2 3 4 ENTER", scanned(code)] });
  const opened = desk.journal.open({
    type: "sale",
    amount: 1234,
    currency: "CNY",
    entryMode: "code",
    startedAt: 0,
    operator: "01",
  });
  desk.journal.advance(opened, "authorising");
  await sale(desk.services, digit);
  assert.is(desk.books, "authorising");
  assert.is(desk.screens.at(-1)?.id, "no-answer");
});

test.run();
