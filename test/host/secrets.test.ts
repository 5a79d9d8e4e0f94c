import { test } from "uvu";
import * as assert from "uvu/assert";
import { fromHex, hex } from "../../simulator/acquirer/bytes.ts";
import { describeIso8583 } from "../../simulator/acquirer/describe.ts";
import { encodeMessage } from "../../simulator/acquirer/iso8583/codec.ts";
import { describeTlv } from "../../simulator/cards/describe-tlv.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { card, newHost, startChip, Till } from "./till.ts";

const PAN = "6228480001201117";

function chipSale() {
  const { host } = newHost();
  const till = new Till(host);
  till.signIn();
  const session = startChip(card("unionpay-chip-credit").chip!, 1234);
  const chip = `${session.field55}5A08${PAN}`;
  const fields = till.saleFields({ card: "unionpay-chip-credit", amount: 1234, pin: "123456", chip });
  till.send("0200", fields);
  return { host, fields };
}

test("the log shows card numbers masked, and neither tracks, PIN blocks nor keys", () => {
  const { host, fields } = chipSale();
  const text = JSON.stringify(host.log());
  assert.not.match(text, new RegExp(PAN));
  assert.not.match(text, new RegExp(fields[35]!));
  assert.not.match(text, new RegExp(fields[52]!));
  assert.match(text, /6228 48\*\* \*\*\*\* 1117/);
  assert.is(host.log()[0]?.answer?.fields["62"], "<hidden>");
  assert.is(host.log()[1]?.processingCode, "000000");
});

test("a described message names its fields and shows no secret", () => {
  const { fields } = chipSale();
  const bytes = encodeMessage({ tpdu: "6000030001", header: "602200000000", mti: "0200", fields });
  const text = describeIso8583(bytes).join("\n");
  assert.match(text, /MTI 0200: Financial request/);
  assert.match(text, /F02 Primary account number: 6228 48\*\* \*\*\*\* 1117/);
  assert.match(text, /9F26 Application cryptogram/);
  assert.not.match(text, new RegExp(PAN));
  assert.not.match(text, new RegExp(fields[52]!));
  assert.not.match(text, /error/);
});

test("the public UnionPay example is described whole, with and without its envelope", () => {
  const body =
    "02003020048000C08015000000000000001234000002030099303030303030303139353237313831383232313738373531353600192600000100060000000000435F01123238343431323334353637383930313233345F03063136303033365F04063230303832365C0230314233413039324145";
  for (const text of [body, `6000030000603210320072${body}`]) {
    const lines = describeIso8583(fromHex(text));
    assert.ok(lines.includes("F04 Amount: 000000001234"));
    assert.ok(lines.includes("F64 Message authentication code: B3A092AE"));
    assert.not.match(lines.join("\n"), /error/);
  }
});

test("TLV is described by name, with what fits before the error", () => {
  const lines = describeTlv(fromHex(`6F0A8408A0000003330101025A08${PAN}9F02`));
  assert.equal(lines, [
    "6F File control information template (10)",
    "  84 Dedicated file name (8): A000000333010102",
    "5A Primary account number (8): 6228 48** **** 1117",
    "error: 9F02 has no length at offset 24",
  ]);
});

test("rubbish is described by an error line, never by an exception", () => {
  const random = new SeededRandom(3, "rubbish");
  for (let run = 0; run < 2000; run += 1) {
    const bytes = random.bytes(random.below(120));
    assert.ok(describeTlv(bytes).length > 0);
    assert.ok(describeIso8583(bytes).length > 0);
  }
  const sale = fromHex(
    hex(encodeMessage({ tpdu: "6000030001", header: "602200000000", mti: "0200", fields: chipSale().fields })),
  );
  for (let run = 0; run < 2000; run += 1) {
    const bytes = Uint8Array.from(sale);
    bytes[random.below(bytes.length)] = random.below(256);
    assert.ok(describeIso8583(bytes.slice(0, random.below(bytes.length + 1))).length > 0);
  }
});

test.run();
