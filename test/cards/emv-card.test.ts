import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { pinBlockFormat2 } from "../../simulator/acquirer/issuer/script.ts";
import type { EmvCard } from "../../simulator/cards/emv-card.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { card, command, cryptogramAnswer, fill, lengthAnd, startChip, terminalData } from "../host/till.ts";

const UNIONPAY = "00A4040008A00000033301010200";
const OPTIONS = "80A8000002830000";

function selected(name = "unionpay-chip-credit"): EmvCard {
  const { chip } = card(name);
  chip!.reset();
  command(chip!, UNIONPAY);
  return chip!;
}

function initiated(name?: string): EmvCard {
  const chip = selected(name);
  command(chip, OPTIONS);
  return chip;
}

function fresh(): EmvCard {
  const { chip } = card("unionpay-chip-credit");
  chip!.reset();
  return chip!;
}

function signing(): EmvCard {
  const { chip } = card("mastercard-chip-cda");
  chip!.reset();
  command(chip!, "00A4040007A000000004101000");
  command(chip!, OPTIONS);
  return chip!;
}

function answered(): EmvCard {
  return startChip(card("unionpay-chip-credit").chip!, 100).chip;
}

function raw(chip: EmvCard, apdu: string): string {
  return hex(chip.transmit(fromHex(apdu))!.bytes);
}

const refusals: [string, string, string, () => EmvCard][] = [
  ["an application it does not have", "00A4040007A000000003101000", "6A82", selected],
  ["SELECT by file identifier", "00A40000023F0000", "6A86", selected],
  ["a record before GET PROCESSING OPTIONS", "00B2011400", "6985", selected],
  ["a record it does not have", "00B2091400", "6A83", initiated],
  ["a file it does not have", "00B2016C00", "6A82", initiated],
  ["a record by another addressing", "00B2011500", "6A86", initiated],
  ["GET PROCESSING OPTIONS twice", OPTIONS, "6985", initiated],
  ["processing options without template 83", "80A8000002840000", "6A80", selected],
  ["processing options of a wrong length", "80A800000483020000", "6700", selected],
  ["GENERATE AC before GET PROCESSING OPTIONS", "80AE80000100", "6985", selected],
  ["GENERATE AC with too little data", "80AE80000100", "6700", initiated],
  ["GENERATE AC of an unknown kind", "80AEC0000100", "6A86", initiated],
  ["EXTERNAL AUTHENTICATE before an ARQC", "008200000A00000000000000003030", "6985", initiated],
  ["GET DATA of something it does not have", "80CA9F7900", "6A88", selected],
  ["GET RESPONSE when nothing waits", "00C0000010", "6985", selected],
  ["an unknown instruction", "0099000000", "6D00", selected],
  ["an unknown class", "A0A4000000", "6E00", selected],
  ["a command cut short", "00A404", "6700", selected],
  ["a script before an ARQC", "842400000400000000", "6985", initiated],
  ["GENERATE AC with bits that have no meaning", "80AE81000100", "6A86", initiated],
  ["a signed refusal", "80AE1000", "6A86", signing],
  ["a signed cryptogram that it cannot make", "80AE9000", "6A86", initiated],
  ["READ RECORD with data", "00B2010C0100", "6700", initiated],
  ["GET DATA with data", "80CA9F360100", "6700", selected],
  ["GET CHALLENGE with data", "008400000100", "6700", selected],
  ["GET CHALLENGE before an application", "0084000008", "6985", fresh],
  ["SELECT without a name", "00A4040000", "6700", selected],
  ["VERIFY after its first cryptogram", "0020008008241234FFFFFFFFFF", "6985", answered],
  ["INTERNAL AUTHENTICATE after its first cryptogram", "008800000401020304", "6985", answered],
];
for (const [what, apdu, word, at] of refusals) {
  test(`the chip refuses ${what} with ${word}`, () => {
    assert.is(raw(at(), apdu), word);
  });
}

