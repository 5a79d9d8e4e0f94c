/** Holds firmware/crypto's MACs and paddings to published values (kind `mac`). */
import { erase, load, open } from "#native/vault";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { type Algorithm, algorithm, blockLength, type CipherKey } from "../../../firmware/crypto/algorithms.ts";
import { hmacSha256 } from "../../../firmware/crypto/hmac.ts";
import { cbcMac, cmac, retailMac } from "../../../firmware/crypto/mac.ts";
import { type PaddingMethod, pad } from "../../../firmware/crypto/padding.ts";
import { asFields, bytes, compareBytes, compareText, type Fields, integer, judge, text, type Verdict } from "./case.ts";

type Method = (fields: Fields, keys: Keys) => Uint8Array;

/** Puts the keys of one case into key memory and wipes them when it is over. */
class Keys {
  readonly #memory = open(2);
  #used = 0;

  key(fields: Fields, name: string, family: "des" | "aes"): CipherKey {
    const key = bytes(fields, name);
    load(this.#memory, this.#used, key);
    return { memory: this.#memory, slot: this.#used++, algorithm: cipherOf(family, key.length) };
  }

  wipe(): void {
    erase(this.#memory, 0);
    erase(this.#memory, 1);
  }
}

function cipherOf(family: "des" | "aes", keyLength: number): Algorithm {
  if (family === "aes") {
    return algorithm.aes;
  }
  return keyLength === 8 ? algorithm.des : algorithm.tdes;
}

function paddingOf(fields: Fields): PaddingMethod {
  const method = integer(fields, "padding");
  if (method !== 1 && method !== 2 && method !== 3) {
    throw new RangeError("padding: 1, 2 or 3 expected");
  }
  return method;
}

function cmacOf(family: "des" | "aes"): Method {
  return (fields, keys) => cmac(keys.key(fields, "key", family), bytes(fields, "message"));
}

function cbcMacOf(family: "des" | "aes"): Method {
  return (fields, keys) => {
    const key = keys.key(fields, "key", family);
    return cbcMac(key, pad(bytes(fields, "message"), paddingOf(fields), blockLength(key.algorithm)));
  };
}

const methods: readonly (readonly [RegExp, Method])[] = [
  [/^AES(128|192|256)?-CMAC$/, cmacOf("aes")],
  [/^(TDES[23]?|DES)-CMAC$/, cmacOf("des")],
  [/^HMAC-SHA256$/, (fields) => hmacSha256(bytes(fields, "key"), bytes(fields, "message"))],
  [
    /^ISO9797-1-ALG3$/,
    (fields, keys) => {
      const padded = pad(bytes(fields, "message"), paddingOf(fields), 8);
      return retailMac(keys.key(fields, "key1", "des"), keys.key(fields, "key2", "des"), padded);
    },
  ],
  [/^(TDES[23]?|DES)-CBC-MAC$|^ISO9797-1-ALG1$/, cbcMacOf("des")],
  [/^AES(128|192|256)?-CBC-MAC$/, cbcMacOf("aes")],
];

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  return judge(
    fields,
    (error) => error instanceof RangeError,
    () => run(fields),
  );
}

function run(fields: Fields): Verdict {
  const name = text(fields, "algorithm");
  if (name === "padding only") {
    return compareBytes(
      fields,
      "padded",
      pad(bytes(fields, "message"), paddingOf(fields), integer(fields, "blockLength")),
    );
  }
  const method = methods.find(([pattern]) => pattern.test(name))?.[1];
  if (method === undefined) {
    return `unknown algorithm ${name}`;
  }
  const keys = new Keys();
  const mac = method(fields, keys);
  keys.wipe();
  const length = "macLength" in fields ? integer(fields, "macLength") : text(fields, "mac").length / 2;
  return compareText("mac", text(fields, "mac").toUpperCase(), bytesToHex(mac.subarray(0, length)));
}
