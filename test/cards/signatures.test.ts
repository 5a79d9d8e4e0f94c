import { test } from "uvu";
import * as assert from "uvu/assert";
import { concat, fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { tlv } from "../../simulator/acquirer/tlv.ts";
import { card, command, fill, lengthAnd } from "../host/till.ts";
import { cardKey, objects, publicOperation, readCard, readChip, recovered, sha1 } from "./reader.ts";

type Read = ReturnType<typeof readCard>;

/** GENERATE AC with a combined signature asked for; gives the answer's objects and the list's data. */
function generate({ chip, get, data }: Read, kind: string, list: "8C" | "8D", changes: Record<string, string> = {}) {
  const values = fill(hex(get(list)), { ...data, ...changes });
  const answer = objects(command(chip, `80AE${kind}00${lengthAnd(values)}00`));
  return { answer, values: fromHex(values) };
}

/** What the combined signature holds: number, information, cryptogram, hash, and what is behind it. */
function combined(signed: Uint8Array) {
  assert.is(hex(signed.slice(0, 2)), "0501");
  const dynamic = signed.slice(3, 3 + signed[2]!);
  const after = 1 + dynamic[0]!;
  return {
    information: dynamic[after]!,
    cryptogram: dynamic.slice(after + 1, after + 9),
    hash: hex(dynamic.slice(after + 9, after + 29)),
    rest: dynamic.slice(after + 29),
  };
}

function otherObjects(answer: Map<string, Uint8Array>): Uint8Array {
  return concat(...[...answer].filter(([tag]) => tag !== "9F4B").map(([tag, value]) => tlv(tag, value)));
}

test("the first cryptogram comes signed together with all that the terminal sent and the card answers", () => {
  const read = readCard("mastercard-chip-cda");
  const key = cardKey(read.get, read.staticData);
  assert.is(hex(key.exponent), "010001");
  const { answer, values } = generate(read, "90", "8C");
  assert.not.ok(answer.has("9F26"));
  const parts = combined(recovered(answer.get("9F4B")!, key, fromHex(read.data["9F37"]!)));
  assert.is(parts.information, 0x80);
  assert.is(parts.hash, sha1(read.options, values, otherObjects(answer)));
  assert.is(parts.rest.length, 0);
});

test("the second cryptogram is signed over both lists", () => {
  const read = readCard("mastercard-chip-cda");
  const key = cardKey(read.get, read.staticData);
  const first = generate(read, "90", "8C");
  const second = generate(read, "50", "8D", { "8A": "5933", "9F37": "99887766" });
  const parts = combined(recovered(second.answer.get("9F4B")!, key, fromHex("99887766")));
  assert.is(parts.information, 0x40);
  assert.is(parts.hash, sha1(read.options, first.values, second.values, otherObjects(second.answer)));
});

test("a card that is asked to sign a cryptogram and refuses does not sign that", () => {
  const read = readCard("mastercard-chip-cda");
  generate(read, "90", "8C");
  const refused = generate(read, "50", "8D", { "8A": "3030" }).answer;
  assert.is(hex(refused.get("9F27")!), "00");
  assert.ok(refused.has("9F26") && !refused.has("9F4B"));
});

test("a card with a flaw signs what does not recover", () => {
  const read = readCard("bad-combined-signature");
  const { answer } = generate(read, "90", "8C");
  const { modulus, exponent } = cardKey(read.get, read.staticData);
  const clear = publicOperation(answer.get("9F4B")!, modulus, exponent);
  assert.not.ok(clear[0] === 0x6a && clear.at(-1) === 0xbc);
});

for (const name of ["visa-tap-offline", "unionpay-tap-offline"]) {
  test(`${name} approves in one answer, signed over number, amount, currency and the card's own data`, () => {
    const read = readCard(name, { "9F66": "36000080" });
    assert.is(hex(read.answer.get("9F27")!), "40");
    const { data, answer } = read;
    const terminal = ["9F37", "9F02", "5F2A"].map((tag) => fromHex(data[tag]!));
    const key = cardKey(read.get, read.staticData);
    const signed = recovered(answer.get("9F4B")!, key, ...terminal, answer.get("9F69")!);
    assert.is(hex(signed.slice(0, 6)), `05010302${hex(answer.get("9F36")!)}`);
    assert.is(hex(answer.get("9F69")!.slice(5)), hex(answer.get("9F6C")!));
  });
}

test("a quick card goes online where the reader wants that, and signs only where it is asked to", () => {
  const online = readCard("visa-tap-offline", { "9F66": "36800000" });
  assert.is(hex(online.answer.get("9F27")!), "80");
  assert.not.ok(online.answer.has("9F4B"));
  const signed = readCard("visa-tap-offline", { "9F66": "37800000" });
  assert.is(hex(signed.answer.get("9F27")!), "80");
  assert.ok(signed.answer.has("9F4B"));
});

test("the relay resistance exchange is bound into the signature", () => {
  const read = readCard("mastercard-tap-relay");
  const key = cardKey(read.get, read.staticData);
  const answered = command(read.chip, "80EA0000041A2B3C4D00");
  assert.match(answered, /^800A.{20}9000$/);
  const { answer } = generate(read, "90", "8C");
  const parts = combined(recovered(answer.get("9F4B")!, key, fromHex(read.data["9F37"]!)));
  assert.is(hex(parts.rest), `1A2B3C4D${answered.slice(4, -4)}`);
});

const relayRefusals: [string, string, string, string][] = [
  ["of a card that does not know it", "mastercard-tap", "80EA0000041A2B3C4D00", "6985"],
  ["with three bytes", "mastercard-tap-relay", "80EA0000031A2B3C00", "6700"],
  ["with other parameters", "mastercard-tap-relay", "80EA0100041A2B3C4D00", "6A86"],
];
for (const [what, name, apdu, word] of relayRefusals) {
  test(`relay resistance ${what} is refused with ${word}`, () => {
    assert.is(command(readCard(name).chip, apdu), word);
  });
}

test("a torn answer is given again for its own number and amount, and the counter of its own transaction", () => {
  const chip = card("mastercard-tap-torn").chip!;
  const first = readChip(chip);
  const values = fill(hex(first.get("8C")), first.data);
  const apdu = fromHex(`80AE8000${lengthAnd(values)}00`);
  assert.is(chip.transmit(apdu), undefined);
  assert.is(chip.transmit(apdu), undefined, "it has left the field");
  readChip(chip);
  const related = (number: string) => lengthAnd(`${number}${first.data["9F02"]}`);
  assert.is(command(chip, `80D00000${related("00000000")}00`), "6A88");
  assert.is(command(chip, "80D00000020000"), "6700");
  const recovery = objects(command(chip, `80D00000${related(first.data["9F37"]!)}00`));
  assert.is(hex(recovery.get("9F36")!), "0041");
  assert.is(command(chip, `80AE8000${lengthAnd(values)}00`), "6985");
});

test("a locked phone wants its owner first: over one command 6986, in EMV mode a refusal that says so", () => {
  const visa = card("visa-phone-locked").chip!;
  assert.throws(() => readChip(visa));
  assert.is(hex(readChip(visa).answer.get("9F6C")!), "0080");
  const mastercard = card("mastercard-phone-locked").chip!;
  const refused = generate(readChip(mastercard), "90", "8C").answer;
  assert.is(hex(refused.get("9F27")!) + hex(refused.get("DF4B")!), "00000100");
  assert.ok(generate(readChip(mastercard), "90", "8C").answer.has("9F4B"));
});

test("every application has a key of its own", () => {
  const moduli = ["unionpay-chip-credit", "visa-chip", "unionpay-chip-debit"].map((name) => {
    const read = readCard(name);
    return hex(cardKey(read.get, read.staticData).modulus);
  });
  assert.is(new Set(moduli).size, moduli.length);
});

test.run();
