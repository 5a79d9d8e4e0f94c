import { fileURLToPath } from "node:url";
import { Decoder, Encoder } from "cbor-x";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { FramePipe } from "../../hal/bridge/protocol.ts";
import { bridgedDevice } from "../../hal/bridge/provider.ts";
import type { RecordEntry } from "../../hal/io.ts";
import type { XsGround } from "../../simulator/runtime/xs/bundle.ts";
import { esp32Limits, startXs } from "../../simulator/runtime/xs/ground.ts";
import { FakeWorld } from "./fake-world.ts";
import { exercise } from "./fixtures/bridge.ts";
import { grounds } from "./grounds.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const decoder = new Decoder({ useRecords: false });
const encoder = new Encoder({ tagUint8Array: false, useRecords: false });

const EXPECTED: readonly RecordEntry[] = [
  {
    screen: "errors",
    values: { full: "RangeError output full", constructor: "RangeError serial port" },
  },
  { screen: "readable", values: { bytes: "3", read: "1,2,3", self: "true", inCall: "false", rest: "4" } },
  { screen: "readable", values: { bytes: "1", read: "undefined", self: "true", inCall: "false", rest: "undefined" } },
  { screen: "first", values: { at: "250", wall: "1700000001250" } },
  { screen: "closed", values: { write: "Error closed" } },
  { screen: "job", values: {} },
  { screen: "second", values: { at: "500" } },
];

test("bridged IO behaves as ECMA-419 says, with both ends in one process", async () => {
  const toFirmware: Uint8Array[] = [];
  const world = new FakeWorld((payload) => toFirmware.push(new Uint8Array(payload)));
  const pipe: FramePipe = {
    read: () => toFirmware.shift(),
    write: (...parts) => world.server.receive(Buffer.concat(parts)),
  };
  world.server.start(world.now, {});
  const device = bridgedDevice(pipe, () => new Uint8Array(0));
  exercise(device.io);
  while (device.idle()) await Promise.resolve();
  assert.equal(world.recorded, EXPECTED);
  assert.equal(await world.ended, { kind: "stopped" });
});

test("a line is written to without waiting where the world has promised room, and no further", () => {
  const sent: unknown[] = [];
  const encoded = (fields: readonly unknown[]): Uint8Array => new Uint8Array(encoder.encode(fields));
  const toFirmware = [encoded([5, 0, 0, {}]), encoded([0, undefined])];
  const pipe: FramePipe = {
    read: () => toFirmware.shift(),
    write(...parts) {
      const [kind] = encoder.decode(Buffer.concat(parts)) as unknown[];
      sent.push(kind);
    },
  };
  const device = bridgedDevice(pipe, () => new Uint8Array(0));
  const serial = new device.io.Serial({ port: 1, baud: 9600, onWritable: () => {} });
  toFirmware.push(encoded([2, 0, 0, 1, "onWritable", [16]]));
  device.idle();
  sent.length = 0;
  serial.write(new Uint8Array(10));
  serial.write(new Uint8Array(6));
  assert.equal(sent, [2, 2]);
  toFirmware.push(encoded([1, "output full", "RangeError"]));
  assert.throws(() => serial.write(new Uint8Array(1)), /output full/);
  assert.is(sent.at(-1), 1);
  toFirmware.push(encoded([2, 0, 0, 1, "onWritable", [4]]));
  device.idle();
  serial.write(new Uint8Array(4));
  assert.is(sent.at(-1), 2);
});

/** Runs the text of an entry on XS against the fake world until the world ends. */
async function runOnXs(ground: XsGround, text: string) {
  const world = new FakeWorld((payload) => xs.send(payload));
  const xs = await startXs({
    ground,
    entry: { text },
    preload: true,
    limits: esp32Limits,
    onFrame: (payload) => world.server.receive(payload),
  });
  void xs.exit.then((exit) => world.server.finish({ kind: "crashed", reason: exit.reason ?? "ended" }));
  world.server.start(world.now, {});
  const end = await world.ended;
  xs.hangUp();
  return { world, end, exit: await xs.exit };
}

