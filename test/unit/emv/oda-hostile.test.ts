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
import {
  type CardChanges,
  card,
  issuer,
  keysOf,
  serial,
  sessionOf,
  sign,
  signDynamic,
  signedAnswer,
  staticData,
} from "./oda-issuer.ts";
import { type Exchange, ScriptedCard } from "./scripted-card.ts";

interface Hostile {
  readonly what: string;
  readonly changes?: CardChanges;
  readonly keys?: Parameters<typeof keysOf>[0];
  readonly fault: string;
}

const without = (tag: number): CardChanges => ({ elements: [[tag, undefined]] });
const replaced = (tag: number, value: string): CardChanges => ({ elements: [[tag, value]] });
const zeros = new Uint8Array(20);

/** What is wrong with the issuer's key, for every method alike. */
const issuers: readonly Hostile[] = [
  { what: "no index", changes: without(tags.authorityKeyIndex), fault: "missing" },
  { what: "an index of two bytes", changes: replaced(tags.authorityKeyIndex, "E1E1"), fault: "missing" },
  { what: "an unknown index", changes: replaced(tags.authorityKeyIndex, "E2"), fault: "unknownKey" },
  { what: "an authority key that was changed", keys: { checksum: "00".repeat(20) }, fault: "unknownKey" },
  { what: "an authority key after its last day", keys: { expiry: "20261122" }, fault: "unknownKey" },
  { what: "no issuer certificate", changes: without(tags.issuerCertificate), fault: "missing" },
  { what: "an empty issuer certificate", changes: replaced(tags.issuerCertificate, ""), fault: "length" },
  { what: "a shorter issuer certificate", changes: replaced(tags.issuerCertificate, "00".repeat(95)), fault: "length" },
  { what: "a longer issuer certificate", changes: replaced(tags.issuerCertificate, "00".repeat(97)), fault: "length" },
  {
    what: "an issuer certificate of zeros",
    changes: replaced(tags.issuerCertificate, "00".repeat(96)),
    fault: "signature",
  },
  {
    what: "an issuer certificate above the modulus",
    changes: replaced(tags.issuerCertificate, "FF".repeat(96)),
    fault: "signature",
  },
  { what: "another header", changes: { issuer: { header: 0x6b } }, fault: "signature" },
  { what: "another trailer", changes: { issuer: { trailer: 0xbd } }, fault: "signature" },
  { what: "a card's format in an issuer's certificate", changes: { issuer: { format: "04" } }, fault: "signature" },
  { what: "another hash algorithm", changes: { issuer: { algorithms: "0201" } }, fault: "algorithm" },
  { what: "another key algorithm", changes: { issuer: { algorithms: "0102" } }, fault: "algorithm" },
  { what: "a wrong hash", changes: { issuer: { hash: zeros } }, fault: "hash" },
  { what: "no issuer key exponent", changes: without(tags.issuerKeyExponent), fault: "missing" },
  { what: "another issuer key exponent", changes: replaced(tags.issuerKeyExponent, "05"), fault: "hash" },
  { what: "no issuer key remainder", changes: without(tags.issuerKeyRemainder), fault: "missing" },
  { what: "a short issuer key remainder", changes: replaced(tags.issuerKeyRemainder, "00"), fault: "length" },
  {
    what: "a changed issuer key remainder",
    changes: replaced(tags.issuerKeyRemainder, "00".repeat(28)),
    fault: "hash",
  },
  { what: "an issuer key of no length", changes: { issuer: { keyLength: 0 } }, fault: "length" },
  { what: "an issuer key above the longest", changes: { issuer: { keyLength: 249 } }, fault: "length" },
  { what: "another issuer's certificate", changes: { issuer: { holder: "621235FF" } }, fault: "holder" },
  { what: "an issuer of two digits", changes: { issuer: { holder: "62FFFFFF" } }, fault: "holder" },
  { what: "an issuer certificate after its month", changes: { issuer: { expiry: "1026" } }, fault: "expired" },
  { what: "an issuer certificate of no month", changes: { issuer: { expiry: "1349" } }, fault: "expired" },
  { what: "a revoked issuer certificate", keys: { revoked: serial }, fault: "revoked" },
  { what: "two tags to sign", changes: replaced(tags.staticDataTagList, "8282"), fault: "staticData" },
  { what: "another tag to sign", changes: replaced(tags.staticDataTagList, "5A"), fault: "staticData" },
  { what: "an empty list to sign", changes: replaced(tags.staticDataTagList, ""), fault: "staticData" },
];

