import { test } from "uvu";
import * as assert from "uvu/assert";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import { completeWithCard } from "../../../firmware/emv/completion.ts";
import { decisionInResults } from "../../../firmware/emv/contradiction.ts";
import { generateCryptogram } from "../../../firmware/emv/cryptogram.ts";
import { SessionData } from "../../../firmware/emv/data.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { template, tlv } from "./conversations.ts";
import { ScriptedCard } from "./scripted-card.ts";

const names = {
  unionPay: "A000000333010102",
  visa: "A0000000031010",
  mastercard: "A0000000041010",
  jcb: "A0000000651010",
};
const requestCryptogram = "A1".repeat(8);
const lastCryptogram = "A2".repeat(8);

/** Issuer application data whose results begin with this byte. */
const issuerData: Readonly<Record<keyof typeof names, (results: string) => string>> = {
  unionPay: (results) => `07010103${results}000001`,
  visa: (results) => `06010A03${results}0000`,
  mastercard: (results) => `0114${results}0000000000${"00".repeat(10)}`,
  jcb: (results) => `07010103${results}000001`,
};

function sessionOf(scheme: keyof typeof names): SessionData {
  const data = new SessionData();
  data.setFromCard(tags.dedicatedFileName, hexToBytes(names[scheme]));
  data.setFromCard(tags.applicationInterchangeProfile, hexToBytes("3800"));
  data.setFromCard(tags.cardRiskManagementList1, hexToBytes("9A03"));
  data.setFromCard(tags.cardRiskManagementList2, hexToBytes("8A02"));
  data.set(tags.transactionDate, hexToBytes("261127"));
  return data;
}

interface Answer {
  readonly information: string;
  readonly counter?: string;
  readonly cryptogram?: string;
  readonly results: string;
}

const answerOf = (
  scheme: keyof typeof names,
  { information, counter = "0041", cryptogram = lastCryptogram, results }: Answer,
): string => `${template("80", information + counter + cryptogram + issuerData[scheme](results))}9000`;

/** A host that approves a request, and the card's last word on that. */
async function lastWord(scheme: keyof typeof names, last: Answer): Promise<string> {
  const request = answerOf(scheme, { information: "80", cryptogram: requestCryptogram, results: "A0" });
  const card = new ScriptedCard([
    ["80AE80000326112700", request],
    ["80AE400002303000", answerOf(scheme, last)],
  ]);
  const data = sessionOf(scheme);
  assert.is((await generateCryptogram(card, data, "first", "ARQC")).type, "ARQC");
  return outcomeOf(completeWithCard(card, data, { kind: "answered", approved: true, responseCode: "00" }));
}

async function outcomeOf(word: Promise<string>): Promise<string> {
  try {
    return await word;
  } catch (error) {
    assert.instance(error, CardError);
    return (error as CardError).problem;
  }
}

const schemes = ["unionPay", "visa", "mastercard"] as const;

for (const scheme of schemes) {
  test(`an approval whose results say what it says is one (${scheme})`, async () => {
    assert.is(await lastWord(scheme, { information: "40", results: "60" }), "TC");
  });

  test(`a refusal that is made an approval on its way is none: the card's results still say that it refused (${scheme})`, async () => {
    assert.is(await lastWord(scheme, { information: "40", results: "20" }), "refusal");
    assert.is(await lastWord(scheme, { information: "40", results: "A0" }), "refusal");
  });

  test(`a refusal is one whatever its results say (${scheme})`, async () => {
    assert.is(await lastWord(scheme, { information: "00", results: "60" }), "AAC");
    assert.is(await lastWord(scheme, { information: "00", counter: "0042", results: "20" }), "AAC");
  });

  test(`the request's cryptogram once more is no approval (${scheme})`, async () => {
    const again = { information: "40", cryptogram: requestCryptogram, results: "60" };
    assert.is(await lastWord(scheme, again), "refusal");
  });

  test(`an approval without the host that its results deny is none (${scheme})`, async () => {
    for (const [results, outcome] of [
      ["90", "TC"],
      ["A0", "refusal"],
      ["80", "refusal"],
    ] as const) {
      const card = new ScriptedCard([["80AE40000326112700", answerOf(scheme, { information: "40", results })]]);
      const word = generateCryptogram(card, sessionOf(scheme), "first", "TC").then(({ type }) => type);
      assert.is(await outcomeOf(word), outcome, results);
    }
  });
}

test("an approval without the results that every card of its scheme gives is none: it is another command's answer", async () => {
  const other = "7C0008010200100103011801";
  for (const [scheme, issuer] of [
    ["visa", ""],
    ["visa", "102001"],
    ["visa", "06010A039000"],
    ["visa", "050A03900000"],
    ["unionPay", "07010103900000"],
    ["mastercard", "0110900000"],
    ["mastercard", "01109000000000"],
  ] as const) {
    const card = new ScriptedCard([["80AE40000326112700", `${template("80", other.slice(0, 22) + issuer)}9000`]]);
    const word = generateCryptogram(card, sessionOf(scheme), "first", "TC").then(({ type }) => type);
    assert.is(await outcomeOf(word), "refusal", `${scheme} ${issuer}`);
  }
});

test("a last word without issuer application data is one: the first answer's are not its", async () => {
  for (const scheme of schemes) {
    assert.is(await lastElements(scheme, approval, counter, lastOne), "TC", scheme);
    const request = answerOf(scheme, { information: "80", cryptogram: requestCryptogram, results: "A0" });
    const card = new ScriptedCard([
      ["80AE80000326112700", request],
      ["80AE400002303000", `${template("80", `400041${lastCryptogram}`)}9000`],
    ]);
    const data = sessionOf(scheme);
    await generateCryptogram(card, data, "first", "ARQC");
    const verdict = { kind: "answered", approved: true, responseCode: "00" } as const;
    assert.is(await outcomeOf(completeWithCard(card, data, verdict)), "TC", scheme);
  }
});

