import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex } from "../../simulator/acquirer/bytes.ts";
import { decryptEcb, hasCheckValue } from "../../simulator/acquirer/issuer/des.ts";
import { newHost, Till } from "./till.ts";

test("sign-in with 004 hands out PIN, MAC and track keys under the master key, each with its check value", () => {
  const till = new Till(newHost().host);
  const { mti, fields } = till.signIn("004");
  assert.is(mti, "0810");
  assert.is(fields[39], "00");
  assert.is(fields[60], "00000001004");
  assert.is(fields[64], undefined);
  assert.is(fields[12], "100000");
  assert.is(fields[13], "1123");
  const keys = fromHex(fields[62]!);
  assert.is(keys.length, 60);
  const part = (at: number, length: number, check: number) =>
    hasCheckValue(decryptEcb(till.entry.masterKey, keys.slice(at, at + length)), keys.slice(check, check + 4));
  assert.ok(part(0, 16, 16), "PIN key");
  assert.ok(part(20, 8, 36), "MAC key");
  assert.ok(part(40, 16, 56), "track key");
  assert.equal([...keys.slice(28, 36)], new Array(8).fill(0), "filler behind a single-length MAC key");
});

test("a region that puts the MAC key's check value before the filler is a row of the terminal's table", () => {
  const till = new Till(newHost().host, 2);
  const keys = fromHex(till.signIn("003").fields[62]!);
  assert.is(keys.length, 40);
  assert.ok(hasCheckValue(till.macKey, keys.slice(28, 32)));
});

test("a terminal with a double-length MAC key is served with one", () => {
  const till = new Till(newHost().host, 1);
  till.signIn("003");
  assert.is(till.macKey.length, 16);
  assert.is(till.sale({ card: "magstripe-credit", amount: 100, pin: "123456" }).fields[39], "00");
});

test("sign-in with 001 hands out single-length keys in 24 bytes, and a sale goes through with them", () => {
  const till = new Till(newHost().host);
  assert.is(till.signIn("001").fields[62]?.length, 48);
  assert.is(till.sale({ card: "magstripe-credit", amount: 100, pin: "123456" }).fields[39], "00");
});

test("a new sign-in brings new keys; the old MAC no longer counts", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const old = till.macKey;
  till.signIn();
  assert.not.equal(till.macKey, old);
  till.macKey = old;
  assert.is(till.sale({ card: "magstripe-credit", amount: 100 }).fields[39], "A0");
});

test("echo and sign-out are answered 00; after sign-out nothing is authorised", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const manage = (code: string) =>
    till.send("0820", { 11: till.nextStan(), ...till.identity, 60: `00${till.batch}${code}` });
  assert.is(manage("301").mti, "0830");
  assert.is(manage("301").fields[39], "00");
  assert.is(manage("002").fields[39], "00");
  assert.is(till.sale({ card: "magstripe-credit", amount: 100 }).fields[39], "77");
});

test("an unknown management code is answered 40, a wrong shop 03, an unknown terminal 97", () => {
  const till = new Till(newHost().host);
  assert.is(till.signIn("006").fields[39], "40");
  const ask = (fields: object) => till.send("0800", { 11: "000009", ...till.identity, 60: "00000001004", ...fields });
  assert.is(ask({ 42: "000000000000000" }).fields[39], "03");
  assert.is(ask({ 41: "00000000" }).fields[39], "97");
});

test("bytes that are no message get no answer and an entry in the log", () => {
  const { host } = newHost();
  assert.is(host.receive(new Uint8Array(0)), undefined);
  assert.is(host.receive(fromHex("6000030001602200000000999980000000000000000000")), undefined);
  assert.is(host.log().length, 2);
  assert.ok(host.log()[0]?.error);
});

test.run();
