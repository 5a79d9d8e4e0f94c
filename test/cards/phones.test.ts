/** Customers' phones: their files, what they show, and the codes that they read off pictures. */
import { readFileSync } from "node:fs";
import { encode } from "uqr";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { parseTlv, tlv } from "../../simulator/acquirer/tlv.ts";
import { allCards } from "../../simulator/cards/cards.ts";
import { consumerCode } from "../../simulator/cards/phone/consumer-code.ts";
import { allPhones, phoneCards, readPhone } from "../../simulator/cards/phone/definition.ts";
import { type GrayPicture, openEyes, readCodes } from "../../simulator/cards/phone/eyes.ts";
import { CodeError, readMerchantCode } from "../../simulator/cards/phone/merchant-code.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { newHost, Till } from "../host/till.ts";

const WALLET = `name: phone-x
wallet: WXP
payer: wx****83
balance: 30.00
limit: 10.00
`;

function mistake(text: string): string {
  try {
    readPhone(text);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

test("each phone that ships says what it is, and is no card", () => {
  assert.ok(allPhones().size >= 9);
  for (const { name, about } of allPhones().values()) {
    assert.match(about, /^A phone .*\.$/, name);
    assert.not.ok(allCards().has(name));
  }
});

const wrong: readonly (readonly [string, string, RegExp])[] = [
  ["an unknown key", `${WALLET}colour: red\n`, /^line 6: unknown key "colour"/],
  ["an unknown wallet", WALLET.replace("WXP", "ABC"), /^line 2: there is no wallet "ABC"/],
  ["a balance that is none", WALLET.replace("30.00", "much"), /^line 4: balance must be an amount/],
  ["a missing limit", WALLET.replace("limit: 10.00\n", ""), /^line 1: a phone needs "limit"/],
  ["a name of another kind", WALLET.replace("phone-x", "card-x"), /^line 1: the name is "phone-"/],
  ["a wallet and a card at once", `${WALLET}card: unionpay-phone\n`, /one of wallet, card, shows/],
  ["a password that nobody asks for", `${WALLET}password: "123456"\n`, /^line 6: only a phone that asks/],
  ["a password of letters", `${WALLET}asks: password\npassword: secret\n`, /^line 7: a password has 6 digits/],
  ["an owner who does two things", `${WALLET}owner: { agrees: 1s, refuses: 2s }\n`, /^line 6: owner:/],
  ["a card that there is not", "name: phone-x\ncard: none\n", /^line 2: no card none/],
  [
    "a wallet's key without a wallet",
    'name: phone-x\nshows: "1"\nlimit: 1.00\n',
    /^line 3: only a phone with a wallet/,
  ],
];

for (const [what, text, message] of wrong) {
  test(`${what} in a phone's file is an error with its line`, () => {
    assert.match(mistake(text), message);
  });
}

test("a phone's file without mistakes is read", () => {
  assert.is(mistake(WALLET), "");
  assert.equal(readPhone(`${WALLET}asks: confirmation\nowner: { refuses: 3s }\n`).habit, {
    agrees: false,
    after: 3000,
  });
});

// --- codes on pictures

function picture(text: string, scale: number, inverted = false): GrayPicture {
  const { size, data } = encode(text, { border: 4 });
  const width = size * scale;
  const gray = new Uint8Array(width * width);
  for (let at = 0; at < gray.length; at++) {
    const dark = data[Math.floor(at / width / scale)]![Math.floor((at % width) / scale)]!;
    gray[at] = dark !== inverted ? 0 : 255;
  }
  return { width, height: width, gray };
}

test("codes are read off pictures, in Chinese as well; a picture without one has none", async () => {
  await openEyes();
  for (const text of ["1234567890123456789012345678", "00020101 微信支付 COM.XSPOS"])
    assert.equal(readCodes(picture(text, 3)), [text]);
  assert.equal(readCodes({ width: 100, height: 100, gray: new Uint8Array(10_000).fill(255) }), []);
});

// --- shops' codes

function crc(text: string): string {
  let sum = 0xffff;
  for (const byte of Buffer.from(text, "utf8")) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) sum = (sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1) & 0xffff;
  }
  return sum.toString(16).toUpperCase().padStart(4, "0");
}

const object = (id: string, value: string) => `${id}${String([...value].length).padStart(2, "0")}${value}`;
const signed = (text: string) => `${text}6304${crc(`${text}6304`)}`;
const REFERENCE = "12345678000001000007";
const PARTS = {
  "00": "01",
  "01": "12",
  "26": object("00", "COM.XSPOS") + object("01", "898310172991001") + object("02", "12345678"),
  "52": "5999",
  "53": "156",
  "54": "12.34",
  "58": "CN",
  "59": "XSPOS Demo Store",
  "60": "Shanghai",
  "62": object("05", REFERENCE) + object("07", "12345678"),
  "64": object("00", "ZH") + object("01", "体验店"),
};
const written = (changes: Readonly<Record<string, string | undefined>> = {}) =>
  signed(
    Object.entries({ ...PARTS, ...changes })
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([id, value]) => (value === undefined ? "" : object(id, value)))
      .join(""),
  );

test("a code for one payment says shop, reference and amount", () => {
  assert.equal(readMerchantCode(written()), {
    dynamic: true,
    merchant: "898310172991001",
    terminal: "12345678",
    reference: REFERENCE,
    amount: 1234,
    currency: "156",
    name: "XSPOS Demo Store",
    city: "Shanghai",
    ownName: "体验店",
  });
});

