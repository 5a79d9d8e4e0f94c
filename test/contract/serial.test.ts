import { test } from "uvu";
import * as assert from "uvu/assert";
import { PowerCut } from "../../simulator/io/board.ts";
import { Bench } from "./pump.ts";
import { serialContract } from "./serial.contract.ts";

const PORT = 3;

function make() {
  const bench = new Bench();
  const wire = bench.board.serialWire(PORT);
  const arrived: number[] = [];
  const peer = { accepting: true, receive: (bytes: Uint8Array) => arrived.push(...bytes) };
  wire.attach(peer);
  return {
    bench,
    wire,
    Serial: bench.io.Serial,
    port: PORT,
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

serialContract("simulated wire", make);

test("a promise that another callback has used up meanwhile is made with what is left", async () => {
  const rig = make();
  const promises: number[] = [];
  const serial = new rig.Serial({ port: PORT, baud: 115_200, onWritable: (bytes) => promises.push(bytes) });
  serial.write(new Uint8Array(100));
  await rig.run(1);
  assert.equal(promises, [1948]);
});

test("bytes that nobody reads are lost and counted, never mixed up", async () => {
  const rig = make();
  const serial = new rig.Serial({ port: PORT, baud: 115_200 });
  rig.send(new Uint8Array(4_096).fill(1));
  rig.send(Uint8Array.of(2));
  await rig.run(1_000);
  assert.is(rig.wire.overruns, 1);
  assert.ok(serial.read()!.every((byte) => byte === 1));
});

test("from the moment of a power cut every call throws PowerCut and nothing on the wire arrives", async () => {
  const rig = make();
  const serial = new rig.Serial({ port: PORT, baud: 115_200 });
  serial.write(Uint8Array.of(1));
  rig.bench.board.cutPower();
  const gone = (error: unknown) => error instanceof PowerCut;
  assert.throws(() => serial.write(Uint8Array.of(1)), gone);
  assert.throws(() => serial.read(), gone);
  assert.throws(() => new rig.Serial({ port: PORT, baud: 115_200 }), gone);
  rig.bench.board.restorePower();
  await rig.run(100);
  assert.is(rig.arrived().length, 0);
  new rig.Serial({ port: PORT, baud: 115_200 }).close();
});

test.run();
