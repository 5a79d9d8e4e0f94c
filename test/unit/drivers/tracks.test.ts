import { test } from "uvu";
import * as assert from "uvu/assert";
import { asciiWithSentinels, TrackReader } from "../../../hal/drivers/magstripe/tracks.ts";

const line = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : String.fromCharCode(...bytes));

test("both tracks are found without their sentinels, wherever the line is cut", () => {
  const swipe = line("%B6228480012341117^LI/MEI^3012201?;6228480012341117=3012201?\r");
  for (let cut = 0; cut <= swipe.length; cut++) {
    const reader = new TrackReader(asciiWithSentinels);
    const found = reader.receive(swipe.subarray(0, cut)) ?? reader.receive(swipe.subarray(cut));
    assert.is(text(found?.track1), "B6228480012341117^LI/MEI^3012201");
    assert.is(text(found?.track2), "6228480012341117=3012201");
    assert.is(found?.damaged, false);
  }
});

test("a track that the decoder could not read is told, the other one is given", () => {
  const found = new TrackReader(asciiWithSentinels).receive(line("%E?;12=34?\r"));
  assert.is(found?.track1, undefined);
  assert.is(text(found?.track2), "12=34");
  assert.is(found?.damaged, true);
});

test("empty tracks and bare ends of lines are no swipe", () => {
  assert.is(new TrackReader(asciiWithSentinels).receive(line("\r\n%?;?\r\r")), undefined);
});

test("after wipe nothing of an unfinished swipe is left", () => {
  const reader = new TrackReader(asciiWithSentinels);
  reader.receive(line("%B1?;12=3"));
  reader.wipe();
  assert.is(reader.receive(line("4?\r")), undefined);
});

test.run();
