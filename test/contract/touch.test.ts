import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Ft6206 } from "../../hal/drivers/touch/ft6206.ts";
import { Gt911 } from "../../hal/drivers/touch/gt911.ts";
import type { TouchPanelOptions } from "../../hal/drivers/touch/touch-panel.ts";
import type { Touch } from "../../hal/touch.ts";
import { Ft6206Chip } from "../../simulator/chips/ft6206.ts";
import { Gt911Chip } from "../../simulator/chips/gt911.ts";
import type { I2cPeer } from "../../simulator/io/board.ts";
import { Bench } from "./pump.ts";
import { drain, type MakeTouch, touchContract } from "./touch.contract.ts";

const INTERRUPT = 5;
const RESET = 6;
const glass = { width: 240, height: 320 };

interface Kind {
  readonly address: number;
  solder(bench: Bench): (Ft6206Chip | Gt911Chip) & I2cPeer;
  open(bench: Bench, options: TouchPanelOptions): Touch;
}

const kinds: Readonly<Record<string, Kind>> = {
  FT6206: {
    address: 0x38,
    solder: ({ board }) => new Ft6206Chip(board, { bus: 0, address: 0x38, interrupt: INTERRUPT }),
    open: ({ io }, options) => new Ft6206({ bus: { io: io.SMBus, bus: 0, address: 0x38 }, ...options }),
  },
  "GT911 without a reset line": {
    address: 0x5d,
    solder: ({ board }) => new Gt911Chip(board, { bus: 0, interrupt: INTERRUPT }),
    open: ({ io }, options) => new Gt911({ i2c: { io: io.I2C, bus: 0, address: 0x5d }, ...options }),
  },
  "GT911 reset to its second address": {
    address: 0x14,
    solder: ({ board }) => new Gt911Chip(board, { bus: 0, interrupt: INTERRUPT, reset: RESET }),
    open: ({ io }, options) =>
      new Gt911({
        i2c: { io: io.I2C, bus: 0, address: 0x14 },
        reset: { io: io.Digital, pin: RESET },
        ...options,
      }),
  },
};

function stand(kind: Kind, change: object = {}) {
  const bench = new Bench();
  const chip = kind.solder(bench);
  let errors = 0;
  const common: TouchPanelOptions = {
    interrupt: { io: bench.io.Digital, pin: INTERRUPT },
    glass,
    clock: bench.clock,
    onError: () => {
      errors++;
    },
  };
  return {
    bench,
    chip,
    open: (more: object = {}) => kind.open(bench, { ...common, ...change, ...more }),
    put: (id: number, x: number, y: number) => chip.fingers.put({ id, x, y }),
    lift: (id: number) => chip.fingers.lift(id),
    run: (milliseconds: number) => bench.run(milliseconds),
    errors: () => errors,
    protocolErrors: () => chip.protocolErrors,
  };
}

/** Puts something between the bus and the chip, once it is awake. */
function between(bench: Bench, address: number, change: (chip: I2cPeer) => Partial<I2cPeer>): void {
  const chip = bench.board.i2c.get(`0:${address}`)!;
  const plain = { read: chip.read.bind(chip), write: chip.write.bind(chip) };
  Object.assign(chip, change(plain));
}

