import { test } from "uvu";
import * as assert from "uvu/assert";
import { TcpRegisterLine } from "../../hal/drivers/register/tcp-line.ts";
import { VirtualNetwork } from "../../simulator/world/network.ts";
import { Bench } from "./pump.ts";

const PORT = 8100;
const OWN = "192.168.1.20";
const refusal = Uint8Array.of(0x21);

function make() {
  const bench = new Bench();
  const network = new VirtualNetwork(bench.world);
  bench.board.network = network;
  const diary: string[] = [];
  const options = {
    listener: { io: bench.io.Listener },
    tcp: { io: bench.io.TCP },
    port: PORT,
    address: OWN,
    refusal,
    onReadable: () => diary.push("readable"),
    onBreak: () => diary.push("break"),
    onRefused: () => diary.push("refused"),
  };
  const line = new TcpRegisterLine(options);
  const call = (address = OWN) => {
    const got: number[] = [];
    const fate = { got, isHungUpOn: false };
    const closed = (): void => {
      fate.isHungUpOn = true;
    };
    return Object.assign(fate, network.dial(PORT, { address, receive: (bytes) => got.push(...bytes), closed }));
  };
  return { bench, line, options, diary, call };
}

test("a register on the network is read and written to as on a serial line", async () => {
  const { bench, line, diary, call } = make();
  assert.is(line.read(), undefined);
  const register = call();
  register.send(Uint8Array.of(1, 2));
  await bench.run(50);
  assert.equal(diary, ["readable"]);
  assert.equal(line.read(), Uint8Array.of(1, 2));
  line.write(Uint8Array.of(3));
  await bench.run(50);
  assert.equal(register.got, [3]);
});

test("without a register, and with too much at once, a write throws RangeError and sends nothing", async () => {
  const { bench, line, call } = make();
  const isRange = (error: unknown): boolean => error instanceof RangeError;
  assert.throws(() => line.write(Uint8Array.of(1)), isRange);
  const register = call();
  await bench.run(50);
  assert.throws(() => line.write(new Uint8Array(100_000)), isRange);
  await bench.run(50);
  assert.equal(register.got, []);
  register.hangUp();
  await bench.run(50);
  assert.throws(() => line.write(Uint8Array.of(1)), isRange);
});

test("a second register is refused in words, a stranger without any, and the first one stays", async () => {
  const { bench, line, diary, call } = make();
  const first = call();
  await bench.run(50);
  const second = call();
  const stranger = call("192.168.1.66");
  await bench.run(50);
  assert.equal([second.got, second.isHungUpOn], [[...refusal], true]);
  assert.equal([stranger.got, stranger.isHungUpOn], [[], true]);
  assert.equal(diary, ["refused"]);
  line.write(Uint8Array.of(7));
  await bench.run(50);
  assert.equal([first.got, first.isHungUpOn], [[7], false]);
});

test("callers in numbers, none of whom takes the place, leave it to the one that has it", async () => {
  const { bench, line, call } = make();
  const first = call();
  await bench.run(50);
  const others = Array.from({ length: 50 }, () => call());
  await bench.run(500);
  assert.ok(others.every(({ isHungUpOn }) => isHungUpOn));
  line.write(Uint8Array.of(7));
  await bench.run(50);
  assert.equal(first.got, [7]);
});

test("when a register is gone the next one is taken, and it is said that the line begins anew", async () => {
  const { bench, line, diary, call } = make();
  const first = call();
  await bench.run(50);
  first.hangUp();
  await bench.run(50);
  assert.equal(diary, ["break"]);
  const second = call();
  await bench.run(50);
  line.write(Uint8Array.of(8));
  await bench.run(50);
  assert.equal(second.got, [8]);
});

test("close may be called twice, hangs up, and everything else throws after it", async () => {
  const { bench, line, call } = make();
  const register = call();
  await bench.run(50);
  line.close();
  line.close();
  await bench.run(50);
  assert.ok(register.isHungUpOn);
  assert.throws(() => line.read(), /closed/);
  assert.throws(() => line.write(Uint8Array.of(1)), /closed/);
});

test("options that are none are refused before the port is taken", () => {
  const { line, options } = make();
  line.close();
  for (const wrong of [
    { port: 0 },
    { port: 65_536 },
    { address: "" },
    { refusal: "!" },
    { onReadable: 7 },
    { tcp: {} },
  ])
    assert.throws(() => new TcpRegisterLine({ ...options, ...wrong } as never), /./, JSON.stringify(wrong));
  new TcpRegisterLine(options).close();
});

test.run();
