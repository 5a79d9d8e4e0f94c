import { test } from "uvu";
import * as assert from "uvu/assert";
import { concat, fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { command, lengthAnd } from "../host/till.ts";
import { cardKey, type PublicKey, publicOperation, readCard } from "./reader.ts";

const OWN = ["9F2D", "9F2E", "9F2F"] as const;

function readers(): [string, string, ReturnType<typeof readCard>, PublicKey][] {
  const visa = readCard("visa-chip-enciphered-pin");
  const mastercard = readCard("mastercard-chip-cda");
  return [
    ["with a key of its own", "1234", visa, cardKey(visa.get, new Uint8Array(0), OWN)],
    ["with its signing key", "1234", mastercard, cardKey(mastercard.get, mastercard.staticData)],
  ];
}

function challengeOf({ chip }: ReturnType<typeof readCard>): Uint8Array {
  return fromHex(command(chip, "0084000000").slice(0, 16));
}

/** VERIFY of a PIN block enciphered as Book 2, 7.2 says. */
function enciphered(pin: string, challenge: Uint8Array, key: PublicKey, header = 0x7f): string {
  const block = fromHex(`2${pin.length}${pin.padEnd(14, "F")}`);
  const filling = new Uint8Array(key.modulus.length - 17).fill(0x5a);
  const data = publicOperation(concat(Uint8Array.of(header), block, challenge, filling), key.modulus, key.exponent);
  return `00200088${lengthAnd(hex(data))}`;
}

for (const [how, pin, read, key] of readers()) {
  test(`a PIN that was enciphered ${how} is checked, and a wrong one counted`, () => {
    assert.is(command(read.chip, enciphered("9999", challengeOf(read), key)), "63C2");
    assert.is(command(read.chip, enciphered(pin, challengeOf(read), key)), "9000");
    assert.is(command(read.chip, "80CA9F1700"), "9F1701039000");
  });

  test(`an enciphered PIN is refused without a challenge, with one before another command, with an old one, and with a wrong header (${how})`, () => {
    const challenge = challengeOf(read);
    assert.is(command(read.chip, enciphered(pin, challenge, key)), "9000");
    assert.is(command(read.chip, enciphered(pin, challenge, key)), "6985");
    const passed = challengeOf(read);
    command(read.chip, "80CA9F1700");
    assert.is(command(read.chip, enciphered(pin, passed, key)), "6985");
    challengeOf(read);
    assert.is(command(read.chip, enciphered(pin, challenge, key)), "6A80");
    assert.is(command(read.chip, enciphered(pin, challengeOf(read), key, 0x6a)), "6A80");
    assert.is(command(read.chip, `0020008808${"00".repeat(8)}`), "6700");
    assert.is(command(read.chip, "80CA9F1700"), "9F1701039000");
  });
}

test("a chip without a try left compares nothing", () => {
  const { chip } = readCard("chip-offline-pin-blocked");
  assert.is(command(chip, "0020008008241234FFFFFFFFFF"), "6983");
});

test.run();
