import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { exchange } from "../../../firmware/emv/exchange.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const select = "00A404000E315041592E5359532E444446303100";

async function talk(command: string, script: readonly Exchange[]): Promise<string> {
  const card = new ScriptedCard(script);
  const { data, status } = await exchange(card, hexToBytes(command), "test");
  assert.is(card.left, 0);
  return `${bytesToHex(data)} ${status.toString(16)}`;
}

async function problem(script: readonly Exchange[]): Promise<string> {
  try {
    await exchange(new ScriptedCard(script), hexToBytes(select), "test");
  } catch (error) {
    return error instanceof CardError ? error.problem : String(error);
  }
  return "none";
}

test("a T=0 card that says 61 is asked for the rest", async () => {
  assert.is(
    await talk(select, [
      [select, "612E"],
      ["00C000002E", "6F009000"],
    ]),
    "6F00 9000",
  );
});

test("a T=0 card that says 6C hears the command again with its length", async () => {
  assert.is(
    await talk("00B2010C00", [
      ["00B2010C00", "6C32"],
      ["00B2010C32", "70009000"],
    ]),
    "7000 9000",
  );
});

test("an answer in parts is put together", async () => {
  assert.is(
    await talk("00B2010C00", [
      ["00B2010C00", "7003AA6102"],
      ["00C0000002", "BBCC9000"],
    ]),
    "7003AABBCC 9000",
  );
});

test("a command whose data brings no length gets one at its end", async () => {
  assert.is(
    await talk("0082000002AABB", [
      ["0082000002AABB", "6C04"],
      ["0082000002AABB04", "9000"],
    ]),
    " 9000",
  );
});

test("a warning without data is followed by a question for the data, and stays a warning", async () => {
  assert.is(
    await talk(select, [
      [select, "6283"],
      ["00C0000000", "6C02"],
      ["00C0000002", "6F009000"],
    ]),
    "6F00 6283",
  );
});

test("a warning whose data cannot be had is a warning all the same", async () => {
  assert.is(
    await talk(select, [
      [select, "6283"],
      ["00C0000000", "6D00"],
    ]),
    " 6283",
  );
});

test("a warning with its data is not followed", async () => {
  assert.is(await talk(select, [[select, "6F006283"]]), "6F00 6283");
});

test("a command that expects no data is not followed, so that a wrong PIN is told once", async () => {
  const verify = "0020008008241234FFFFFFFFFF";
  assert.is(await talk(verify, [[verify, "63C2"]]), " 63c2");
});

test("an answer of one byte ends the session", async () => {
  assert.is(await problem([[select, "90"]]), "protocol");
});

test("a card that says 61 for ever is stopped", async () => {
  const endless: Exchange[] = [[select, "6101"]];
  for (let i = 0; i < 30; i++) {
    endless.push(["00C0000001", "AA6101"]);
  }
  assert.is(await problem(endless), "protocol");
});

test("a card that is pulled out ends the session as removed", async () => {
  assert.is(await problem([[select, { fails: "removed" }]]), "removed");
});

test.run();
