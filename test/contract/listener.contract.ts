import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Incoming, Listener, ListenerConstructor, Tcp, TcpConstructor } from "../../hal/io.ts";

/** Somebody at the other end of a connection to the device. */
export interface Caller {
  readonly got: number[];
  readonly isHungUpOn: boolean;
  send(bytes: Uint8Array): void;
  hangUp(): void;
}
export interface ListenerRig {
  readonly Listener: ListenerConstructor;
  readonly TCP: TcpConstructor;
  readonly port: number;
  /** The address from which callers come. */
  readonly address: string;
  call(): Caller;
  run(milliseconds: number): Promise<void>;
  /** True while a callback is being delivered. */
  delivering(): boolean;
}

/** What every ground's listener promises (hal/io.ts). */
export function listenerContract(name: string, make: () => Promise<ListenerRig>): void {
  const test = suite(`listener: ${name}`);

  /** Listens and keeps a diary of who came. */
  function listen(rig: ListenerRig) {
    const calls: Incoming[] = [];
    const self: { listener?: Listener } = {};
    self.listener = new rig.Listener({
      port: rig.port,
      onReadable(this: unknown, connections) {
        assert.ok(rig.delivering(), "onReadable came from inside a call");
        assert.is(this, self.listener, "onReadable has another this");
        assert.ok(connections > 0);
        for (let from = self.listener?.read(); from !== undefined; from = self.listener?.read()) calls.push(from);
      },
    });
    return { listener: self.listener, calls };
  }

  /** Opens a connection that came in, and keeps what it gets. */
  function take(rig: ListenerRig, from: Incoming) {
    const got: number[] = [];
    const diary: string[] = [];
    const self: { tcp?: Tcp } = {};
    self.tcp = new rig.TCP({
      from,
      onWritable: () => diary.push("writable"),
      onReadable: () => {
        for (let bytes = self.tcp?.read(); bytes !== undefined; bytes = self.tcp?.read()) got.push(...bytes);
      },
      onError: () => diary.push("error"),
    });
    return { tcp: self.tcp, got, diary };
  }

  test("a caller is announced with its address, and what it said before it was taken is not lost", async () => {
    const rig = await make();
    const { listener, calls } = listen(rig);
    await rig.run(50);
    const caller = rig.call();
    caller.send(Uint8Array.of(1, 2));
    await rig.run(100);
    assert.is(calls.length, 1);
    assert.is(calls[0]?.remoteAddress, rig.address);
    const { tcp, got, diary } = take(rig, calls[0]!);
    await rig.run(100);
    caller.send(Uint8Array.of(3));
    tcp.write(Uint8Array.of(9, 8));
    await rig.run(100);
    assert.is(diary[0], "writable");
    assert.equal(got, [1, 2, 3]);
    assert.equal(caller.got, [9, 8]);
    caller.hangUp();
    await rig.run(100);
    assert.is(diary.at(-1), "error");
    tcp.close();
    listener.close();
  });

  test("two callers are two connections, and what is written before close still arrives", async () => {
    const rig = await make();
    const { listener, calls } = listen(rig);
    await rig.run(50);
    const callers = [rig.call(), rig.call()];
    await rig.run(100);
    assert.is(calls.length, 2);
    const taken = calls.map((from) => take(rig, from));
    await rig.run(100);
    for (const [index, { tcp }] of taken.entries()) {
      tcp.write(Uint8Array.of(index + 1));
      tcp.close();
    }
    await rig.run(100);
    assert.equal(callers.map(({ got }) => got).sort(), [[1], [2]]);
    assert.ok(callers.every(({ isHungUpOn }) => isHungUpOn));
    listener.close();
  });

  test("a connection is taken once", async () => {
    const rig = await make();
    const { listener, calls } = listen(rig);
    await rig.run(50);
    rig.call();
    await rig.run(100);
    const { tcp } = take(rig, calls[0]!);
    assert.throws(() => new rig.TCP({ from: calls[0]! }));
    tcp.close();
    listener.close();
  });

  test("close may be called twice, read throws after it, and callers are hung up on", async () => {
    const rig = await make();
    const { listener, calls } = listen(rig);
    listener.close();
    listener.close();
    assert.throws(() => listener.read());
    await rig.run(50);
    const caller = rig.call();
    await rig.run(100);
    assert.is(calls.length, 0);
    assert.ok(caller.isHungUpOn);
  });

  test("a port that is none is refused at once", async () => {
    const rig = await make();
    for (const port of [0, -1, 65_536, Number.NaN]) {
      assert.throws(
        () => new rig.Listener({ port }),
        (error: unknown) => error instanceof RangeError,
      );
    }
  });

  test.run();
}
