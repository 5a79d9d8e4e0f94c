/** Holds firmware/vault's key blocks to published values (kind `tr31`). */
import { same, size } from "#native/derive";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { algorithm, type CipherKey } from "../../../firmware/crypto/algorithms.ts";
import { cmacCheckValue, zerosCheckValue } from "../../../firmware/vault/check-value.ts";
import { type KeyBlockBench, unwrapKeyBlock, wrapKeyBlock } from "../../../firmware/vault/key-block.ts";
import {
  type KeyBlockHeader,
  type OptionalBlock,
  paddingBlock,
  readKeyBlockHeader,
} from "../../../firmware/vault/key-block-header.ts";
import { asFields, compareText, type Fields, firstOf, judge, text, type Verdict } from "./case.ts";
import { isRefusal } from "./dukpt-serial.ts";
import { KeyBench } from "./keys.ts";

const operations: Readonly<Record<string, (fields: Fields) => Verdict>> = {
  decode: checkBlock,
  unwrap: checkBlock,
  decodeHeaderOnly: (fields) => compareHeader(fields, readKeyBlockHeader(text(fields, "keyBlock"))),
};

/** Checks one case; undefined when it holds, otherwise what did not. */
export function check(testCase: unknown): string | undefined {
  const fields = asFields(testCase);
  const operation = "op" in fields ? text(fields, "op") : "decode";
  const run = operations[operation];
  return run === undefined ? `unknown operation ${operation}` : judge(fields, isRefusal, () => run(fields));
}

function checkBlock(fields: Fields): Verdict {
  const keys = new KeyBench();
  const bench = {
    memory: keys.memory,
    protection: keys.load(fields, "kbpk"),
    encryption: keys.slot("encryption"),
    authentication: keys.slot("authentication"),
    payload: keys.slot("payload"),
  };
  const target = keys.slot("target");
  const header = unwrapKeyBlock(bench, text(fields, "keyBlock"), target);
  return firstOf([
    compareHeader(fields, header),
    keys.compare(fields, "key", target),
    checkKcv(fields, keys, target, header),
    checkWrapping(keys, bench, header, target),
  ]);
}

/** The same key, wrapped again by us, must come out again under the same attributes. */
function checkWrapping(keys: KeyBench, bench: KeyBlockBench, header: KeyBlockHeader, key: number): Verdict {
  const random = { read: (count: number): Uint8Array => new Uint8Array(count).fill(0x5a) };
  const again = keys.slot("again");
  const read = unwrapKeyBlock(bench, wrapKeyBlock(bench, header, key, random), again);
  return firstOf([
    compareText("attributes of our own block", attributes(header), attributes(read)),
    same(keys.memory, key, again) ? undefined : "our own block holds another key",
  ]);
}

/** What must not change by wrapping: all but lengths and padding. */
function attributes(header: KeyBlockHeader): string {
  const { version, usage, algorithm: kind, mode, keyVersion, exportability, keyContext, optionalBlocks } = header;
  return [version, usage, kind, mode, keyVersion, exportability, keyContext, listOf(optionalBlocks)].join(" ");
}

function listOf(blocks: readonly OptionalBlock[]): string {
  return blocks
    .filter(({ id }) => id !== paddingBlock)
    .map(({ id, data }) => `${id}=${data}`)
    .join(" ");
}

function checkKcv(fields: Fields, keys: KeyBench, key: number, header: KeyBlockHeader): Verdict {
  if (!("kcv" in fields) || fields.kcvOk === false) return undefined;
  const isAes = header.algorithm === "A";
  const single = size(keys.memory, key) === 8 ? algorithm.des : algorithm.tdes;
  const cipher: CipherKey = { memory: keys.memory, slot: key, algorithm: isAes ? algorithm.aes : single };
  const method = "kcvMethod" in fields ? text(fields, "kcvMethod") : "encrypt zeros";
  const found = /CMAC/i.test(method) ? cmacCheckValue(cipher, 8) : zerosCheckValue(cipher, 8);
  const expected = text(fields, "kcv").toUpperCase();
  return compareText("kcv", expected, bytesToHex(found).slice(0, expected.length));
}

function compareHeader(fields: Fields, header: KeyBlockHeader): Verdict {
  const expected = "header" in fields ? asFields(fields.header) : {};
  const found: Fields = { ...header, optionalBlocks: header.optionalBlocks.length };
  const blocks = Array.isArray(fields.optBlocks) ? fields.optBlocks.map(asFields) : undefined;
  return firstOf([
    ...Object.entries(expected).map(([name, value]) =>
      compareText(`header ${name}`, String(value), String(found[name])),
    ),
    "headerLength" in fields
      ? compareText("header length", String(fields.headerLength), String(header.headerLength))
      : undefined,
    blocks === undefined
      ? undefined
      : compareText("optional blocks", blocks.map(shown).join(" "), header.optionalBlocks.map(shown).join(" ")),
  ]);
}

function shown({ id, data }: Fields | OptionalBlock): string {
  return `${String(id)}=${String(data)}`;
}