test("what decides is not taken from an answer that brings a cryptogram", async () => {
  const objects = tlv([0x9f27, "80"], counter, [0x9f26, requestCryptogram], [0x9f0d, "0000000000"], [0x8e, "00"]);
  const card = new ScriptedCard([["80AE80000326112700", `${template("77", objects)}9000`]]);
  const data = sessionOf("unionPay");
  await generateCryptogram(card, data, "first", "ARQC");
  assert.is(data.fromCard(tags.issuerActionDefault), undefined);
  assert.is(data.fromCard(tags.cardholderVerificationList), undefined);
});

test("an approval whose scheme has other layouts of results stands with any of them", async () => {
  for (const [scheme, issuer] of [
    ["visa", `1F2201${"A0".repeat(29)}`],
    ["mastercard", "0110900000000000"],
    ["jcb", ""],
    ["jcb", "070101"],
  ] as const) {
    const answer = `${template("80", `400041${lastCryptogram}${issuer}`)}9000`;
    const card = new ScriptedCard([["80AE40000326112700", answer]]);
    const word = generateCryptogram(card, sessionOf(scheme), "first", "TC").then(({ type }) => type);
    assert.is(await outcomeOf(word), "TC", `${scheme} ${issuer}`);
  }
});

test("an approval with another counter than the request had is none, of any scheme", async () => {
  for (const scheme of [...schemes, "jcb"] as const) {
    assert.is(await lastWord(scheme, { information: "40", counter: "0042", results: "60" }), "refusal", scheme);
  }
});

/** Data objects of a last word in template 77, after a request that came in template 80. */
async function lastElements(
  scheme: keyof typeof names,
  ...objects: readonly (readonly [tag: number, value: string])[]
): Promise<string> {
  const request = answerOf(scheme, { information: "80", cryptogram: requestCryptogram, results: "A0" });
  const card = new ScriptedCard([
    ["80AE80000326112700", request],
    ["80AE400002303000", `${template("77", tlv(...objects))}9000`],
  ]);
  const data = sessionOf(scheme);
  assert.is((await generateCryptogram(card, data, "first", "ARQC")).type, "ARQC");
  return outcomeOf(completeWithCard(card, data, { kind: "answered", approved: true, responseCode: "00" }));
}

const approval = [0x9f27, "40"] as const;
const counter = [0x9f36, "0041"] as const;
const lastOne = [0x9f26, lastCryptogram] as const;

test("a last word without a kind, counter or cryptogram of its own is none, of any scheme: the request's are not its", async () => {
  for (const scheme of [...schemes, "jcb"] as const) {
    const results = [0x9f10, issuerData[scheme]("60")] as const;
    assert.is(await lastElements(scheme, approval, counter, lastOne, results), "TC", scheme);
    assert.is(await lastElements(scheme, approval, counter, results), "data", scheme);
    assert.is(await lastElements(scheme, approval, lastOne, results), "data", scheme);
    assert.is(await lastElements(scheme, counter, lastOne, results), "refusal", scheme);
  }
});

test("an answer that names a kind twice is none", async () => {
  const results = [0x9f10, issuerData.jcb("60")] as const;
  assert.is(await lastElements("jcb", [0x9f27, "00"], counter, lastOne, results, approval), "data");
});

test("a last word cannot call itself another scheme's, whose results nobody can read", async () => {
  for (const scheme of schemes) {
    const results = [0x9f10, issuerData[scheme]("20")] as const;
    const word = lastElements(scheme, [0x84, names.jcb], approval, counter, lastOne, results);
    assert.is(await word, "refusal", scheme);
  }
});

test("what was selected and read stands, whatever comes with a cryptogram", async () => {
  const data = sessionOf("unionPay");
  data.setFromCard(tags.issuerActionDefault, hexToBytes("FFFFFFFFFF"));
  const objects = tlv(
    [0x9f0d, "0000000000"],
    [0x8d, "9F0206"],
    [0x9f27, "80"],
    counter,
    [0x9f26, requestCryptogram],
    [0xdf4b, "000001"],
  );
  const card = new ScriptedCard([["80AE80000326112700", `${template("77", objects)}9000`]]);
  assert.is((await generateCryptogram(card, data, "first", "ARQC")).type, "ARQC");
  assert.equal(data.fromCard(tags.issuerActionDefault), hexToBytes("FFFFFFFFFF"));
  assert.equal(data.fromCard(tags.cardRiskManagementList2), hexToBytes("8A02"));
  assert.equal(data.fromCard(0xdf4b), hexToBytes("000001"));
});

test("results whose place is not known say nothing", async () => {
  assert.is(await lastWord("jcb", { information: "40", results: "20" }), "TC");
  assert.is(await lastWord("jcb", { information: "40", cryptogram: requestCryptogram, results: "60" }), "TC");
  for (const [scheme, data] of [
    ["visa", "06010A04200000"],
    ["visa", "06010A0320"],
    ["mastercard", `0120${"20".repeat(16)}`],
    ["mastercard", "0114200000000000"],
  ] as const) {
    const session = sessionOf(scheme);
    session.setFromCard(tags.issuerApplicationData, hexToBytes(data));
    assert.is(decisionInResults(session, "second"), undefined, data);
  }
  const session = sessionOf("visa");
  assert.is(decisionInResults(session, "first"), undefined);
  session.setFromCard(tags.issuerApplicationData, hexToBytes(tlv([0x9f10, "06010A03A00000"]).slice(6)));
  assert.is(decisionInResults(session, "first"), "ARQC");
});

test.run();
