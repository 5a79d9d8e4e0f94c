import { test } from "uvu";
import * as assert from "uvu/assert";
import { check as checkMessage } from "../../vectors/checkers/iso8583.ts";
import { check as checkTlv } from "../../vectors/checkers/tlv.ts";
import iso8583 from "../../vectors/iso8583.json" with { type: "json" };
import tlv from "../../vectors/tlv.json" with { type: "json" };

for (const one of tlv) {
  test(`published data object ${one.id} is read and written to the byte`, () => {
    assert.is(checkTlv(one), undefined);
  });
}

for (const one of iso8583) {
  test(`published message ${one.id} is read and written to the byte`, () => {
    assert.is(checkMessage(one), undefined);
  });
}

test("a case that nobody knows counts as failed", () => {
  assert.type(checkTlv({ op: "guess" }), "string");
  assert.type(checkMessage({ op: "guess" }), "string");
});

test.run();
