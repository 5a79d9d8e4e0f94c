import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { parseTlv } from "../../../firmware/codec/tlv.ts";
import { requestData } from "../../../firmware/emv/field55.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { newSession, setAmount, setSequenceCounter } from "../../../firmware/terminal/card/session.ts";
import { Desk } from "./desk.ts";

/** Field 55 as text: tag, value. */
function told(data: Parameters<typeof requestData>[0]): string[] {
  return parseTlv(requestData(data)).map(({ tag, value }) => `${tag.toString(16).toUpperCase()} ${bytesToHex(value)}`);
}

test("the issuer hears of the terminal what its parameters say, in the lengths of the standard", () => {
  const { services } = new Desk();
  const data = newSession(services, "sale");
  setAmount(data, 123_456_789_012);
  setSequenceCounter(data, 123_456);
  data.set(tags.cardholderVerificationResults, hexToBytes("420300"));
  data.set(tags.terminalApplicationVersion, hexToBytes("0030"));
  for (const [tag, value] of [
    [tags.applicationCryptogram, "A1A2A3A4A5A6A7A8"],
    [tags.cryptogramInformation, "80"],
    [tags.issuerApplicationData, "07010103A00000"],
    [tags.transactionCounter, "0041"],
    [tags.applicationInterchangeProfile, "7C00"],
    [tags.dedicatedFileName, "A000000333010102"],
  ] as const) {
    data.setFromCard(tag, hexToBytes(value));
  }
  assert.equal(told(data), [
    "9F26 A1A2A3A4A5A6A7A8",
    "9F27 80",
    "9F10 07010103A00000",
    "9F37 07070707",
    "9F36 0041",
    "95 0000000000",
    `9A ${bytesToHex(data.need(tags.transactionDate, "test"))}`,
    "9C 00",
    "9F02 123456789012",
    "5F2A 0156",
    "82 7C00",
    "9F1A 0156",
    "9F03 000000000000",
    "9F33 E0F8C8",
    "9F34 420300",
    "9F35 21",
    "9F1E 3132333435363738",
    "84 A000000333010102",
    "9F09 0030",
    "9F41 00123456",
  ]);
});

for (const [board, missing, capabilities, additional] of [
  ["every part", {}, "E0F8C8", "6000B0F001"],
  ["no stripe reader", { stripe: true }, "A0F8C8", "6000B0F001"],
  ["no chip reader", { chip: true }, "C06808", "6000B0F001"],
  ["no antenna", { contactless: true }, "E0F8C8", "6000B0F001"],
  ["no printer", { printer: true }, "E0D8C8", "6000B03001"],
  ["an antenna alone", { stripe: true, chip: true, printer: true }, "804808", "6000B03001"],
  ["a chip reader alone", { stripe: true, contactless: true, printer: true }, "A0D8C8", "6000B03001"],
  ["keys alone", { stripe: true, chip: true, contactless: true, printer: true }, "804800", "6000B03001"],
] as const) {
  test(`a board with ${board} claims nothing else to card and issuer`, () => {
    const { services } = new Desk({ missing });
    const data = newSession(services, "sale");
    assert.is(bytesToHex(data.need(tags.terminalCapabilities, "test")), capabilities);
    assert.is(bytesToHex(data.need(tags.additionalCapabilities, "test")), additional);
  });
}

test("a terminal abroad says its own country and currency", () => {
  const { services } = new Desk({ parameters: { countryCode: "840", currency: "USD", terminalType: "22" } });
  const data = newSession({ ...services, currency: "USD" }, "preAuthorisation");
  const said = told(data);
  for (const element of ["9F1A 0840", "5F2A 0840", "9F35 22", "9C 03"]) {
    assert.ok(said.includes(element), element);
  }
});

test.run();
