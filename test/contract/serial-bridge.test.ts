import { suite } from "uvu";
import * as assert from "uvu/assert";
import { bridgePins, bridgePorts, Sc16is752 } from "../../hal/drivers/serial/sc16is752.ts";
import { Sc16is752Chip } from "../../simulator/chips/sc16is752.ts";
import { SimulatedIo } from "../../simulator/io/base.ts";
import type { Signal } from "../../simulator/world/kernel.ts";
import { Bench } from "./pump.ts";
import { serialContract } from "./serial.contract.ts";

const WIRES = { bus: 1, address: 0x4d, interrupt: 38, crystal: 14_745_600, pins: 64 };
const LINES = [16, 17] as const;
const BAUD = 115_200;

function make(channel = 0, handshake = 0) {
  const bench = new Bench();
  const chip = new Sc16is752Chip(bench.board, { ...WIRES, lines: LINES });
  const wire = bench.board.serialWire(LINES[channel]!);
  const arrived: number[] = [];
  const peer = { accepting: true, receive: (bytes: Uint8Array) => arrived.push(...bytes) };
  wire.attach(peer);
  const bridge = new Sc16is752({
    bus: { io: bench.io.SMBus, bus: WIRES.bus, address: WIRES.address },
    interrupt: { io: bench.io.Digital, pin: WIRES.interrupt },
    crystal: WIRES.crystal,
    handshake,
    clock: bench.clock,
  });
  return {
    bench,
    chip,
    bridge,
    wire,
    Serial: bridgePorts(bridge),
    port: channel,
    run: (milliseconds: number) => bench.run(milliseconds),
    send: (bytes: Uint8Array) => wire.send(bytes),
    arrived: () => Uint8Array.from(arrived),
    accept: (accepting: boolean) => {
      peer.accepting = accepting;
      if (accepting) wire.resume();
    },
    delivering: () => bench.delivering,
  };
}

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => at);

serialContract("channel A of an SC16IS752", () => make(0));
serialContract("channel B of an SC16IS752 with RTS and CTS", () => make(1, 0b10));

const test = suite("SC16IS752");

test("two ports at once keep their bytes apart, and breach nothing of the data sheet", async () => {
  const { bench, chip, Serial } = make();
  const got: number[][] = [[], []];
  const ports = [0, 1].map((port) => {
    const serial = new Serial({
      port,
      baud: port === 0 ? 9_600 : BAUD,
      onReadable: () => got[port]!.push(...(serial.read() ?? [])),
    });
    return serial;
  });
  const heard: number[][] = [[], []];
  LINES.forEach((line, port) => {
    bench.board.serialWire(line).attach({ receive: (sent) => heard[port]!.push(...sent) });
    bench.board.serialWire(line).send(bytes(200).map((byte) => byte ^ port));
  });
  ports.forEach((port, at) => {
    port.write(bytes(150).map((byte) => byte ^ (at + 2)));
  });
  await bench.run(1_000);
  for (const port of [0, 1]) {
    assert.equal(got[port], [...bytes(200).map((byte) => byte ^ port)]);
    assert.equal(heard[port], [...bytes(150).map((byte) => byte ^ (port + 2))]);
  }
  assert.is(chip.protocolErrors, 0);
  ports[0]!.close();
  assert.ok(bench.board.open.size > 0);
  ports[1]!.close();
  assert.is(bench.board.open.size, 0);
});

test("a speed that the crystal does not make is refused, and those that it makes are on the line", () => {
  const { Serial, wire } = make();
  for (const baud of [9_600, 38_400, 115_200, 230_400]) {
    const serial = new Serial({ port: 0, baud });
    assert.is(wire.baud, baud);
    serial.close();
  }
  for (const baud of [10, 700_000, 2_000_000]) assert.throws(() => new Serial({ port: 0, baud }), /crystal/);
  assert.throws(() => new Serial({ port: 0, baud: BAUD, frame: "8E2" }), /parity/);
  assert.throws(() => new Serial({ port: 2, baud: BAUD }));
});

