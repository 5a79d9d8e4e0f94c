import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex, latin1 } from "../../simulator/acquirer/bytes.ts";
import {
  applicationCryptogram,
  arpcMethod1,
  cryptogramInput,
  issuerDataPart,
} from "../../simulator/acquirer/issuer/cryptogram.ts";
import { decryptEcb } from "../../simulator/acquirer/issuer/des.ts";
import { cardMasterKeyA, unionpaySessionKey } from "../../simulator/acquirer/issuer/keys.ts";
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

/** "Calculating ARQC and ARPC of financial IC cards, with an example" (in Chinese), cnblogs.com/1024Planet/p/6256545. */
test("UnionPay's cryptogram version 01 agrees with a published example: ARQC and ARPC", () => {
  const atc = fromHex("0240");
  const cardKey = cardMasterKeyA(fromHex("F0C34A8124CEE0A91A0B034AA97D6EAC"), "6228000100001", "01");
  const key = unionpaySessionKey(cardKey, atc);
  const elements: Record<string, string> = {
    "9F02": "000000000001",
    "9F03": "000000000000",
    "9F1A": "0156",
    "95": "0080046000",
    "5F2A": "0156",
    "9A": "140701",
    "9C": "00",
    "9F37": "1E78EEBC",
    "82": "7D00",
    "9F36": "0240",
  };
  const results = issuerDataPart(fromHex("07000103A04002010A010000001000D1F61152"), "cvr");
  const input = cryptogramInput((tag) => fromHex(elements[tag]!), results);
  const arqc = applicationCryptogram(key, input, 2);
  assert.is(hex(arqc), "5D016C91005E7CC2");
  assert.is(hex(arpcMethod1(key, arqc, latin1("01"))), "21415243527CE78F");
});

test.run();
