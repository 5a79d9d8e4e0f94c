import { test } from "uvu";
import * as assert from "uvu/assert";
import { pbkdf2 } from "#native/digest";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { rowsByOperator } from "../../../firmware/terminal/batch/by-operator.ts";
import { allow } from "../../../firmware/terminal/operator/authority.ts";
import { lockIn, mustSignOn, operatorOf } from "../../../firmware/terminal/operator/duty.ts";
import { manageOperators } from "../../../firmware/terminal/operator/manage.ts";
import { shiftReport, signOff } from "../../../firmware/terminal/operator/shift.ts";
import { lock, signOn } from "../../../firmware/terminal/operator/sign-on.ts";
import { UserError } from "../../../firmware/terminal/user-error.ts";
import { saleOf } from "../journal/details.ts";
import { Desk, type DeskOptions } from "./desk.ts";

const salt = new Uint8Array(16).fill(1);
const proof = (number: string, digits: string): string =>
  `${number}:1000:${bytesToHex(salt)}:${bytesToHex(pbkdf2(asciiToBytes(digits), salt, 1_000))}`;
const passwords = [proof("00", "000000"), proof("99", "99999999"), proof("01", "0000"), proof("02", "2222")];

function deskOf(options: DeskOptions): Desk {
  return new Desk({ passwords, ...options, parameters: { operatorSignOn: true, ...options.parameters } });
}

async function screenOf(work: Promise<unknown>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error instanceof UserError ? error.screen : error;
  }
}

/** A sale that is on paper, by whoever is on duty. */
function sell(desk: Desk, amount: number, changes: Partial<ReturnType<typeof saleOf>> = {}): void {
  const { journal, services } = desk;
  const opened = journal.open({ ...saleOf(amount), scheme: "CUP", operator: operatorOf(services), ...changes });
  const approved = journal.advance(journal.advance(opened, "authorising"), "approved");
  journal.advance(journal.advance(approved, "confirmed"), "receipted");
}

test("whoever signs on is on duty, and goes into journal and papers; before that nobody may be paid", async () => {
  const desk = deskOf({ events: ["ENTER 0 0 0 0 ENTER"] });
  assert.ok(mustSignOn(desk.services));
  assert.is(await signOn(desk.services, "1"), "operator");
  assert.is(desk.services.duty.operator, "01");
  assert.is(operatorOf(desk.services), "01");
  assert.not.ok(mustSignOn(desk.services));
  await lock(desk.services);
  assert.ok(mustSignOn(desk.services));
});

test("a terminal where nobody has to sign on has the parameters' operator", () => {
  const desk = deskOf({ parameters: { operatorSignOn: false, operator: "17" } });
  assert.not.ok(mustSignOn(desk.services));
  assert.is(operatorOf(desk.services), "17");
});

test("a number that is nobody's is asked for again, and giving up or silence leaves the terminal locked", async () => {
  for (const events of [["7 ENTER CANCEL"], ["7 ENTER", "wait"]] as const) {
    const desk = deskOf({ events });
    assert.is(await signOn(desk.services, "7"), undefined);
    assert.ok(desk.screens.some((screen) => screen.id === "operator-sign-on" && screen.wrong === true));
    assert.ok(mustSignOn(desk.services));
  }
});

test("a third digit is not taken, CLEAR takes the last one back", async () => {
  const desk = deskOf({ events: ["2 3 CLEAR CLEAR 0 2 ENTER 2 2 2 2 ENTER"] });
  await signOn(desk.services, "0");
  assert.is(desk.services.duty.operator, "02");
});

test("the third wrong password locks the number there and then, and says so", async () => {
  const desk = deskOf({ events: ["ENTER 1 1 1 1 ENTER 1 1 1 1 ENTER 1 1 1 1 ENTER"] });
  assert.equal(await screenOf(signOn(desk.services, "1")), {
    id: "password",
    role: "operator",
    operator: "01",
    digits: 0,
    locked: true,
  });
  assert.ok(mustSignOn(desk.services));
});

test("supervisor and administrator who sign on take no payments", async () => {
  const desk = deskOf({ events: ["0 ENTER 0 0 0 0 0 0 ENTER"] });
  assert.is(await signOn(desk.services, "0"), "supervisor");
  assert.ok(mustSignOn(desk.services));
});

test("each work asks for whom its row names, unless the parameters name another, or who did sign on for the menu", async () => {
  const usual = deskOf({ events: ["0 0 0 0 0 0 ENTER"] });
  usual.services.duty.operator = "01";
  await allow(usual.services, "settlement");
  assert.equal(usual.screens, []);
  await allow(usual.services, "refund");
  assert.is(usual.screens[0]?.id === "password" && usual.screens[0].role, "supervisor");

  const other = new Desk({ passwords, events: ["9 9 9 9 9 9 9 9 ENTER"] });
  const parameters = {
    ...other.services.parameters,
    authority: { settlement: "administrator", refund: "operator" },
  } as const;
  const services = { ...other.services, parameters };
  await allow(services, "refund");
  assert.equal(other.screens, []);
  await allow(services, "settlement");
  assert.is(other.screens[0]?.id === "password" && other.screens[0].role, "administrator");
  const asked = other.screens.length;
  services.duty.inMenu = "supervisor";
  await allow(services, "voidSale");
  services.duty.inMenu = "administrator";
  await allow(services, "settlement");
  await allow(services, "voidSale");
  assert.is(other.screens.length, asked);
});

