/** Holds firmware/vault's DUKPT of ANSI X9.24-3 to published values (kind `dukpt-aes`). */
import { hmac } from "#native/derive";
import { encrypt } from "#native/vault";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { algorithm } from "../../../firmware/crypto/algorithms.ts";
import { cbcEncrypt } from "../../../firmware/crypto/cbc.ts";
import { cmac } from "../../../firmware/crypto/mac.ts";
import { pad } from "../../../firmware/crypto/padding.ts";
import {
  type AesDukptAlgorithm,
  type AesDukptUsage,
  aesDerivationKey,
  aesDukptAlgorithms,
  aesDukptUsage,
  aesInitialKey,
  aesUpdateKey,
  aesWorkingKey,
} from "../../../firmware/vault/dukpt-aes.ts";
import { aesDukpt } from "../../../firmware/vault/dukpt-counter.ts";
import { encipherPinField, encodePanField, encodePinField } from "../../../firmware/vault/pin-block-aes.ts";
import { asFields, bytes, compareBytes, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";
import { checkNextSerial, checkSerial, isRefusal } from "./dukpt-serial.ts";
import { KeyBench } from "./keys.ts";

const operations: Readonly<Record<string, (fields: Fields) => Verdict>> = {
  initialKey: (fields) => checkInitialKey(fields, new KeyBench()),
  transaction: checkTransaction,
  derivationKey: checkTransaction,
  updateKey: checkUpdateKey,
  nextKsn: (fields) => checkNextSerial(aesDukpt, fields),
  ksnValid: (fields) => checkSerial(aesDukpt, fields),
};

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const run = operations[text(fields, "op")];
  if (run === undefined) return `unknown operation ${text(fields, "op")}`;
  return judge(fields, isRefusal, () => run(fields));
}

/** Puts the initial key into slot `ik`: out of the base derivation key where the case has one. */
function checkInitialKey(fields: Fields, bench: KeyBench): Verdict {
  const initial = bench.slot("ik");
  const name = "ik" in fields ? "ik" : "initialKey";
  if (!("bdk" in fields)) {
    bench.load(fields, name, "ik");
    return undefined;
  }
  const id = "ikid" in fields ? bytes(fields, "ikid") : bytes(fields, "ksn").subarray(0, 8);
  aesInitialKey(bench.memory, bench.load(fields, "bdk"), id, initial);
  return bench.compare(fields, name, initial);
}

function checkUpdateKey(fields: Fields): Verdict {
  const bench = new KeyBench();
  const first = checkInitialKey(fields, bench);
  if ("counter" in fields && text(fields, "counter") !== "FFFFFFFF") return "another counter";
  if ("usageCode" in fields && usageOf(fields) !== aesDukptUsage.keyEncryption) return "another usage";
  const target = bench.slot("update");
  const kind = "algorithm" in fields ? text(fields, "algorithm") : `AES${text(fields, "updateKey").length * 4}`;
  aesUpdateKey(bench.memory, bench.slot("ik"), kindOf(kind), bytes(fields, "ikid"), target);
  return firstOf([first, bench.compare(fields, "updateKey", target)]);
}

function checkTransaction(fields: Fields): Verdict {
  const bench = new KeyBench();
  const first = checkInitialKey(fields, bench);
  const key = bench.slot("derivation");
  aesDerivationKey(bench.memory, bench.slot("ik"), bytes(fields, "ksn"), key);
  const listed = [...list(fields, "workingKeys"), ...list(fields, "computedWorkingKeys")];
  const working = (usage: AesDukptUsage, kind: string): number => {
    const slot = bench.slot("working");
    aesWorkingKey(bench.memory, key, usage, kindOf(kind), bytes(fields, "ksn"), slot);
    return slot;
  };
  return firstOf([
    first,
    bench.compare(fields, "derivationKey", key),
    ...listed.map((one) => bench.compare(one, "key", working(usageOf(one), text(one, "algorithm")))),
    ...results(fields).map(([name, part, holder]) => checkResult(fields, bench, working, name, part, holder)),
  ]);
}

