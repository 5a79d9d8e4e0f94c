/** Turns the words of a case's `encoding` into a packager. */
import type { Encoding, FieldRule, LengthEncoding, Packager } from "../../../firmware/codec/iso8583-packager.ts";
import type { Fields } from "./case.ts";
import { fields1987, packedFields } from "./iso8583-1987.ts";

/** Sources differ in whether the C or D before an amount of eight digits counts among the eight. */
const signedSizes: readonly number[] = [9, 8];

/** What messages without a description of their encoding may be packed in. */
const commonEncodings: readonly Fields[] = [
  { mti: "ASCII", bitmap: "ASCII hex" },
  { mti: "ASCII", bitmap: "binary", binary: "binary" },
  { mti: "BCD", bitmap: "binary", length: "BCD", numeric: "BCD", binary: "binary" },
];

/** Every packager that a case may mean. */
export function packagersOf(encoding: Fields | undefined, version: string): Packager[] {
  const encodings = encoding === undefined ? commonEncodings : [encoding];
  return encodings.flatMap((words) => signedSizes.map((signed) => packagerOf(words, version, signed)));
}

function packagerOf(words: Fields, version: string, signed: number): Packager {
  const word = (name: string, otherwise: string): string => String(words[name] ?? otherwise);
  const mti = characters(word("mti", "ASCII"));
  const bitmap = /hex/i.test(word("bitmap", "binary")) ? "hex" : "binary";
  const numeric = characters(word("numeric", "ASCII"));
  const fields: Record<number, FieldRule> = { ...fields1987(signed), ...(/BCD/.test(version) ? packedFields : {}) };
  for (const [name, value] of Object.entries(words)) {
    const number = Number(name);
    const rule = fields[number];
    if (rule !== undefined) {
      fields[number] = override(rule, String(value));
    }
  }
  return {
    mti: mti === "ascii" || mti === "ebcdic" ? mti : "bcd",
    bitmap,
    length: lengths(word("length", "ASCII")),
    numeric,
    text: characters(word("text", "ASCII")),
    track: characters(word("track", word("numeric", "ASCII"))),
    binary: /hex/i.test(word("binary", bitmap)) ? "hex" : "binary",
    fields,
  };
}

function override(rule: FieldRule, words: string): FieldRule {
  const [own, length] = words.split(/ with an? /);
  const encoding = characters(own ?? "");
  if (length === undefined) {
    return { ...rule, encoding };
  }
  const lengthEncoding = lengths(length);
  return { ...rule, size: 999, encoding, lengthEncoding, length: /two|three|LLL/.test(length) ? "lll" : "ll" };
}

function characters(words: string): Encoding {
  if (/EBCDIC/i.test(words)) {
    return "ebcdic";
  }
  if (/BCD/i.test(words)) {
    return /padded on the right|left[- ](aligned|justified)/i.test(words) ? "bcd-left" : "bcd-right";
  }
  if (/ASCII/i.test(words)) return "ascii";
  return /hex/i.test(words) ? "hex" : /binary/i.test(words) ? "binary" : unknown(words);
}

function lengths(words: string): LengthEncoding {
  if (/EBCDIC/i.test(words)) {
    return "ebcdic";
  }
  if (/BCD/i.test(words)) return "bcd";
  return /binary/i.test(words) ? "binary" : /ASCII/i.test(words) ? "ascii" : unknown(words);
}

function unknown(words: string): never {
  throw new TypeError(`encoding: ${words} is unknown`);
}
