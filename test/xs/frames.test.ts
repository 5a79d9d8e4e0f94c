import { test } from "uvu";
import * as assert from "uvu/assert";
import { FrameReader, frame, frameLimit } from "../../simulator/runtime/frames.ts";

const payloads = [Uint8Array.of(), Uint8Array.of(1), new Uint8Array(300).fill(7), Uint8Array.of(2, 3)];

function stream(): Uint8Array {
  return Uint8Array.from(payloads.flatMap((payload) => [...frame(payload)]));
}

function readAll(reader: FrameReader): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let payload = reader.next(); payload !== undefined; payload = reader.next()) found.push(payload.slice());
  return found;
}

test("frames arrive whole, in whatever pieces the bytes come", () => {
  const bytes = stream();
  for (const size of [1, 2, 3, 5, 7, 64, bytes.length]) {
    const reader = new FrameReader();
    const found: Uint8Array[] = [];
    for (let offset = 0; offset < bytes.length; offset += size) {
      reader.push(bytes.slice(offset, offset + size));
      found.push(...readAll(reader));
    }
    assert.equal(found, payloads, `pieces of ${size}`);
  }
});

test("an unfinished frame waits", () => {
  const reader = new FrameReader();
  reader.push(Uint8Array.of(2, 0, 0, 0, 9));
  assert.is(reader.next(), undefined);
  reader.push(Uint8Array.of(8));
  assert.equal(reader.next(), Uint8Array.of(9, 8));
  assert.is(reader.next(), undefined);
});

test("a frame that says it is too long is refused before it is read", () => {
  const reader = new FrameReader();
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, frameLimit + 1, true);
  reader.push(header);
  assert.throws(() => reader.next(), /too long/);
});

test.run();
