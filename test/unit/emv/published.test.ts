import { test } from "uvu";
import * as assert from "uvu/assert";
import { check as checkCvm } from "../../vectors/checkers/emv-cvm.ts";
import { check as checkTerminal } from "../../vectors/checkers/emv-terminal.ts";
import cvm from "../../vectors/emv-cvm.json" with { type: "json" };
import terminal from "../../vectors/emv-terminal.json" with { type: "json" };

for (const one of cvm) {
  test(`published verification list ${one.id} is read as its standard says`, () => {
    assert.is(checkCvm(one), undefined);
  });
}

/** What only offline data authentication would notice, which this terminal does not perform. */
const beyond = ["read-10"];

for (const one of terminal.filter(({ id }) => !beyond.includes(id))) {
  test(`published conversation ${one.id} is held command by command`, async () => {
    assert.is(await checkTerminal(one), undefined);
  });
}

test("a case that nobody knows counts as failed", async () => {
  assert.type(checkCvm({ op: "guess" }), "string");
  assert.type(await checkTerminal({ op: "guess" }), "string");
});

test.run();