test("the shop's own code has no amount, and says what is added for a tip", () => {
  const own = { "01": "11", "54": undefined, "62": object("07", "12345678") };
  const code = readMerchantCode(written(own));
  assert.equal([code.dynamic, code.amount, code.reference, code.tip], [false, undefined, undefined, undefined]);
  const tip = (changes: Record<string, string>) => readMerchantCode(written({ ...own, ...changes })).tip;
  assert.equal(tip({ "55": "01" }), { kind: "asked" });
  assert.equal(tip({ "55": "02", "56": "5.00" }), { kind: "fixed", amount: 500 });
  assert.equal(tip({ "55": "03", "57": "10" }), { kind: "share", perCent: 10 });
});

const spoilt: readonly (readonly [string, string, RegExp])[] = [
  ["a wrong sum", `${written().slice(0, -1)}X`, /^object 63: is wrong/],
  ["another amount under the old sum", written().replace("12.34", "12.35"), /^object 63: is wrong/],
  ["an object twice", signed(`${written().slice(0, -8)}${object("58", "CN")}`), /^object 58: is there twice/],
  [
    "an object twice in a template",
    written({ "62": object("05", "a") + object("05", "b") }),
    /^object 62\.05: is there twice/,
  ],
  ["a length beyond the end", written({ "62": "0599A" }), /^object 62\.05: longer/],
  ["no amount of money", written({ "54": "0.00" }), /^object 54: nothing to pay/],
  ["an amount of words", written({ "54": "12,34" }), /^object 54: has another form/],
  ["no country", written({ "58": undefined }), /^object 58: is missing/],
  ["no account", written({ "26": undefined }), /^object 02: no account/],
  ["a fixed tip without its amount", written({ "55": "02" }), /^object 56: does not fit/],
  ["the sum not at the end", `${written()}${object("80", "x")}`, /^object 63: is not the last/],
  ["no code of a shop at all", "9787302423287", /^object 00: no shop's code/],
];

for (const [what, text, message] of spoilt) {
  test(`a phone refuses a code with ${what}, and says where`, () => {
    assert.throws(
      () => readMerchantCode(text),
      (error: unknown) => error instanceof CodeError && message.test(error.message),
    );
  });
}

test("links to one payment are read for their reference", () => {
  for (const link of [
    `https://qr.95516.com/48020000/${REFERENCE}`,
    `weixin://wxpay/bizpayurl?pr=${REFERENCE}`,
    `https://qr.alipay.com/${REFERENCE}`,
  ])
    assert.equal(readMerchantCode(link), { dynamic: true, reference: REFERENCE });
});

interface Published {
  readonly id: string;
  readonly payload: string;
  readonly valid: boolean;
  readonly profile?: string;
}

test("published codes are read; spoilt ones refused", () => {
  const published = JSON.parse(
    readFileSync(new URL("../vectors/qr.json", import.meta.url), "utf8"),
  ) as readonly Published[];
  for (const { id, payload, valid, profile } of published) {
    if (profile !== undefined) continue; // leaves out what the specification makes mandatory
    const read = () => readMerchantCode(payload);
    if (valid) assert.not.throws(read, id);
    else assert.throws(read, (error: unknown) => error instanceof CodeError, id);
  }
});

test("whatever stands in a code, a phone reads it or refuses it", () => {
  const random = new SeededRandom(5, "codes");
  const code = written();
  for (let run = 0; run < 20_000; run++) {
    const at = random.below(code.length);
    const cut = random.below(3) === 0 ? "" : String.fromCharCode(32 + random.below(96));
    const text = code.slice(0, at) + cut + code.slice(at + 1 + random.below(3));
    try {
      readMerchantCode(random.below(2) === 0 ? text : signed(text.slice(0, -8)));
    } catch (error) {
      if (!(error instanceof CodeError)) throw error;
    }
  }
});

// --- a card's code

const [card] = phoneCards();

/** A terminal's request with what stands in a code. */
function request(till: Till, code: string, changes: Record<string, string> = {}) {
  const [head, template] = parseTlv(new Uint8Array(Buffer.from(code, "base64")));
  assert.is(Buffer.from(head!.value).toString(), "CPV01");
  const objects = template!.children!;
  const judged = objects.find(({ tag }) => tag === "63")!.children!;
  const track = hex(objects.find(({ tag }) => tag === "57")!.value).replace(/F$/, "");
  const own = {
    "9F02": "000000001234",
    "5F2A": "0156",
    "9A": "261123",
    "9C": "00",
    "9F1A": "0156",
    "95": "0000000000",
  };
  const chip = [
    ...judged.map(({ tag, value }) => hex(tlv(tag, value))),
    ...Object.entries({ ...own, ...changes }).map(([tag, value]) => hex(tlv(tag, fromHex(value)))),
  ].join("");
  const fields = till.saleFields({ card: "magstripe-credit", amount: 1234, chip, entry: "032" });
  return { ...fields, 2: track.split("D")[0]!, 14: track.split("D")[1]!.slice(0, 4), 35: track };
}

test("a card's code is approved once, by its cryptogram, and no other card's counts for it", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const random = new SeededRandom(3, "phone");
  const code = consumerCode(card!, 1, random);
  assert.match(code, /^hQVDUFYwMW/);
  const answer = till.send("0200", request(till, code)).fields;
  assert.equal([answer[39], answer[63], answer[55]], ["00", "CUP", undefined]);
  assert.is(host.ledger.accounts()["phone-emv"]?.debited, 1234);
  assert.is(till.send("0200", request(till, code)).fields[39], "05", "the same code again");
  const forged = request(till, consumerCode(card!, 2, random), { "9F36": "0003" });
  assert.is(till.send("0200", forged).fields[39], "05");
  const bare = { ...request(till, consumerCode(card!, 3, random)), 55: undefined };
  assert.is(till.send("0200", bare).fields[39], "30");
  assert.is(host.ledger.merchant().balance, 1234);
});

test.run();
