import { test } from "uvu";
import * as assert from "uvu/assert";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import type { SessionData } from "../../../firmware/emv/data.ts";
import {
  authenticateOffline,
  chooseAuthentication,
  finishCombined,
  recoverKeys,
} from "../../../firmware/emv/oda/authenticate.ts";
import { asksForSignature, type CombinedMode } from "../../../firmware/emv/oda/combined.ts";
import { verifyDynamicSignature } from "../../../firmware/emv/oda/dynamic.ts";
import { pinEnciphermentKey } from "../../../firmware/emv/pin-key.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { check } from "../../vectors/checkers/emv-oda.ts";
import published from "../../vectors/emv-oda.json" with { type: "json" };
import {
  type CardChanges,
  type CertificateChanges,
  card,
  keysOf,
  pinKey,
  sessionOf,
  signDynamic,
  signedAnswer,
} from "./oda-issuer.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

for (const one of published) {
  test(`published case ${one.id} comes out as its standard says`, () => {
    assert.is(check(one), undefined);
  });
}

test("a published signature over static data holds before its bit was changed", () => {
  const tampered = published.find(({ id }) => id === "pm3-sda-tampered")!;
  const staticData = tampered.staticData!.replace("5F2403081230", "5F2403081231");
  const expected = { issuer: { issuerId: "427655FF", expiry: "1209" }, ssad: { dataAuthenticationCode: "3132" } };
  assert.is(check({ ...tampered, staticData, valid: true, expected }), undefined);
});

/** From openemv/emv-utils, tests/emv_rsa_cda_test.c and tests/emv_rsa_test.c. */
test("a published refusal's combined signature comes out as its source says", () => {
  const chain = published.find(({ id }) => id === "omv-cda-icc")!;
  const signature =
    "7B9F22B297CCEAD536B87C449EEE744C6971AA0EBDD6B611C88E30FFF0A671CC6D6AC45A5555311E30C466863817EA0A" +
    "A3D13B54BEA6849976592DFC73DED0BB958D506DF7180FAA7A1FD0540859C0E539035BAB64CE8891353DDD3008A0B446";
  const expected = {
    dynamicLength: 38,
    iccDynamicNumber: "537EB5E03CC433C8",
    cid: "00",
    cryptogram: "55B6408DBC985131",
    transactionDataHash: "A04620C52455EA8F2370647AF36748A2CA4AA9F6",
    hash: "4A0162C20A8E535D79978A54AF529CAAA3590488",
  };
  const one = { ...chain, op: "sdad", sdad_9F4B: signature, ddolData: "8B55633B", expected };
  assert.is(check(one), undefined);
  assert.is(check({ ...one, ddolData: "8B55633C", valid: false }), undefined);
  assert.is(check({ ...one, sdad_9F4B: `${signature.slice(0, -1)}7`, valid: false }), undefined);
});

test("a published static signature opens before its last byte was changed", () => {
  const bad = published.find(({ id }) => id === "omv-ssad-bad")!;
  const good = `${bad.ssad_93!.slice(0, -2)}87`;
  assert.is(check({ ...bad, ssad_93: good, valid: true, expected: { hashAlgorithm: 1 } }), undefined);
});

test("a case that nobody knows counts as failed", () => {
  assert.type(check({ op: "guess" }), "string");
  assert.type(check({ ...published[0], hash: "00" }), "string");
});

/** Bytes 1 and 2 of the TVR and byte 1 of the TSI. */
function results(data: SessionData): string {
  const verification = data.need(tags.terminalVerificationResults, "test");
  return `${bytesToHex(verification.subarray(0, 2))} ${bytesToHex(data.need(tags.transactionStatusInformation, "test").subarray(0, 1))}`;
}

async function authenticate(
  changes: CardChanges,
  script: readonly Exchange[] = [],
  keys = keysOf(),
  dynamicDataList?: Uint8Array,
) {
  const data = sessionOf(changes);
  const channel = new ScriptedCard(script);
  const outcome = await authenticateOffline({ card: channel, data, keys, dynamicDataList });
  assert.is(channel.left, 0);
  return { data, outcome };
}

const sda = { capabilities: "E0F880" };
const dda = { capabilities: "E0F8C0" };
const signed = bytesToHex(signDynamic("030102AB", "0BADCAFE"));
const internalAuthenticate = "00880000040BADCAFE00";
const format1: Exchange = [internalAuthenticate, `8050${signed}9000`];

