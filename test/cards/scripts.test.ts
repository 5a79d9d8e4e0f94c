import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { parseTlv, tlvMap } from "../../simulator/acquirer/tlv.ts";
import { card, command, finishChip, lengthAnd, newHost, startChip, Till } from "../host/till.ts";

type Chip = NonNullable<ReturnType<typeof card>["chip"]>;

/** A sale to the host's answer: the chip, its session, the answer's field 55, and the commands of its scripts by template. */
function answered(name: string, before: (chip: Chip) => void = () => {}) {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const chip = card(name).chip!;
  before(chip);
  const session = startChip(chip, 1234);
  const { fields } = till.sale({ card: name, amount: 1234, chip: session.field55, pin: "123456" });
  const field55 = fields[55]!;
  const templates = tlvMap(parseTlv(fromHex(field55)));
  const script = (tag: string) => hex(tlvMap(parseTlv(templates.get(tag)!)).get("86")!);
  return { chip, session, field55, script };
}

test("scripts from the issuer change the card; with a wrong MAC they change nothing", () => {
  const { chip, session, field55, script } = answered("chip-script", (before) => {
    before.reset();
    command(before, "00A4040008A00000033301010200");
    command(before, "80A8000002830000");
    command(before, `00200080${lengthAnd("241111FFFFFFFFFF")}`);
  });
  assert.is(command(chip, "80CA9F1700"), "9F1701029000");
  const putData = script("71");
  assert.is(command(chip, `${putData.slice(0, -2)}${putData.endsWith("00") ? "01" : "00"}`), "6988");
  assert.is(command(chip, "80CA9F5800"), "6A88");
  assert.is(command(chip, putData), "9000");
  assert.is(command(chip, "80CA9F5800"), "9F5801059000");
  assert.is(finishChip(session, field55), "40");
  assert.is(command(chip, script("72")), "9000");
  assert.is(command(chip, "80CA9F1700"), "9F1701039000");
});

const refused: [string, string, string][] = [
  ["a script whose MAC is wrong", "chip-script-wrong-mac", "71"],
  ["a script of another transaction", "chip-script", "71"],
];
for (const [what, name, tag] of refused) {
  test(`the chip does not obey ${what}`, () => {
    const { chip, script } = answered(name);
    if (name === "chip-script") startChip(chip, 1234);
    assert.is(command(chip, script(tag)), "6988");
    assert.is(command(chip, "80CA9F5800"), "6A88");
  });
}

test("an application that is blocked before its last word refuses", () => {
  const { chip, session, field55, script } = answered("chip-script-block");
  assert.is(command(chip, script("72")), "9000");
  assert.is(finishChip(session, field55, "40"), "00");
});

test("a script blocks the application: it is found blocked, and gives no transaction any more", () => {
  const { chip, session, field55, script } = answered("chip-script-block");
  assert.is(finishChip(session, field55, "00"), "00");
  assert.is(command(chip, script("72")), "9000");
  chip.reset();
  assert.is(command(chip, "00A4040008A00000033301010200"), "6283");
  assert.is(command(chip, "80A8000002830000"), "6985");
});

test.run();