test("a far end that heeds RTS loses nothing however late it is read; without RTS the FIFO overflows and the chip counts it", async () => {
  for (const handshake of [0b01, 0]) {
    const { bench, chip, Serial, wire } = make(0, handshake);
    const got: number[] = [];
    const serial = new Serial({ port: 0, baud: BAUD, onReadable: () => got.push(...(serial.read() ?? [])) });
    await bench.run(1);
    wire.send(bytes(250));
    // The firmware is busy for 100 ms: what it is owed comes afterwards.
    const owed: Signal[] = [];
    for (let wake = bench.world.next(101); wake.kind === "signal"; wake = bench.world.next(101)) owed.push(wake.signal);
    for (const { io, callback, args } of owed) if (io instanceof SimulatedIo) io.deliver(callback, args);
    await bench.run(100);
    if (handshake === 0) assert.ok(chip.channels[0]!.overruns > 0);
    else assert.equal(got, [...bytes(250)]);
  }
});

test("a chip that is not there is an error of the constructor, and nothing stays open", () => {
  const { bench, Serial } = make();
  bench.board.i2c.clear();
  assert.throws(() => new Serial({ port: 0, baud: BAUD }), /acknowledge/);
  assert.is(bench.board.open.size, 0);
});

test("a chip that stops answering is told to each port once, which is closed then", async () => {
  const { bench, Serial, wire } = make();
  const errors: number[] = [];
  for (const port of [0, 1]) new Serial({ port, baud: BAUD, onError: () => errors.push(port) });
  await bench.run(10);
  wire.send(bytes(20));
  await bench.run(0);
  bench.board.i2c.clear();
  await bench.run(1_000);
  assert.equal(errors, [0, 1]);
  assert.is(bench.board.open.size, 0);
});

test("a transfer that fails once loses nothing", async () => {
  const { bench, chip, Serial, wire } = make();
  const got: number[] = [];
  const serial = new Serial({ port: 0, baud: BAUD, onReadable: () => got.push(...(serial.read() ?? [])) });
  await bench.run(10);
  wire.send(bytes(20));
  bench.board.i2c.clear();
  await bench.run(5);
  bench.board.i2c.set(`${WIRES.bus}:${WIRES.address}`, chip);
  await bench.run(100);
  assert.equal(got, [...bytes(20)]);
});

test("its pins are outputs that keep their levels, and give the bus back with the last of them", () => {
  const { bench, chip, bridge } = make();
  const Pin = bridgePins(bridge);
  const level = (pin: number) => bench.board.digitalWire(WIRES.pins + pin).level;
  const [one, other] = [4, 7].map((pin) => new Pin({ pin, mode: "output" }));
  one!.write(0);
  assert.equal([level(4), level(7)], [0, 1]);
  other!.write(0);
  one!.write(1);
  assert.equal([level(4), level(7), one!.read(), other!.read()], [1, 0, 1, 0]);
  one!.close();
  one!.close();
  assert.throws(() => one!.write(0), /closed/);
  assert.ok(bench.board.open.size > 0);
  other!.close();
  assert.is(bench.board.open.size, 0);
  assert.equal([level(4), level(7)], [1, 0]);
  assert.is(chip.protocolErrors, 0);
  assert.throws(() => new Pin({ pin: 8, mode: "output" }));
  assert.throws(() => new Pin({ pin: 1, mode: "input" }), /no input/);
});

test("what nobody reads is bounded", async () => {
  const { bench, Serial, wire } = make();
  const serial = new Serial({ port: 0, baud: BAUD });
  for (let times = 0; times < 20; times++) {
    wire.send(bytes(100));
    await bench.run(100);
  }
  assert.ok(serial.read()!.length <= 1_024);
});

test.run();
