/** What a test needs to read a card as a terminal would: records, lists filled, signatures recovered by plain arithmetic. */
import { createHash } from "node:crypto";
import * as assert from "uvu/assert";
import { concat, fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { parseTlv, tlvMap } from "../../simulator/acquirer/tlv.ts";
import { authorityKeys } from "../../simulator/cards/keys.ts";
import { card, command, fill, lengthAnd, terminalData } from "../host/till.ts";

/** SHA-1 of the parts, hex. */
export function sha1(...parts: readonly Uint8Array[]): string {
  return hex(
    createHash("sha1")
      .update(concat(...parts))
      .digest(),
  );
}

/** RSA with a public exponent. */
export function publicOperation(block: Uint8Array, modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const n = BigInt(`0x${hex(modulus)}`);
  let base = BigInt(`0x${hex(block)}`) % n;
  let result = 1n;
  for (let e = BigInt(`0x${hex(exponent)}`); e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % n;
    base = (base * base) % n;
  }
  return fromHex(result.toString(16).padStart(modulus.length * 2, "0"));
}

/** What is between header and hash of a recovered signature; fails unless the hash over it and `outside` is right. */
export function recovered(signature: Uint8Array, key: PublicKey, ...outside: readonly Uint8Array[]): Uint8Array {
  const clear = publicOperation(signature, key.modulus, key.exponent);
  assert.is(clear[0], 0x6a);
  assert.is(clear.at(-1), 0xbc);
  assert.is(hex(clear.slice(-21, -1)), sha1(clear.slice(1, -21), ...outside), "the hash of signed data");
  return clear.slice(1, -21);
}

/** A modulus and an exponent. */
export interface PublicKey {
  readonly modulus: Uint8Array;
  readonly exponent: Uint8Array;
}

/** Data objects of an answer's template with status 9000. */
export function objects(answer: string): Map<string, Uint8Array> {
  assert.match(answer, /9000$/);
  return tlvMap(parseTlv(fromHex(answer.slice(0, -4)))[0]!.children!);
}

/** A card after GET PROCESSING OPTIONS, its records read. */
export function readCard(name: string, changes: Record<string, string> = {}) {
  const chip = card(name).chip!;
  return readChip(chip, changes);
}

/** The same for a card in the hand: a new transaction. */
export function readChip(chip: NonNullable<ReturnType<typeof card>["chip"]>, changes: Record<string, string> = {}) {
  chip.reset();
  const data = { ...terminalData(100), ...changes };
  const over = chip.interfaces[0] === "contact" ? "315041592E5359532E4444463031" : "325041592E5359532E4444463031";
  let directory = command(chip, `00A404000E${over}00`);
  if (chip.interfaces[0] === "contact") directory = command(chip, "00B2010C00");
  const [, aid = ""] = /4F07(.{14})|4F08(.{16})/.exec(directory)?.filter(Boolean) ?? [];
  const selected = command(chip, `00A40400${lengthAnd(aid)}00`);
  const [, list = ""] = /9F38(?:..)((?:9F6604)?(?:[0-9A-F]*?))5F2D/.exec(selected) ?? [];
  const options = fill(list, data);
  const processed = command(chip, `80A80000${lengthAnd(`83${lengthAnd(options)}`)}00`);
  const [template] = parseTlv(fromHex(processed.slice(0, -4)));
  const answer = template!.children
    ? tlvMap(template!.children)
    : new Map([
        ["82", template!.value.slice(0, 2)],
        ["94", template!.value.slice(2)],
      ]);
  const records = new Map<string, Uint8Array>();
  let staticData: Uint8Array = new Uint8Array(0);
  const locator = answer.get("94") ?? new Uint8Array(0);
  for (let at = 0; at < locator.length; at += 4) {
    for (let record = locator[at + 1]!; record <= locator[at + 2]!; record += 1) {
      const read = command(chip, `00B2${hex(Uint8Array.of(record, locator[at]! | 4))}00`);
      const [object] = parseTlv(fromHex(read.slice(0, -4)));
      if (record - locator[at + 1]! < locator[at + 3]!) staticData = concat(staticData, object!.value);
      for (const [tag, value] of tlvMap(object!.children!)) records.set(tag, value);
    }
  }
  staticData = concat(staticData, answer.get("82")!);
  const get = (tag: string) => records.get(tag) ?? new Uint8Array(0);
  return { chip, answer, get, staticData, data, options: fromHex(options) };
}

/** The issuer's key out of its certificate, and a card's key (of `tags`) out of the certificate below it. */
export function cardKey(
  get: (tag: string) => Uint8Array,
  staticData: Uint8Array,
  tags: readonly [string, string, string] = ["9F46", "9F47", "9F48"],
): PublicKey {
  const issuerBody = recovered(get("90"), authorityKeys()[0]!, get("92"), get("9F32"));
  const issuer = { modulus: concat(issuerBody.slice(14), get("92")), exponent: get("9F32") };
  const [certificate, exponent, remainder] = tags;
  const body = recovered(get(certificate), issuer, get(remainder), get(exponent), staticData);
  return { modulus: concat(body.slice(20), get(remainder)), exponent: get(exponent) };
}