test("over contacts data waits for GET RESPONSE (61xx) and a wrong Le is corrected (6Cxx)", () => {
  const { chip } = card("unionpay-chip-credit");
  chip!.reset();
  const announced = raw(chip!, UNIONPAY);
  assert.match(announced, /^61..$/);
  assert.is(raw(chip!, "00C00000FF"), `6C${announced.slice(2)}`);
  assert.match(raw(chip!, `00C00000${announced.slice(2)}`), /^6F.*9000$/);
  command(chip!, OPTIONS);
  const corrected = raw(chip!, "00B2010C00");
  assert.match(corrected, /^6C..$/);
  assert.match(raw(chip!, `00B2010C${corrected.slice(2)}`), /^70.*9000$/);
});

const overTheAir: [string, string, string][] = [
  ["SELECT without an expected length", "00A404000E325041592E5359532E4444463031", "6700"],
  ["READ RECORD without an expected length", "00B20114", "6700"],
  ["EXTERNAL AUTHENTICATE with one", "008200000A0000000000000000303000", "6700"],
];
for (const [what, apdu, word] of overTheAir) {
  test(`over the air the chip refuses ${what} with ${word}`, () => {
    const { chip } = card("unionpay-tap");
    chip!.reset("contactless");
    assert.is(raw(chip!, apdu), word);
  });
}

const quickOptions = (terminal: string): string => {
  const list = "9F66049F02069F03069F1A0295055F2A029A039C019F3704";
  const options = fill(list, { ...terminalData(100), "9F66": terminal });
  return `80A80000${lengthAnd(`83${lengthAnd(options)}`)}00`;
};

test("a quick card does not talk to a reader that does not know its way, and has one word", () => {
  const { chip } = card("visa-tap");
  chip!.reset("contactless");
  command(chip!, "00A4040007A000000003101000");
  assert.is(raw(chip!, quickOptions("16800000")), "6985");
  assert.match(raw(chip!, quickOptions("36800000")), /9000$/);
  assert.is(raw(chip!, "80AE400002000000"), "6985");
});

test("over the air a Mastercard gives one cryptogram", () => {
  const { chip, cdol2 } = startChip(card("mastercard-tap").chip!, 100);
  const data = fill(cdol2, terminalData(100));
  assert.is(raw(chip, `80AE4000${lengthAnd(data)}00`), "6985");
});

test("over the air an answer comes whole", () => {
  const { chip } = card("unionpay-tap");
  chip!.reset("contactless");
  assert.match(raw(chip!, "00A404000E325041592E5359532E444446303100"), /^6F.*BF0C.*A000000333010102.*9000$/);
  assert.is(raw(chip!, "00A404000E315041592E5359532E444446303100"), "6A82");
});

test("a card with two applications is found by directory and by partial name, one after the other", () => {
  const { chip } = card("multi-application");
  chip!.reset();
  command(chip!, "00A404000E315041592E5359532E444446303100");
  const directory = command(chip!, "00B2010C00");
  assert.match(directory, /A000000333010101.*A000000333010102/);
  assert.match(command(chip!, "00A4040005A00000033300"), /8408A000000333010101/);
  assert.match(command(chip!, "00A4040205A00000033300"), /8408A000000333010102/);
  assert.is(command(chip!, "00A4040205A00000033300"), "6A82");
});

test("the counter goes up with every transaction and can be read", () => {
  const chip = initiated();
  const before = command(chip, "80CA9F3600");
  command(chip, UNIONPAY);
  command(chip, OPTIONS);
  assert.is(before, "9F360200419000");
  assert.is(command(chip, "80CA9F3600"), "9F360200429000");
});

test("three wrong offline PINs block the PIN; the counter shows how many are left", () => {
  const chip = initiated();
  const verify = (pin: string) => raw(chip, `00200080${lengthAnd(hex(pinBlockFormat2(pin)))}`);
  assert.is(verify("654321"), "63C2");
  assert.is(verify("123456"), "9000");
  assert.equal([verify("1111"), verify("1111"), verify("1111")], ["63C2", "63C1", "63C0"]);
  assert.is(command(chip, "80CA9F1700"), "9F1701009000");
  assert.is(verify("123456"), "6983");
});

test("chip-pin-blocked has no PIN try left", () => {
  assert.is(command(selected("chip-pin-blocked"), "80CA9F1700"), "9F1701009000");
});

