import { test } from "uvu";
import * as assert from "uvu/assert";
import { adpcmDecode } from "#native/adpcm";
import { Announcer } from "../../../firmware/voice/announcer.ts";
import { Saying } from "../../../firmware/voice/clip-file.ts";
import { announcement, clips } from "../../../firmware/voice/words.ts";
import type { Device } from "../../../hal/device.ts";
import type { Speaker } from "../../../hal/speaker.ts";

test("amounts are said in Chinese: 零 and 两 where they belong, 角 and 分", () => {
  for (const [minor, words] of [
    [0, "零元"],
    [1, "一分"],
    [2, "两分"],
    [10, "一角"],
    [20, "两角"],
    [22, "两角两分"],
    [55, "五角五分"],
    [100, "一元"],
    [101, "一元零一分"],
    [110, "一元一角"],
    [200, "两元"],
    [234, "两元三角四分"],
    [1_000, "十元"],
    [1_200, "十二元"],
    [2_000, "二十元"],
    [2_200, "二十二元"],
    [10_000, "一百元"],
    [10_200, "一百零二元"],
    [11_000, "一百一十元"],
    [20_000, "两百元"],
    [22_222, "两百二十二元两角两分"],
    [100_100, "一千零一元"],
    [101_000, "一千零一十元"],
    [200_200, "两千零二元"],
    [222_200, "两千两百二十二元"],
    [1_000_000, "一万元"],
    [1_000_500, "一万零五元"],
    [1_050_000, "一万零五百元"],
    [2_000_000, "两万元"],
    [2_200_000, "两万两千元"],
    [10_000_000, "十万元"],
    [10_001_000, "十万零一十元"],
    [12_345_678, "十二万三千四百五十六元七角八分"],
    [200_000_000, "两百万元"],
    [1_000_000_000, "一千万元"],
    [10_000_000_000, "一亿元"],
    [10_000_000_100, "一亿零一元"],
    [20_002_000_000, "两亿零二万元"],
    [999_999_999_999, "九十九亿九千九百九十九万九千九百九十九元九角九分"],
  ] as const) {
    assert.is(announcement(minor, "zh").join(""), `收款成功${words}`);
  }
});

test("amounts are said in English, with what is behind the point digit by digit", () => {
  for (const [minor, words] of [
    [0, "zero yuan"],
    [5, "zero point zero five yuan"],
    [100, "one yuan"],
    [1_250, "twelve point five zero yuan"],
    [2_000, "twenty yuan"],
    [2_199, "twenty-one point nine nine yuan"],
    [10_000, "one hundred yuan"],
    [10_500, "one hundred and five yuan"],
    [100_500, "one thousand and five yuan"],
    [123_456, "one thousand two hundred and thirty-four point five six yuan"],
    [100_000_000, "one million yuan"],
    [100_001_900, "one million and nineteen yuan"],
    [
      999_999_999_999,
      "nine billion nine hundred and ninety-nine million nine hundred and ninety-nine thousand nine hundred and ninety-nine point nine nine yuan",
    ],
  ] as const) {
    assert.is(announcement(minor, "en").join(" "), `payment-received ${words.replaceAll("-", " ")}`);
  }
});

test("every amount of up to 100,000 yuan has a clip for each of its words", () => {
  for (let minor = 0; minor < 10_000_000; minor = Math.floor(minor * 1.01) + 1) {
    for (const language of ["zh", "en"] as const)
      assert.ok(
        announcement(minor, language).every((word) => clips[language].includes(word)),
        `${minor}`,
      );
  }
});

/** Codes of four bits that go up, down, and to both ends. */
const codes = Uint8Array.of(0x77, 0x77, 0x77, 0x77, 0x77, 0x77, 0xff, 0xff, 0xff, 0xff, 0x08, 0x80, 0x31, 0x9a);

const decoded = (at: number, count: number, state: number, times: number): readonly [Int16Array, number] => {
  const samples = new Int16Array(count * times);
  return [samples, adpcmDecode(codes, at, new Uint8Array(samples.buffer), state, times)];
};