test("of the methods that both sides have the best one is chosen", () => {
  const cases: readonly (readonly [profile: string, capabilities: string, method: string])[] = [
    ["6100", "E0F8C8", "combined"],
    ["6100", "E0F8C0", "dynamic"],
    ["4100", "E0F8C0", "static"],
    ["6000", "E0F8C8", "dynamic"],
    ["2000", "E0F880", "none"],
    ["4000", "E0F840", "none"],
    ["0100", "E0F808", "combined"],
    ["7C00", "E0F800", "none"],
    ["0000", "E0F8C8", "none"],
  ];
  for (const [profile, capabilities, method] of cases) {
    assert.is(
      chooseAuthentication(hexToBytes(profile), hexToBytes(capabilities)),
      method,
      `${profile} ${capabilities}`,
    );
  }
  assert.is(chooseAuthentication(undefined, undefined), "none");
});

test("without a common method the issuer hears that nothing was authenticated", async () => {
  const { data, outcome } = await authenticate({ capabilities: "E0F800" });
  assert.is(outcome.method, "none");
  assert.is(results(data), "8000 00");
});

test("good static data is authenticated, and its code kept", async () => {
  const { data, outcome } = await authenticate(sda);
  assert.equal(outcome, { method: "static" });
  assert.is(results(data), "0200 80");
  assert.is(bytesToHex(data.need(tags.dataAuthenticationCode, "test")), "DAC1");
  assert.is(bytesToHex(data.need(tags.terminalAuthorityKeyIndex, "test")), "E1");
});

test("a card that signs the terminal's number is authentic, in either format of its answer", async () => {
  const format2: Exchange = [internalAuthenticate, `77539F4B50${signed}9000`];
  for (const answer of [format1, format2]) {
    const { data, outcome } = await authenticate(dda, [answer]);
    assert.is(outcome.fault, undefined);
    assert.is(results(data), "0000 80");
    assert.is(bytesToHex(data.need(tags.dynamicNumber, "test")), "0102AB");
  }
});

test("the card's own list decides what it signs", async () => {
  const list: CardChanges["elements"] = [[tags.dynamicDataList, "9F37049A03"]];
  const own = bytesToHex(signDynamic("0201AB", "0BADCAFE261123"));
  const { outcome } = await authenticate({ ...dda, elements: list }, [
    ["00880000070BADCAFE26112300", `8050${own}9000`],
  ]);
  assert.is(outcome.fault, undefined);
});

test("a card without a list signs what the terminal's default one says, and one with a list its own", async () => {
  const dynamicDataList = hexToBytes("9F37049A03");
  const signedWithDate = bytesToHex(signDynamic("0201AB", "0BADCAFE261123"));
  const byDefault: Exchange = ["00880000070BADCAFE26112300", `8050${signedWithDate}9000`];
  const { outcome } = await authenticate(dda, [byDefault], keysOf(), dynamicDataList);
  assert.is(outcome.fault, undefined);
  const own: CardChanges["elements"] = [[tags.dynamicDataList, "9F3704"]];
  const { outcome: other } = await authenticate({ ...dda, elements: own }, [format1], keysOf(), dynamicDataList);
  assert.is(other.fault, undefined);
});

test("a default list without the terminal's number is not sent to a card", async () => {
  const { outcome, data } = await authenticate(dda, [], keysOf(), hexToBytes("9A03"));
  assert.is(outcome.fault, "dynamicDataList");
  assert.is(results(data), "0800 80");
});

test("a card's number may come in its track alone", async () => {
  const elements: CardChanges["elements"] = [
    [tags.primaryAccountNumber, undefined],
    [tags.track2Equivalent, "6212345678901232D49122010000000000000F"],
  ];
  const key = recoverKeys({ data: sessionOf({ elements }), keys: keysOf() });
  assert.is(typeof key === "string" ? key : bytesToHex(key.modulus), bytesToHex(card.modulus));
});

const pdol = "0156E0F8C8";
const cdol1 = "0000000100000BADCAFE";