for (const [name, kind] of Object.entries(kinds)) {
  const make: MakeTouch = (onReadable) => {
    const rig = stand(kind);
    const calls = { readable: 0, strangers: 0, fromInside: 0 };
    const touch: Touch = rig.open({
      onReadable(this: unknown) {
        calls.readable++;
        if (this !== touch) calls.strangers++;
        if (!rig.bench.delivering) calls.fromInside++;
        onReadable?.(touch);
      },
    });
    return { ...rig, calls, touch };
  };
  touchContract(`${name} on its model`, make);

  const test = suite(`${name} and what goes wrong`);
  const started = async (change: object = {}) => {
    const rig = stand(kind, change);
    const touch = rig.open();
    await rig.run(200);
    return { ...rig, touch };
  };

  test("a missing chip is told by a callback, once, and the bus is free", async () => {
    const bench = new Bench();
    let errors = 0;
    const touch = kind.open(bench, {
      interrupt: { io: bench.io.Digital, pin: INTERRUPT },
      glass,
      clock: bench.clock,
      onError: () => {
        errors++;
      },
    });
    await bench.run(1_000);
    assert.is(errors, 1);
    assert.throws(() => touch.read());
    assert.is(bench.board.open.size, 0);
  });

  test("another chip at the address is not taken for this one", async () => {
    const rig = stand(kind);
    const touch = rig.open();
    await rig.run(20);
    const own = rig.chip.read.bind(rig.chip);
    rig.chip.read = (length) => own(length).map((byte) => byte ^ 0xff);
    await rig.run(1_000);
    assert.is(rig.errors(), kind.address === 0x14 ? 1 : 0);
    touch.close();
    const again = rig.open();
    await rig.run(1_000);
    assert.is(rig.errors(), kind.address === 0x14 ? 2 : 1);
    assert.throws(() => again.read());
  });

  test("a chip that does not acknowledge once is asked again; one that never does ends in onError", async () => {
    const rig = await started();
    let silent = 1;
    between(rig.bench, kind.address, (chip) => ({
      read(length) {
        if (silent-- > 0) throw new Error("no acknowledge");
        return chip.read(length);
      },
    }));
    rig.put(0, 5, 5);
    await rig.run(50);
    assert.equal(drain(rig.touch), [[{ id: 0, x: 5, y: 5 }]]);
    silent = Number.POSITIVE_INFINITY;
    await rig.run(1_000);
    assert.is(rig.errors(), 1);
    assert.is(rig.bench.board.open.size, 0);
  });

  test("a report of more fingers than the chip can count is not believed", async () => {
    const rig = await started();
    between(rig.bench, kind.address, (chip) => ({
      read: (length) => chip.read(length).map((byte, index) => (index === 0 ? byte | 0x0f : byte)),
    }));
    rig.put(0, 5, 5);
    await rig.run(1_000);
    assert.is(rig.touch.read(), undefined);
    assert.is(rig.errors(), 0);
  });

  test("a finger beside the display is none", async () => {
    const rig = await started();
    rig.put(0, 240, 5);
    rig.put(1, 5, 320);
    await rig.run(100);
    assert.is(rig.touch.read(), undefined);
  });

  test("a finger whose leaving was missed does not stay for ever", async () => {
    const rig = await started();
    rig.put(0, 5, 5);
    await rig.run(50);
    const wire = rig.bench.board.digitalWire(INTERRUPT);
    wire.drive = () => undefined;
    rig.lift(0);
    await rig.run(500);
    assert.equal(drain(rig.touch), [[{ id: 0, x: 5, y: 5 }], []]);
    assert.is(rig.errors(), 0);
  });

  test("the glass may lie turned and mirrored over the display", async () => {
    const rig = await started({ glass: { width: 320, height: 240, exchanged: true, mirrorX: true } });
    rig.put(0, 10, 20);
    await rig.run(50);
    assert.equal(drain(rig.touch), [[{ id: 0, x: 299, y: 10 }]]);
  });

  test("options are checked before anything is opened", () => {
    const rig = stand(kind);
    for (const wrong of [
      { glass: { width: 0, height: 320 } },
      { interrupt: { io: rig.bench.io.Digital, pin: -1 } },
      { interrupt: { io: undefined, pin: 1 } },
      { clock: {} },
      { onReadable: 1 },
      { onError: 1 },
      { bus: { io: rig.bench.io.SMBus, bus: 0, address: 0x80 }, i2c: { io: rig.bench.io.I2C, bus: 0, address: 0x80 } },
    ])
      assert.throws(() => rig.open(wrong), undefined, JSON.stringify(wrong));
    assert.is(rig.bench.board.open.size, 0);
  });

  test.run();
}
