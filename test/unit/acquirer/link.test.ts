import { test } from "uvu";
import * as assert from "uvu/assert";
import type { LinkResult } from "../../../firmware/acquirer/link.ts";
import { concat } from "../../../firmware/codec/bytes.ts";
import { World } from "./world.ts";

const request = concat([Uint8Array.of(0, 30), new Uint8Array(30).fill(0x60)]);
const frame = new Uint8Array(25).map((_, place) => place);
const answer = concat([Uint8Array.of(0, 25), frame]);

function send(world: World, link = world.link()): Promise<LinkResult> {
  return world.settle(link.exchange(request));
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
  for (const reception of ["refused", "silent", "throws"] as const) {
    const world = new World();
    world.reception = reception;
    assert.equal(await send(world), { kind: "noAnswer", sent: false }, reception);
    assert.is(world.bytesSent, 0);
  }
});

test("a host that speaks before it is asked is no host, and nothing was sent", async () => {
  const world = new World();
  world.reception = "silent";
  const sending = send(world);
  world.soon(() => world.connections[0]?.receive(answer));
  assert.equal(await sending, { kind: "noAnswer", sent: false });
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

test("a host that is not there for a moment is tried again after a pause, which grows and is never the same", async () => {
  const world = new World();
  world.reception = "refused";
  const link = world.link();
  await send(world, link);
  await send(world, link);
  const at = world.tried.map((each) => each.at);
  assert.is(at.length, 6);
  const pauses = [at[1]! - at[0]!, at[2]! - at[1]!, at[4]! - at[3]!, at[5]! - at[4]!];
  for (const [place, pause] of pauses.entries()) {
    const whole = place % 2 === 0 ? 250 : 500;
    assert.ok(pause >= whole / 2 && pause <= whole, `pause of ${pause} ms`);
  }
  assert.not.equal(pauses.slice(0, 2), pauses.slice(2));
});

test("a host that comes back between two tries gets the request once", async () => {
  const world = worldThatAnswers(answer);
  world.reception = "refused";
  const sending = send(world);
  world.clock.setTimer(() => {
    world.reception = "stands";
  }, 300);
  assert.equal(await sending, { kind: "answer", frame });
  assert.is(world.bytesSent, request.length);
});

test("a link that is given up between two tries ends at once: somebody has come", async () => {
  const world = new World();
  world.reception = "refused";
  const link = world.link();
  const sending = send(world, link);
  let at = 0;
  world.clock.setTimer(() => {
    at = world.now;
    link.giveUp();
  }, 20);
  assert.equal(await sending, { kind: "noAnswer", sent: false });
  assert.is(world.now, at);
  assert.is(world.opened, 1);
  world.reception = "stands";
  world.host = () => ({ chunks: [answer] });
  assert.equal(await send(world, link), { kind: "answer", frame });
});

test("nobody waits for more rounds when the connection alone took its whole time", async () => {
  const world = new World();
  world.reception = "silent";
  await send(world);
  assert.is(world.opened, 1);
  assert.is(world.now, 10_000);
});

test("the second host stands in while the first cannot be reached, at once and with the request sent once", async () => {
  for (const reception of ["refused", "silent", "throws"] as const) {
    const world = worldThatAnswers(answer);
    world.receptions.one = reception;
    assert.equal(await send(world, world.link(undefined, "one", "two")), { kind: "answer", frame });
    assert.equal(addresses(world), ["one", "two"]);
    assert.is(world.bytesSent, request.length);
  }
});

test("a request that a host may have seen goes to no other host and to none again", async () => {
  for (const reaction of [{}, { hangUp: true }, { chunks: [answer.subarray(0, 9)], hangUp: true }]) {
    const world = new World();
    world.host = () => reaction;
    assert.equal(await send(world, world.link(undefined, "one", "two")), { kind: "noAnswer", sent: true });
    assert.equal(addresses(world), ["one"]);
    assert.is(world.bytesSent, request.length);
  }
});

test("a host that failed comes last for a while, and for longer each time; then it is the first again", async () => {
  const world = worldThatAnswers(answer);
  world.receptions.one = "refused";
  const link = world.link(undefined, "one", "two");
  const next = async (): Promise<string[]> => {
    world.tried.length = 0;
    await send(world, link);
    return addresses(world);
  };
  assert.equal(await next(), ["one", "two"]);
  assert.equal(await next(), ["two"]);
  world.pass(30_000);
  assert.equal(await next(), ["one", "two"]);
  world.pass(29_000);
  assert.equal(await next(), ["two"]);
  world.pass(31_000);
  world.receptions.one = "stands";
  assert.equal(await next(), ["one"]);
  world.receptions.one = "refused";
  assert.equal(await next(), ["one", "two"]);
  world.pass(30_000);
  assert.equal(await next(), ["one", "two"]);
});

test("when all hosts have failed all are tried all the same: somebody is waiting", async () => {
  const world = new World();
  world.reception = "refused";
  await send(world, world.link(undefined, "one", "two"));
  assert.equal(addresses(world), ["one", "two", "one", "two", "one", "two"]);
});

function addresses(world: World): string[] {
  return world.tried.map(({ address }) => address);
}

test.run();