const entry = (body: string): string => `
  import { bridgedDevice } from ${JSON.stringify(fileURLToPath(new URL("../../hal/bridge/provider.ts", import.meta.url)))};
  import { hostPipe } from ${JSON.stringify(fileURLToPath(new URL("../../simulator/runtime/xs/host-pipe.ts", import.meta.url)))};
  import { exercise } from ${JSON.stringify(fixture("bridge.ts"))};
  export function main() {
    const device = bridgedDevice(hostPipe, () => new Uint8Array(0));
    const { io } = device;
    ${body}
    return () => device.idle();
  }`;

for (const ground of grounds) {
  test(`${ground}: bridged IO behaves as it does in one process`, async () => {
    const { world, end, exit } = await runOnXs(ground, entry("exercise(io);"));
    assert.equal(world.recorded, EXPECTED);
    assert.equal(end, { kind: "stopped" });
    assert.is(exit.reason, undefined);
    assert.is(exit.status, 0);
  });

  test(`${ground}: when the power goes in the middle of a call, no answer comes and nothing after it counts`, async () => {
    const body = `
      const recorder = new io.Recorder({});
      recorder.write({ screen: "before", values: {} });
      const secure = new io.SecureStorage({});
      try { secure.erase("key"); } catch {}
      recorder.write({ screen: "after", values: {} });`;
    const { world, end } = await runOnXs(ground, entry(body));
    assert.equal(end, { kind: "powerless" });
    assert.equal(world.recorded, [{ screen: "before", values: {} }]);
  });

  test(`${ground}: after a restart that the firmware has asked for nothing of it counts`, async () => {
    const body = `
      const recorder = new io.Recorder({});
      recorder.write({ screen: "before", values: {} });
      new io.System({}).restart();
      recorder.write({ screen: "after", values: {} });`;
    const { world, end } = await runOnXs(ground, entry(body));
    assert.equal(end, { kind: "powerless" });
    assert.equal(world.recorded, [{ screen: "before", values: {} }]);
  });

  test(`${ground}: a crash of the firmware is the end, with its reason`, async () => {
    const { end } = await runOnXs(ground, entry("io.clock.setTimer(() => { throw new RangeError('jam'); }, 10);"));
    assert.is(end.kind, "crashed");
    assert.match(end.kind === "crashed" ? end.reason : "", /^unhandled exception: RangeError: jam/);
  });

  test(`${ground}: what a round trip and a start cost`, async () => {
    const started = performance.now();
    const warm = await runOnXs(ground, entry(""));
    const start = performance.now() - started;
    const world = new FakeWorld((payload) => xs.send(payload));
    const before = performance.now();
    const xs = await startXs({
      ground,
      entry: { path: fixture("ping.ts") },
      preload: true,
      onFrame: (payload) => world.server.receive(payload),
    });
    world.server.start(world.now, {});
    assert.equal(await world.ended, { kind: "stopped" });
    const cost = ((performance.now() - before) * 1000) / 2000;
    xs.hangUp();
    await xs.exit;
    console.log(`${ground}: a round trip ${cost.toFixed(0)} us, a process from start to end ${start.toFixed(0)} ms`);
    assert.equal(warm.end, { kind: "stopped" });
  });
}

/** What comes in once for the host and once for the codec: how the host takes it (made, or declined and read), and as an answer. */
const incoming: readonly (readonly [what: unknown, made: boolean, answer: boolean])[] = [
  ...[0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -1, -24, -25, -(2 ** 31), -(2 ** 31) - 1].map(
    (number) => [[0, number], true, true] as const,
  ),
  [[0, 1.5], true, true],
  [[0, -0], true, true],
  [[0, 1e300], true, true],
  [[0, true], true, true],
  [[0, false], true, true],
  [[0, null], true, true],
  [[0, undefined], true, true],
  [[0, ""], true, true],
  [[0, "onReadable"], true, true],
  [[0, "a".repeat(300)], true, true],
  [[0, "签"], false, false],
  [[0, Uint8Array.of()], true, true],
  [[0, Uint8Array.from({ length: 700 }, (_, at) => at)], true, true],
  [[0, [1, [2, 3], "x"]], true, true],
  [[0, [[[["deep"]]]]], false, false],
  [[0, { length: 3 }], false, false],
  [[1, "output full", "RangeError"], true, false],
  [[2, 1000, 1_700_000_001_000, 3, "onWritable", [16]], true, false],
  [[3, 1000, 1_700_000_001_000], true, false],
];

