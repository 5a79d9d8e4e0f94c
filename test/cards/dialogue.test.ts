import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { readBehaviour } from "../../simulator/cards/behaviour.ts";
import { card, command } from "../host/till.ts";

const ENVIRONMENT = "00A404000E315041592E5359532E444446303100";
const UNIONPAY = "00A4040008A00000033301010200";
const OPTIONS = "80A8000002830000";

function send(name: string, ...apdus: string[]): (string | undefined)[] {
  const chip = card(name).chip!;
  chip.reset();
  return apdus.map((apdu) => {
    const answer = chip.transmit(fromHex(apdu));
    return answer && hex(answer.bytes);
  });
}

const conversations: [string, string, string[], (string | undefined)[]][] = [
  ["promises more for ever", "bad-endless-more", [ENVIRONMENT, "00C0000010", "00C0000010"], ["6110", "6110", "6110"]],
  ["finds every length wrong", "bad-endless-length", [ENVIRONMENT, UNIONPAY], ["6C10", "6C10"]],
  ["is blocked as a whole", "bad-card-blocked", [ENVIRONMENT, UNIONPAY], ["6A81", "6A81"]],
  ["may not be used here", "bad-options-refused", [UNIONPAY, OPTIONS], ["613F", "6985"]],
  ["is silent at its options", "bad-silent-at-options", [UNIONPAY, OPTIONS], ["613F", undefined]],
  ["answers its options with nothing", "bad-empty-options", [UNIONPAY, OPTIONS], ["613F", "9000"]],
];
for (const [what, name, commands, answers] of conversations) {
  test(`${name} ${what}`, () => {
    assert.equal(send(name, ...commands), answers);
  });
}

test("bad-swollen sends two hundred bytes more than it has announced", () => {
  const [announced, data] = send("bad-swollen", UNIONPAY, "00C000003F");
  assert.is(announced, "613F");
  assert.is(data!.length / 2, 0x3f + 200 + 2);
});

test("bad-slow thinks for two minutes", () => {
  const chip = card("bad-slow").chip!;
  chip.reset();
  assert.is(chip.transmit(fromHex(ENVIRONMENT))!.afterMs, 120_000);
});

test("a blocked application answers SELECT with 6283, and a lie in the data keeps its announced length", () => {
  const [warning, template] = send("bad-application-blocked", UNIONPAY, "00C000003F");
  assert.is(warning, "6283");
  assert.match(template!, /^6F.*9000$/);
  const [, options, data] = send("bad-short-options", UNIONPAY, OPTIONS, "00C0000004");
  assert.equal([options, data], ["6104", "80027C009000"]);
});

test("a fault that happens once is over after that, and comes again after a reset", () => {
  const chip = card("second-application").chip!;
  for (const expected of ["6985", "6985"]) {
    chip.reset();
    command(chip, "00A4040008A00000033301010100");
    assert.is(command(chip, OPTIONS), expected);
    command(chip, UNIONPAY);
    assert.match(command(chip, OPTIONS), /^80.*9000$/);
  }
});

const broken: [string, object, RegExp][] = [
  ["an unknown effect", { dialogue: [{ at: "any", effect: "shout" }] }, /dialogue\[0\]: effect/],
  ["an unknown command", { dialogue: [{ at: "dance", effect: "silence" }] }, /dialogue\[0\]: at/],
  ["an argument that does not fit", { dialogue: [{ at: "any", effect: "status", with: "61" }] }, /with/],
  ["an unknown flaw", { personalisation: { flaw: "ugly" } }, /flaw/],
  ["a value that is no hex", { personalisation: { set: { "5A": "xyz" } } }, /set/],
  ["a tag that is none", { personalisation: { omit: ["hello"] } }, /omit/],
];
for (const [what, behaviour, message] of broken) {
  test(`a behaviour with ${what} is refused, and the refusal says where`, () => {
    assert.throws(() => readBehaviour("x.yaml", behaviour), message);
  });
}

test.run();
