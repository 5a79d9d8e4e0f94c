import { test } from "uvu";
import * as assert from "uvu/assert";
import { crc32 } from "#native/digest";
import { concat } from "../../../firmware/codec/bytes.ts";
import { type CborValue, encodeCbor } from "../../../firmware/codec/cbor.ts";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { terminalApplications } from "../../../firmware/terminal/applications.ts";
import { checkParameters, readParameters } from "../../../firmware/update/parameter-check.ts";
import { NorFlash } from "../journal/nor-flash.ts";

const least = {
  terminalId: "12345678",
  merchantId: "898310172991001",
  merchantName: { zh: "体验店", en: "Demo Store" },
};

const application = {
  aid: "A0000000041010",
  kernel: 2,
  tacDefault: "0000000000",
  tacDenial: "0000000000",
  tacOnline: "0000000000",
  applicationVersion: "0002",
  floorLimit: 0,
  contactlessLimit: 100_000,
  contactlessCvmLimit: 30_000,
};

const authorityKey = {
  rid: "A000000333",
  index: "E1",
  modulus: "AB".repeat(248),
  exponent: "010001",
  expiry: "20491231",
  checksum: "00".repeat(20),
};

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function partitionWith(value: CborValue): NorFlash {
  const body = encodeCbor(value);
  const flash = NorFlash.blank(1, 4096);
  flash.write(concat([asciiToBytes("XPAR"), littleEndian(body.length), body, littleEndian(crc32(body))]), 0);
  return flash;
}

test("a terminal that is told who it is has a value for everything else", () => {
  const parameters = readParameters(partitionWith({ ...least, saleLimit: 500_000, unknownName: 1 }));
  assert.is(parameters?.terminalId, "12345678");
  assert.is(parameters?.merchantName.zh, "体验店");
  assert.is(parameters?.saleLimit, 500_000);
  assert.is(parameters?.answerTimeoutMs, 60_000);
  assert.is(parameters?.confirmApproval, "automatic");
  assert.is(parameters?.link, "tls");
});

test("blank, damaged or cut parameters are none", () => {
  assert.is(readParameters(NorFlash.blank(1, 4096)), undefined);
  assert.is(readParameters(partitionWith("text")), undefined);
  const whole = partitionWith(least);
  for (const place of [0, 4, 6, 7, 8, 40, 60]) {
    const flash = new NorFlash(whole.bytes.slice(), 4096);
    flash.bytes[place]! ^= 0x40;
    assert.is(readParameters(flash), undefined, `byte ${place}`);
  }
});

test("a parameter that is missing or not allowed is named", () => {
  const wrong: readonly (readonly [string, CborValue])[] = [
    ["terminalId", "1234567"],
    ["merchantId", 5],
    ["merchantName", { zh: "" }],
    ["language", "fr"],
    ["currency", "156"],
    ["hostPort", 0],
    ["link", "ssl"],
    ["serverName", "a host"],
    ["secondHostAddress", ""],
    ["secondHostPort", 65_536],
    ["hostAuthorities", ["3082"]],
    ["hostAuthorities", [new Uint8Array(0)]],
    ["clientCertificates", [new Uint8Array(8_193)]],
    ["denyList", { list: Uint8Array.of(1) }],
    ["denyListKey", { modulus: "ABC", exponent: "03" }],
    ["tpdu", "7000030000"],
    ["answerTimeoutMs", -1],
    ["batch", 1_000_000],
    ["aids", [{ aid: "A0" }]],
    ["aids", [{ ...application, contactlessDeviceLimit: -1 }]],
    ["aids", [{ ...application, smallAmountLimit: "1" }]],
    ["aids", [{ ...application, statusCheck: 1 }]],
    ["aids", [{ ...application, relaySettings: "0014" }]],
    ["aids", [{ ...application, defaultDynamicList: "9F370" }]],
    ["aids", [{ ...application, defaultDynamicList: "9F3704".repeat(11) }]],
    ["aids", [{ ...application, onlinePin: "no" }]],
    ["caKeys", [{ ...authorityKey, rid: "A0000003" }]],
    ["caKeys", [{ ...authorityKey, index: 225 }]],
    ["aids", [{ ...application, exactName: "yes" }]],
    ["caKeys", [{ ...authorityKey, modulus: "ABC" }]],
    ["caKeys", [{ ...authorityKey, modulus: "AB".repeat(249) }]],
    ["caKeys", [{ ...authorityKey, modulus: "xy" }]],
    ["caKeys", [{ ...authorityKey, exponent: "05" }]],
    ["caKeys", [{ ...authorityKey, expiry: "1249" }]],
    ["caKeys", [{ ...authorityKey, checksum: "00" }]],
    ["caKeys", Array.from({ length: 65 }, () => authorityKey)],
    ["revokedCertificates", [{ rid: "A000000333", index: "E1", serial: "01" }]],
  ];
  for (const [name, value] of wrong) {
    assert.throws(
      () => checkParameters({ ...least, [name]: value }),
      (error: unknown) => error instanceof FormatError && error.message.includes(name),
    );
  }
});

