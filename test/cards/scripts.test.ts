import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { parseTlv, tlvMap } from "../../simulator/acquirer/tlv.ts";
import { card, command, finishChip, lengthAnd, newHost, startChip, Till } from "../host/till.ts";

test("scripts from the issuer change the card; with a wrong MAC they change nothing", () => {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const { chip } = card("chip-script");
  const session = startChip(chip!, 1234);
  command(chip!, `00200080${lengthAnd("241111FFFFFFFFFF")}`);
  assert.is(command(chip!, "80CA9F1700"), "9F1701029000");
  const { fields } = till.sale({ card: "chip-script", amount: 1234, chip: session.field55, pin: "123456" });
  const templates = tlvMap(parseTlv(fromHex(fields[55]!)));
  const script = (tag: string) => hex(tlvMap(parseTlv(templates.get(tag)!)).get("86")!);
  const putData = script("71");
  assert.is(command(chip!, `${putData.slice(0, -2)}${putData.endsWith("00") ? "01" : "00"}`), "6988");
  assert.is(command(chip!, "80CA9F5800"), "6A88");
  assert.is(command(chip!, putData), "9000");
  assert.is(command(chip!, "80CA9F5800"), "9F5801059000");
  assert.is(finishChip(session, fields[55]!), "40");
  assert.is(command(chip!, script("72")), "9000");
  assert.is(command(chip!, "80CA9F1700"), "9F1701039000");
});

test.run();
