import { test } from "uvu";
import * as assert from "uvu/assert";
import { FormatError } from "../../../firmware/codec/errors.ts";
import { bytesToHex, hexToBytes } from "../../../firmware/codec/hex.ts";
import { CardError } from "../../../firmware/emv/errors.ts";
import { authenticateOffline, finishCombined } from "../../../firmware/emv/oda/authenticate.ts";
import { isInDate, isIssuerOf, isSameNumber } from "../../../firmware/emv/oda/holder.ts";
import { pinEnciphermentKey } from "../../../firmware/emv/pin-key.ts";
import { readRecords } from "../../../firmware/emv/records.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { Seeded } from "../seeded.ts";
import { refusedBy } from "./oda-cases.ts";
import { type CardChanges, card, keysOf, sessionOf, signDynamic, signedAnswer } from "./oda-issuer.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

for (const { method, capabilities, bits, cases } of refusedBy) {
  for (const { requirement, what, fault, changes, keys } of cases) {
    test(`${requirement}: ${method} fails with ${what}`, async () => {
      const data = sessionOf({ ...changes, capabilities });
      const outcome = await authenticateOffline({ card: new ScriptedCard([]), data, keys: keysOf(keys) });
      assert.is(outcome.fault, fault);
      const verification = data.need(tags.terminalVerificationResults, what)[0];
      assert.is(verification, fault === "missing" ? bits | 0x20 : bits);
      assert.is(data.need(tags.transactionStatusInformation, what)[0], 0x80);
    });
  }
}

test("a signed record that is no template fails every method", async () => {
  for (const { capabilities, bits } of refusedBy) {
    const data = sessionOf({ capabilities });
    data.spoilStaticData();
    const outcome = await authenticateOffline({ card: new ScriptedCard([]), data, keys: keysOf() });
    assert.is(outcome.fault, "staticData");
    assert.is(data.need(tags.terminalVerificationResults, "test")[0], bits);
  }
});

const command = "00880000040BADCAFE00";

async function dynamic(answer: string, elements: CardChanges["elements"] = []) {
  const data = sessionOf({ capabilities: "E0F840", elements });
  const script: readonly Exchange[] = answer === "" ? [] : [[command, answer]];
  return authenticateOffline({ card: new ScriptedCard(script), data, keys: keysOf() });
}

const answerWith = (signature: Uint8Array): string => `8050${bytesToHex(signature)}9000`;

test("a dynamic signature that is none fails", async () => {
  const cases: readonly (readonly [what: string, answer: string, fault: string])[] = [
    ["another number", answerWith(signDynamic("030102AB", "0BADCAFF")), "hash"],
    ["a number of one byte", answerWith(signDynamic("01AB", "0BADCAFE")), "length"],
    ["a number of nine bytes", answerWith(signDynamic("09010203040506070809", "0BADCAFE")), "length"],
    ["a number longer than the data", answerWith(signDynamic("0401", "0BADCAFE")), "length"],
    ["data longer than the signature", answerWith(signDynamic("030102AB", "0BADCAFE", { start: "0501F0" })), "length"],
    ["another algorithm", answerWith(signDynamic("030102AB", "0BADCAFE", { start: "050204" })), "algorithm"],
    ["another header", answerWith(signDynamic("030102AB", "0BADCAFE", { header: 0x6b })), "signature"],
    ["another length", "800201029000", "length"],
    ["nothing", "80009000", "length"],
  ];
  for (const [what, answer, fault] of cases) {
    const outcome = await dynamic(answer);
    assert.is(outcome.fault, fault, what);
    assert.is(bytesToHex(outcome.cardKey!.modulus), bytesToHex(card.modulus), what);
  }
});

test("a list without the terminal's number, or that is no list, is not sent to the card", async () => {
  for (const list of ["", "9A03", "9F37", "9F3704FF", "9F37049F02FF"]) {
    assert.is((await dynamic("", [[tags.dynamicDataList, list]])).fault, "dynamicDataList", list);
  }
});

test("a card that does not answer for its signature ends the session", async () => {
  for (const answer of [
    "6985",
    "9000",
    "81009000",
    "77009000",
    "77039F4B059000",
    `${answerWith(card.modulus).slice(0, 60)}9000`,
  ]) {
    try {
      await dynamic(answer);
      assert.unreachable(answer);
    } catch (error) {
      assert.ok(error instanceof CardError || error instanceof FormatError, answer);
    }
  }
});