/** Results of a case by name and algorithm: `encryptedPinBlockAES128`, or a map from the algorithm to the value. */
function results(fields: Fields): (readonly [name: string, kind: string, holder: Fields])[] {
  const found: [string, string, Fields][] = [];
  for (const [name, value] of Object.entries(fields)) {
    const flat = /^(encryptedPinBlock)(AES\d+)$/.exec(name);
    if (flat !== null) found.push([flat[1]!, flat[2]!, { [flat[2]!]: value }]);
    else if (/^hmacSha256(Request|Response)?$/.test(name)) found.push([name, "HMAC256", { HMAC256: value }]);
    else if (/^(cmac|data)(Request|Response)(Ciphertext)?$/.test(name) && typeof value === "object" && value !== null) {
      for (const kind of Object.keys(value)) found.push([name, kind, asFields(value)]);
    }
  }
  return found;
}

type Working = (usage: AesDukptUsage, kind: string) => number;

function checkResult(
  fields: Fields,
  bench: KeyBench,
  working: Working,
  name: string,
  kind: string,
  holder: Fields,
): Verdict {
  const isResponse = name.includes("Response");
  if (name === "encryptedPinBlock") return checkPinBlock(fields, bench, working(aesDukptUsage.pin, kind), kind, holder);
  if (name.startsWith("data")) {
    const key = working(isResponse ? aesDukptUsage.dataDecryption : aesDukptUsage.dataEncryption, kind);
    const plain = pad(bytes(fields, isResponse ? "dataResponsePlain" : "dataRequestPlain"), 1, 16);
    const initial = "dataIv" in fields ? bytes(fields, "dataIv") : new Uint8Array(16);
    return compareBytes(holder, kind, cbcEncrypt(bench.aes(key), initial, plain));
  }
  const key = working(isResponse ? aesDukptUsage.macVerification : aesDukptUsage.macGeneration, kind);
  const message = bytes(fields, "message");
  const mac = kind === "HMAC256" ? hmac(bench.memory, key, message) : cmac(bench.aes(key), message);
  return compareBytes(holder, kind, mac.subarray(0, bytes(holder, kind).length));
}

function checkPinBlock(fields: Fields, bench: KeyBench, key: number, kind: string, holder: Fields): Verdict {
  const field = encodePinField(asciiToBytes(text(fields, "pin")), bytes(fields, "pinField").subarray(8));
  const pan = asciiToBytes(text(fields, "pan"));
  const block = encipherPinField(field, pan, (one) => encrypt(bench.memory, key, algorithm.aes, one));
  return firstOf([
    compareBytes(fields, "pinField", field),
    compareBytes(fields, "panField", encodePanField(pan)),
    compareBytes(holder, kind, block),
  ]);
}

/** Names of the standard's usages, for a case without their codes. */
const usageNames: Readonly<Record<string, AesDukptUsage>> = {
  KEK: aesDukptUsage.keyEncryption,
  PIN: aesDukptUsage.pin,
  MAC_GEN: aesDukptUsage.macGeneration,
  MAC_VER: aesDukptUsage.macVerification,
  MAC: aesDukptUsage.mac,
  DATA_ENC: aesDukptUsage.dataEncryption,
  DATA_DEC: aesDukptUsage.dataDecryption,
  DATA: aesDukptUsage.data,
};

function usageOf(fields: Fields): AesDukptUsage {
  const code =
    "usageCode" in fields ? Number.parseInt(text(fields, "usageCode"), 16) : usageNames[text(fields, "usage")];
  const known = Object.values(aesDukptUsage).find((usage) => usage === code);
  if (known === undefined) throw new FormatError("key usage", 0, "not in the standard");
  return known;
}

function kindOf(name: string): AesDukptAlgorithm {
  const kind = name === "2TDEA" ? "TDES2" : name === "3TDEA" ? "TDES3" : name.replace(/^HMAC(?:-?SHA)?-?/, "HMAC");
  if (!(kind in aesDukptAlgorithms)) throw new FormatError("algorithm", 0, "not in the standard");
  return kind as AesDukptAlgorithm;
}

function list(fields: Fields, name: string): Fields[] {
  const value = fields[name];
  return Array.isArray(value) ? value.map(asFields) : [];
}
