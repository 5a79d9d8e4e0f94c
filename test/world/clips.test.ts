import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Saying } from "../../firmware/voice/clip-file.ts";
import { clips } from "../../firmware/voice/words.ts";
import { CHINESE, ENGLISH } from "../../simulator/runtime/voice/clip-words.ts";
import { wordsIn } from "../../simulator/world/ear.ts";

const file = new Uint8Array(readFileSync(new URL("../../firmware/voice/clips.bin", import.meta.url)));
const spoken = [...CHINESE, ...ENGLISH].map(([word]) => word);

test("the file has the clips that the firmware counts on, in its order, and no more than 200 KB of them", () => {
  assert.equal(
    spoken,
    [...clips.zh, ...clips.en].map((word) => word.replace("-", " ")),
  );
  assert.is(file[6]! | (file[7]! << 8), spoken.length);
  assert.ok(file.length < 200 * 1024);
});

test("what the firmware plays of each clip, at both rates, is what an ear of its own makes of the file", () => {
  for (const rate of [8_000, 16_000]) {
    const saying = new Saying(file, Array.from(spoken.keys()), rate);
    const heard: number[] = [];
    for (const samples = new Int16Array(512); ; ) {
      const count = saying.read(samples);
      if (count === 0) break;
      heard.push(...samples.subarray(0, count));
    }
    const { words, rest } = wordsIn(heard, 0, rate);
    assert.equal(words, spoken);
    assert.is(rest, 0);
  }
});

test("a clip lasts from a fifth of a second to a second and a half, and is loud", () => {
  for (const [place, word] of spoken.entries()) {
    const saying = new Saying(file, [place], 8_000);
    const samples = new Int16Array(20_000);
    const count = saying.read(samples);
    assert.ok(count > 1_600 && count < 12_000, `${word}: ${count}`);
    const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    assert.ok(peak > 20_000, `${word}: ${peak}`);
  }
});

test.run();
