import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex } from "../../simulator/acquirer/bytes.ts";
import { describeExchange } from "../../simulator/cards/describe-apdu.ts";

const shown = (command: string, answer?: string): string =>
  describeExchange(fromHex(command), answer === undefined ? undefined : fromHex(answer)).join("\n");

test("a PIN on its way to the card is not shown", () => {
  const text = shown("0020008008241234FFFFFFFFFF", "9000");
  assert.match(text, /VERIFY/);
  assert.match(text, /8 bytes, masked/);
  assert.not.match(text, /1234/);
});

test("a card number and its track are masked in what a card says", () => {
  const text = shown(
    "00B2010C00",
    "701A57106228480001201117D301220100000000F5A0862284800012011179000".replace("F5A", "005A"),
  );
  assert.not.match(text, /6228480001201117/);
});

test("a cryptogram's question says what is asked for, and whether signed", () => {
  assert.match(shown("80AE9000029F0200", "6985"), /GENERATE AC ARQC, signed \(CDA\)/);
  assert.match(shown("80AE4000029F0200", "6985"), /GENERATE AC TC$/m);
});

test("an unknown command's data are not shown, and silence is named", () => {
  const text = shown("8424000008AABBCCDDEEFF0011");
  assert.not.match(text, /AABBCC/);
  assert.match(text, /< silence/);
});

test.run();
