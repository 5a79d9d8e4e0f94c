import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha1 } from "#native/digest";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseTlv, type Tlv } from "../../../firmware/codec/tlv.ts";
import { terminalApplications } from "../../../firmware/terminal/applications.ts";
import { applicationOf, authorityKeyOf, keyProblem } from "../../../firmware/terminal/chip-data.ts";
import type { ApplicationParameters } from "../../../firmware/update/parameters.ts";

const modulus = "C1".repeat(96);
const checksum = bytesToHex(sha1(hexToBytes(`A000000333E1${modulus}03`)));

/** Data objects of field 62, tag by tag; a change of "" leaves one out. */
function objects(values: Readonly<Record<string, string>>, changes: Readonly<Record<string, string>> = {}): Tlv[] {
  const text = Object.entries({ ...values, ...changes })
    .filter(([, value]) => value !== "")
    .map(([tag, value]) => tag + (value.length / 2).toString(16).padStart(2, "0") + value);
  return parseTlv(hexToBytes(text.join("").toUpperCase()));
}

const key = {
  "9F06": "A000000333",
  "9F22": "E1",
  DF05: "20261123",
  DF06: "01",
  DF07: "01",
  DF02: modulus,
  DF04: "03",
  DF03: checksum,
} as const;

const application = {
  "9F06": "A000000333010101",
  DF01: "00",
  "9F09": "0030",
  DF11: "DC4000A800",
  DF12: "DC4004F800",
  DF13: "0010000000",
  "9F1B": "00004E20",
  DF15: "00001388",
  DF16: "50",
  DF17: "20",
  DF14: "9F3704",
  DF18: "01",
  DF19: "000000010000",
  DF20: "000000200000",
  DF21: "000000100000",
} as const;

test("a payment system's key is good to the end of its last day, and not a day longer", () => {
  const read = authorityKeyOf(objects(key));
  assert.equal(read, { rid: "A000000333", index: "E1", modulus, exponent: "03", expiry: "20261123", checksum });
  assert.is(keyProblem(read, "20261122"), undefined);
  assert.is(keyProblem(read, "20261123"), undefined);
  assert.is(keyProblem(read, "20261124"), "keyExpired");
  assert.is(keyProblem(read, "20270101"), "keyExpired");
});

test("a key of which any byte under the checksum is another one is wrong", () => {
  const others = {
    "9F06": "A000000334",
    "9F22": "E2",
    DF02: `C0${modulus.slice(2)}`,
    DF04: "010001",
    DF03: `00${checksum.slice(2)}`,
  };
  for (const [tag, value] of Object.entries(others)) {
    assert.is(keyProblem(authorityKeyOf(objects(key, { [tag]: value })), "20250101"), "keyWrong", tag);
  }
});

test("a key or application that lacks something, or has it in another length or algorithm, is not read", () => {
  for (const tag of Object.keys(key)) {
    assert.throws(
      () => authorityKeyOf(objects(key, { [tag]: "" })),
      (error: unknown) => error instanceof FormatError,
      tag,
    );
  }
  for (const [tag, value] of [
    ["9F06", "A0000003"],
    ["9F22", "E1E1"],
    ["DF05", "261123"],
    ["DF03", checksum.slice(2)],
    ["DF06", "02"],
    ["DF07", "02"],
  ] as const) {
    assert.throws(
      () => authorityKeyOf(objects(key, { [tag]: value })),
      (error: unknown) => error instanceof FormatError,
    );
  }
  const optional = ["DF14", "DF18"];
  for (const tag of Object.keys(application).filter((name) => !optional.includes(name))) {
    assert.throws(
      () => applicationOf(objects(application, { [tag]: "" }), []),
      (error: unknown) => error instanceof FormatError,
      tag,
    );
  }
  const bad = objects(application, { DF20: "00000020000A" });
  assert.throws(
    () => applicationOf(bad, []),
    (error: unknown) => error instanceof FormatError,
  );
});

test("an application whose name may not go on takes the cards of that very name, until its bank wants more", () => {
  const exact = applicationOf(objects(application, { DF01: "01" }), []);
  assert.is(terminalApplications([exact])[0]?.match, "exact");
  const again = applicationOf(objects(application), [exact]);
  assert.is(terminalApplications([again])[0]?.match, "partial");
  assert.throws(
    () => applicationOf(objects(application, { DF01: "02" }), []),
    (error: unknown) => error instanceof FormatError,
  );
});

const told = {
  aid: "A000000333010101",
  tacDefault: "DC4000A800",
  tacOnline: "DC4004F800",
  tacDenial: "0010000000",
  applicationVersion: "0030",
  floorLimit: 20_000,
  contactlessFloorLimit: 10_000,
  randomSelection: { threshold: 5_000, target: 20, maximumTarget: 50 },
  contactlessLimit: 200_000,
  contactlessCvmLimit: 100_000,
} as const;

