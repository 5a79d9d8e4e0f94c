import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  lineCheck,
  lineFrameAt,
  lineHeader,
  lineKinds,
  lineTrailer,
  longestContent,
  longestLineFrame,
  sealLineFrame,
} from "../../../hal/bridge/line-frame.ts";

const SESSION = 0x12345678;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function frameOf(content: Uint8Array, session = SESSION): Uint8Array {
  const bytes = new Uint8Array(longestLineFrame);
  bytes.set(content, lineHeader);
  const head = { kind: lineKinds.data, number: 7, expected: 250 };
  return bytes.subarray(0, sealLineFrame(bytes, 0, content.length, head, session));
}

test("the check is the CRC-32 that the world knows", () => {
  const nine = bytesOf("123456789");
  assert.is(lineCheck(nine, 0, 9, 0) >>> 0, 0xcbf43926);
  assert.is(lineCheck(nine, 4, 9, lineCheck(nine, 0, 4, 0)) >>> 0, 0xcbf43926);
});

test("a frame is found whole, and waited for while it is not", () => {
  const frame = frameOf(bytesOf("price 12.34"));
  assert.is(frame.length, lineHeader + 11 + lineTrailer);
  assert.is(lineFrameAt(frame, 0, frame.length, SESSION), frame.length);
  for (let to = 1; to < frame.length; to++) assert.is(lineFrameAt(frame, 0, to, SESSION), 0);
});

test("no flipped bit, no lost byte and no doubled byte leaves a frame right", () => {
  const frame = frameOf(bytesOf("price 12.34"));
  for (let bit = 0; bit < frame.length * 8; bit++) {
    const spoilt = new Uint8Array(longestLineFrame);
    spoilt.set(frame);
    spoilt[bit >> 3] = spoilt[bit >> 3]! ^ (1 << (bit & 7));
    assert.ok(lineFrameAt(spoilt, 0, longestLineFrame, SESSION) <= 0, `bit ${bit}`);
  }
  for (let at = 0; at < frame.length; at++) {
    const lost = new Uint8Array([...frame.slice(0, at), ...frame.slice(at + 1), ...frame]);
    assert.ok(lineFrameAt(lost, 0, lost.length, SESSION) <= 0, `byte ${at} lost`);
    const doubled = new Uint8Array([...frame.slice(0, at + 1), ...frame.slice(at), ...frame]);
    assert.ok(at === frame.length - 1 || lineFrameAt(doubled, 0, doubled.length, SESSION) <= 0, `byte ${at} doubled`);
  }
});

test("a frame of another session is noise, and a frame that is too long is none", () => {
  const frame = frameOf(bytesOf("price"), SESSION + 1);
  assert.is(lineFrameAt(frame, 0, frame.length, SESSION), -1);
  const long = new Uint8Array(300);
  long.set([0xa5, lineKinds.data, 0, 0, longestContent + 1]);
  assert.is(lineFrameAt(long, 0, 300, SESSION), -1);
});

test.run();
