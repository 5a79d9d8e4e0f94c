import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { Elements } from "../../../firmware/emv/elements.ts";

const hex = (elements: Elements, tag: number): string => bytesToHex(elements.get(tag)!);

test("more than one page holds comes back byte for byte", () => {
  const elements = new Elements();
  const value = (tag: number): Uint8Array => new Uint8Array(tag % 250).fill(tag);
  for (let tag = 1; tag <= 100; tag++) elements.set(tag * 7, value(tag * 7));
  elements.set(0xdf8129, new Uint8Array(2_000).fill(3));
  for (let tag = 1; tag <= 100; tag++) assert.is(hex(elements, tag * 7), bytesToHex(value(tag * 7)));
  assert.is(hex(elements, 0xdf8129), "03".repeat(2_000));
  assert.is(elements.get(8), undefined);
  assert.not.ok(elements.has(8));
});

test("an empty value is there, and is not a missing one", () => {
  const elements = new Elements();
  elements.set(0x9f0a, new Uint8Array(0));
  assert.ok(elements.has(0x9f0a));
  assert.is(elements.get(0x9f0a)!.length, 0);
});

test("a result bit that is set on a value is set for everybody", () => {
  const elements = new Elements();
  elements.set(0x95, new Uint8Array(5));
  elements.get(0x95)![1] = 0x80;
  assert.is(hex(elements, 0x95), "0080000000");
});

test("a second cryptogram does not change the first one under its reader", () => {
  const elements = new Elements();
  const given = hexToBytes("A1A2");
  elements.set(0x9f26, given);
  given.fill(0);
  const first = elements.get(0x9f26)!;
  elements.set(0x9f26, hexToBytes("B1B2"));
  assert.is(bytesToHex(first), "A1A2");
  assert.is(hex(elements, 0x9f26), "B1B2");
});

test("no card number outlives the session, not even one that another followed", () => {
  const elements = new Elements();
  elements.set(0x5a, hexToBytes("6228480000000001"));
  const [before, track] = [elements.get(0x5a)!, hexToBytes("6228480000000002D25120")];
  elements.set(0x5a, track);
  const after = elements.get(0x5a)!;
  elements.wipe();
  assert.ok([...before, ...after].every((byte) => byte === 0));
  elements.set(0x5a, hexToBytes("77"));
  elements.clear();
  assert.not.ok(elements.has(0x5a));
  elements.set(0x5a, hexToBytes("99"));
  assert.is(hex(elements, 0x5a), "99");
});

test.run();
