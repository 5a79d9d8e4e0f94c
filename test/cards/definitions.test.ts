import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { maskPan } from "../../simulator/acquirer/mask.ts";
import { allCards, cardDefinition, cardNames } from "../../simulator/cards/cards.ts";
import { passesLuhn, readCardDefinition } from "../../simulator/cards/definition.ts";
import { card } from "../host/till.ts";

const SHIPPED =
  "unionpay-chip-credit unionpay-chip-debit visa-chip mastercard-chip unionpay-tap visa-tap mastercard-tap multi-application magstripe-credit magstripe-chip-capable magstripe-expired chip-expired chip-pin-blocked chip-mute chip-wrong-issuer-signature chip-wrong-arpc chip-offline-decline chip-script insufficient-funds stolen-card foreign-currency";

test("every card of the list ships", () => {
  const names = cardNames();
  assert.equal(
    SHIPPED.split(" ").filter((name) => !names.includes(name)),
    [],
  );
});

test("at least twenty cards misbehave, each in a scenario that approves nothing", () => {
  const bad = cardNames().filter((name) => name.startsWith("bad-"));
  assert.ok(bad.length >= 20);
  for (const name of bad) {
    const scenario = new URL(`../flow/bad-card-${name.slice("bad-".length)}.yaml`, import.meta.url);
    assert.match(readFileSync(scenario, "utf8"), /never: \{ screen: approved \}/, name);
  }
});

test("every card's file opens with a line that says what the card is", () => {
  for (const name of cardNames()) {
    const [line] = readFileSync(new URL(`../../simulator/cards/${name}.yaml`, import.meta.url), "utf8").split("\n");
    assert.match(line!, /^# [A-Z].{15,150}\.$/, name);
  }
});

test("every card number has a right check digit and belongs to one account", () => {
  const pans = [...allCards().values()].flatMap((item) =>
    item.applications.length > 0 ? item.applications.map(({ pan }) => pan) : [item.pan],
  );
  assert.ok(pans.every(passesLuhn));
  assert.is(new Set(pans).size, pans.length);
});

test("the everyday card is shown as 6228 48** **** 1117", () => {
  assert.is(maskPan(cardDefinition("unionpay-chip-credit").pan), "6228 48** **** 1117");
});

test("UnionPay cards have a six-digit PIN, the others four", () => {
  for (const { pan, account } of allCards().values()) {
    assert.is(account.pin, pan.startsWith("62") ? "123456" : "1234");
  }
});

test("a stripe carries the holder's name, the number, expiry and service code", () => {
  const { stripe } = card("magstripe-credit");
  assert.match(stripe!.track1, /^%B6228480001415550\^SUN\/QI\^3012101\d{8}\?$/);
  assert.match(stripe!.track2, /^;6228480001415550=3012101\d{8}\?$/);
  assert.match(card("magstripe-chip-capable").stripe!.track2, /=3012201/);
});

const good = {
  name: "x",
  holder: "A/B",
  pan: "6228480001201117",
  expires: "3012",
  serviceCode: "201",
  interfaces: ["stripe"],
  account: { currency: "CNY", balance: 1, limit: 1, pin: "1234", status: "open" },
};
const broken: [string, object, RegExp][] = [
  ["an unknown key", { colour: "red" }, /unknown key colour/],
  ["a wrong check digit", { pan: "6228480001201118" }, /check digit/],
  ["a month that is none", { expires: "3013" }, /expires/],
  ["an unknown interface", { interfaces: ["smell"] }, /interfaces/],
  ["an unknown profile", { applications: [{ profile: "diners" }] }, /profile/],
  ["a negative balance", { account: { ...good.account, balance: -1 } }, /balance/],
];
for (const [what, change, message] of broken) {
  test(`a card's file with ${what} is refused, and the refusal says where`, () => {
    assert.throws(() => readCardDefinition("x.yaml", { ...good, ...change }), message);
  });
}

test("a refusal does not quote the card number", () => {
  try {
    readCardDefinition("x.yaml", { ...good, pan: "6228480001201118" });
    assert.unreachable();
  } catch (error) {
    assert.not.match(String(error), /0001201118/);
  }
});

test.run();