test("a downloaded application keeps what the message has no place for, and each reader gets its own floor limit", () => {
  const before: ApplicationParameters = {
    aid: "A000000333010101",
    label: "UnionPay Debit",
    kernel: 7,
    tacDefault: "0000000000",
    tacDenial: "0000000000",
    tacOnline: "0000000000",
    applicationVersion: "0001",
    terminalType: "22",
    floorLimit: 1,
    randomSelection: { threshold: 1, target: 2, maximumTarget: 3 },
    contactlessLimit: 2,
    contactlessCvmLimit: 3,
    ttq: "36004080",
  };
  const kept = { label: "UnionPay Debit", kernel: 7, terminalType: "22", ttq: "36004080" };
  assert.equal(applicationOf(objects(application), [before]), { ...told, ...kept });
  const unselected = applicationOf(objects(application, { DF16: "00", DF17: "00" }), [before]);
  assert.is(unselected.randomSelection, undefined);
});

test("an application that is new can be tapped: its scheme says by which kernel", () => {
  assert.equal(applicationOf(objects(application), []), { ...told, kernel: 7 });
  for (const [aid, kernel] of [
    ["A0000000031010", 3],
    ["A0000000041010", 2],
    ["A0000009999999", undefined],
    ["D15600000101", undefined],
  ] as const) {
    assert.is(applicationOf(objects(application, { "9F06": aid }), []).kernel, kernel, aid);
  }
});

test("an application without a contactless limit is for the contact reader, and so is one that was", () => {
  assert.is(applicationOf(objects(application, { DF20: "000000000000" }), []).kernel, undefined);
  const contactOnly = [{ ...told, label: "Old" }];
  assert.is(applicationOf(objects(application), contactOnly).kernel, undefined);
});

test("a download's default list of what a card signs is used, and what the standard says anyway is not kept", () => {
  const read = (list: string, before: readonly ApplicationParameters[] = []) =>
    applicationOf(objects(application, { DF14: list }), before);
  assert.is(read("9F37049F0206").defaultDynamicList, "9F37049F0206");
  assert.is(read("9F3704").defaultDynamicList, undefined);
  const before = [{ ...told, defaultDynamicList: "9F37049A03" }];
  assert.is(read("", before).defaultDynamicList, "9F37049A03");
  assert.is(read("9F3704", before).defaultDynamicList, undefined);
  assert.equal(terminalApplications(before)[0]?.dynamicDataList, hexToBytes("9F37049A03"));
  for (const bad of ["9F3704".repeat(11), "9F37", "9F37049F02", "9A03"]) {
    assert.throws(
      () => read(bad),
      (error: unknown) => error instanceof FormatError,
      bad,
    );
  }
});

test("a download says whether a PIN may go to the bank with this application", () => {
  const read = (support: string, before: readonly ApplicationParameters[] = []) =>
    applicationOf(objects(application, { DF18: support }), before).onlinePin;
  assert.is(read("00"), false);
  assert.is(read("01"), undefined);
  const before = [{ ...told, onlinePin: false }];
  assert.is(read("", before), false);
  assert.is(read("01", before), undefined);
  for (const bad of ["02", "0001"]) {
    assert.throws(
      () => read(bad),
      (error: unknown) => error instanceof FormatError,
      bad,
    );
  }
});

test("of a download every data object is used or refused, and others change nothing", () => {
  const whole = applicationOf(objects(application), []);
  const others = objects(application, { DF22: "01", "9F01": "000000000001", DF8117: "E0", "9F1A": "0840" });
  assert.equal(applicationOf(others, []), whole);
  const another = {
    "9F06": "A0000003330101",
    DF01: "01",
    "9F09": "0031",
    DF11: "0000000000",
    DF12: "0000000000",
    DF13: "0000000000",
    "9F1B": "00000001",
    DF15: "00000001",
    DF16: "51",
    DF17: "21",
    DF14: "9F37049A03",
    DF18: "00",
    DF19: "000000000001",
    DF20: "000000000001",
    DF21: "000000000001",
  } satisfies Record<keyof typeof application, string>;
  for (const [tag, value] of Object.entries(another)) {
    assert.not.equal(applicationOf(objects(application, { [tag]: value }), []), whole, tag);
  }
});

test("kernel, qualifiers and terminal type of a download count more than what was known", () => {
  const before: ApplicationParameters = { ...told, kernel: 7, ttq: "36004080", terminalType: "21" };
  const changes = { "9F2A": "03", "9F66": "2600C000", "9F35": "22" };
  const changed = { ...told, kernel: 3, ttq: "2600C000", terminalType: "22" };
  assert.equal(applicationOf(objects(application, changes), [before]), changed);
  assert.equal(applicationOf(objects(application, changes), []), changed);
  assert.is(applicationOf(objects(application, { "9F2A": "00" }), [before]).kernel, 7);
  for (const [tag, value] of [
    ["9F2A", "0003"],
    ["9F66", "2600C0"],
    ["9F35", "0022"],
  ] as const) {
    assert.throws(
      () => applicationOf(objects(application, { [tag]: value }), []),
      (error: unknown) => error instanceof FormatError,
      tag,
    );
  }
});

test.run();
