/** Holds firmware/vault's DUKPT of ANSI X9.24-1 to published values (kind `dukpt-tdes`). */
import { part } from "#native/derive";
import { encrypt } from "#native/vault";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { algorithm, type CipherKey } from "../../../firmware/crypto/algorithms.ts";
import { cbcEncrypt } from "../../../firmware/crypto/cbc.ts";
import { cmac, retailMac } from "../../../firmware/crypto/mac.ts";
import { pad } from "../../../firmware/crypto/padding.ts";
import { tdesDukpt } from "../../../firmware/vault/dukpt-counter.ts";
import {
  type TdesDukptUsage,
  tdesInitialKey,
  tdesTransactionKey,
  tdesWorkingKey,
} from "../../../firmware/vault/dukpt-tdes.ts";
import { encodePinBlock } from "../../../firmware/vault/pin-block.ts";
import { asFields, bytes, compareBytes, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";
import { checkNextSerial, checkSerial, isRefusal } from "./dukpt-serial.ts";
import { KeyBench } from "./keys.ts";

const operations: Readonly<Record<string, (fields: Fields) => Verdict>> = {
  initialKey: (fields) => checkInitialKey(fields, new KeyBench()),
  transaction: checkTransaction,
  derivationKey: checkTransaction,
  nextKsn: (fields) => checkNextSerial(tdesDukpt, fields),
  ksnValid: (fields) => checkSerial(tdesDukpt, fields),
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
  const name = "initialKey" in fields ? "initialKey" : "ik";
  if (!("bdk" in fields)) {
    bench.load(fields, name, "ik");
    return undefined;
  }
  tdesInitialKey(bench.memory, bench.load(fields, "bdk"), bytes(fields, "ksn"), bench.slot("work"), initial);
  return bench.compare(fields, name, initial);
}

function checkTransaction(fields: Fields): Verdict {
  const bench = new KeyBench();
  const first = checkInitialKey(fields, bench);
  const key = bench.slot("transaction");
  tdesTransactionKey(bench.memory, bench.slot("ik"), bytes(fields, "ksn"), key);
  const working = (usage: TdesDukptUsage): number => {
    tdesWorkingKey(bench.memory, key, usage, bench.slot(usage));
    return bench.slot(usage);
  };
  return firstOf([
    first,
    bench.compare(fields, "transactionKey", key),
    bench.compare(fields, "derivationKey", key),
    bench.compare(fields, "pinKey", working("pin")),
    bench.compare(fields, "macRequestKey", working("macRequest")),
    bench.compare(fields, "macResponseKey", working("macResponse")),
    bench.compare(fields, "dataRequestKey", working("dataRequest")),
    bench.compare(fields, "dataResponseKey", working("dataResponse")),
    checkPinBlock(fields, bench, working("pin")),
    checkMacs(fields, bench, "Request", working("macRequest")),
    checkMacs(fields, bench, "Response", working("macResponse")),
    checkData(fields, bench, "dataRequest", working("dataRequest")),
    checkData(fields, bench, "dataResponse", working("dataResponse")),
  ]);
}

function checkPinBlock(fields: Fields, bench: KeyBench, key: number): Verdict {
  if (!("pin" in fields)) return undefined;
  if (fields.pinFormat !== 0) return "unknown PIN block format";
  const clear = encodePinBlock(0, asciiToBytes(text(fields, "pin")), asciiToBytes(text(fields, "pan")));
  return firstOf([
    compareBytes(fields, "clearPinBlock", clear),
    compareBytes(fields, "encryptedPinBlock", encrypt(bench.memory, key, algorithm.tdes, clear)),
  ]);
}

function checkMacs(fields: Fields, bench: KeyBench, direction: "Request" | "Response", key: number): Verdict {
  if (!("message" in fields)) return undefined;
  const message = bytes(fields, "message");
  const half = (at: number, name: string): CipherKey => {
    part(bench.memory, key, at, 8, bench.slot(name));
    return { memory: bench.memory, slot: bench.slot(name), algorithm: algorithm.des };
  };
  const mac = retailMac(half(0, "left"), half(8, "right"), pad(message, 1, 8));
  return firstOf([
    compareMac(fields, `mac${direction}`, mac),
    compareMac(fields, `cmac${direction}`, cmac(bench.tdes(key), message)),
  ]);
}

/** As many bytes from the left as the case gives. */
function compareMac(fields: Fields, name: string, mac: Uint8Array): Verdict {
  return name in fields ? compareBytes(fields, name, mac.subarray(0, bytes(fields, name).length)) : undefined;
}

function checkData(fields: Fields, bench: KeyBench, name: "dataRequest" | "dataResponse", key: number): Verdict {
  if (!(`${name}Ciphertext` in fields)) return undefined;
  const plain = pad(bytes(fields, `${name}Plain`), 1, 8);
  const initial = "dataIv" in fields ? bytes(fields, "dataIv") : new Uint8Array(8);
  return compareBytes(fields, `${name}Ciphertext`, cbcEncrypt(bench.tdes(key), initial, plain));
}
