import { connect, type Socket } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FrameReader, frameMessage, MAX_FRAME, serveTcp } from "../../simulator/acquirer/tcp.ts";

const echo = { receive: (frame: Uint8Array) => frame };

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.once("error", reject);
  });
}

function nextFrame(socket: Socket): Promise<Uint8Array> {
  const reader = new FrameReader();
  return new Promise((resolve, reject) => {
    socket.on("data", (bytes) => {
      const [message] = reader.take(bytes);
      if (message) resolve(message);
    });
    socket.once("close", () => reject(new Error("closed")));
  });
}

test("a frame in single bytes and two frames in one piece are both understood", () => {
  const reader = new FrameReader();
  const one = frameMessage(Uint8Array.of(1, 2, 3));
  const single = [...one].flatMap((byte) => reader.take(Uint8Array.of(byte)));
  assert.equal(single, [Uint8Array.of(1, 2, 3)]);
  assert.is(reader.take(Uint8Array.from([...one, ...one])).length, 2);
});

test("a frame announced empty or too long is refused before it is kept", () => {
  assert.throws(() => new FrameReader().take(Uint8Array.of(0, 0)));
  assert.throws(() => new FrameReader().take(Uint8Array.of((MAX_FRAME + 1) >> 8, (MAX_FRAME + 1) & 0xff)));
});

test("several terminals are served at once, on loopback", async () => {
  const server = await serveTcp(echo);
  const sockets = await Promise.all([1, 2, 3].map(() => open(server.port)));
  const answers = sockets.map(nextFrame);
  for (const [index, socket] of sockets.entries()) {
    const frame = frameMessage(Uint8Array.of(index, 9));
    socket.write(frame.subarray(0, 1));
    socket.write(frame.subarray(1));
  }
  assert.equal(
    await Promise.all(answers),
    [0, 1, 2].map((index) => Uint8Array.of(index, 9)),
  );
  await server.close();
});

test("rubbish ends its own connection and no other", async () => {
  const server = await serveTcp(echo);
  const [bad, good] = await Promise.all([open(server.port), open(server.port)]);
  const ended = new Promise((resolve) => bad!.once("close", resolve));
  bad!.on("error", () => undefined);
  bad!.write(Uint8Array.of(0xff, 0xff, 0x00));
  await ended;
  const answer = nextFrame(good!);
  good!.write(frameMessage(Uint8Array.of(5)));
  assert.equal(await answer, Uint8Array.of(5));
  await server.close();
});

test.run();
