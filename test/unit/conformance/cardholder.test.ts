import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiToBytes } from "../../../firmware/codec/text.ts";
import { verifyCardholder } from "../../../firmware/emv/cardholder.ts";
import type { OfflinePinAnswer } from "../../../firmware/emv/offline-pin.ts";
import { tags } from "../../../firmware/emv/tags.ts";
import { ScriptedCard } from "../emv/scripted-card.ts";
import { type Cardholder, conditions, general, methods } from "./cardholder-table.ts";
import { bitsOf, type Element, hexOf, numbered, outcomeOf, sessionOf } from "./series.ts";

/** X = 1000 and Y = 5000 in minor units. */
const amounts = "000003E800001388";
const currency = "0156";

function sessionFor({ rules, profile = "3C00", capabilities = "E0F8C8", amount = "000007D0", ...row }: Cardholder) {
  const list: readonly Element[] = rules === "missing" ? [] : [[tags.cardholderVerificationList, amounts + rules]];
  const cardCurrency = row.currency ?? currency;
  const ofCard: readonly Element[] = cardCurrency === "" ? [] : [[tags.cardCurrencyCode, cardCurrency]];
  return sessionOf(
    [
      [tags.terminalCapabilities, capabilities],
      [tags.additionalCapabilities, "F000F0A001"],
      [tags.terminalType, "22"],
      [tags.transactionType, "00"],
      [tags.amountBinary, amount],
      [tags.transactionCurrencyCode, currency],
      ...(row.terminal ?? []),
    ],
    [[tags.applicationInterchangeProfile, profile], ...list, ...ofCard],
  );
}

function answerOf(pin: string | undefined): OfflinePinAnswer {
  if (pin === undefined) {
    return "cancelled";
  }
  return pin === "bypassed" ? pin : asciiToBytes(pin);
}

async function check(row: Cardholder): Promise<void> {
  const { online = "entered", pins = [], script = [], method, results, bits, first = "00", status = "4000" } = row;
  const data = sessionFor(row);
  const card = new ScriptedCard(script);
  let asked = 0;
  const offline = {
    card,
    ask: () => Promise.resolve(answerOf(pins[asked++])),
    random: (count: number) => new Uint8Array(count),
    pinKey: () => undefined,
  };
  assert.is(await outcomeOf(() => verifyCardholder(data, () => Promise.resolve(online), offline)), method);
  assert.is(hexOf(data, tags.cardholderVerificationResults), results);
  assert.is(bitsOf(data), `${first}00${bits}0000 ${status}`);
  assert.is(asked, pins.length);
  assert.is(card.left, 0);
}

numbered("CVG", general, check);
numbered("CVC", conditions, check);
numbered("CVM", methods, check);

test.run();