for (const ground of grounds) {
  test(`${ground}: what comes in is the same whether the host makes it or the codec reads it`, async () => {
    const codec = fileURLToPath(new URL("../../firmware/codec/cbor.ts", import.meta.url));
    const text = `
      import { read, receive, reply, write } from "xspos:host";
      import { decodeCbor, encodeCbor } from ${JSON.stringify(codec)};
      const declined = { none: true };
      const decoded = () => decodeCbor(new Uint8Array(read()));
      export function main() {
        for (;;) {
          const given = receive(declined);
          if (given === undefined) return;
          const made = given !== declined;
          const fields = made ? given : decoded();
          const other = decoded();
          const value = reply(declined);
          const answered = value !== declined;
          const last = answered ? value : decoded();
          write(encodeCbor([made, answered, encodeCbor(fields), encodeCbor(other), encodeCbor(answered ? [0, last] : last)]));
        }
      }`;
    const seen: unknown[][] = [];
    const xs = await startXs({
      ground,
      entry: { text },
      preload: true,
      limits: esp32Limits,
      onFrame: (payload) => seen.push(decoder.decode(payload) as unknown[]),
    });
    for (const [what] of incoming) for (let copy = 0; copy < 3; copy++) xs.send(encoder.encode(what));
    xs.hangUp();
    const { reason } = await xs.exit;
    assert.is(reason, undefined);
    assert.is(seen.length, incoming.length);
    for (const [place, [what, made, answer]] of incoming.entries()) {
      const [wasMade, wasAnswer, fields, other, last] = seen[place]!;
      assert.equal([wasMade, wasAnswer], [made, answer], JSON.stringify(what));
      assert.equal(fields, other, JSON.stringify(what));
      assert.equal(last, other, JSON.stringify(what));
    }
  });
}

test("wrong frames end the run with a clear error and reach nothing", async () => {
  const open = [0, 1, "Serial", { port: 1 }];
  const cases: readonly (readonly [string, readonly (readonly unknown[] | Uint8Array)[], RegExp])[] = [
    ["not CBOR", [Uint8Array.of(0xff, 0x00)], /not CBOR|not an array/],
    ["empty", [Uint8Array.of()], /not CBOR|not an array/],
    ["not an array", [encoder.encode("open")], /not an array/],
    ["unknown kind", [[9, 1]], /unknown kind/],
    ["no handle", [[1, -1, "read", []]], /no handle/],
    ["unknown class", [[0, 1, "File", {}]], /no class File/],
    ["inherited class name", [[0, 1, "constructor", {}]], /no class constructor/],
    ["options that are none", [[0, 1, "Serial", 5]], /options must be an object/],
    ["handle used twice", [open, open], /handle used twice/],
    ["closed handle", [open, [3, 1], [1, 1, "read", []]], /no open instance/],
    ["unknown method", [open, [1, 1, "format", []]], /no method format/],
    ["inherited method", [open, [1, 1, "hasOwnProperty", ["a"]]], /no method hasOwnProperty/],
    ["constructor as method", [open, [1, 1, "constructor", []]], /no method constructor/],
    ["arguments that are none", [open, [1, 1, "read", {}]], /arguments must be an array/],
    ["time that is none", [[4, "soon"]], /number or null/],
    ["time without end", [[4, Number.POSITIVE_INFINITY]], /number or null/],
  ];
  for (const [name, frames, reason] of cases) {
    const world = new FakeWorld(() => {});
    for (const one of frames) world.server.receive(one instanceof Uint8Array ? one : encoder.encode(one));
    const end = await world.ended;
    assert.is(end.kind, "crashed", name);
    assert.match(end.kind === "crashed" ? end.reason : "", reason, name);
  }
});

test.run();