test("while nobody is signed on what an operator may do needs a supervisor", async () => {
  const desk = deskOf({ events: ["0 0 0 0 0 0 ENTER"] });
  await allow(desk.services, "settlement");
  assert.is(desk.screens[0]?.id === "password" && desk.screens[0].role, "supervisor");
});

test("whoever is on duty is not any more after the minutes without use that the parameters say", () => {
  const { services } = deskOf({ parameters: { operatorIdleMinutes: 2 } });
  assert.is(lockIn(services, 500_000, 0), Number.POSITIVE_INFINITY, "nobody is");
  services.duty.operator = "01";
  assert.is(lockIn(services, 70_000, 10_000), 60_000);
  assert.is(lockIn(services, 500_000, 10_000), 0);
  const { services: without } = deskOf({});
  without.duty.operator = "01";
  assert.is(lockIn(without, 500_000, 0), Number.POSITIVE_INFINITY, "never");
});

test("a shift begins at the first sign-on, survives locking, and counts what its operator took meanwhile", async () => {
  const desk = deskOf({ events: ["ENTER 0 0 0 0 ENTER ENTER 2 2 2 2 ENTER ENTER 0 0 0 0 ENTER ENTER"] });
  sell(desk, 11_11, { operator: "01" });
  await signOn(desk.services, "1");
  sell(desk, 10_00);
  await lock(desk.services);
  await signOn(desk.services, "2");
  sell(desk, 20_00);
  await lock(desk.services);
  await signOn(desk.services, "1");
  sell(desk, 5_00);
  await shiftReport(desk.services);
  const report = desk.screens.find((screen) => screen.id === "report");
  assert.equal(report?.id === "report" && report.choices.map(({ text }) => text), [
    "Net ¥15.00",
    "UnionPay Sale × 2  ¥15.00",
  ]);
  assert.is(desk.printed, 1);
});

test("signing off prints the shift and ends it; CANCEL lets it go on", async () => {
  const desk = deskOf({ events: ["ENTER 0 0 0 0 ENTER CANCEL ENTER ENTER ENTER 0 0 0 0 ENTER CANCEL"] });
  await signOn(desk.services, "1");
  sell(desk, 10_00);
  await signOff(desk.services);
  assert.is(desk.services.duty.operator, "01");
  await signOff(desk.services);
  assert.is(desk.services.duty.operator, undefined);
  assert.is(desk.printed, 1);
  await signOn(desk.services, "1");
  await shiftReport(desk.services);
  const last = desk.screens.at(-1);
  assert.equal(last?.id === "report" && last.choices.map(({ id }) => id), ["net"]);
});

test("the batch by operator and scheme comes to the batch, credits taken off", async () => {
  const desk = deskOf({});
  sell(desk, 10_00, { operator: "01" });
  sell(desk, 20_00, { operator: "02" });
  sell(desk, 7_00, { operator: "01", scheme: "VIS" });
  sell(desk, 2_00, { operator: "01", type: "voidSale" });
  assert.equal(await rowsByOperator(desk.services), [
    { operator: "01", scheme: "CUP", count: 2, amount: 8_00 },
    { operator: "01", scheme: "VIS", count: 1, amount: 7_00 },
    { operator: "02", scheme: "CUP", count: 1, amount: 20_00 },
  ]);
});

test("of more operators and schemes than the memory holds in print each operator is one row, and nothing is lost", async () => {
  const desk = deskOf({});
  const schemes = ["CUP", "VIS", "MCC"];
  for (let sale = 0; sale < 45; sale++) {
    sell(desk, 100 + sale, {
      operator: String((sale % 15) + 1).padStart(2, "0"),
      scheme: schemes[Math.floor(sale / 15)]!,
    });
  }
  const rows = await rowsByOperator(desk.services);
  assert.is(rows.length, 15);
  assert.equal(rows[0], { operator: "01", scheme: "", count: 3, amount: 100 + 115 + 130 });
  assert.is(
    rows.reduce((sum, { count }) => sum + count, 0),
    45,
  );
});

test("a supervisor adds, resets and removes; who is removed while on duty is on duty no more", async () => {
  const desk = deskOf({
    events: [
      "1 3 ENTER 1 2 3 4 ENTER 1 2 3 4 ENTER ENTER", // adds 03
      "4 1 4 3 2 1 ENTER 4 3 2 1 ENTER ENTER", // sets a new password for 03
      "2 2 ENTER CANCEL", // removes 01
    ],
  });
  desk.services.duty.operator = "01";
  await manageOperators(desk.services);
  assert.is(desk.services.duty.operator, undefined);
  assert.equal(
    await desk.services.operators.use((operators) => operators.list()),
    ["02", "03"].map((number) => ({ number, isLocked: false, isInitial: number === "03" })),
  );
  const verdict = await desk.services.operators.use((operators) => operators.check("03", asciiToBytes("4321")));
  assert.equal(verdict, { kind: "right", initial: true });
});

test.run();
