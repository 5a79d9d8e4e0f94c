import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { initiateProcessing } from "../../../firmware/emv/initiate.ts";
import { readApplicationData } from "../../../firmware/emv/records.ts";
import { takeFileControlInformation } from "../../../firmware/emv/select.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { fileControl, template, tlv } from "./conversations.ts";
import { ScriptedCard } from "./scripted-card.ts";

const aid = "A000000333010101";
const byPin = "000000000000000002035E031F03";
const byNobody = "00000000000000001F03";
const denies = "FFFFFFFFFF";
const record = tlv(
  [0x5a, "6228480000000000"],
  [0x5f24, "301231"],
  [0x8c, "9F0206"],
  [0x8d, "8A02"],
  [0x8e, byPin],
  [0x9f0e, denies],
  [0x82, "0000"],
);

interface Talk {
  /** How many of the one record are signed. */
  readonly signed: "00" | "01";
  /** What stands in the answer to SELECT beside what belongs there, and in the one to GET PROCESSING OPTIONS. */
  readonly selected?: string;
  readonly started?: string;
}

async function read({ signed, selected = "", started = "" }: Talk): Promise<SessionData> {
  const data = new SessionData();
  takeFileControlInformation(hexToBytes(fileControl(aid, tlv([0x50, "54455354"]) + selected)), hexToBytes(aid), data);
  const options = tlv([0x82, "3C00"], [0x94, `080101${signed}`]) + started;
  const card = new ScriptedCard([
    ["80A8000002830000", `${template("77", options)}9000`],
    ["00B2010C00", `${template("70", record)}9000`],
  ]);
  assert.is(await initiateProcessing(card, data), "ready");
  await readApplicationData(card, data);
  return data;
}

const hexOf = (data: SessionData, tag: number): string => bytesToHex(data.need(tag, "test"));

for (const [where, talk] of [
  ["SELECT", { selected: tlv([0x8e, byNobody], [0x9f0e, "0000000000"]) }],
  ["GET PROCESSING OPTIONS", { started: tlv([0x8e, byNobody], [0x9f0e, "0000000000"]) }],
] as const) {
  test(`nobody on the way takes the place of what a card has signed by adding it to the answer to ${where}`, async () => {
    const data = await read({ signed: "01", ...talk });
    assert.is(hexOf(data, tags.cardholderVerificationList), byPin);
    assert.is(hexOf(data, tags.issuerActionDenial), denies);
    assert.equal(data.staticData(), hexToBytes(record));
  });

  test(`of two words that nobody has signed the first stands: the one in the answer to ${where}`, async () => {
    const data = await read({ signed: "00", ...talk });
    assert.is(hexOf(data, tags.cardholderVerificationList), byNobody);
  });
}

test("a card's profile for this transaction stands above one in its records", async () => {
  assert.is(hexOf(await read({ signed: "01" }), tags.applicationInterchangeProfile), "3C00");
});

test.run();
