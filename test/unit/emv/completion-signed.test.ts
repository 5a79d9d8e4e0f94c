import { test } from "uvu";
import * as assert from "uvu/assert";
import { sha1 } from "#native/digest";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { completeWithCard, type HostVerdict } from "../../../firmware/emv/completion.ts";
import { decideFirst } from "../../../firmware/emv/contact.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { application, template } from "./conversations.ts";
import { card as cardKey, sessionOf, signedAnswer } from "./oda-issuer.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const known = application("A0000003330101");
const options = "AABB";
const firstValues = "000000001234";
const refusal = `${template("80", `000041${"A1".repeat(8)}`)}9000`;
const genuine: Exchange = ["80AE900006000000001234" + "00", answerTo(options + firstValues)];

/** A card that was asked for its options and signs what it was sent. */
function session(): SessionData {
  const data = sessionOf();
  data.noteSent(hexToBytes(options));
  data.set(tags.terminalType, hexToBytes("21"));
  data.set(tags.amountAuthorised, hexToBytes(firstValues));
  data.setFromCard(tags.cardRiskManagementList1, hexToBytes("9F0206"));
  data.setFromCard(tags.cardRiskManagementList2, hexToBytes("8A02"));
  data.setFromCard(tags.issuerActionOnline, hexToBytes("0000000000"));
  return data;
}

function answerTo(sent: string, changes: Parameters<typeof signedAnswer>[1] = {}): string {
  return `${bytesToHex(signedAnswer(sent, changes))}9000`;
}

async function decide(data: SessionData, script: readonly Exchange[]): Promise<string> {
  const channel = new ScriptedCard(script);
  try {
    const decision = await decideFirst(channel, data, known, cardKey);
    assert.is(channel.left, 0);
    return decision;
  } catch (error) {
    return error instanceof CardError ? error.problem : String(error);
  }
}

const results = (data: SessionData): string =>
  `${bytesToHex(data.get(tags.terminalVerificationResults)!)} ${bytesToHex(data.get(tags.transactionStatusInformation)!)}`;

test("a request that is signed as it must be goes to the host", async () => {
  const data = session();
  assert.is(await decide(data, [genuine]), "online");
  assert.is(bytesToHex(data.get(tags.applicationCryptogram)!), "A1A2A3A4A5A6A7A8");
  assert.is(results(data), "0000000000 A000");
});

for (const [what, answer] of [
  ["over other values", answerTo(`${options}000000009999`)],
  ["over another kind of cryptogram", answerTo(options + firstValues, { signedInformation: 0x40 })],
  ["not at all", `${template("80", `800041${"A1".repeat(8)}`)}9000`],
] as const) {
  test(`a request that is signed ${what} is declined before the host hears of it`, async () => {
    const data = session();
    const script: Exchange[] = [
      [genuine[0], answer],
      ["80AE0000025A3100", refusal],
    ];
    assert.is(await decide(data, script), "declined");
    assert.is(results(data), "0400000000 A000");
    assert.is(bytesToHex(data.get(tags.authorisationResponseCode)!), "5A31");
  });
}

test("a refusal needs no signature", async () => {
  const data = session();
  assert.is(await decide(data, [[genuine[0], refusal]]), "declined");
  assert.is(results(data), "0000000000 2000");
});

test("an approval that nobody asked for is not believed, however well it is signed", async () => {
  const answer = answerTo(options + firstValues, { information: 0x40 });
  assert.is(await decide(session(), [[genuine[0], answer]]), "refusal");
});

test("what is denied anyway is not asked to be signed", async () => {
  const data = session();
  data.get(tags.terminalVerificationResults)!.set([0, 0x10, 0, 0, 0]);
  assert.is(await decide(data, [["80AE000006000000001234" + "00", refusal]]), "declined");
});

const approved: HostVerdict = { kind: "answered", approved: true, responseCode: "00" };

async function complete(verdict: HostVerdict, script: readonly Exchange[], type = "21"): Promise<string> {
  const data = session();
  await decide(data, [genuine]);
  data.set(tags.terminalType, hexToBytes(type));
  const channel = new ScriptedCard(script);
  const word = await completeWithCard(channel, data, verdict, { actionCodes: known.actionCodes, cardKey });
  assert.is(channel.left, 0);
  return `${word} ${results(data)} ${bytesToHex(data.get(tags.authorisationResponseCode)!)}`;
}

test("after the host's approval the card's last word is signed over all it was sent", async () => {
  const answer = answerTo(`${options}${firstValues}3030`, { information: 0x40 });
  assert.is(await complete(approved, [["80AE500002303000", answer]]), "TC 0000000000 A000 3030");
});

test("an approval of the card that is not signed as it must be is none", async () => {
  const answer = answerTo(`${options}3030`, { information: 0x40 });
  assert.is(await complete(approved, [["80AE500002303000", answer]]), "AAC 0400000000 A000 3030");
});

test("a decline of the host is told to the card without asking for a signature", async () => {
  const declined: HostVerdict = { kind: "answered", approved: false, responseCode: "51" };
  assert.is(await complete(declined, [["80AE000002353100", refusal]]), "AAC 0000000000 A000 3531");
});

test("a terminal that is online only declines without its host", async () => {
  assert.is(await complete({ kind: "unreachable" }, [["80AE0000025A3300", refusal]]), "AAC 0000000000 A000 5A33");
});

test("a terminal that may approve by itself asks the card, signed, when the host was never reached", async () => {
  const answer = answerTo(`${options}${firstValues}5933`, { information: 0x40 });
  assert.is(
    await complete({ kind: "unreachable" }, [["80AE5000025933" + "00", answer]], "22"),
    "TC 0000000000 A000 5933",
  );
});

test("a terminal that may approve by itself does not when its question was lost on the way", async () => {
  assert.is(await complete({ kind: "unable" }, [["80AE0000025A3300", refusal]], "22"), "AAC 0000000000 A000 5A33");
});

test("a certificate's hash is by the card's own list, and the default one is noted", async () => {
  const data = session();
  data.setFromCard(tags.cardRiskManagementList1, hexToBytes("9814"));
  data.setFromCard(tags.certificateList, hexToBytes("9F0206"));
  const own = bytesToHex(sha1(hexToBytes(firstValues)));
  const answer = answerTo(options + own);
  assert.is(await decide(data, [[`80AE900014${own}00`, answer]]), "online");
  assert.is(results(data), "0000000000 A000");
  const plain = session();
  plain.setFromCard(tags.cardRiskManagementList1, hexToBytes("9814"));
  const empty = bytesToHex(sha1(new Uint8Array(0)));
  assert.is(await decide(plain, [[`80AE900014${empty}00`, answerTo(options + empty)]]), "online");
  assert.is(results(plain), "0000000080 A000");
});

test.run();
