import { test } from "uvu";
import * as assert from "uvu/assert";
import { sale } from "../../../firmware/terminal/sale.ts";
import { approval, Desk, type DeskOptions, swiped } from "./desk.ts";

const digit = { kind: "digit", key: "1" } as const;

/** A sale of 12.34 by stripe, up to the PIN. */
async function sell(options: DeskOptions = {}, events: DeskOptions["events"] = ["1 2 3 4 5 6 ENTER"]): Promise<Desk> {
  const desk = new Desk({ ...options, events: ["2 3 4 ENTER", swiped(), ...events] });
  await sale(desk.services, digit);
  return desk;
}

const upToPin = "enter-amount present-card enter-pin";

test("an approved sale is in the books and on paper, twice", async () => {
  const desk = await sell({ outcomes: [approval] });
  assert.is(desk.story, `${upToPin} processing approved printing`);
  assert.is(desk.books, "receipted");
  assert.is(desk.printed, 2);
  assert.equal(desk.sent, [{ pan: "6228480000000000", entryMode: "magstripe", pinBlock: "8 bytes" }]);
  assert.equal(desk.pins, ["123456"]);
  const [transaction] = [...desk.journal.transactions()];
  assert.is(transaction?.amount, 1234);
  assert.is(transaction?.maskedPan, "622848******0000");
  assert.is(transaction?.authorisationCode, "123456");
  assert.is(transaction?.pinEntered, true);
});