test("a card with more records than a card can have is left before the memory is full", async () => {
  const data = sessionOf();
  data.setFromCard(tags.applicationFileLocator, Uint8Array.of(0x08, 1, 40, 40));
  let count = 0;
  const swollen = {
    transmit: () => {
      const record = new Uint8Array(250 + 2);
      record.set([0x70, 0x81, 247, 0x9f, 0x50 + count++, 0x81, 243]);
      record.set([0x90, 0x00], 250);
      return Promise.resolve(record);
    },
  };
  try {
    await readRecords(swollen, data);
    assert.unreachable();
  } catch (error) {
    assert.ok(error instanceof CardError);
    assert.is((error as CardError).problem, "protocol");
  }
  assert.ok(count < 30);
});

test("holders and dates are compared digit by digit", () => {
  const pan = hexToBytes("6212345678901232");
  for (const [identifier, isOne] of [
    ["62123456", true],
    ["621FFFFF", true],
    ["6212345F", true],
    ["FFFFFFFF", false],
    ["6212F4FF", false],
    ["62123457", false],
    ["621234AF", false],
  ] as const) {
    assert.is(isIssuerOf(hexToBytes(identifier), pan), isOne, identifier);
  }
  assert.ok(isSameNumber(hexToBytes("6212345678901232FFFF"), pan));
  assert.not(isSameNumber(hexToBytes("6212345678901232FF1F"), pan));
  assert.not(isSameNumber(new Uint8Array(0), new Uint8Array(0)));
  for (const [expiry, date, isGood] of [
    ["1126", "261130", true],
    ["1126", "261201", false],
    ["1126", "271001", false],
    ["1249", "491231", true],
    ["0150", "261123", false],
    ["0126", "991231", true],
    ["0026", "260101", false],
    ["0A49", "260101", false],
  ] as const) {
    assert.is(isInDate(hexToBytes(expiry), hexToBytes(date)), isGood, `${expiry} ${date}`);
  }
});

const ofIssuer: readonly number[] = [
  tags.authorityKeyIndex,
  tags.issuerCertificate,
  tags.issuerKeyRemainder,
  tags.issuerKeyExponent,
];
const ofCard: readonly number[] = [tags.cardCertificate, tags.cardKeyRemainder, tags.cardKeyExponent];
const ofPin: readonly number[] = [tags.pinKeyCertificate, tags.pinKeyRemainder, tags.pinKeyExponent];

test("no mutated card is authentic, and none stops the terminal", async () => {
  const seeded = new Seeded(0x0da);
  const keys = keysOf();
  const sessions = [
    { data: sessionOf({ capabilities: "E0F880" }), used: [...ofIssuer, tags.signedStaticData] },
    { data: sessionOf({ capabilities: "E0F808" }), used: [...ofIssuer, ...ofCard] },
  ];
  for (let round = 0; round < 400; round++) {
    const { data, used } = seeded.pick(sessions);
    const tag = seeded.pick([...used, ...ofPin]);
    const good = data.need(tag, "test").slice();
    data.setFromCard(tag, seeded.below(2) ? mutate(seeded, good) : seeded.bytes(seeded.below(100)));
    const outcome = await authenticateOffline({ card: new ScriptedCard([]), data, keys });
    assert.is(outcome.fault !== undefined, used.includes(tag), `round ${round}`);
    if (ofIssuer.includes(tag) || ofPin.includes(tag)) {
      assert.is(pinEnciphermentKey(data, keys), undefined, `round ${round}`);
    }
    data.setFromCard(tag, good);
  }
});

test("no mutated answer to GENERATE AC is taken for a signed one", async () => {
  const seeded = new Seeded(0xcda);
  const data = sessionOf();
  const { cardKey } = await authenticateOffline({ card: new ScriptedCard([]), data, keys: keysOf() });
  const answer = signedAnswer("0102");
  const exchange = { unpredictableNumber: hexToBytes("0BADCAFE"), sent: [hexToBytes("0102")] };
  for (let round = 0; round < 300; round++) {
    const mutated = mutate(seeded, answer);
    try {
      assert.type(finishCombined(data, cardKey!, mutated, exchange), "string", `round ${round}`);
    } catch (error) {
      assert.ok(error instanceof FormatError, `round ${round}`);
    }
  }
});

test("exponents of zero or of many bytes open nothing", async () => {
  for (const exponent of ["00", "0000000003"]) {
    const data = sessionOf({ capabilities: "E0F880", elements: [[tags.issuerKeyExponent, exponent]] });
    const outcome = await authenticateOffline({ card: new ScriptedCard([]), data, keys: keysOf() });
    assert.is(outcome.fault, "hash");
  }
});

/** One byte changed, one cut away or one more. */
function mutate(seeded: Seeded, value: Uint8Array): Uint8Array {
  const place = seeded.below(value.length);
  const kind = seeded.below(4);
  if (kind === 0) {
    return value.slice(0, place);
  }
  const changed = kind === 1 ? Uint8Array.from([...value, seeded.below(256)]) : value.slice();
  if (kind > 1) {
    changed[place]! ^= 1 << seeded.below(8);
  }
  return changed;
}

test.run();
