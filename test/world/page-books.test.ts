import { test } from "uvu";
import * as assert from "uvu/assert";
import { bookedWord } from "../../simulator/web/page/words/booked.ts";
import { JOURNAL_STATES, JOURNAL_TYPES } from "../../simulator/world/journal-reader.ts";

test("whatever the journal says of a payment the page's books say in Chinese", () => {
  for (const name of [...JOURNAL_STATES, ...JOURNAL_TYPES]) {
    assert.match(bookedWord(name, "zh"), /^[\u4e00-\u9fff]+$/, name);
    assert.match(bookedWord(name, "en"), /^[a-z -]+$/, name);
  }
  assert.is(bookedWord("constructor", "zh"), "constructor");
});

test.run();