test("a combined signature vouches for the cryptogram that came with it", async () => {
  const { data, outcome } = await authenticate({});
  assert.is(outcome.method, "combined");
  assert.is(results(data), "0000 00");
  const sent = [hexToBytes(pdol), hexToBytes(cdol1)];
  const exchange = { unpredictableNumber: hexToBytes("0BADCAFE"), sent };
  const first = finishCombined(data, outcome.cardKey!, signedAnswer(pdol + cdol1), exchange);
  assert.is.not(typeof first, "string");
  assert.is(results(data), "0000 80");
  assert.is(bytesToHex(data.need(tags.applicationCryptogram, "test")), "A1A2A3A4A5A6A7A8");
  assert.is(bytesToHex(data.need(tags.dynamicNumber, "test")), "1122334455667788");
  const cdol2 = "3030";
  const second = finishCombined(data, outcome.cardKey!, signedAnswer(pdol + cdol1 + cdol2, { information: 0x40 }), {
    ...exchange,
    sent: [...sent, hexToBytes(cdol2)],
  });
  assert.is.not(typeof second, "string");
  assert.is(results(data), "0000 80");
});

test("what a kernel's card adds behind the transaction's hash is given on", async () => {
  const { data, outcome } = await authenticate({});
  const exchange = { unpredictableNumber: hexToBytes("0BADCAFE"), sent: [hexToBytes(cdol1)] };
  const answer = signedAnswer(cdol1, { more: "C0FFEE" });
  const given = finishCombined(data, outcome.cardKey!, answer, exchange);
  assert.is(typeof given === "string" ? given : bytesToHex(given.additional), "C0FFEE");
});

test("a signature over another answer or transaction is no approval", async () => {
  const cases: readonly (readonly [answer: Uint8Array, fault: string])[] = [
    [signedAnswer(cdol1, { information: 0x40, signedInformation: 0x80 }), "transaction"],
    [signedAnswer(`${cdol1}00`), "transaction"],
    [hexToBytes("77079F2701809F3600"), "missing"],
    [hexToBytes("800B80004100112233445566770000".slice(0, 26)), "missing"],
  ];
  for (const [answer, fault] of cases) {
    const { data, outcome } = await authenticate({});
    const exchange = { unpredictableNumber: hexToBytes("0BADCAFE"), sent: [hexToBytes(cdol1)] };
    assert.is(finishCombined(data, outcome.cardKey!, answer, exchange), fault);
    assert.is(results(data), "0400 80");
    assert.not(data.has(tags.applicationCryptogram));
  }
});

test("a signature for another unpredictable number is none", async () => {
  const { data, outcome } = await authenticate({});
  const exchange = { unpredictableNumber: hexToBytes("0BADCAFF"), sent: [hexToBytes(cdol1)] };
  assert.is(finishCombined(data, outcome.cardKey!, signedAnswer(cdol1), exchange), "hash");
});

test("another signed data format holds where a contactless kernel asks for it", () => {
  const other = signDynamic("030102AB", "0BADCAFE", { start: "950104" });
  assert.is(verifyDynamicSignature(card, other, hexToBytes("0BADCAFE")), "signature");
  assert.is.not(typeof verifyDynamicSignature(card, other, hexToBytes("0BADCAFE"), 0x95), "string");
});

test("each mode asks for signatures as the standard's table says", () => {
  const table: readonly (readonly [mode: CombinedMode, request: boolean, afterHost: boolean])[] = [
    [1, true, true],
    [2, true, false],
    [3, false, false],
    [4, false, true],
  ];
  for (const [mode, request, afterHost] of table) {
    assert.is(asksForSignature(mode, "first", "ARQC"), request);
    assert.is(asksForSignature(mode, "first", "TC"), true);
    assert.is(asksForSignature(mode, "secondOnline", "TC"), afterHost);
    assert.is(asksForSignature(mode, "secondUnable", "TC"), true);
    for (const moment of ["first", "secondOnline", "secondUnable"] as const) {
      assert.is(asksForSignature(mode, moment, "AAC"), false);
    }
  }
});

test("a PIN for the card goes under its PIN key, or under its signing key when it has no other", () => {
  const own = pinEnciphermentKey(sessionOf(), keysOf());
  assert.is(bytesToHex(own!.modulus), bytesToHex(pinKey.modulus));
  const shared = pinEnciphermentKey(sessionOf({ elements: [[tags.pinKeyCertificate, undefined]] }), keysOf());
  assert.is(bytesToHex(shared!.modulus), bytesToHex(card.modulus));
});

test("the PIN key's certificate does not cover the static data, and is checked like the other one", () => {
  const changes: readonly CertificateChanges[] = [
    { staticData: hexToBytes("00") },
    { holder: "6212345678901233FFFF" },
    { expiry: "1026" },
    { format: "02" },
  ];
  for (const pin of changes) {
    assert.is(pinEnciphermentKey(sessionOf({ pin }), keysOf()), undefined);
  }
});

test.run();
