import { test } from "uvu";
import * as assert from "uvu/assert";
import { isRefusal } from "../../../firmware/acquirer/refusal.ts";
import { hexToBytes } from "../../../firmware/codec/hex.ts";
import type { Transaction } from "../../../firmware/journal/types.ts";

type Refused = Pick<Transaction, "type" | "state" | "entryMode" | "chipData">;

const refused = (information: string, more: Partial<Refused> = {}): Transaction =>
  ({
    type: "sale",
    state: "cancelled",
    entryMode: "chip",
    chipData: hexToBytes(`9F26081122334455667788${information}`),
    ...more,
  }) as Transaction;

test("a card that refuses and wants its issuer to know is told of", () => {
  assert.ok(isRefusal(refused("9F270108")));
  assert.ok(isRefusal(refused("9F27010B")), "with a reason");
});

test("a card that refuses and wants nothing told is not", () => {
  assert.not(isRefusal(refused("9F270100")));
  assert.not(isRefusal(refused("")));
});

test("a request or an approval that was given up is no refusal of the card", () => {
  assert.not(isRefusal(refused("9F270188")));
  assert.not(isRefusal(refused("9F270148")));
});

test("only a sale by a chip, inserted or tapped, that came to nothing is told of so", () => {
  assert.not(isRefusal(refused("9F270108", { state: "declined" })));
  assert.not(isRefusal(refused("9F270108", { state: "receipted" })));
  assert.ok(isRefusal(refused("9F270108", { entryMode: "contactless" })));
  assert.not(isRefusal(refused("9F270108", { entryMode: "magstripe" })));
  assert.not(isRefusal(refused("9F270108", { type: "preAuthorisation" })));
});

test.run();
