import { test } from "uvu";
import * as assert from "uvu/assert";
import conversation from "../../vectors/card-conversation.json" with { type: "json" };
import { check as checkConversation } from "../../vectors/checkers/card-conversation.ts";
import { check as checkCvm } from "../../vectors/checkers/emv-cvm.ts";
import { check as checkTerminal } from "../../vectors/checkers/emv-terminal.ts";
import cvm from "../../vectors/emv-cvm.json" with { type: "json" };
import terminal from "../../vectors/emv-terminal.json" with { type: "json" };

for (const one of cvm) {
  test(`published verification list ${one.id} is read as its standard says`, () => {
    assert.is(checkCvm(one), undefined);
  });
}

for (const one of terminal) {
  test(`published conversation ${one.id} is held command by command`, async () => {
    assert.is(await checkTerminal(one), undefined);
  });
}

for (const one of conversation) {
  test(`recorded exchange ${one.id} with a real card is understood`, async () => {
    assert.is(await checkConversation(one), undefined);
  });
}

test("a case that nobody knows counts as failed", async () => {
  assert.type(checkCvm({ op: "guess" }), "string");
  assert.type(await checkTerminal({ op: "guess" }), "string");
});

test.run();
