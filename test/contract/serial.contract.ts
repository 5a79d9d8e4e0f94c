import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Serial, SerialConstructor } from "../../hal/io.ts";

/** A serial port under test with someone at the far end of the wire. */
export interface SerialRig {
  readonly Serial: SerialConstructor;
  readonly port: number;
  run(milliseconds: number): Promise<void>;
  /** The far end sends. */
  send(bytes: Uint8Array): void;
  /** What has arrived at the far end. */
  arrived(): Uint8Array;
  /** The far end takes bytes, or holds them back (flow control). */
  accept(accepting: boolean): void;
  /** True while a callback runs. */
  delivering(): boolean;
}

const BAUD = 115_200;

/** ECMA-419, 10.6: what every `Serial` keeps. */
export function serialContract(name: string, make: () => SerialRig): void {
  const test = suite(`serial contract: ${name}`);

  test("onWritable comes once after opening, from outside of the constructor, with this the instance", async () => {
    const rig = make();
    const heard: unknown[] = [];
    const serial: Serial = new rig.Serial({
      port: rig.port,
      baud: BAUD,
      onWritable(this: unknown, bytes) {
        assert.ok(rig.delivering());
        heard.push(this);
        assert.ok(bytes > 0);
      },
    });
    assert.is(heard.length, 0);
    await rig.run(100);
    assert.is(heard.length, 1);
    assert.is(heard[0], serial);
  });

  test("what is written arrives in its order", async () => {
    const rig = make();
    const serial = new rig.Serial({ port: rig.port, baud: BAUD });
    await rig.run(1);
    serial.write(Uint8Array.of(1, 2, 3));
    serial.write(new Uint8Array(0));
    serial.write(Uint8Array.of(4));
    await rig.run(100);
    assert.equal([...rig.arrived()], [1, 2, 3, 4]);
  });

  test("bytes take their time on the wire", async () => {
    const rig = make();
    const serial = new rig.Serial({ port: rig.port, baud: 9_600 });
    serial.write(new Uint8Array(96));
    await rig.run(99);
    assert.ok(rig.arrived().length < 96);
    await rig.run(2);
    assert.is(rig.arrived().length, 96);
  });

  test("what is written may be changed afterwards", async () => {
    const rig = make();
    const serial = new rig.Serial({ port: rig.port, baud: BAUD });
    const bytes = Uint8Array.of(7);
    serial.write(bytes);
    bytes[0] = 8;
    await rig.run(100);
    assert.equal([...rig.arrived()], [7]);
  });

  test("more than was promised throws and sends nothing; a drained output promises again", async () => {
    const rig = make();
    const promises: number[] = [];
    const serial = new rig.Serial({ port: rig.port, baud: BAUD, onWritable: (bytes) => promises.push(bytes) });
    await rig.run(1);
    const [first = 0] = promises;
    assert.throws(
      () => serial.write(new Uint8Array(first + 1)),
      (error: unknown) => error instanceof RangeError,
    );
    serial.write(new Uint8Array(first));
    assert.throws(() => serial.write(new Uint8Array(first)));
    await rig.run(1_000);
    assert.is(rig.arrived().length, first);
    assert.is(promises.length, 2);
    serial.write(new Uint8Array(promises[1]!));
  });

  test("a far end that holds back gets nothing until it takes bytes again", async () => {
    const rig = make();
    const serial = new rig.Serial({ port: rig.port, baud: BAUD });
    rig.accept(false);
    serial.write(Uint8Array.of(1));
    await rig.run(1_000);
    assert.is(rig.arrived().length, 0);
    rig.accept(true);
    await rig.run(10);
    assert.equal([...rig.arrived()], [1]);
  });

  test("onReadable tells how many bytes there are, and read gives at most as many as asked", async () => {
    const rig = make();
    const counts: number[] = [];
    const serial = new rig.Serial({ port: rig.port, baud: BAUD, onReadable: (bytes) => counts.push(bytes) });
    assert.is(serial.read(), undefined);
    rig.send(Uint8Array.of(1, 2, 3, 4));
    await rig.run(10);
    assert.equal(counts, [4]);
    assert.equal([...(serial.read(3) ?? [])], [1, 2, 3]);
    await rig.run(10);
    assert.equal(counts, [4, 1]);
    assert.equal([...(serial.read() ?? [])], [4]);
    assert.is(serial.read(), undefined);
  });

  test("flushInput forgets what was received, and what comes later is announced", async () => {
    const rig = make();
    let calls = 0;
    const serial = new rig.Serial({
      port: rig.port,
      baud: BAUD,
      onReadable: () => {
        calls++;
        if (calls === 1) serial.flushInput();
      },
    });
    rig.send(Uint8Array.of(1, 2));
    await rig.run(10);
    assert.is(serial.read(), undefined);
    rig.send(Uint8Array.of(3));
    await rig.run(10);
    assert.is(calls, 2);
    assert.equal([...(serial.read() ?? [])], [3]);
  });

  test("a port is one's own until it is closed", () => {
    const rig = make();
    const first = new rig.Serial({ port: rig.port, baud: BAUD });
    assert.throws(() => new rig.Serial({ port: rig.port, baud: BAUD }));
    first.write(Uint8Array.of(1));
    first.close();
    new rig.Serial({ port: rig.port, baud: BAUD }).close();
  });

  test("close may be called twice, every other call then throws, no callback comes, and nothing more is sent", async () => {
    const rig = make();
    let calls = 0;
    const serial = new rig.Serial({
      port: rig.port,
      baud: BAUD,
      onReadable: () => calls++,
      onWritable: () => calls++,
    });
    rig.send(Uint8Array.of(1));
    serial.write(Uint8Array.of(1));
    serial.close();
    serial.close();
    assert.throws(() => serial.read());
    assert.throws(() => serial.write(Uint8Array.of(1)));
    assert.throws(() => serial.flushInput());
    await rig.run(100);
    assert.is(calls, 0);
    assert.is(rig.arrived().length, 0);
  });

  test("a port or a speed that makes no sense is refused", () => {
    const rig = make();
    assert.throws(() => new rig.Serial({ port: 0.5, baud: BAUD }));
    assert.throws(() => new rig.Serial({ port: rig.port, baud: 0 }));
    assert.throws(() => new rig.Serial({ port: rig.port, baud: Number.NaN }));
    new rig.Serial({ port: rig.port, baud: BAUD });
  });

  test.run();
}
