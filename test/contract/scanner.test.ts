import { suite } from "uvu";
import * as assert from "uvu/assert";
import { p1 } from "../../hal/boards/p1/wiring.ts";
import { Gm65 } from "../../hal/drivers/scanner/gm65.ts";
import { Gm65Chip } from "../../simulator/chips/gm65.ts";
import { p1Chips } from "../../simulator/chips/p1.ts";
import { SeededRandom } from "../../simulator/world/random.ts";
import { Bench } from "./pump.ts";
import { CODE, scannerContract } from "./scanner.contract.ts";

const PORT = 4;
const BAUD = 115_200;

function open(bench: Bench, callbacks: object = {}): Gm65 {
  return new Gm65({ serial: { io: bench.io.Serial, port: PORT, baud: BAUD }, clock: bench.clock, ...callbacks });
}

scannerContract("GM65 on its model", () => {
  const bench = new Bench();
  const chip = new Gm65Chip(bench.board, { port: PORT });
  return {
    open: (callbacks) => open(bench, callbacks),
    show: (code) => chip.show(code),
    takeAway: () => chip.takeAway(),
    run: (milliseconds) => bench.run(milliseconds),
    lit: () => chip.looking,
    breaches: () => chip.protocolErrors,
    delivering: () => bench.delivering,
  };
});

scannerContract("p1's scanner, behind its two UARTs on I2C", () => {
  const bench = new Bench();
  const { scanner, uarts } = p1Chips(bench.board);
  const device = p1({ ...bench.io, clock: bench.clock, resource: () => new Uint8Array(0) });
  return {
    open: (callbacks) => device.scanner!(callbacks),
    show: (code) => scanner.show(code),
    takeAway: () => scanner.takeAway(),
    run: (milliseconds) => bench.run(milliseconds),
    lit: () => scanner.looking,
    breaches: () => scanner.protocolErrors + uarts.protocolErrors,
    delivering: () => bench.delivering,
  };
});

const test = suite("GM65 and a module that misbehaves");

async function stand() {
  const bench = new Bench();
  const chip = new Gm65Chip(bench.board, { port: PORT });
  const wire = bench.board.serialWire(PORT);
  let errors = 0;
  const scanner = open(bench, {
    onError: () => {
      errors++;
    },
  });
  await bench.run(500);
  scanner.start();
  await bench.run(500);
  const say = async (bytes: string | readonly number[], milliseconds = 500) => {
    wire.send(typeof bytes === "string" ? Buffer.from(bytes) : Uint8Array.from(bytes));
    await bench.run(milliseconds);
  };
  const read = () => {
    const code = scanner.read();
    return code && Buffer.from(code).toString();
  };
  return { bench, chip, wire, scanner, say, read, errors: () => errors };
}

test("a module that is not there is given up within two seconds, once, by a callback", async () => {
  const bench = new Bench();
  let errors = 0;
  const scanner = open(bench, {
    onError: () => {
      errors++;
    },
  });
  assert.is(errors, 0);
  await bench.run(2_000);
  assert.is(errors, 1);
  assert.throws(() => scanner.start());
  assert.is(bench.board.open.size, 0);
});

test("a command whose answer is lost or damaged is sent again", async () => {
  for (const spoil of [
    () => new Uint8Array(0),
    (bytes: Uint8Array) => bytes.map((byte, at) => (at === 5 ? byte ^ 1 : byte)),
  ]) {
    const bench = new Bench();
    const chip = new Gm65Chip(bench.board, { port: PORT });
    const wire = bench.board.serialWire(PORT);
    const send = wire.send.bind(wire);
    let spoilt = 0;
    wire.send = (bytes) => send(spoilt++ % 2 === 0 ? spoil(bytes) : bytes);
    const scanner = open(bench, { onError: () => assert.unreachable() });
    scanner.start();
    await bench.run(3_000);
    assert.ok(chip.looking);
    assert.ok(spoilt > 4);
    assert.is(chip.protocolErrors, 0);
  }
});

test("a module that only ever refuses is given up", async () => {
  const bench = new Bench();
  const wire = bench.board.serialWire(PORT);
  wire.attach({ receive: () => wire.send(Uint8Array.of(0x02, 0x00, 0x01, 0x00, 0x25, 0x3b)) });
  let errors = 0;
  open(bench, {
    onError: () => {
      errors++;
    },
  });
  await bench.run(3_000);
  assert.is(errors, 1);
});

test("a code that breaks off is dropped, and the next one is read whole", async () => {
  const { say, read } = await stand();
  await say("28123");
  assert.is(read(), undefined);
  await say(`${CODE}\r`);
  assert.is(read(), CODE);
});

test("a code longer than any that is meant is dropped to its end", async () => {
  const { say, read } = await stand();
  await say(`${"7".repeat(3_000)}\r`, 1_000);
  assert.is(read(), undefined);
  await say(`${CODE}\r`);
  assert.is(read(), CODE);
});

test("an empty code, and codes after the first, are none", async () => {
  const { say, read } = await stand();
  await say(`\r\r${CODE}\rsecond\rthird\r`);
  assert.is(read(), CODE);
  assert.is(read(), undefined);
});

test("a code that comes in pieces, and one between answers, is whole", async () => {
  const { say, read, scanner } = await stand();
  await say("2812345", 50);
  await say("67890123456\r");
  assert.is(read(), CODE);
  scanner.start();
  await say([0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x31, 0x41, 0x0d]);
  assert.is(read(), "A");
});

test("an answer that nobody asked for, or with rubbish in it, changes nothing", async () => {
  const { say, read, errors, chip, bench } = await stand();
  for (const rubbish of [[0x02], [0x02, 0x00, 0x00, 0xff], [0x02, 0x05], [0x02, 0x00, 0x00, 0x01, 0x00, 0x33, 0x30]])
    await say(rubbish);
  await bench.run(5_000);
  chip.show(CODE);
  await bench.run(500);
  assert.is(read(), CODE);
  assert.is(errors(), 0);
});

test("whatever the module sends, the driver goes on, and codes are never mixed with rubbish that was silent before", async () => {
  for (let seed = 1; seed <= 40; seed++) {
    const chance = new SeededRandom(seed, "rubbish");
    const { say, read, scanner, errors } = await stand();
    for (let round = 0; round < 5; round++) await say([...chance.bytes(chance.below(60))], 200);
    while (read() !== undefined);
    scanner.start();
    await say("", 500);
    await say(`${CODE}\r`);
    assert.is(errors(), 0, `seed ${seed}`);
    assert.is(read(), CODE, `seed ${seed}`);
    scanner.close();
  }
});

test("a wrong port or speed is refused without opening", () => {
  const bench = new Bench();
  const io = bench.io.Serial;
  for (const wrong of [
    { serial: { io, port: -1, baud: BAUD } },
    { serial: { io, port: PORT, baud: 1 } },
    { serial: { io: undefined, port: PORT, baud: BAUD } },
    { clock: {} },
    { onReadable: 1 },
  ])
    assert.throws(() => open(bench, wrong), undefined, JSON.stringify(wrong));
  assert.is(bench.board.open.size, 0);
});

test.run();
