import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex } from "../../../firmware/codec/hex.ts";
import { applicationsFor } from "../../../firmware/terminal/applications.ts";
import type { Parts } from "../../../firmware/terminal/card/capabilities.ts";
import type { ApplicationParameters } from "../../../firmware/update/parameters.ts";

const allParts: Parts = { stripe: true, chip: true, contactless: true, printer: true };

const application: ApplicationParameters = {
  aid: "A0000000031010",
  kernel: 3,
  tacDefault: "0000000000",
  tacDenial: "0000000000",
  tacOnline: "0000000000",
  applicationVersion: "008C",
  floorLimit: 5_000,
  contactlessLimit: 100_000,
  contactlessCvmLimit: 30_000,
};

function typeOf(terminalType: string, own: string | undefined, isSale: boolean): number | undefined {
  const one = own === undefined ? application : { ...application, terminalType: own };
  return applicationsFor({ aids: [one], terminalType }, isSale, allParts)[0]?.terminalType;
}

for (const [type, without] of [
  ["11", 0x11],
  ["12", 0x11],
  ["13", 0x11],
  ["14", 0x14],
  ["15", 0x14],
  ["16", 0x14],
  ["21", 0x21],
  ["22", 0x21],
  ["23", 0x21],
  ["24", 0x24],
  ["25", 0x24],
  ["26", 0x24],
  ["34", 0x34],
  ["35", 0x34],
  ["36", 0x34],
] as const) {
  test(`a terminal of type ${type} is ${without.toString(16)} for what no card may approve alone (Book 4, annex A1)`, () => {
    assert.is(typeOf("21", type, true), Number.parseInt(type, 16));
    assert.is(typeOf("21", type, false), without);
    assert.is(typeOf(type, undefined, true), undefined);
    assert.is(typeOf(type, undefined, false), without);
  });
}

test("taps have the contact reader's floor limit where they are not told their own", () => {
  const limitOf = (more: Partial<ApplicationParameters>) =>
    applicationsFor({ aids: [{ ...application, ...more }], terminalType: "22" }, true, allParts)[0]
      ?.contactlessFloorLimit;
  assert.is(limitOf({}), 5_000);
  assert.is(limitOf({ contactlessFloorLimit: 0 }), 0);
  assert.is(limitOf({ contactlessFloorLimit: 7_000 }), 7_000);
});

function qualifiersOf(more: Partial<ApplicationParameters>, parts: Parts = allParts): string {
  const known = applicationsFor({ aids: [{ ...application, ...more }], terminalType: "22" }, true, parts);
  return bytesToHex(known[0]!.transactionQualifiers);
}

test("a tapped card is not sent to a chip reader that is not there, nor told of signatures without paper", () => {
  assert.is(qualifiersOf({ ttq: "3600C000" }), "3600C000");
  assert.is(qualifiersOf({ ttq: "3600C000" }, { ...allParts, chip: false }), "2600C000");
  assert.is(qualifiersOf({ ttq: "3600C000" }, { ...allParts, printer: false }), "3400C000");
  assert.is(qualifiersOf({ ttq: "2400C000" }), "2400C000", "parts add nothing that the acquirer does not want");
});

test("an application whose PIN may not go to the bank does not offer that to a tapped card", () => {
  assert.is(qualifiersOf({ ttq: "3600C000" }), "3600C000");
  assert.is(qualifiersOf({ ttq: "3600C000", onlinePin: false }), "3200C000");
  assert.is(qualifiersOf({ onlinePin: false }), "32004000");
});

test.run();