test("speech is decoded as the standard says, in one piece or in many, and stops at the loudest", () => {
  const [whole, end] = decoded(0, 28, 0x400000, 1);
  assert.equal([...whole.subarray(0, 6)], [11, 41, 104, 240, 533, 1164]);
  assert.equal([whole[9], whole[10]], [25_039, 32_767]);
  const [first, middle] = decoded(0, 9, 0x400000, 1);
  const [rest, last] = decoded(9, 19, middle, 1);
  assert.equal([...first, ...rest], [...whole]);
  assert.is(last, end);
  const [twice, same] = decoded(0, 28, 0x400000, 2);
  assert.equal([twice[0], twice[1], twice[2], twice[3]], [5, 11, 26, 41]);
  assert.is(same, end);
});

test("nothing is read behind a clip, and no wrong number is taken", () => {
  const bytes = new Uint8Array(8);
  assert.throws(() => adpcmDecode(codes, 25, bytes, 0x400000, 1), RangeError);
  assert.throws(() => adpcmDecode(codes, -1, bytes, 0x400000, 1), RangeError);
  assert.throws(() => adpcmDecode(codes, 0, bytes, 0x800000, 1), RangeError);
  assert.throws(() => adpcmDecode(codes, 0, bytes, 0, 3), RangeError);
  assert.equal(bytes, new Uint8Array(8));
});

/** A file of two clips, of seven and four samples. */
const file = Uint8Array.of(
  ...[0x58, 0x56, 0x30, 0x31, 0x40, 0x1f, 2, 0],
  ...[24, 0, 0, 0, 7, 0, 0, 0],
  ...[28, 0, 0, 0, 4, 0, 0, 0],
  ...[0x77, 0x77, 0x77, 0x07, 0xff, 0xff],
);

test("clips follow each other without a gap, each from silence on, in pieces of any size", () => {
  const all = (rate: number, size: number): number[] => {
    const saying = new Saying(file, [0, 1, 0], rate);
    const heard: number[] = [];
    for (const samples = new Int16Array(size); ; ) {
      const count = saying.read(samples);
      if (count === 0) return heard;
      heard.push(...samples.subarray(0, count));
    }
  };
  const whole = all(8_000, 100);
  assert.is(whole.length, 18);
  assert.equal(whole.slice(0, 3), [11, 41, 104]);
  assert.equal(whole.slice(7, 9), [-11, -41]);
  assert.equal(whole.slice(11, 18), whole.slice(0, 7));
  assert.equal(all(8_000, 5), whole);
  assert.equal(
    all(16_000, 6).filter((_, at) => at % 2 === 1),
    whole,
  );
  assert.throws(() => new Saying(file, [2], 8_000), RangeError);
  assert.throws(() => new Saying(file, [0], 44_100), RangeError);
  assert.throws(() => new Saying(codes, [0], 8_000), RangeError);
});

test("a loudspeaker that cannot be opened, that breaks, or clips that are not there cost only the sound", async () => {
  const closed: string[] = [];
  const speaker = (name: string, change: Partial<Speaker>): Speaker => ({
    sampleRate: 8_000,
    writable: 64,
    write() {},
    configure() {},
    finish() {},
    stop() {},
    close: () => void closed.push(name),
    ...change,
  });
  const broken = (): never => {
    throw new Error("no such thing");
  };
  const devices: Pick<Device, "speaker" | "resource">[] = [
    { speaker: broken, resource: () => file },
    { speaker: () => speaker("no clips", {}), resource: broken },
    { speaker: () => speaker("other clips", {}), resource: () => file },
    { resource: () => file },
  ];
  for (const device of devices) new Announcer(device).say(100, "zh");
  await new Promise((resolve) => Promise.resolve().then(() => Promise.resolve().then(resolve as () => void)));
  assert.equal(closed.sort(), ["no clips", "other clips"]);
});

test.run();