const statics: readonly Hostile[] = [
  { what: "no static signature", changes: without(tags.signedStaticData), fault: "missing" },
  { what: "a short static signature", changes: replaced(tags.signedStaticData, "00".repeat(87)), fault: "length" },
  { what: "no tag list though the profile is signed", changes: without(tags.staticDataTagList), fault: "hash" },
  { what: "a changed record", changes: { record: Uint8Array.of(0x5a, 0x00) }, fault: "hash" },
  {
    what: "a static signature of another format",
    changes: replaced(tags.signedStaticData, bytesToHex(sign(issuer, hexToBytes("0501DAC1"), staticData))),
    fault: "signature",
  },
  {
    what: "a static signature with another hash algorithm",
    changes: replaced(tags.signedStaticData, bytesToHex(sign(issuer, hexToBytes("0302DAC1"), staticData))),
    fault: "algorithm",
  },
];

const cards: readonly Hostile[] = [
  { what: "no card certificate", changes: without(tags.cardCertificate), fault: "missing" },
  { what: "no card key exponent", changes: without(tags.cardKeyExponent), fault: "missing" },
  { what: "no card key remainder", changes: without(tags.cardKeyRemainder), fault: "missing" },
  { what: "a long card key remainder", changes: replaced(tags.cardKeyRemainder, "00".repeat(99)), fault: "length" },
  { what: "a short card certificate", changes: replaced(tags.cardCertificate, "6A04"), fault: "length" },
  { what: "an issuer's format in a card's certificate", changes: { card: { format: "02" } }, fault: "signature" },
  { what: "another key algorithm of the card", changes: { card: { algorithms: "0100" } }, fault: "algorithm" },
  { what: "a changed signed record", changes: { record: Uint8Array.of(0x5a, 0x00) }, fault: "hash" },
  { what: "another card's certificate", changes: { card: { holder: "6212345678901233FFFF" } }, fault: "holder" },
  { what: "a longer number's certificate", changes: { card: { holder: "62123456789012320FFF" } }, fault: "holder" },
  { what: "a shorter number's certificate", changes: { card: { holder: "621234567890123FFFFF" } }, fault: "holder" },
  { what: "a certificate for nobody", changes: { card: { holder: "FFFFFFFFFFFFFFFFFFFF" } }, fault: "holder" },
  { what: "a card certificate after its month", changes: { card: { expiry: "1199" } }, fault: "expired" },
];

async function faultOf({ what, changes = {}, keys }: Hostile, capabilities: string) {
  const data = sessionOf({ ...changes, capabilities });
  const outcome = await authenticateOffline({ card: new ScriptedCard([]), data, keys: keysOf(keys) });
  const verification = data.need(tags.terminalVerificationResults, what)[0]!;
  return { fault: outcome.fault, verification, status: data.need(tags.transactionStatusInformation, what)[0]! };
}

const methods = [
  { name: "static", capabilities: "E0F880", bits: 0x42, cases: [...issuers, ...statics] },
  { name: "dynamic", capabilities: "E0F840", bits: 0x08, cases: [...issuers, ...cards] },
  { name: "combined", capabilities: "E0F808", bits: 0x04, cases: [...issuers, ...cards] },
] as const;

for (const { name, capabilities, bits, cases } of methods) {
  test(`${name} authentication says in the results why it failed`, async () => {
    for (const one of cases) {
      const found = await faultOf(one, capabilities);
      assert.is(found.fault, one.fault, one.what);
      assert.is(found.verification, one.fault === "missing" ? bits | 0x20 : bits, one.what);
      assert.is(found.status, 0x80, one.what);
    }
  });
}

test("a signed record that is no template fails every method", async () => {
  for (const { capabilities, bits } of methods) {
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

test("keys without a modulus or an exponent open nothing", async () => {
  for (const exponent of ["", "00", "0000000003"]) {
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