test("asked for a TC a card goes online; asked for an AAC it gives one", () => {
  const online = startChip(card("unionpay-chip-credit").chip!, 100, "40");
  assert.is(hex(online.answer.get("9F27")!), "80");
  const refused = startChip(card("unionpay-chip-credit").chip!, 100, "00");
  assert.is(hex(refused.answer.get("9F27")!), "00");
});

test("a card that may approve does so until it wants to hear its issuer again", () => {
  const { chip } = card("unionpay-chip-offline");
  const kinds = Array.from({ length: 4 }, () => hex(startChip(chip!, 100, "40").answer.get("9F27")!));
  assert.equal(kinds, ["40", "40", "40", "80"]);
});

test("chip-offline-decline answers the first GENERATE AC with an AAC that its issuer is to know of", () => {
  const { answer } = startChip(card("chip-offline-decline").chip!, 100);
  assert.is(hex(answer.get("9F27")!), "08");
});

test("chip-mute gives a reset answer and then never says a word", () => {
  const { chip } = card("chip-mute");
  chip!.reset();
  assert.is(chip!.atr[0], 0x3b);
  assert.is(chip!.transmit(fromHex(UNIONPAY)), undefined);
});

const lastAnswers: [string, string, string, string][] = [
  ["without the issuer's word a TC is refused", "", "3030", "00"],
  ["could not go online and the terminal approves", "", "5933", "40"],
  ["the terminal asks for an AAC", "AAC", "3030", "00"],
];
for (const [what, ask, code, kind] of lastAnswers) {
  test(`second GENERATE AC: ${what}`, () => {
    const session = startChip(card("unionpay-chip-credit").chip!, 100);
    const data = fill(session.cdol2, { ...terminalData(100), "8A": code });
    const answer = command(session.chip, `80AE${ask === "AAC" ? "00" : "40"}00${lengthAnd(data)}00`);
    assert.is(hex(cryptogramAnswer(answer).get("9F27")!), kind);
    assert.is(raw(session.chip, `80AE4000${lengthAnd(data)}00`), "6985");
  });
}

test("a wrong issuer answer is refused with 6300, and a second one not looked at", () => {
  const session = startChip(card("unionpay-chip-credit").chip!, 100);
  assert.is(raw(session.chip, "008200000A00112233445566773030"), "6300");
  assert.is(raw(session.chip, "008200000A00112233445566773030"), "6985");
});

test("a quick card says which verification it wants, by what the terminal can do", () => {
  const qualifiers: [string, string][] = [
    ["36C00000", "8000"],
    ["32C00000", "4000"],
    ["36800000", "0000"],
  ];
  for (const [terminal, own] of qualifiers) {
    const { chip } = card("visa-tap");
    chip!.reset();
    command(chip!, "00A4040007A000000003101000");
    const pdol = "9F66049F02069F03069F1A0295055F2A029A039C019F3704";
    const options = fill(pdol, { ...terminalData(100), "9F66": terminal });
    const answer = command(chip!, `80A80000${lengthAnd(`83${lengthAnd(options)}`)}00`);
    assert.match(answer, new RegExp(`9F6C02${own}9000$`));
  }
});

test("whatever is sent, a card answers with a status word and never throws", () => {
  const random = new SeededRandom(9, "commands");
  const instructions = [0xa4, 0xb2, 0xa8, 0xae, 0xca, 0x20, 0x82, 0x84, 0x88, 0xc0, 0x24, 0xda];
  for (const name of ["unionpay-chip-credit", "mastercard-chip", "visa-tap"]) {
    const { chip } = card(name);
    for (let run = 0; run < 2000; run += 1) {
      if (run % 20 === 0) startChip(chip!, 100);
      const data = random.bytes(random.below(40));
      const header = [
        random.below(4) === 0 ? random.below(256) : 0x80 * random.below(2),
        instructions[random.below(12)]!,
      ];
      const parameters = [random.below(3) * 0x40, random.below(2) * 0x80];
      const apdu = Uint8Array.of(...header, ...parameters, data.length, ...data);
      const answer = chip!.transmit(apdu.slice(0, random.below(5) === 0 ? random.below(apdu.length) : undefined));
      assert.ok(answer!.bytes.length >= 2);
    }
  }
});

test.run();
