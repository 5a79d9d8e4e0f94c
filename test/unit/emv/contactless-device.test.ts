import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { unionPayKernel } from "../../../firmware/emv/contactless/kernel-7.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { tapTools } from "./contactless-tools.ts";
import { application, template, tlv } from "./conversations.ts";
import { keysOf, sessionOf, signDynamic } from "./oda-issuer.ts";
import { ScriptedCard } from "./scripted-card.ts";

/** A card of the first generation approves alone: its signature covers the unpredictable number and nothing else. */
async function approvedBy(qualifiers: string, expiry = "491231", reader = "26400000"): Promise<string> {
  const data = sessionOf({
    elements: [
      [tags.applicationInterchangeProfile, undefined],
      [tags.processingOptionsList, "9F6604"],
      [tags.expirationDate, expiry],
    ],
  });
  data.set(tags.terminalTransactionQualifiers, hexToBytes(reader));
  const signature = bytesToHex(signDynamic("0511AABBCCDD", "0BADCAFE"));
  const answer =
    tlv([0x82, "6100"], [0x9f36, "0001"], [0x9f26, "A1".repeat(8)], [0x9f10, "07010103900000"], [0x9f27, "40"]) +
    tlv([0x57, "6212345678901232D49122010000000000"], [0x9f6c, qualifiers], [0x9f4b, signature]);
  const card = new ScriptedCard([[`80A80000068304${reader}00`, `${template("77", answer)}9000`]]);
  const known = application("A000000333010102");
  const outcome = await unionPayKernel({
    card,
    data,
    application: known,
    prepared: {
      application: known,
      allowed: true,
      verificationRequired: qualifiers !== "0000",
      floorLimitExceeded: false,
      qualifiers: hexToBytes(reader),
    },
    amount: 100,
    tools: tapTools({ keys: keysOf() }),
  });
  assert.is(card.left, 0);
  return "verification" in outcome ? `${outcome.kind} ${outcome.verification}` : outcome.kind;
}

test("C-7: a signature over the unpredictable number alone makes an approval good", async () => {
  assert.is(await approvedBy("0000"), "approved none");
});

test("C-3 5.7.1.2: an approval whose holder has to give a PIN goes to the host, and is none without one", async () => {
  assert.is(await approvedBy("8000"), "online onlinePin");
  assert.is(await approvedBy("8000", "491231", "2E400000"), "declined");
});

test("Book 4, 6.7.3: a year from 50 on is in the last century, and so is the approval of a card of that age", async () => {
  assert.is(await approvedBy("0000", "501231"), "declined");
  assert.is(await approvedBy("0000", "991231"), "declined");
});

test("C-7: an approval whose phone's word nobody signed is none", async () => {
  assert.is(await approvedBy("0080"), "declined");
});

test.run();
