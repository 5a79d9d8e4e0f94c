import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { decryptEcb } from "../../simulator/acquirer/issuer/des.ts";
import { ecbMac, ecbMacSteps } from "../../simulator/acquirer/mac.ts";
import { check as checkCryptogram } from "../vectors/checkers/emv-cryptogram.ts";
import { check as checkPin } from "../vectors/checkers/pin-verify.ts";

type Case = Record<string, string> & { valid?: boolean };

function cases(kind: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../vectors/${kind}.json`, import.meta.url), "utf8"));
}

for (const [kind, check] of [
  ["emv-cryptogram", checkCryptogram],
  ["pin-verify", checkPin],
] as const) {
  test(`the issuer's side agrees with every published ${kind} value`, () => {
    for (const item of cases(kind)) assert.is(check(item), undefined, item.id);
  });
}

test("a case that is not understood counts as failed, also where a refusal is expected", () => {
  assert.ok(checkCryptogram({ op: "unheardOf", valid: false }));
  assert.ok(checkCryptogram({ op: "arpc", valid: false }));
  assert.ok(checkPin(undefined));
});

test("the MAC and the working key agree with the published UnionPay examples, step by step", () => {
  for (const item of cases("unionpay-mac")) {
    if (item.op === "decryptWorkingKey") {
      assert.is(hex(decryptEcb(fromHex(item.tmk!), fromHex(item.encryptedKey!))), item.clearKey);
      continue;
    }
    const message = fromHex(item.mab!);
    const matches = ecbMac(fromHex(item.key!), message) === item.field64;
    assert.is(matches, item.valid !== false);
    if (!matches) continue;
    const steps = ecbMacSteps(fromHex(item.key!), message);
    assert.is(hex(steps.folded), item.xorResult);
    assert.is(hex(steps.firstEncryption), item.firstEncryption);
    assert.is(hex(steps.result), item.result);
  }
});

test.run();