test("no screen ever shows a whole card number or a PIN", async () => {
  const desk = await sell({ outcomes: [approval] });
  const shown = JSON.stringify(desk.screens);
  assert.not.match(shown, /6228480000000000/);
  assert.not.match(shown, /123456(?!")/);
  assert.match(shown, /6228 48\*\* \*\*\*\* 0000/);
});

test("tracks and card number are wiped when the sale is over", async () => {
  const card = swiped();
  const desk = new Desk({ events: ["2 3 4 ENTER", card, "1 2 3 4 ENTER"], outcomes: [approval] });
  await sale(desk.services, digit);
  assert.ok(card.kind === "swipe" && card.swipe.track2?.every((byte) => byte === 0));
});

test("a declined sale says why and prints nothing", async () => {
  const desk = await sell({ outcomes: [{ kind: "declined", responseCode: "51" }] });
  assert.is(desk.story, `${upToPin} processing declined`);
  assert.equal(desk.screens.at(-1), { id: "declined", amount: { minor: 1234, currency: "CNY" }, code: "51" });
  assert.is(desk.books, "declined");
  assert.is(desk.printed, 0);
});

test("without an answer the sale is reversed", async () => {
  const desk = await sell({
    outcomes: [{ kind: "noAnswer", sent: true }],
    reversals: [{ kind: "reversed", responseCode: "00" }],
  });
  assert.is(desk.story, `${upToPin} processing no-answer reversing reversed`);
  assert.is(desk.books, "reversed");
  assert.is([...desk.journal.transactions()][0]?.reversalReason, "98");
});

test("without an answer to the reversal either it stays owed, and the next sale waits for it", async () => {
  const desk = new Desk({
    events: ["2 3 4 ENTER", swiped(), "1 2 3 4 5 6 ENTER", "wait", "wait", "5 ENTER", swiped()],
    outcomes: [{ kind: "noAnswer", sent: true }],
    reversals: [{ kind: "noAnswer" }, { kind: "noAnswer" }],
  });
  await sale(desk.services, digit);
  assert.is(desk.books, "reversing");
  desk.screens.length = 0;
  await sale(desk.services, digit);
  assert.is(desk.story, "enter-amount present-card reversing no-answer");
  assert.is(desk.books, "reversing", "nothing new was opened");
  assert.is(desk.sent.length, 1);
});

test("a reversal that the host refuses is shown as a dispute and never dropped", async () => {
  const desk = await sell({
    outcomes: [{ kind: "noAnswer", sent: true }],
    reversals: [{ kind: "disputed", responseCode: "64" }],
  });
  assert.is(desk.story, `${upToPin} processing no-answer reversing disputed printing`);
  assert.is(desk.books, "disputed");
  assert.is(desk.printed, 1, "a slip for the merchant");
});

test("without a connection nothing was sent and nothing is owed", async () => {
  const desk = await sell({ outcomes: [{ kind: "noAnswer", sent: false }] });
  assert.is(desk.story, `${upToPin} processing offline`);
  assert.is(desk.books, "cancelled");
});

test("an answer that does not fit the question is not believed", async () => {
  const desk = await sell({
    outcomes: [{ kind: "mismatch", field: "amount", reversalReason: "06" }],
    reversals: [{ kind: "reversed", responseCode: "00" }],
  });
  assert.is(desk.story, `${upToPin} processing refused reversing reversed`);
  assert.is(desk.books, "reversed");
  assert.is(desk.printed, 0);
});

test("an answer with another amount shows both amounts", async () => {
  const desk = await sell({
    outcomes: [{ kind: "mismatch", field: "amount", reversalReason: "06", answeredAmount: 1200 }],
    reversals: [{ kind: "reversed", responseCode: "00" }],
  });
  assert.is(desk.story, `${upToPin} processing amount-mismatch reversing reversed`);
  assert.equal(
    desk.screens.find(({ id }) => id === "amount-mismatch"),
    {
      id: "amount-mismatch",
      asked: { minor: 1234, currency: "CNY" },
      answered: { minor: 1200, currency: "CNY" },
    },
  );
});

test("a merchant who is to confirm may refuse, and the money goes back", async () => {
  const parameters = { confirmApproval: "manual" };
  const desk = await sell({ parameters, outcomes: [approval], reversals: [{ kind: "reversed", responseCode: "00" }] }, [
    "1 2 3 4 5 6 ENTER 7 CANCEL",
  ]);
  assert.is(desk.story, `${upToPin} processing confirm-approval refused reversing reversed`);
  assert.is(desk.books, "reversed");
});

test("a merchant who is to confirm may accept", async () => {
  const desk = await sell({ parameters: { confirmApproval: "manual" }, outcomes: [approval] }, [
    "1 2 3 4 5 6 ENTER ENTER",
  ]);
  assert.is(desk.story, `${upToPin} processing confirm-approval approved printing`);
  assert.is(desk.books, "receipted");
});

test("the terminal signs in by itself before it asks for a PIN", async () => {
  const desk = await sell({ signedIn: false, signIns: [{ kind: "signedIn" }], outcomes: [approval] });
  assert.is(desk.story, "enter-amount present-card sign-in enter-pin processing approved printing");
});

for (const [what, outcome, screen] of [
  ["is not answered", { kind: "noAnswer" }, "offline"],
  ["is refused", { kind: "refused", responseCode: "03" }, "error"],
  ["is answered by nobody we know", { kind: "mismatch" }, "error"],
] as const) {
  test(`a sign-in that ${what} ends the sale before anything is opened`, async () => {
    const desk = await sell({ signedIn: false, signIns: [outcome] });
    assert.is(desk.story, `enter-amount present-card sign-in ${screen}`);
    assert.is(desk.books, "");
  });
}

test("an expired card is refused before anything is sent", async () => {
  const desk = new Desk({ events: ["2 3 4 ENTER", swiped("6228480000000000=26101010000000000")] });
  await sale(desk.services, digit);
  assert.is(desk.story, "enter-amount present-card card-expired");
  assert.is(desk.books, "");
});

test("a card is good until the end of its month", async () => {
  const card = swiped("6228480000000000=26111010000000000");
  const desk = new Desk({ events: ["2 3 4 ENTER", card, "1 2 3 4 ENTER"], outcomes: [approval] });
  await sale(desk.services, digit);
  assert.is(desk.books, "receipted");
});

test("a card that was swiped first is shown masked with its holder while the amount is typed", async () => {
  const desk = new Desk({ events: ["5 00 ENTER", "1 2 3 4 ENTER"], outcomes: [approval] });
  const card = swiped(undefined, "B6228480000000000^ZHANG/SAN^30121010000000000");
  await sale(desk.services, { kind: "card", card });
  const first = desk.screens[0];
  assert.equal(first?.id === "enter-amount" && first.card, { pan: "6228 48** **** 0000", holder: "ZHANG SAN" });
  assert.is([...desk.journal.transactions()][0]?.amount, 500);
});

test("a journal without room refuses the sale before anything is asked for or sent", async () => {
  const desk = new Desk();
  const details = { type: "sale", batch: 1, amount: 1, currency: "CNY", entryMode: "chip", operator: "01" } as const;
  const more = { maskedPan: "622848******0000", panToken: new Uint8Array(16), startedAt: 0 };
  try {
    for (;;) {
      const authorising = desk.journal.advance(desk.journal.open({ ...details, ...more }), "authorising");
      desk.journal.advance(desk.journal.advance(authorising, "approved"), "confirmed");
    }
  } catch {
    await sale(desk.services, digit);
  }
  assert.is(desk.story, "settlement cancelled");
  assert.is(desk.sent.length, 0);
});

test.run();
