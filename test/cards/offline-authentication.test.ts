import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { concat, fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { parseTlv, tlvMap } from "../../simulator/acquirer/tlv.ts";
import { authorityKeys } from "../../simulator/cards/keys.ts";
import { card, command } from "../host/till.ts";

/** RSA with the public exponent 3: what a terminal does to recover signed data. */
function recover(signature: Uint8Array, modulus: Uint8Array): Uint8Array {
  const value = BigInt(`0x${hex(signature)}`);
  const result = value ** 3n % BigInt(`0x${hex(modulus)}`);
  return fromHex(result.toString(16).padStart(modulus.length * 2, "0"));
}

function sha1(...parts: Uint8Array[]): string {
  return hex(
    createHash("sha1")
      .update(concat(...parts))
      .digest(),
  );
}

/** The hash at the end of recovered data, and the one its contents should have. */
function hashes(recovered: Uint8Array, ...outside: Uint8Array[]): [string, string] {
  assert.is(recovered[0], 0x6a);
  assert.is(recovered.at(-1), 0xbc);
  return [hex(recovered.slice(-21, -1)), sha1(recovered.slice(1, -21), ...outside)];
}

function read(name: string) {
  const { chip } = card(name);
  chip!.reset();
  command(chip!, "00A4040008A00000033301010200");
  const options = fromHex(command(chip!, "80A8000002830000").slice(0, -4));
  const records = new Map<string, Uint8Array>();
  let signed: Uint8Array = new Uint8Array(0);
  for (const address of ["010C", "0114", "011C", "021C", "031C"]) {
    const [record] = parseTlv(fromHex(command(chip!, `00B2${address}00`).slice(0, -4)));
    if (address === "0114") signed = record!.value;
    for (const [tag, value] of tlvMap(record!.children!)) records.set(tag, value);
  }
  const get = (tag: string) => records.get(tag)!;
  return { chip: chip!, get, staticData: concat(signed, options.slice(2, 4)) };
}

function issuerModulus(get: (tag: string) => Uint8Array): Uint8Array {
  const recovered = recover(get("90"), authorityKeys()[0]!.modulus);
  const [found, expected] = hashes(recovered, get("92"), get("9F32"));
  assert.is(found, expected, "issuer certificate");
  return concat(recovered.slice(15, -21), get("92"));
}

test("the issuer's certificate leads to the signature over the card's static data", () => {
  const { get, staticData } = read("unionpay-chip-credit");
  assert.is(get("8F")[0], authorityKeys()[0]!.index);
  const [found, expected] = hashes(recover(get("93"), issuerModulus(get)), staticData);
  assert.is(found, expected);
});

test("chip-wrong-issuer-signature: the signature over the static data is not the issuer's", () => {
  const { get } = read("chip-wrong-issuer-signature");
  const recovered = recover(get("93"), issuerModulus(get));
  assert.not.ok(recovered[0] === 0x6a && recovered.at(-1) === 0xbc);
});

test("the card's certificate leads to its signature over the terminal's number", () => {
  const { chip, get, staticData } = read("unionpay-chip-credit");
  const certificate = recover(get("9F46"), issuerModulus(get));
  const [found, expected] = hashes(certificate, get("9F48"), get("9F47"), staticData);
  assert.is(found, expected, "card certificate");
  const modulus = concat(certificate.slice(21, -21), get("9F48"));
  const answer = parseTlv(fromHex(command(chip, "008800000411223344").slice(0, -4)));
  const [signed, computed] = hashes(recover(answer[0]!.value, modulus), fromHex("11223344"));
  assert.is(signed, computed);
});

test.run();
