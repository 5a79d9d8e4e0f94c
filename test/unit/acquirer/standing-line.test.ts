import { test } from "uvu";
import * as assert from "uvu/assert";
import { StandingLine } from "../../../firmware/acquirer/standing-line.ts";
import { concat } from "../../../firmware/codec/bytes.ts";
import { World } from "./world.ts";

/** A frame of a message of this type, with its length. */
function message(mti: number, mark: number): Uint8Array {
  const frame = new Uint8Array(25).fill(mark);
  frame.set([0x60, 0, 3, 0, 0, 0x60, 0x31, 0, 0x31, 0, 0, mti >> 8, mti & 255]);
  return concat([Uint8Array.of(0, 25), frame]);
}
const request = message(0x0600, 1);
const answer = message(0x0610, 2);
const question = message(0x0600, 3);

function bench(...chunks: Uint8Array[]): { readonly world: World; readonly line: StandingLine } {
  const world = new World();
  world.host = () => ({ chunks });
  const { clock } = world;
  const hosts = ["first", "second"].map((address) => ({ address, port: 1 }));
  const times = { connectTimeoutMs: 10_000, answerTimeoutMs: 30_000 };
  return { world, line: new StandingLine({ device: world, clock, hosts, ...times, security: undefined }) };
}

test("one connection carries every exchange, and stands after each", async () => {
  const { world, line } = bench(answer);
  for (let time = 0; time < 3; time++) {
    assert.equal(await world.settle(line.exchange(request)), { kind: "answer", frame: answer.subarray(2) });
  }
  assert.is(world.opened, 1);
  assert.not(world.connections[0]?.closed);
});

test("what the host asks is no answer, whole, in pieces, before one or after it", async () => {
  const asked = { kind: "question", frame: question.subarray(2) };
  const pieces = [...concat([question, answer])].map((byte) => Uint8Array.of(byte));
  for (const chunks of [[question, answer], [concat([answer, question])], pieces]) {
    const { world, line } = bench(...chunks);
    assert.equal(await world.settle(line.exchange(request)), { kind: "answer", frame: answer.subarray(2) });
    assert.equal(await world.settle(line.next(1_000)), asked);
    assert.equal(await world.settle(line.next(1_000)), { kind: "nothing" });
  }
});

test("a line that is lost says so, and the next one goes to the other host", async () => {
  const { world, line } = bench(answer);
  await world.settle(line.exchange(request));
  const waiting = line.next(60_000);
  world.soon(() => world.connections[0]?.fail());
  assert.equal(await world.settle(waiting), { kind: "ended" });
  await world.settle(line.exchange(request));
  assert.equal(
    world.tried.map(({ address }) => address),
    ["first", "second"],
  );
});

test("a line that is given up closes at once and asks nothing until it may again", async () => {
  const { world, line } = bench();
  const asking = line.exchange(request);
  world.soon(() => line.giveUp());
  assert.is((await world.settle(asking)).kind, "noAnswer");
  assert.ok(world.connections[0]?.closed);
  assert.equal(await world.settle(line.exchange(request)), { kind: "noAnswer", sent: false });
  assert.is(world.opened, 1);
  line.start();
  world.host = () => ({ chunks: [answer] });
  assert.is((await world.settle(line.exchange(request))).kind, "answer");
});

test("silence, a connection that fails or cannot be made, and a length that no message can have end the line", async () => {
  for (const reception of ["refused", "silent", "throws"] as const) {
    const { world, line } = bench(answer);
    world.reception = reception;
    assert.equal(await world.settle(line.exchange(request)), { kind: "noAnswer", sent: false }, reception);
  }
  for (const chunks of [[], [Uint8Array.of(0, 3)], [Uint8Array.of(255, 255)]]) {
    const { world, line } = bench(...chunks);
    assert.equal(await world.settle(line.exchange(request)), { kind: "noAnswer", sent: true });
    assert.equal(await line.next(1), { kind: "ended" });
  }
});

test("a host that asks more than anybody takes is given up", async () => {
  const { world, line } = bench(answer, question, question, question, question, question);
  await world.settle(line.exchange(request));
  assert.equal(await world.settle(new Promise((resolve) => world.clock.setTimer(() => resolve(1), 5_000))), 1);
  assert.ok(world.connections[0]?.closed);
});

test.run();
