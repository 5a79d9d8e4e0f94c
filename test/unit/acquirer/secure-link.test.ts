import { test } from "uvu";
import * as assert from "uvu/assert";
import { clientKeyName, type LinkSecurity } from "../../../firmware/acquirer/connection.ts";
import { readDenyList } from "../../../firmware/acquirer/deny-list.ts";
import { concat } from "../../../firmware/codec/bytes.ts";
import { authority, chain, chainNames, denyList, denyRsaKey, serverName } from "./certificates.ts";
import { World } from "./world.ts";

const request = concat([Uint8Array.of(0, 30), new Uint8Array(30).fill(0x60)]);
const frame = new Uint8Array(25).fill(7);
const trusted = new Set(["good", "with the authority after it", "through an authority between", "wildcard"]);
trusted.add("an extension that does not matter");

const security: LinkSecurity = {
  serverName,
  authorities: [authority()],
  denied: undefined,
  clientCertificates: [],
};

/** A world whose hosts answer, and show these chains. */
function worldWith(...certificates: readonly (readonly [address: string, chain: readonly Uint8Array[]])[]): World {
  const world = new World();
  world.host = () => ({ chunks: [concat([Uint8Array.of(0, 25), frame])] });
  for (const [address, shown] of certificates) world.certificates[address] = shown;
  // The fake clock's day is 2026-01-01.
  world.pass(326 * 86_400_000);
  return world;
}

test("a host is asked who it is by its name, and is sent the request when its certificate is good", async () => {
  const world = worldWith(["host", chain("good")]);
  assert.equal(await world.settle(world.link(security).exchange(request)), { kind: "answer", frame });
  const { serverName: asked, clientKey, clientCertificates } = world.connections[0]!.options;
  assert.equal([asked, clientKey, clientCertificates], [serverName, undefined, undefined]);
  assert.is(world.bytesSent, request.length);
});

for (const name of chainNames) {
  test(`a host whose certificate is ${name} gets ${trusted.has(name) ? "the request" : "not one byte"}`, async () => {
    const world = worldWith(["host", chain(name)]);
    const result = await world.settle(world.link(security).exchange(request));
    assert.is(world.bytesSent, trusted.has(name) ? request.length : 0);
    assert.is(result.kind, trusted.has(name) ? "answer" : "noAnswer");
    if (result.kind === "noAnswer") assert.type(result.refused, "string");
    assert.is(world.opened, 1, "a certificate that was refused is not asked for again");
  });
}

test("a revoked host gets not one byte, and the second host stands in for it", async () => {
  const denied = readDenyList(denyList("key"), denyRsaKey);
  const alone = worldWith(["host", chain("good")]);
  const refused = await alone.settle(alone.link({ ...security, denied }).exchange(request));
  assert.equal(refused, { kind: "noAnswer", sent: false, refused: "revoked" });
  assert.is(alone.bytesSent, 0);
  const world = worldWith(["one", chain("expired")], ["two", chain("wildcard")]);
  const result = await world.settle(world.link(security, "one", "two").exchange(request));
  assert.equal(result, { kind: "answer", frame });
  assert.is(world.bytesSent, request.length);
});

test("what was wrong with a certificate is told even when the other host is merely away", async () => {
  const world = worldWith(["one", chain("expired")]);
  world.receptions.two = "refused";
  const result = await world.settle(world.link(security, "one", "two").exchange(request));
  assert.equal(result, { kind: "noAnswer", sent: false, refused: "expired" });
});

test("why a host was refused can be read until the next exchange, and not where another host has answered", async () => {
  const world = worldWith(["one", chain("expired")]);
  world.receptions.two = "refused";
  const link = world.link(security, "one", "two");
  assert.is(link.refused, undefined);
  await world.settle(link.exchange(request));
  assert.is(link.refused, "expired");
  world.receptions.one = "refused";
  await world.settle(link.exchange(request));
  assert.is(link.refused, undefined, "nobody was there the second time");
  const other = worldWith(["one", chain("expired")], ["two", chain("good")]);
  const answered = other.link(security, "one", "two");
  assert.is((await other.settle(answered.exchange(request))).kind, "answer");
  assert.is(answered.refused, undefined);
});

test("a handshake that breaks, hangs or lets itself be written to too early lets nothing out", async () => {
  for (const reception of ["breaks", "silent", "refused", "throws"] as const) {
    const world = worldWith(["host", chain("good")]);
    world.reception = reception;
    const result = await world.settle(world.link(security).exchange(request));
    assert.equal(result, { kind: "noAnswer", sent: false }, reception);
    assert.is(world.bytesSent, 0);
  }
  const world = worldWith(["host", chain("another authority")]);
  world.reception = "hasty";
  const result = await world.settle(world.link(security).exchange(request));
  assert.equal(result, { kind: "noAnswer", sent: false, refused: "unknown-authority" });
  assert.is(world.bytesSent, 0);
});

test("our own certificate is offered with the name of its key, never the key", async () => {
  const world = worldWith(["host", chain("good")]);
  const clientCertificates = chain("for clients only");
  await world.settle(world.link({ ...security, clientCertificates }).exchange(request));
  assert.equal(world.connections[0]!.options.clientCertificates, clientCertificates);
  assert.is(world.connections[0]!.options.clientKey, clientKeyName);
});

test.run();
