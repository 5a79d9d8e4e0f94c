import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { askPassword, changePassword } from "../../../firmware/terminal/password.ts";
import { UserError } from "../../../firmware/terminal/user-error.ts";
import { Desk, type Event } from "./desk.ts";

async function deskWith(...events: Event[]): Promise<Desk> {
  const desk = new Desk({ events });
  await desk.services.operators.use((operators) => operators.set("00", asciiToBytes("2468")));
  return desk;
}

async function ending(work: Promise<void>): Promise<unknown> {
  try {
    return await work;
  } catch (error) {
    return error instanceof UserError ? error.screen : error;
  }
}

test("the right password lets the flow go on", async () => {
  const desk = await deskWith("2 4 6 8 ENTER");
  assert.is(await ending(askPassword(desk.services, "00")), undefined);
});

test("a wrong password is asked for again, and the screen says so until the next digit", async () => {
  const desk = await deskWith("1 1 1 1 ENTER 2 4 6 8 ENTER");
  assert.is(await ending(askPassword(desk.services, "00")), undefined);
  const wrong = desk.screens.map((screen) => screen.id === "password" && screen.wrong === true);
  assert.equal(wrong, [false, false, false, false, false, true, false, false, false, false]);
});

test("no screen says which digits were typed", async () => {
  const desk = await deskWith("2 4 6 8 ENTER");
  await askPassword(desk.services, "00");
  assert.equal(
    desk.screens.map((screen) => (screen.id === "password" ? screen.digits : -1)),
    [0, 1, 2, 3, 4],
  );
});

test("ENTER counts from four digits on, CLEAR begins again, CANCEL ends it", async () => {
  const desk = await deskWith("1 ENTER CLEAR 2 4 6 8 ENTER");
  assert.is(await ending(askPassword(desk.services, "00")), undefined);
  assert.equal(await ending(askPassword((await deskWith("2 CANCEL")).services, "00")), {
    id: "cancelled",
    by: "merchant",
  });
});

test("too many wrong passwords lock it and say for how long", async () => {
  const desk = await deskWith("1 1 1 1 ENTER 1 1 1 1 ENTER 1 1 1 1 ENTER 2 4 6 8 ENTER");
  assert.equal(await ending(askPassword(desk.services, "00")), {
    id: "password",
    role: "supervisor",
    digits: 0,
    locked: true,
    seconds: 30,
  });
});

test("a new password is typed twice, and counts when both are the same", async () => {
  const desk = await deskWith("1 3 5 7 ENTER 1 3 5 8 ENTER", "1 3 5 7 ENTER 1 3 5 7 ENTER");
  await changePassword(desk.services, "00", "own");
  assert.ok(desk.screens.some((screen) => screen.id === "password" && screen.step === "new" && screen.wrong === true));
  assert.is(
    await desk.services.operators.use((operators) => operators.check("00", asciiToBytes("1357")).kind),
    "right",
  );
});

test("a terminal without a supervisor's password lets nobody do a supervisor's work", async () => {
  const desk = new Desk({ events: ["2 4 6 8 ENTER"] });
  assert.equal(await ending(askPassword(desk.services, "00")), { id: "error", detail: "no password" });
});

test.run();
