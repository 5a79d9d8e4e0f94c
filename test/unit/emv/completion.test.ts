import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { completeWithCard, type HostVerdict } from "../../../firmware/emv/completion.ts";
import { decideFirst } from "../../../firmware/emv/contact.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { requestData, scriptNotice } from "../../../firmware/emv/field55.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { application, template, tlv } from "./conversations.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

const known = application("A0000003330101");

/** Format 1: information, counter, cryptogram, issuer data. */
const answer = (information: string): string => template("80", `${information}0001${"A1".repeat(8)}07010103`);

function session(profile = "3C00"): SessionData {
  const data = new SessionData([
    [tags.amountAuthorised, hexToBytes("000000001234")],
    [tags.terminalType, hexToBytes("21")],
  ]);
  data.setFromCard(tags.applicationInterchangeProfile, hexToBytes(profile));
  data.setFromCard(tags.cardRiskManagementList1, hexToBytes("9F02069505"));
  data.setFromCard(tags.cardRiskManagementList2, hexToBytes("8A0295059108"));
  data.setFromCard(tags.issuerActionOnline, hexToBytes("0000000000"));
  return data;
}

async function decide(data: SessionData, command: string, response: string): Promise<string> {
  try {
    return await decideFirst(new ScriptedCard([[command, response]]), data, known);
  } catch (error) {
    return error instanceof CardError ? error.problem : String(error);
  }
}

const firstCommand = (reference: string, results: string): string => `80AE${reference}000B000000001234${results}00`;

test("a card that wants its issuer is taken to its issuer", async () => {
  const data = session();
  assert.is(await decide(data, firstCommand("80", "0000000000"), `${answer("80")}9000`), "online");
  assert.is(bytesToHex(data.get(tags.applicationCryptogram)!), "A1".repeat(8));
  assert.is(bytesToHex(data.get(tags.transactionStatusInformation)!), "2000");
});

test("a card that declines by itself is believed", async () => {
  assert.is(await decide(session(), firstCommand("80", "0000000000"), `${answer("00")}9000`), "declined");
});

test("a card that approves without being asked to is not believed", async () => {
  assert.is(await decide(session(), firstCommand("80", "0000000000"), `${answer("40")}9000`), "refusal");
});

test("what the acquirer denies is declined without the card's opinion", async () => {
  const data = session();
  data.get(tags.terminalVerificationResults)!.set([0, 0x10, 0, 0, 0]);
  assert.is(await decide(data, firstCommand("00", "0010000000"), `${answer("00")}9000`), "declined");
});

test("a cryptogram in format 2 is read as well", async () => {
  const data = session();
  const elements = tlv([0x9f27, "80"], [0x9f36, "0001"], [0x9f26, "B2".repeat(8)], [0x9f10, "0701"]);
  assert.is(await decide(data, firstCommand("80", "0000000000"), `${template("77", elements)}9000`), "online");
  assert.match(bytesToHex(requestData(data)), /^9F2608B2B2B2B2B2B2B2B29F2701809F10020701/);
});

for (const [what, response] of [
  ["too short", "800A80000102030405060708"],
  ["without a counter", template("77", tlv([0x9f27, "80"], [0x9f26, "B2".repeat(8)]))],
  ["with a short cryptogram", template("77", tlv([0x9f27, "80"], [0x9f36, "0001"], [0x9f26, "B2"]))],
  ["in no template", "9F270180"],
] as const) {
  test(`a cryptogram ${what} ends the session`, async () => {
    assert.match(
      await decide(session(), firstCommand("80", "0000000000"), `${response}9000`),
      /^(data|FormatError.*)$/,
    );
  });
}

const arpc = "1122334455667788";
const approved: HostVerdict = {
  kind: "answered",
  approved: true,
  responseCode: "00",
  chipData: hexToBytes(tlv([0x91, arpc])),
};
const second = (reference: string, code: string, results: string, arpcData = arpc): string =>
  `80AE${reference}000F${code}${results}${arpcData}00`;

interface Completed {
  readonly word: string;
  readonly results: string;
  readonly status: string;
}

async function complete(data: SessionData, verdict: HostVerdict, script: readonly Exchange[]): Promise<Completed> {
  const card = new ScriptedCard(script);
  const word = await completeWithCard(card, data, verdict);
  assert.is(card.left, 0, "the whole conversation was held");
  return {
    word,
    results: bytesToHex(data.get(tags.terminalVerificationResults)!),
    status: bytesToHex(data.get(tags.transactionStatusInformation)!),
  };
}

