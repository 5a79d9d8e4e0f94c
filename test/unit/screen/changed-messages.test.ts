import { test } from "uvu";
import * as assert from "uvu/assert";
import type { CborValue } from "../../../firmware/codec/cbor.ts";
import { changed, changesOf } from "../../../firmware/screen/messages/changed.ts";
import { languages } from "../../../firmware/screen/messages/languages.ts";
import { say } from "../../../firmware/screen/messages/words.ts";

test("a changed message is said in its language, and every other one as it is built in", () => {
  const changes = changesOf({ en: { "idle.title": "Welcome", "boot.version": "{version} is here" } });
  assert.ok(changes);
  const messages = changed(changes);
  assert.is(messages.en["idle.title"], "Welcome");
  assert.is(say(messages.en, "boot.version", { version: "1.2.3" }), "1.2.3 is here");
  assert.is(messages.en["idle.amount"], languages.en["idle.amount"]);
  assert.is(messages.zh, languages.zh);
  assert.is(languages.en["idle.title"], "Ready", "what is built in stays");
});

const wrong: readonly (readonly [string, CborValue])[] = [
  ["no map", ["en"]],
  ["nothing at all", {}],
  ["a language that there is not", { fr: { "idle.title": "Prêt" } }],
  ["a message that there is not", { en: { "idle.titel": "Ready" } }],
  ["a name of every object", { en: { constructor: "Ready" } }],
  ["a language of every object", { constructor: { "idle.title": "Ready" } }],
  ["a text that is none", { en: { "idle.title": 7 } }],
  ["a text that is too long", { en: { "idle.title": "x".repeat(121) } }],
  ["a value that the message does not have", { en: { "idle.title": "{operator}" } }],
  ["texts that are no map", { en: "Ready" }],
  [
    "too many",
    {
      en: Object.fromEntries(
        Object.keys(languages.en)
          .slice(0, 49)
          .map((key) => [key, "x"]),
      ),
    },
  ],
];
for (const [what, value] of wrong) {
  test(`messages with ${what} are not taken`, () => assert.is(changesOf(value), undefined));
}

test.run();
