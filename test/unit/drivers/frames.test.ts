import { test } from "uvu";
import * as assert from "uvu/assert";
import { AlparReader, alparFault, encodeAlpar } from "../../../hal/drivers/chip/alpar.ts";
import { decodePn532, encodePn532 } from "../../../hal/drivers/contactless/pn532-frames.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);

// Frames of NXP AN10207 (TDA8029) and UM0701-02 (PN532).

test("the coupler's commands have the frames of its application note", () => {
  assert.equal(encodeAlpar(0x09, bytes()), bytes(0x60, 0x00, 0x00, 0x09, 0x69));
  assert.equal(encodeAlpar(0x6e, bytes(0x00)), bytes(0x60, 0x00, 0x01, 0x6e, 0x00, 0x0f));
});

test("an answer is read however it is cut", () => {
  const frame = bytes(0xe0, 0x00, 0x01, 0x6e, 0xc0, 0x4f);
  for (let cut = 0; cut <= frame.length; cut++) {
    const reader = new AlparReader();
    const found = [...reader.receive(frame.subarray(0, cut)), ...reader.receive(frame.subarray(cut))];
    assert.equal(found, [{ refused: true, code: 0x6e, data: bytes(0xc0) }]);
    assert.is(reader.unfinished, false);
  }
});

test("two answers in one read are two answers", () => {
  const reader = new AlparReader();
  const found = reader.receive(bytes(...encodeAlpar(0xa0, bytes(1)), ...encodeAlpar(0x09, bytes(0))));
  assert.equal(found, [
    { refused: false, code: 0xa0, data: bytes(1) },
    { refused: false, code: 0x09, data: bytes(0) },
  ]);
});

test("the longest answer is taken and a longer one is damaged", () => {
  const longest = encodeAlpar(0x00, new Uint8Array(506));
  assert.is(new AlparReader().receive(longest).length, 1);
  assert.equal(new AlparReader().receive(bytes(0x60, 0x01, 0xfb, 0x00)), ["damaged"]);
});

test("a wrong check byte damages the answer", () => {
  assert.equal(new AlparReader().receive(bytes(0x60, 0x00, 0x00, 0x09, 0x68)), ["damaged"]);
});

test("a pulled card, a mute one and a broken coupler are told apart", () => {
  assert.equal([0xc0, 0x80, 0x81, 0xe3, 0xa0, undefined].map(alparFault), [
    "removed",
    "mute",
    "mute",
    "coupler",
    "protocol",
    "protocol",
  ]);
});

test("the contactless chip's commands have the frames of its manual", () => {
  assert.equal(encodePn532(0x02, bytes()), bytes(0x00, 0x00, 0xff, 0x02, 0xfe, 0xd4, 0x02, 0x2a, 0x00));
});

test("the contactless chip's answers are read after the ready byte", () => {
  const version = [0x00, 0x00, 0xff, 0x06, 0xfa, 0xd5, 0x03, 0x32, 0x01, 0x06, 0x07, 0xe8, 0x00];
  assert.equal(decodePn532(bytes(0x01, ...version, 0x00, 0x00)), {
    kind: "answer",
    code: 0x03,
    data: bytes(0x32, 0x01, 0x06, 0x07),
  });
  assert.is(decodePn532(bytes(0x00, ...version)).kind, "notReady");
  assert.is(decodePn532(bytes(0x01, 0x00, 0x00, 0xff, 0x00, 0xff, 0x00)).kind, "acknowledge");
  assert.is(decodePn532(bytes(0x01, 0x00, 0x00, 0xff, 0x01, 0xff, 0x7f, 0x81, 0x00)).kind, "refused");
});

test("an extended frame carries more than a normal one can", () => {
  const data = new Uint8Array(260);
  const frame = bytes(0x01, 0x00, 0x00, 0xff, 0xff, 0xff, 0x01, 0x06, 0xf9, 0xd5, 0x41, ...data, 0xea, 0x00);
  assert.equal(decodePn532(frame), { kind: "answer", code: 0x41, data });
});

test("no cut of an answer is taken for an answer", () => {
  const whole = bytes(0x01, 0x00, 0x00, 0xff, 0x06, 0xfa, 0xd5, 0x03, 0x32, 0x01, 0x06, 0x07, 0xe8, 0x00);
  for (let length = 1; length < whole.length - 1; length++) {
    assert.is(decodePn532(whole.subarray(0, length)).kind, "damaged", `${length} bytes`);
  }
  assert.is(decodePn532(bytes()).kind, "notReady");
});

test.run();