test("an issuer that proves itself is followed by the card's certificate", async () => {
  const ended = await complete(session(), approved, [
    [`0082000008${arpc}`, "9000"],
    [second("40", "3030", "0000000000"), `${answer("40")}9000`],
  ]);
  assert.equal(ended, { word: "TC", results: "0000000000", status: "3000" });
});

test("an issuer that does not prove itself is told to the card, which decides", async () => {
  const ended = await complete(session(), approved, [
    [`0082000008${arpc}`, "6300"],
    [second("40", "3030", "0000000040"), `${answer("00")}9000`],
  ]);
  assert.equal(ended, { word: "AAC", results: "0000000040", status: "3000" });
});

test("a card without issuer authentication of its own gets the proof in its last command", async () => {
  const ended = await complete(session("3800"), approved, [
    [second("40", "3030", "0000000000"), `${answer("40")}9000`],
  ]);
  assert.equal(ended, { word: "TC", results: "0000000000", status: "2000" });
});

test("without the host the card is told so, and nothing is approved", async () => {
  const zeros = "0000000000000000";
  const ended = await complete(session(), { kind: "unable" }, [
    [second("00", "5A33", "0000000000", zeros), `${answer("00")}9000`],
  ]);
  assert.is(ended.word, "AAC");
});

test("scripts run before and after the last word, up to the first command that is refused", async () => {
  const data = session("3800");
  const scripts =
    tlvScript("71", "11111111", ["8424000008AAAA", "8418000000BBBB"]) + tlvScript("72", "22222222", ["841E000000CCCC"]);
  const ended = await complete(data, { ...approved, chipData: hexToBytes(scripts) } as HostVerdict, [
    ["8424000008AAAA", "9000"],
    ["8418000000BBBB", "6985"],
    [second("40", "3030", "0000000020", "0000000000000000"), `${answer("40")}9000`],
    ["841E000000CCCC", "9000"],
  ]);
  assert.equal(ended, { word: "TC", results: "0000000020", status: "2400" });
  assert.is(bytesToHex(data.get(tags.issuerScriptResults)!), "12111111112022222222");
  assert.match(bytesToHex(scriptNotice(data)!), /^95050000000020.*DF310A12111111112022222222$/);
});

test("an issuer that sends scripts without end is heard sixteen times", async () => {
  const data = session("3800");
  const scripts = Array.from({ length: 20 }, () => tlvScript("71", "11111111", ["8424000008AAAA"])).join("");
  const ended = await complete(data, { ...approved, chipData: hexToBytes(scripts) } as HostVerdict, [
    ...Array.from({ length: 16 }, (): Exchange => ["8424000008AAAA", "9000"]),
    [second("40", "3030", "0000000020", "0000000000000000"), `${answer("40")}9000`],
  ]);
  assert.is(ended.word, "TC");
  assert.is(data.get(tags.issuerScriptResults)!.length, 80);
});

test("without scripts there is nothing to tell the issuer", () => {
  assert.is(scriptNotice(session()), undefined);
});

test("a card that leaves after its last word has still said it, and its issuer hears that the script has failed", async () => {
  const scripts = tlvScript("72", "22222222", ["841E000000CCCC"]);
  const data = session("3800");
  const ended = await complete(data, { ...approved, chipData: hexToBytes(scripts) } as HostVerdict, [
    [second("40", "3030", "0000000000", "0000000000000000"), `${answer("40")}9000`],
    ["841E000000CCCC", { fails: "removed" }],
  ]);
  assert.equal(ended, { word: "TC", results: "0000000010", status: "2400" });
  assert.match(bytesToHex(scriptNotice(data)!), /DF31051122222222/);
});

test("an answer whose chip data is rubbish leaves the decision to the card", async () => {
  const ended = await complete(session(), { ...approved, chipData: hexToBytes("9108AABB") } as HostVerdict, [
    [second("40", "3030", "0000000000", "0000000000000000"), `${answer("00")}9000`],
  ]);
  assert.is(ended.word, "AAC");
});

function tlvScript(tag: string, identifier: string, commands: readonly string[]): string {
  const elements = [[0x9f18, identifier] as const, ...commands.map((command) => [0x86, command] as const)];
  return template(tag, tlv(...elements));
}

test.run();
