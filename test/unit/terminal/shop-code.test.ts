import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ShopPaymentsOutcome } from "../../../firmware/acquirer/shop-payments.ts";
import { settleBatch } from "../../../firmware/terminal/batch/settle-batch.ts";
import { sendOwedReversals } from "../../../firmware/terminal/host-ready.ts";
import { takeShopPayments } from "../../../firmware/terminal/shop-code.ts";
import { UserError } from "../../../firmware/terminal/user-error.ts";
import { Desk, type DeskOptions } from "./desk.ts";

const known = {
  responseCode: "00",
  scheme: "WXP",
  order: "2026112348020000000000000001",
  authorisationCode: "654321",
  referenceNumber: "112309000002",
  hostDate: "1123",
  hostTime: "090005",
} as const;

const waiting = (...amounts: number[]): ShopPaymentsOutcome => ({
  kind: "told",
  more: false,
  last: 0,
  payments: amounts.map((amount, place) => ({ number: place + 7, amount, known })),
});

async function look(options: DeskOptions): Promise<{ readonly desk: Desk; readonly isTold: boolean }> {
  const desk = new Desk(options);
  return { desk, isTold: await takeShopPayments(desk.services) };
}

test("each payment to the shop's code becomes a sale of its own, told and printed", async () => {
  const { desk, isTold } = await look({
    shopPayments: [waiting(1234, 500)],
    claims: [{ kind: "taken" }, { kind: "taken" }],
  });
  assert.is(isTold, true);
  assert.is(desk.books, "receipted receipted");
  assert.is(desk.printed, 4);
  const [first] = [...desk.journal.transactions()];
  assert.equal([first?.claim, first?.amount, first?.scheme, first?.order], [7, 1234, "WXP", known.order]);
});

test("a claim without an answer is made again under its own number before anything else, and never reversed", async () => {
  const { desk, isTold } = await look({
    shopPayments: [waiting(1234)],
    claims: [{ kind: "noAnswer" }, { kind: "noAnswer" }, { kind: "taken" }],
  });
  assert.is(isTold, false);
  assert.is(desk.books, "authorising");
  try {
    await sendOwedReversals(desk.services);
    assert.unreachable();
  } catch {
    assert.is(desk.books, "authorising");
  }
  await sendOwedReversals(desk.services);
  assert.is(desk.books, "receipted");
  assert.is(desk.story, "processing paid printing");
});

test("a payment that was taken over before leaves nothing here", async () => {
  const { desk, isTold } = await look({ shopPayments: [waiting(1234)], claims: [{ kind: "gone" }] });
  assert.is(isTold, true);
  assert.is(desk.books, "cancelled");
  assert.is(desk.printed, 0);
});

test("what is paid to the shop's code is nobody's to confirm or to refuse", async () => {
  const parameters = { confirmApproval: "manual" } as const;
  const desk = new Desk({ parameters, claims: [{ kind: "taken" }] });
  const opened = desk.journal.open({
    type: "sale",
    amount: 1234,
    currency: "CNY",
    entryMode: "code",
    claim: 7,
    startedAt: 0,
    operator: "01",
  });
  desk.journal.advance(opened, "authorising", known);
  await sendOwedReversals(desk.services);
  assert.is(desk.books, "receipted");
});

test("a host that knows no shop's codes is no trouble", async () => {
  const { isTold } = await look({ shopPayments: [{ kind: "unsupported" }] });
  assert.is(isTold, true);
});

async function settled(options: DeskOptions): Promise<Desk> {
  const desk = new Desk({ parameters: { shopCode: true }, events: [{ kind: "key", key: "CANCEL" }], ...options });
  try {
    await settleBatch(desk.services);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await desk.services.screen.show(error.screen);
  }
  return desk;
}

test("a batch is settled though the host tells nothing sensible of payments to the shop's code", async () => {
  for (const kind of ["mismatch", "noAnswer", "unsupported"] as const) {
    assert.is((await settled({ shopPayments: [{ kind }] })).story, "settlement", kind);
  }
});

test("a batch is not settled while it is not certain that a payment to the shop's code is in it", async () => {
  const { story, books } = await settled({
    shopPayments: [waiting(1234)],
    claims: [{ kind: "noAnswer" }, { kind: "noAnswer" }],
  });
  assert.is(books, "authorising");
  assert.is(story, "processing no-answer");
});

test.run();