test("an application of an older image taps as it did: what it does not say has a value", () => {
  const [known] = terminalApplications(checkParameters({ ...least, aids: [application] }).aids);
  assert.is(known?.match, "partial");
  assert.is(known?.contactlessDeviceLimit, 100_000);
  assert.is(known?.smallAmountLimit, 0);
  assert.is(known?.statusCheck, false);
  assert.is(known?.zeroAmountAllowed, false);
  assert.is(known?.extendedSelection, false);
  assert.is(known?.relaySettings, undefined);
  assert.is(known?.kernelConfiguration, undefined);
  assert.is(known?.tornLimits, undefined);
  assert.is(known?.transactionQualifiers.length, 4);
});

test("an application says what is to be different when it is tapped", () => {
  const different = { ...application, contactlessDeviceLimit: 200_000, smallAmountLimit: 5, statusCheck: true };
  const [known] = terminalApplications(checkParameters({ ...least, aids: [different] }).aids);
  assert.equal([known?.contactlessDeviceLimit, known?.smallAmountLimit, known?.statusCheck], [200_000, 5, true]);
});

test("kernel 2 is set up as the acquirer says, within what this terminal has", () => {
  const setUp = (more: Record<string, CborValue>) =>
    terminalApplications(checkParameters({ ...least, aids: [{ ...application, ...more }] }).aids)[0];
  const known = setUp({ kernelConfiguration: "A0", tornRecords: 1, tornLifetime: 60 });
  assert.equal([known?.kernelConfiguration, known?.tornLimits], [0xa0, { most: 1, lifetime: 60_000 }]);
  assert.equal(setUp({ tornRecords: 0 })?.tornLimits, { most: 0, lifetime: 300_000 });
  for (const wrong of [
    { kernelConfiguration: "30" },
    { kernelConfiguration: "F0" },
    { tornRecords: 5 },
    { tornLifetime: 65_536 },
  ]) {
    assert.throws(() => setUp(wrong), /aids/);
  }
});

test("a cash register on the network has a port and an address, or neither", () => {
  const both = { registerPort: 8100, registerAddress: "192.168.1.20" };
  assert.is(checkParameters({ ...least, ...both }).registerPort, 8100);
  assert.throws(() => checkParameters({ ...least, registerPort: 8100 }), /registerAddress/);
  assert.throws(() => checkParameters({ ...least, registerAddress: "192.168.1.20" }), /registerAddress/);
  assert.throws(() => checkParameters({ ...least, ...both, registerAddress: "anybody" }), /registerAddress/);
  assert.throws(() => checkParameters({ ...least, ...both, registerPort: 0 }), /registerPort/);
});

test("keys of payment systems are kept as they were downloaded", () => {
  const revokedCertificates = [{ rid: "A000000333", index: "E1", serial: "00A1B2" }];
  const parameters = readParameters(partitionWith({ ...least, caKeys: [authorityKey], revokedCertificates }));
  assert.equal(parameters?.caKeys, [authorityKey]);
  assert.equal(parameters?.revokedCertificates, revokedCertificates);
  assert.equal(readParameters(partitionWith(least))?.caKeys, []);
});

test.run();
