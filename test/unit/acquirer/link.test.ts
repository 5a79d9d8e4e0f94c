import { test } from "uvu";
import * as assert from "uvu/assert";
import { exchange, type LinkResult } from "../../../firmware/acquirer/link.ts";
import { concat } from "../../../firmware/codec/bytes.ts";
import { World } from "./world.ts";

const request = concat([Uint8Array.of(0, 30), new Uint8Array(30).fill(0x60)]);
const frame = new Uint8Array(25).map((_, place) => place);
const answer = concat([Uint8Array.of(0, 25), frame]);

function send(world: World): Promise<LinkResult> {
  const { network, clock } = world;
  const timeouts = { connectTimeoutMs: 10_000, answerTimeoutMs: 60_000 };
  return world.settle(exchange({ network, clock, hostAddress: "host", hostPort: 1, ...timeouts }, request));
}

function worldThatAnswers(...chunks: Uint8Array[]): World {
  const world = new World();
  world.host = () => ({ chunks });
  return world;
}

test("an answer is taken whole, in two parts, and byte by byte", async () => {
  const bytes = [...answer].map((byte) => Uint8Array.of(byte));
  for (const chunks of [[answer], [answer.subarray(0, 1), answer.subarray(1)], bytes]) {
    const world = worldThatAnswers(...chunks);
    assert.equal(await send(world), { kind: "answer", frame });
    assert.ok(world.connections.every(({ closed }) => closed));
    assert.is(world.now, 0);
  }
});

test("the request goes out in pieces where the connection takes only so much", async () => {
  const world = worldThatAnswers(answer);
  world.window = 7;
  let got: Uint8Array | undefined;
  world.host = (bytes) => {
    got = bytes;
    return { chunks: [answer] };
  };
  assert.equal(await send(world), { kind: "answer", frame });
  assert.equal(got, request.subarray(2));
});

test("a length that no message can have ends the exchange at once", async () => {
  for (const length of [0, 1, 20, 2049, 65_535]) {
    const world = worldThatAnswers(Uint8Array.of(length >> 8, length & 255));
    assert.equal(await send(world), { kind: "badFrame" }, `length ${length}`);
    assert.ok(world.connections[0]?.closed);
  }
});

test("without a connection nothing was sent", async () => {
  for (const [reception, time] of [
    ["refused", 0],
    ["silent", 10_000],
    ["throws", 0],
  ] as const) {
    const world = new World();
    world.reception = reception;
    assert.equal(await send(world), { kind: "noAnswer", sent: false }, reception);
    assert.is(world.now, time);
  }
});

test("silence, half an answer, and a host that hangs up are no answer to what was sent", async () => {
  for (const reaction of [
    {},
    { chunks: [answer.subarray(0, 20)] },
    { chunks: [answer.subarray(0, 20)], hangUp: true },
  ]) {
    const world = new World();
    world.host = () => reaction;
    assert.equal(await send(world), { kind: "noAnswer", sent: true });
    assert.is(world.now, "hangUp" in reaction ? 0 : 60_000);
    assert.ok(world.connections[0]?.closed);
  }
});

test("an answer that comes too late is not taken for the next one", async () => {
  const world = new World();
  assert.equal(await send(world), { kind: "noAnswer", sent: true });
  world.connections[0]?.receive(answer);
  const second = new Uint8Array(25).fill(9);
  world.host = () => ({ chunks: [concat([Uint8Array.of(0, 25), second])] });
  assert.equal(await send(world), { kind: "answer", frame: second });
  assert.is(world.opened, 2);
});

test.run();
