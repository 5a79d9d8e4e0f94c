/** Downloads of authority keys and applications: lists in parts, each item whole, nothing without a MAC. */
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { concat, fromHex, hex, latin1, toLatin1 } from "../../simulator/acquirer/bytes.ts";
import { parseTlv, tlv, tlvMap } from "../../simulator/acquirer/tlv.ts";
import { newHost, Till } from "./till.ts";

function open(): Till {
  const till = new Till(newHost().host);
  till.signIn();
  return till;
}

function download(till: Till, mti: string, code: string, data: Uint8Array): Uint8Array {
  const { fields } = till.ask(mti, code, { 62: hex(data) });
  assert.is(fields[39], "00");
  assert.ok(fields[64]);
  return fromHex(fields[62]!);
}

/** Names in a list: every 9F06, with the 9F22 that follows it. */
function names(till: Till, code: string, digit: string): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let flag = "2"; flag === "2"; ) {
    const known = String(found.length).padStart(2, "0");
    const answer = download(till, "0820", code, latin1(digit + known));
    flag = toLatin1(answer.subarray(0, 1));
    for (const { tag, value } of parseTlv(answer.slice(1))) {
      if (tag === "9F06") found.push(tlv(tag, value));
      if (tag === "9F22") found[found.length - 1] = concat(found.at(-1)!, tlv(tag, value));
    }
  }
  return found;
}

test("every authority key comes whole, with the checksum that EMV gives it", () => {
  const till = open();
  const keys = names(till, "372", "1");
  assert.is(keys.length, 3);
  for (const name of keys) {
    const answer = download(till, "0800", "370", name);
    assert.is(toLatin1(answer.subarray(0, 1)), "1");
    const key = tlvMap(parseTlv(answer.slice(1)));
    const parts = ["9F06", "9F22", "DF02", "DF04"].map((tag) => key.get(tag)!);
    assert.is(
      hex(key.get("DF03")!),
      createHash("sha1")
        .update(concat(...parts))
        .digest("hex")
        .toUpperCase(),
    );
    assert.is(hex(key.get("DF05")!).length, 8);
  }
  assert.is(till.ask("0800", "371").fields[39], "00");
});

test("every application comes with its action codes and limits", () => {
  const till = open();
  const applications = names(till, "382", "2");
  assert.ok(applications.length >= 4);
  for (const name of applications) {
    const application = tlvMap(parseTlv(download(till, "0800", "380", name).slice(1)));
    for (const tag of ["DF11", "DF12", "DF13"]) assert.is(application.get(tag)?.length, 5);
    for (const tag of ["DF19", "DF20", "DF21"]) assert.is(application.get(tag)?.length, 6);
    assert.is(application.get("9F1B")?.length, 4);
  }
  assert.is(till.ask("0800", "381").fields[39], "00");
});

test("what the host does not have is none, and what does not read is refused", () => {
  const till = open();
  const unknown = concat(tlv("9F06", fromHex("A000000999")), tlv("9F22", Uint8Array.of(1)));
  assert.is(toLatin1(download(till, "0800", "370", unknown)), "0");
  assert.is(toLatin1(download(till, "0820", "372", latin1("199"))), "0");
  for (const [mti, code, data] of [
    ["0820", "372", "3939"],
    ["0820", "382", "313030"],
    ["0800", "370", "9F"],
    ["0800", "380", "9F2201E1"],
  ] as const) {
    assert.is(till.ask(mti, code, { 62: data }).fields[39], "30");
  }
});

test("a download without a session or with a wrong MAC brings nothing", () => {
  const till = open();
  const { fields } = till.ask("0820", "372", { 62: "313030", 64: "AA".repeat(8) });
  assert.equal([fields[39], fields[62]], ["A0", undefined]);
  const stranger = new Till(newHost().host);
  const refused = stranger.send("0800", {
    11: "000001",
    ...stranger.identity,
    60: "00000001370",
    62: "9F0605A000000333",
  });
  assert.equal([refused.fields[39], refused.fields[62]], ["77", undefined]);
});

test.run();
