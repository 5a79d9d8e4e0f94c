import { test } from "uvu";
import * as assert from "uvu/assert";
import { lineFrameAt, lineHeader, lineKinds, longestLineFrame, sealLineFrame } from "../../../hal/bridge/line-frame.ts";
import { LinePipe, linePatience } from "../../../hal/bridge/line-pipe.ts";
import type { LinePort } from "../../../hal/bridge/line-port.ts";

const SESSION = 41;

interface Said {
  readonly kind: number;
  readonly number: number;
  readonly expected: number;
  readonly content: readonly number[];
}

/** A line whose other end is a list of what is to come: bytes, silence, or the end. */
class Script implements LinePort {
  readonly said: Said[] = [];
  readonly coming: (Uint8Array | undefined)[] = [];
  session = SESSION;

  read(limit: number): Uint8Array | undefined | "gone" {
    if (this.coming.length === 0) return "gone";
    const bytes = this.coming.shift();
    if (bytes !== undefined && bytes.length > limit) this.coming.unshift(bytes.slice(limit));
    return bytes?.slice(0, limit);
  }

  write(bytes: Uint8Array): void {
    assert.is(lineFrameAt(bytes, 0, bytes.length, this.session), bytes.length);
    const [, kind = 0, number = 0, expected = 0, length = 0] = bytes;
    this.said.push({ kind, number, expected, content: [...bytes.subarray(lineHeader, lineHeader + length)] });
  }

  restart(): never {
    throw new Error("restarted");
  }
}

function frame(kind: number, number: number, expected: number, content: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(longestLineFrame);
  bytes.set(content, lineHeader);
  const session = kind === lineKinds.start ? 0 : SESSION;
  return bytes.slice(0, sealLineFrame(bytes, 0, content.length, { kind, number, expected }, session));
}

function started(...coming: readonly (Uint8Array | undefined)[]): { pipe: LinePipe; line: Script } {
  const line = new Script();
  line.coming.push(frame(lineKinds.start, 0, 0, [SESSION, 0, 0, 0]));
  const pipe = new LinePipe(line, 10);
  assert.is(line.said.at(-1)?.kind, lineKinds.started);
  line.said.length = 0;
  line.coming.push(...coming);
  return { pipe, line };
}

const payload = (...bytes: readonly number[]): number[] => [bytes.length, 0, 0, 0, ...bytes];
const kinds = (line: Script): number[] => line.said.map((one) => one.kind);

test("a payload arrives once, however often its frame comes", () => {
  const data = frame(lineKinds.data, 0, 0, payload(1, 2, 3));
  const { pipe, line } = started(data, data, frame(lineKinds.data, 1, 0, payload(4)));
  assert.equal([...pipe.read()!], [1, 2, 3]);
  assert.equal([...pipe.read()!], [4]);
  assert.is(pipe.read(), undefined);
  assert.equal(
    line.said.map((one) => one.expected),
    [1, 1, 2],
  );
});

test("a payload may come in pieces, behind noise, in frames that are cut anywhere", () => {
  const stream = [
    ...[0x11, 0xa5, 0x03, 0xa5],
    ...frame(lineKinds.data, 0, 0, [3, 0]),
    ...frame(lineKinds.data, 1, 0, [0, 0, 9, 8]),
    ...frame(lineKinds.data, 2, 0, [7, ...payload(5)]),
  ];
  for (const size of [1, 2, 7, stream.length]) {
    const { pipe, line } = started();
    for (let at = 0; at < stream.length; at += size) line.coming.push(Uint8Array.from(stream.slice(at, at + size)));
    assert.equal([...pipe.read()!], [9, 8, 7]);
    assert.equal([...pipe.read()!], [5]);
    assert.ok(kinds(line).includes(lineKinds.again));
  }
});

test("what has begun is given up when the line falls silent, and what stands behind it is found", () => {
  const begun = frame(lineKinds.data, 0, 0, payload(1, 2, 3)).slice(0, 3);
  const whole = frame(lineKinds.data, 0, 0, payload(1, 2, 3));
  const { pipe } = started(new Uint8Array([...begun, ...whole]), undefined);
  assert.equal([...pipe.read()!], [1, 2, 3]);
});

test("a frame that is ahead of what is expected is not taken, and asked for once", () => {
  const ahead = frame(lineKinds.data, 1, 0, payload(9));
  const { pipe, line } = started(ahead, ahead, frame(lineKinds.data, 0, 0, payload(8)), ahead);
  assert.equal([...pipe.read()!], [8]);
  assert.equal([...pipe.read()!], [9]);
  assert.equal(kinds(line), [lineKinds.again, lineKinds.acknowledge, lineKinds.acknowledge]);
});

test("what has no answer is sent again in silence or when it is asked for, and what has one is not", () => {
  const { pipe, line } = started(
    undefined,
    frame(lineKinds.again, 0, 1),
    frame(lineKinds.acknowledge, 0, 2),
    undefined,
  );
  pipe.write(new Uint8Array(300).fill(6));
  assert.is(pipe.read(), undefined);
  assert.equal(
    line.said.map((one) => one.number),
    [0, 1, 0, 1, 1],
  );
  assert.is(line.said[0]?.content.length, 240);
  assert.equal(line.said[3]?.content, line.said[1]?.content);
});

test("no more than eight frames are on their way without an answer", () => {
  const { pipe, line } = started();
  pipe.write(new Uint8Array(240 * 12));
  assert.equal(
    line.said.map((one) => one.number),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    "the line is gone: nobody waits any more",
  );
  const other = started(undefined, frame(lineKinds.acknowledge, 0, 8));
  other.pipe.write(new Uint8Array(240 * 8));
  assert.equal(
    other.line.said.map((one) => one.number),
    [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7],
  );
});

test("a start that comes twice is answered twice, and a start of another session restarts the board", () => {
  const again = started(frame(lineKinds.start, 0, 0, [SESSION, 0, 0, 0]));
  assert.is(again.pipe.read(), undefined);
  assert.equal(kinds(again.line), [lineKinds.started]);
  const other = started(frame(lineKinds.start, 0, 0, [SESSION + 1, 0, 0, 0]));
  assert.throws(() => other.pipe.read(), /restarted/);
});

test("the end is answered, and is the end", () => {
  const { pipe, line } = started(frame(lineKinds.end, 0, 0), frame(lineKinds.data, 0, 0, payload(1)));
  assert.is(pipe.read(), undefined);
  assert.is(pipe.read(), undefined);
  assert.equal(kinds(line), [lineKinds.ended]);
});

test("the reason of a failure is said more than once, cut to what a frame holds", () => {
  const { pipe, line } = started();
  pipe.fail(new Uint8Array(300).fill(65));
  assert.equal(kinds(line), [lineKinds.failed, lineKinds.failed, lineKinds.failed]);
  assert.is(line.said[2]?.content.length, 240);
});

test("a slow line is given more time", () => {
  assert.ok(linePatience(9_600) > 2_000 && linePatience(921_600) < 60);
});

test.run();
